#!/usr/bin/env python3
"""Writes the networks of the benchmark with random weights.

    model.py            jets.h5: 16-64-32-32-5, jet tagging's shape; it is committed
    model.py NAME       NAME.h5, made anew for each comparison:
                        wide    16-500-500-500-500-500-5
                        svhn    pictures of 32x32x3, three convolutions of 3x3 with batch normalization
                        series  100 steps of 7 channels, three convolutions of 40
                        mnist   pictures of 28x28x1, two quantized convolutions (needs qkeras)
                        lstm    20 steps of 6 channels, 16 units

Needs tensorflow-cpu==2.14.1, and QKeras==0.9.0 for mnist.
"""
import os
import pathlib
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import numpy as np
import tensorflow as tf
from tensorflow.keras import layers


def dense(*hidden):
    yield layers.Input(shape=(16,), name="jet")
    for i, n in enumerate(hidden, 1):
        yield layers.Dense(n, activation="relu", name=f"fc{i}")
    yield layers.Dense(5, activation="softmax", name="output")


def svhn():
    yield layers.Input(shape=(32, 32, 3), name="picture")
    for i, n in enumerate((16, 16, 24), 1):
        yield layers.Conv2D(n, 3, use_bias=False, name=f"conv{i}")
        yield layers.BatchNormalization(name=f"bn{i}")
        yield layers.Activation("relu", name=f"relu{i}")
        yield layers.MaxPooling2D(2, name=f"pool{i}")
    yield layers.Flatten(name="flatten")
    yield layers.Dense(42, activation="relu", name="fc1")
    yield layers.Dense(64, activation="relu", name="fc2")
    yield layers.Dense(10, activation="softmax", name="output")


def series():
    yield layers.Input(shape=(100, 7), name="series")
    for i in range(1, 4):
        yield layers.Conv1D(32, 40, padding="same", activation="relu", name=f"conv{i}")
    yield layers.Flatten(name="flatten")
    yield layers.Dense(50, activation="relu", name="fc1")
    yield layers.Dense(5, name="output")


def mnist():
    from tensorflow.python.util import nest

    if not hasattr(nest, "is_sequence"):  # QKeras 0.9 asks for it
        nest.is_sequence = nest.is_nested
    import qkeras as q

    bits = dict(kernel_quantizer="quantized_bits(6, 0, alpha=1)", bias_quantizer="quantized_bits(6, 0, alpha=1)")
    yield layers.Input(shape=(28, 28, 1), name="picture")
    for i in range(1, 3):
        yield q.QConv2D(16, 3, name=f"conv{i}", **bits)
        yield q.QActivation("quantized_relu(6, 0)", name=f"relu{i}")
        yield layers.MaxPooling2D(2, name=f"pool{i}")
    yield layers.Flatten(name="flatten")
    yield q.QDense(10, name="output", **bits)


def lstm():
    yield layers.Input(shape=(20, 6), name="series")
    yield layers.LSTM(16, name="lstm")
    yield layers.Dense(5, activation="softmax", name="output")


NETWORKS = {
    "jets": lambda: dense(64, 32, 32), "wide": lambda: dense(*(500,) * 5),
    "svhn": svhn, "series": series, "mnist": mnist, "lstm": lstm,
}


def write(name):
    tf.keras.utils.set_random_seed(16)
    model = tf.keras.Sequential(list(NETWORKS[name]()), name=name)
    random = np.random.default_rng(16)
    for layer in model.layers:
        if isinstance(layer, layers.BatchNormalization):  # a trained one is not the identity
            n = layer.gamma.shape[0]
            layer.set_weights([random.uniform(0.5, 1.5, n), random.normal(0, 0.2, n), random.normal(0, 0.2, n),
                               random.uniform(0.5, 1.5, n)])
    model.save(pathlib.Path(__file__).parent / f"{name}.h5", include_optimizer=False)


if __name__ == "__main__":
    write((sys.argv + ["jets"])[1])
