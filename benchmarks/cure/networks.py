#!/usr/bin/env python3
"""Trains the networks on which cures are judged, and writes configurations with types cut by hand.

    networks.py [--configs] [NAME...]    NAME/model.h5, NAME/data.npz and NAME/VARIANT.yml below networks/

No NAME means all; --configs writes the VARIANT.yml alone.

Run by hand; the results are committed. The data are of scikit-learn, or are drawn here, from seeds:

    python3.11 -m venv venv
    venv/bin/pip install tensorflow-cpu==2.14.1 QKeras==0.9.0 numpy==1.26.4 h5py==3.16.0 scikit-learn==1.9.1

The digits are the test part of "Optical Recognition of Handwritten Digits" (E. Alpaydin and C. Kaynak, UCI
Machine Learning Repository, 1998, CC BY 4.0), the biopsies "Breast Cancer Wisconsin (Diagnostic)" (W. Wolberg,
O. Mangasarian, N. Street and W. Street, UCI, 1993, CC BY 4.0), both as scikit-learn ships them.

data.npz holds x_tune, which the cure may see, x_test, which it may not, and the answers y_tune and y_test.
Samples stand on a grid of a few bits, so that they pack well; networks are trained on the same.
"""
import os
import pathlib
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_DETERMINISTIC_OPS", "1")

import numpy as np
import tensorflow as tf
import yaml
from tensorflow.keras import layers
from tensorflow.python.util import nest

if not hasattr(nest, "is_sequence"):  # QKeras 0.9 asks for it
    nest.is_sequence = nest.is_nested
import qkeras

SEED = 11
HERE = pathlib.Path(__file__).parent / "networks"


class Network:
    """A way to train a network: samples, layers, and what is done to its types."""

    def __init__(self, name, data, net, tune, test, variants, epochs=60, loss="classes", rate=4e-3, **config):
        self.name, self.data, self.net, self.variants = name, data, net, variants
        self.tune, self.test, self.config = tune, test, config
        self.epochs, self.loss, self.rate = epochs, loss, rate


# Data. Each function answers x, y; classes are numbers from 0.

def grid(x, bits):
    """Rounds to multiples of 2^-bits."""
    return (np.round(x * 2.0**bits) / 2.0**bits).astype(np.float32)


def digits(scale, *shape):
    from sklearn.datasets import load_digits

    d = load_digits()
    return (d.data / scale).astype(np.float32).reshape(-1, *shape), d.target


def biopsies():
    from sklearn.datasets import load_breast_cancer

    d = load_breast_cancer()
    return d.data.astype(np.float32), d.target


def jets(n=6000, mix=0.55, seed=SEED):
    """Sixteen features of five classes: overlapping clouds bent by three functions, standardized, long tails."""
    rng = np.random.default_rng(seed)
    y = rng.integers(0, 5, n)
    centre, turn = rng.normal(size=(5, 6)), rng.normal(size=(6, 16))
    z = centre[y] + mix * rng.normal(size=(n, 6))
    h = z @ turn
    x = np.concatenate([h[:, :6], np.sinh(h[:, 6:11] / 2), np.abs(h[:, 11:])], 1) + 0.1 * rng.normal(size=(n, 16))
    return grid((x - x.mean(0)) / x.std(0), 6), y


def waves(n=4000, steps=40):
    """Noisy waves: sine, square, saw tooth, a burst."""
    rng = np.random.default_rng(SEED)
    y = rng.integers(0, 4, n)
    t = np.arange(steps)[None] * rng.uniform(0.05, 0.12, (n, 1)) + rng.uniform(0, 1, (n, 1))
    forms = [np.sin(2 * np.pi * t), np.sign(np.sin(2 * np.pi * t)), 2 * (t % 1) - 1,
             np.sin(6 * np.pi * t) * np.exp(-((t - t.mean(1, keepdims=True)) ** 2))]
    x = np.choose(y[:, None], forms) * rng.uniform(0.7, 3, (n, 1)) + 0.25 * rng.normal(size=(n, steps))
    return grid(x, 4)[..., None], y


