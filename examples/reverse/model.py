#!/usr/bin/env python3
"""Writes model.h5, a network with a layer of its own, X.npy and what Keras answers to it, y_float.npy.

Needs tensorflow-cpu==2.14.1.
"""
import os
import pathlib

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import numpy as np
import tensorflow as tf
from tensorflow import keras

HERE = pathlib.Path(__file__).parent


@keras.utils.register_keras_serializable(package="example")
class Reverse(keras.layers.Layer):
    """A vector from its end."""

    def call(self, x):
        return tf.reverse(x, axis=[-1])


if __name__ == "__main__":
    keras.utils.set_random_seed(7)
    model = keras.Sequential([
        keras.layers.Input(shape=(8,), name="signal"),
        keras.layers.Dense(6, activation="relu", name="fc1"),
        Reverse(name="turned"),
        keras.layers.Dense(3, name="fc2"),
    ])
    x = np.random.default_rng(7).normal(size=(20, 8)).astype(np.float32)
    model.save(HERE / "model.h5")
    np.save(HERE / "X.npy", x)
    np.save(HERE / "y_float.npy", model.predict(x, verbose=0))
