#!/usr/bin/env python3
"""Writes the network of the benchmark, jets.h5: 16-64-32-32-5 with random weights (jet tagging's shape).

Run by hand; the result is committed. Needs tensorflow-cpu==2.14.1.
"""
import os
import pathlib

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import tensorflow as tf
from tensorflow.keras import layers


def main():
    tf.keras.utils.set_random_seed(16)
    model = tf.keras.Sequential(
        [
            layers.Input(shape=(16,), name="jet"),
            layers.Dense(64, activation="relu", name="fc1"),
            layers.Dense(32, activation="relu", name="fc2"),
            layers.Dense(32, activation="relu", name="fc3"),
            layers.Dense(5, activation="softmax", name="output"),
        ],
        name="jets",
    )
    model.save(pathlib.Path(__file__).parent / "jets.h5", include_optimizer=False)


if __name__ == "__main__":
    main()