def pictures(n=4000, size=10):
    """Dark pictures of a disc, a frame, a cross or a stripe, anywhere."""
    rng = np.random.default_rng(SEED)
    y = rng.integers(0, 4, n)
    i, j = np.mgrid[:size, :size][:, None].astype(np.float64)
    ci, cj = rng.uniform(3, size - 4, (2, n, 1, 1))
    r = rng.uniform(1.7, 3.2, (n, 1, 1))
    di, dj = np.abs(i - ci), np.abs(j - cj)
    far = np.maximum(di, dj)
    forms = [np.hypot(di, dj) < r, (far < r) & (far > r - 1.2),
             ((di < 0.8) | (dj < 0.8)) & (far < r + 0.5), np.abs(i - ci + j - cj) < 0.8]
    x = np.choose(y[:, None, None], forms) * rng.uniform(0.5, 1, (n, 1, 1)) + 0.12 * rng.normal(size=(n, size, size))
    return grid(np.clip(x, 0, 1), 6)[..., None], y


def tracks(n=4000, steps=12):
    """Three coordinates step by step: straight, bent, back and forth, or wandering."""
    rng = np.random.default_rng(SEED)
    y = rng.integers(0, 4, n)
    t = np.arange(steps)[None, :, None] / 4
    v = rng.normal(size=(n, 1, 3))
    bend = np.cross(v[:, 0], rng.normal(size=(n, 3)))[:, None]
    bend *= 0.5 / np.linalg.norm(bend, axis=2, keepdims=True)
    v *= rng.uniform(0.8, 1.5, (n, 1, 1)) / np.linalg.norm(v, axis=2, keepdims=True)
    forms = [v * t, v * t + bend * t**2, v * np.sin(2.5 * t), np.cumsum(0.5 * rng.normal(size=(n, steps, 3)), 1)]
    x = np.choose(y[:, None, None], forms) + 0.08 * rng.normal(size=(n, steps, 3))
    return grid(x, 4), y


def sentences(n=4000, steps=10):
    """Sequences of one-hot letters: which of three rules made them counts."""
    rng = np.random.default_rng(SEED)
    y = rng.integers(0, 3, n)
    step = np.array([1, 2, 3])[y][:, None] * np.arange(steps)[None]
    letters = (rng.integers(0, 5, (n, 1)) + step + (rng.random((n, steps)) < 0.12) * rng.integers(1, 5, (n, steps))) % 5
    return np.eye(5, dtype=np.float32)[letters], y


def friedman(n=4000):
    """The first problem of Friedman (1991): ten numbers, of which five count."""
    rng = np.random.default_rng(SEED)
    x = grid(rng.random((n, 10)), 7)
    y = 10 * np.sin(np.pi * x[:, 0] * x[:, 1]) + 20 * (x[:, 2] - 0.5) ** 2 + 10 * x[:, 3] + 5 * x[:, 4]
    return x, (y + 0.5 * rng.normal(size=n)).astype(np.float32)


def same():
    x, _ = jets(mix=0.2, seed=SEED + 1)
    return x, x


# Networks, as lists of layers.

def digits_net():
    yield layers.Input((64,), name="pixels")
    yield layers.Dense(32, name="fc1")
    yield layers.BatchNormalization(name="bn1")
    yield layers.Activation("relu", name="relu1")
    yield layers.Dense(24, activation="relu", name="fc2")
    yield layers.Dense(10, activation="softmax", name="fc3")


def jets_net():
    yield layers.Input((16,), name="jet")
    for i, n in enumerate((64, 32, 32), 1):
        yield layers.Dense(n, activation="relu", name=f"fc{i}")
    yield layers.Dense(5, activation="softmax", name="output")


def waves_net():
    yield layers.Input((40, 1), name="wave")
    yield layers.Conv1D(6, 5, name="conv1")
    yield layers.BatchNormalization(name="bn1")
    yield layers.Activation("relu", name="relu1")
    yield layers.MaxPooling1D(2, name="pool1")
    yield layers.Conv1D(8, 3, activation="relu", name="conv2")
    yield layers.GlobalAveragePooling1D(name="mean")
    yield layers.Dense(12, activation="relu", name="fc1")
    yield layers.Dense(4, activation="softmax", name="fc2")


def pictures_net():
    yield layers.Input((10, 10, 1), name="picture")
    yield layers.Conv2D(6, 3, name="conv1")
    yield layers.BatchNormalization(name="bn1")
    yield layers.Activation("relu", name="relu1")
    yield layers.MaxPooling2D(2, name="pool1")
    yield layers.Conv2D(8, 3, activation="elu", name="conv2")
    yield layers.Flatten(name="flat")
    yield layers.Dense(12, activation="tanh", name="fc1")
    yield layers.Dense(4, activation="softmax", name="fc2")


