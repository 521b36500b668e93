#!/usr/bin/env python3
"""Trains the built-in example: a small classifier of handwritten digits.

Writes digits.h5 (the network), digits_X.npy (360 held-out images, float32, 8x8 pixels as 64 values in
[0, 1]) and digits_labels.npy (their digits, float32) next to this script. Run by hand; the results are
committed. The same versions on the same machine give the same network:

    python3.11 -m venv venv
    venv/bin/pip install tensorflow-cpu==2.14.1 keras==2.14.0 numpy==1.26.4 h5py==3.16.0 scikit-learn==1.9.1
    venv/bin/python train.py

The images are the test part of "Optical Recognition of Handwritten Digits" (E. Alpaydin and C. Kaynak,
UCI Machine Learning Repository, 1998, CC BY 4.0) as scikit-learn ships it, with pixels divided by 16.
"""
import os
import pathlib

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ.setdefault("TF_DETERMINISTIC_OPS", "1")

import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from tensorflow.keras import layers

SEED = 20
HERE = pathlib.Path(__file__).parent


def network():
    return tf.keras.Sequential(
        [
            layers.Input(shape=(64,), name="pixels"),
            layers.Dense(32, name="fc1"),
            layers.BatchNormalization(name="bn1"),
            layers.Activation("relu", name="relu1"),
            layers.Dense(32, activation="relu", name="fc2"),
            layers.Dense(10, name="fc3"),
            layers.Activation("softmax", name="softmax"),
        ],
        name="digits",
    )


def main():
    tf.keras.utils.set_random_seed(SEED)
    images, digits = load_digits(return_X_y=True)
    images = (images / 16).astype(np.float32)
    x, x_test, y, y_test = train_test_split(images, digits, test_size=360, random_state=SEED, stratify=digits)
    model = network()
    model.compile("adam", tf.keras.losses.SparseCategoricalCrossentropy(), metrics=["accuracy"])
    model.fit(x, y, batch_size=32, epochs=60, verbose=0)
    _, accuracy = model.evaluate(x_test, y_test, verbose=0)
    print(f"accuracy of the float model on {len(x_test)} held-out images: {accuracy:.4f}")
    model.save(HERE / "digits.h5", include_optimizer=False)
    np.save(HERE / "digits_X.npy", x_test)
    np.save(HERE / "digits_labels.npy", y_test.astype(np.float32))


if __name__ == "__main__":
    main()
