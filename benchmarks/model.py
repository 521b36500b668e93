#!/usr/bin/env python3
"""Writes the networks of the benchmark with random weights.

    model.py            jets.h5: 16-64-32-32-5, jet tagging's shape; it is committed
    model.py wide       wide.h5: 16-500-500-500-500-500-5, made anew for each comparison

Needs tensorflow-cpu==2.14.1.
"""
import os
import pathlib
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import tensorflow as tf
from tensorflow.keras import layers

SIZES = {"jets": (64, 32, 32), "wide": (500,) * 5}


def write(name):
    tf.keras.utils.set_random_seed(16)
    hidden = [layers.Dense(n, activation="relu", name=f"fc{i}") for i, n in enumerate(SIZES[name], 1)]
    model = tf.keras.Sequential(
        [layers.Input(shape=(16,), name="jet"), *hidden, layers.Dense(5, activation="softmax", name="output")],
        name=name,
    )
    model.save(pathlib.Path(__file__).parent / f"{name}.h5", include_optimizer=False)


if __name__ == "__main__":
    write((sys.argv + ["jets"])[1])