def tracks_net():
    yield layers.Input((12, 3), name="track")
    yield layers.LSTM(12, name="lstm")
    yield layers.Dense(10, activation="relu", name="fc1")
    yield layers.Dense(4, activation="softmax", name="fc2")


def sentences_net():
    yield layers.Input((10, 5), name="letters")
    yield layers.GRU(10, name="gru")
    yield layers.Dense(3, activation="softmax", name="fc")


BITS = dict(kernel_quantizer="quantized_bits(6, 0, alpha=1)", bias_quantizer="quantized_bits(6, 0, alpha=1)")


def qjets_net():
    yield layers.Input((16,), name="jet")
    yield qkeras.QDense(32, name="fc1", **BITS)
    yield qkeras.QActivation("quantized_relu(6, 2)", name="relu1")
    yield qkeras.QDense(16, name="fc2", **BITS)
    yield qkeras.QActivation("quantized_relu(6, 2)", name="relu2")
    yield qkeras.QDense(5, name="fc3", **BITS)
    yield layers.Activation("softmax", name="softmax")


def qdigits_net():
    yield layers.Input((8, 8, 1), name="pixels")
    yield qkeras.QConv2D(6, 3, name="conv1", **BITS)
    yield layers.BatchNormalization(name="bn1")
    yield qkeras.QActivation("quantized_relu(6, 2)", name="relu1")
    yield layers.MaxPooling2D(2, name="pool1")
    yield layers.Flatten(name="flat")
    yield qkeras.QDense(24, name="fc1", **BITS)
    yield qkeras.QActivation("quantized_tanh(6, use_real_tanh=True)", name="tanh1")
    yield qkeras.QDense(10, name="fc2", **BITS)
    yield layers.Activation("softmax", name="softmax")


def biopsies_net():
    yield layers.Input((30,), name="cells")
    yield layers.BatchNormalization(name="bn1")
    yield layers.Dense(12, activation="tanh", name="fc1")
    yield layers.Dense(8, activation="selu", name="fc2")
    yield layers.Dense(1, activation="sigmoid", name="fc3")


def friedman_net():
    yield layers.Input((10,), name="numbers")
    yield layers.Dense(24, activation="softplus", name="fc1")
    yield layers.Dense(16, name="fc2")
    yield layers.LeakyReLU(0.1, name="leaky")
    yield layers.Dense(1, name="fc3")


def anomaly_net():
    yield layers.Input((16,), name="jet")
    yield layers.Dense(16, activation="relu", name="fc1")
    yield layers.Dense(6, activation="tanh", name="code")
    yield layers.Dense(16, activation="relu", name="fc2")
    yield layers.Dense(16, name="fc3")


# What is cut. Of every network there are the mistakes that people make with one line ...

LINES = {
    "fixed_16_6": dict(Precision="fixed<16,6>"),  # hls4ml's own
    "fixed_12_4": dict(Precision="fixed<12,4>"),
    "fixed_8_3": dict(Precision="fixed<8,3>"),
    "fixed_24_14": dict(Precision="fixed<24,14>"),
}

# ... and some made layer by layer, several at once.

DIGITS = {
    "cut_types": {
        "pixels": dict(result="fixed<10,4>"), "fc1": dict(weight="fixed<8,1>", accum="fixed<14,6>"),
        "relu1": dict(result="ufixed<8,3>"), "fc3": dict(result="fixed<12,4>"),
        "fc3_softmax": dict(exp_table_t="fixed<12,2>", inv_table_t="fixed<10,2>", TableSize=256),
    },
    "cut_accum": {"fc1": dict(accum="fixed<12,4>"), "fc2": dict(accum="fixed<12,3>")},
    "cut_tables": {"fc3": dict(result="fixed<20,8>"),
                   "fc3_softmax": dict(exp_table_t="fixed<8,1>", inv_table_t="fixed<8,1>", TableSize=64)},
}
JETS = {
    "cut_types": {
        "jet": dict(result="fixed<8,2>"), "fc1": dict(weight="fixed<6,1>", result="fixed<10,3>"),
        "fc2": dict(accum="fixed<10,3>"), "fc3_relu": dict(result="ufixed<6,1>"),
        "output": dict(accum="fixed<10,3>", bias="fixed<5,0>"),
        "output_softmax": dict(inv_table_t="fixed<9,1>", TableSize=128),
    },
    "cut_accum": {"fc1": dict(accum="fixed<14,3>"), "fc2": dict(accum="fixed<14,3>"),
                  "fc3": dict(accum="fixed<14,3>")},
    "cut_tables": {"output": dict(result="fixed<22,12>"),
                   "output_softmax": dict(exp_table_t="fixed<10,1>", inv_table_t="fixed<12,4>", TableSize=512)},
}
WAVES = {
    "cut_types": {
        "wave": dict(result="fixed<8,2>"), "conv1": dict(accum="fixed<10,3>"),
        "relu1": dict(result="ufixed<7,1>"),
        "conv2": dict(weight="fixed<5,1>", accum="fixed<11,3>"), "mean": dict(accum="fixed<10,3>"),
        "fc2_softmax": dict(exp_table_t="fixed<9,1>"),
    },
    "cut_accum": {"conv1": dict(accum="fixed<12,2>"), "conv2": dict(accum="fixed<12,2>"),
                  "mean": dict(accum="fixed<12,2>")},
    "cut_tables": {"fc2": dict(result="fixed<24,12>"),
                   "fc2_softmax": dict(inv_table_t="fixed<8,0>", TableSize=128)},
}
PICTURES = {
    "cut_types": {
        "conv1": dict(result="fixed<9,1>", weight="fixed<6,0>"), "pool1": dict(result="fixed<8,1>"),
        "conv2": dict(accum="fixed<10,2>"), "fc1": dict(weight="fixed<6,0>", accum="fixed<10,2>"),
        "fc1_tanh": dict(table_t="fixed<8,0>"), "fc2": dict(bias="fixed<5,0>", result="fixed<9,3>"),
        "fc2_softmax": dict(exp_table_t="fixed<10,1>", TableSize=256),
    },
    "cut_accum": {"conv1": dict(accum="fixed<14,1>"), "conv2": dict(accum="fixed<14,2>"),
                  "fc2": dict(accum="fixed<14,2>")},
    "cut_tables": {"conv2_elu": dict(TableSize=32), "fc1_tanh": dict(TableSize=16, table_t="fixed<6,1>"),
                   "fc2_softmax": dict(inv_table_t="fixed<8,1>", TableSize=32)},
}
# hls4ml compiles an LSTM only where its input, its accumulator and its result have one type.
TRACKS = {
    "cut_types": {
        "track": dict(result="fixed<10,3>"),
        "lstm": dict(accum="fixed<10,3>", result="fixed<10,3>", weight="fixed<6,1>", recurrent_weight="fixed<6,0>"),
        "fc1": dict(accum="fixed<9,2>"), "fc2": dict(result="fixed<8,2>"), "fc2_softmax": dict(TableSize=128),
    },
    "cut_accum": {"track": dict(result="fixed<14,2>"), "lstm": dict(accum="fixed<14,2>", result="fixed<14,2>"),
                  "fc1": dict(accum="fixed<14,1>"), "fc2": dict(accum="fixed<14,2>")},
    "cut_tables": {"lstm": dict(TableSize=64, table_t="fixed<8,1>"),
                   "fc2_softmax": dict(exp_table_t="fixed<8,1>", TableSize=64)},
}
SENTENCES = {
    "cut_types": {
        "letters": dict(result="fixed<4,1>"),
        "gru": dict(weight="fixed<6,1>", recurrent_weight="fixed<6,1>", result="fixed<7,0>"),
        "fc": dict(accum="fixed<9,2>", result="fixed<8,3>"), "fc_softmax": dict(inv_table_t="fixed<9,1>"),
    },
    "cut_accum": {"gru": dict(accum="fixed<12,2>"), "fc": dict(accum="fixed<12,2>")},
    "cut_tables": {"gru": dict(TableSize=32, table_t="fixed<7,1>"),
                   "fc_softmax": dict(exp_table_t="fixed<8,1>", TableSize=64)},
}
QJETS = {
    "cut_types": {
        "jet": dict(result="fixed<8,2>"), "fc1": dict(accum="fixed<12,3>", result="fixed<10,3>"),
        "fc2": dict(accum="fixed<12,3>"), "fc3": dict(result="fixed<9,3>"),
        "softmax": dict(exp_table_t="fixed<10,1>", TableSize=128),
    },
    "cut_accum": {"fc1": dict(accum="fixed<14,2>"), "fc2": dict(accum="fixed<14,2>"),
                  "fc3": dict(accum="fixed<14,2>")},
    "cut_tables": {"fc3": dict(result="fixed<24,14>"),
                   "softmax": dict(inv_table_t="fixed<9,1>", TableSize=256)},
}
QDIGITS = {
    "cut_types": {
        "conv1": dict(accum="fixed<10,2>", result="fixed<9,2>"),
        "bn1": dict(scale="fixed<7,1>", result="fixed<10,2>"),
        "pool1": dict(result="fixed<6,1>"), "fc1": dict(accum="fixed<10,2>"),
        "fc2": dict(result="fixed<8,2>"),
        "softmax": dict(inv_table_t="fixed<10,1>", TableSize=128),
    },
    "cut_accum": {"conv1": dict(accum="fixed<12,1>"), "fc1": dict(accum="fixed<12,2>"),
                  "fc2": dict(accum="fixed<12,2>")},
    "cut_tables": {"tanh1": dict(TableSize=16), "fc2": dict(result="fixed<22,12>"),
                   "softmax": dict(exp_table_t="fixed<8,1>", TableSize=512)},
}
BIOPSIES = {
    "cut_types": {
        "cells": dict(result="fixed<18,11>"), "bn1": dict(scale="fixed<12,4>", result="fixed<10,3>"),
        "fc1": dict(accum="fixed<10,3>"), "fc2": dict(weight="fixed<6,1>", result="fixed<8,2>"),
        "fc3": dict(result="fixed<8,3>"), "fc3_sigmoid": dict(TableSize=32),
    },
    "cut_accum": {"fc1": dict(accum="fixed<12,2>"), "fc2": dict(accum="fixed<12,2>"),
                  "fc3": dict(accum="fixed<12,2>")},
    "cut_tables": {"fc1_tanh": dict(TableSize=16), "fc2_selu": dict(TableSize=32, table_t="fixed<8,1>"),
                   "fc3_sigmoid": dict(TableSize=16, table_t="fixed<6,0>")},
}
FRIEDMAN = {
    "cut_types": {
        "numbers": dict(result="fixed<6,0>"), "fc1": dict(accum="fixed<10,3>", weight="fixed<8,2>"),
        "fc2": dict(result="fixed<9,4>"), "leaky": dict(result="fixed<9,4>"),
        "fc3": dict(accum="fixed<12,4>", result="fixed<12,5>"),
    },
    "cut_accum": {"fc1": dict(accum="fixed<14,2>"), "fc2": dict(accum="fixed<14,3>"),
                  "fc3": dict(accum="fixed<14,4>")},
    "cut_tables": {"fc1_softplus": dict(TableSize=32, table_t="fixed<8,2>")},
}
ANOMALY = {
    "cut_types": {
        "jet": dict(result="fixed<8,2>"), "fc1": dict(accum="fixed<10,3>"),
        "code": dict(weight="fixed<6,0>", accum="fixed<10,2>"),
        "code_tanh": dict(result="fixed<6,0>"),
        "fc3": dict(bias="fixed<6,0>", accum="fixed<10,2>", result="fixed<10,2>"),
    },
    "cut_accum": {"fc1": dict(accum="fixed<12,2>"), "code": dict(accum="fixed<12,2>"),
                  "fc3": dict(accum="fixed<12,2>")},
    "cut_tables": {"code_tanh": dict(TableSize=16, table_t="fixed<6,1>")},
}

NETWORKS = [
    Network("digits", lambda: digits(1, 64), digits_net, 400, 600, DIGITS, epochs=40),
    Network("jets", jets, jets_net, 500, 1000, JETS),
    Network("waves", waves, waves_net, 400, 600, WAVES),
    Network("pictures", pictures, pictures_net, 300, 400, PICTURES, epochs=40),
    Network("tracks", tracks, tracks_net, 400, 600, TRACKS, epochs=100, Backend="Vivado"),
    Network("sentences", sentences, sentences_net, 400, 600, SENTENCES),
    Network("qjets", lambda: jets(seed=SEED + 2), qjets_net, 400, 800, QJETS),
    Network("qdigits", lambda: digits(16, 8, 8, 1), qdigits_net, 400, 600, QDIGITS, epochs=80),
    Network("biopsies", biopsies, biopsies_net, 150, 219, BIOPSIES, epochs=150, loss="yes"),
    Network("friedman", friedman, friedman_net, 400, 600, FRIEDMAN, epochs=150, loss="numbers", rate=2e-2),
    Network("anomaly", same, anomaly_net, 400, 600, ANOMALY, loss="numbers", IOType="io_stream"),
]


LOSSES = {"classes": "sparse_categorical_crossentropy", "yes": "binary_crossentropy", "numbers": "mse"}


def train(n):
    tf.keras.utils.set_random_seed(SEED)
    x, y = n.data()
    order = np.random.default_rng(SEED).permutation(len(x))
    x, y = x[order], y[order]
    held = n.tune + n.test
    seq = list(n.net())
    first = t = seq[0]
    for layer in seq[1:]:
        t = layer(t)
    model = tf.keras.Model(first, t, name=n.name)
    loss = LOSSES[n.loss]
    rate = tf.keras.optimizers.schedules.CosineDecay(n.rate, n.epochs * ((len(x) - held) // 64 + 1))
    model.compile(tf.keras.optimizers.Adam(rate), loss)
    model.fit(x[held:], y[held:], batch_size=64, epochs=n.epochs, verbose=0)
    cut = n.tune
    out = dict(x_tune=x[:cut], x_test=x[cut:held])
    if y.ndim == 1:  # the network that repeats its input needs no answers
        out.update(y_tune=y[:cut], y_test=y[cut:held])
    return model, out


def score(n, model, x, y):
    out = model.predict(x, verbose=0)
    if n.loss == "classes":
        return f"accuracy {np.mean(out.argmax(1) == y):.4f}"
    if n.loss == "yes":
        return f"accuracy {np.mean((out[:, 0] > 0.5) == y):.4f}"
    out = out.reshape(y.shape)
    return f"relative error {np.sqrt(np.mean((out - y) ** 2) / np.var(y)):.4f}"


def section(settings):
    """Precision and the other keys of a layer."""
    # tables' types work beside Precision only
    types = {k: v for k, v in settings.items() if k[0].islower() and not k.endswith("_t")}
    rest = {k: v for k, v in settings.items() if k not in types}
    return {**({"Precision": types} if types else {}), **rest}


def write_network(n, model, data):
    out = HERE / n.name
    out.mkdir(parents=True, exist_ok=True)
    model.save(out / "model.h5", include_optimizer=False)
    np.savez_compressed(out / "data.npz", **{k: v.astype(np.float32) for k, v in data.items()})


def write_configs(n):
    out = HERE / n.name
    for old in out.glob("*.yml"):
        old.unlink()
    head = dict(KerasModel="model.h5", OutputDir=f"{n.name}-project", ProjectName="net", Backend="Vitis",
                Part="xcvu13p-flga2577-2-e", ClockPeriod=5, IOType="io_parallel")
    head.update(n.config)
    for name, line in LINES.items():
        dump(out / f"{name}.yml", head, {"Model": {**line, "ReuseFactor": 1, "Strategy": "Latency"}})
    # areas of biopsies are in the thousands
    standard = "fixed<24,14>" if n.name == "biopsies" else "fixed<18,8>"
    model = {"Precision": {"default": standard}, "ReuseFactor": 1, "Strategy": "Latency"}
    for name, cuts in n.variants.items():
        dump(out / f"{name}.yml", head, {"Model": model, "LayerName": {k: section(v) for k, v in cuts.items()}})


def dump(path, head, hls):
    path.write_text(yaml.safe_dump({**head, "HLSConfig": hls}, sort_keys=False))


def main():
    wanted = [a for a in sys.argv[1:] if a != "--configs"] or [n.name for n in NETWORKS]
    for n in NETWORKS:
        if n.name not in wanted:
            continue
        if "--configs" not in sys.argv:
            model, data = train(n)
            write_network(n, model, data)
            print(n.name, score(n, model, data["x_test"], data.get("y_test", data["x_test"])),
                  f"{model.count_params()} numbers", flush=True)
        write_configs(n)


if __name__ == "__main__":
    main()
