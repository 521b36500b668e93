#!/usr/bin/env python3
"""Writes small networks of Keras and QKeras that hls4ml 1.3.0 does not convert and hlsgo does: model.h5, X.npy, the network's
own answer y_float.npy and a configuration each; X_0.npy, y_float_0.npy and so on where there are several.

    make.py [FOLDER [NAME...]]

Needs tensorflow-cpu==2.14.1 and QKeras==0.9.0.
"""
import os
import pathlib
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers as L

CONFIG = """OutputDir: prj
ProjectName: myproject
Backend: {backend}
Part: xcvu13p-flga2577-2-e
ClockPeriod: 5
IOType: {io}
KerasH5: model.h5
HLSConfig:
  Model:
    Precision: fixed<32,12>
    ReuseFactor: 1
    Strategy: Latency
"""


def merges(shape=(4, 3)):
    x = L.Input(shape, name="inp")
    a, b, c = (L.Dense(3, name=f"d{i}")(x) for i in range(3))
    s = L.Add(name="sum")([a, b, c, x])
    m = L.Average(name="mean")([a, s, c])
    p = L.Multiply(name="product")([a, b, m])
    t = L.Maximum(name="top")([s, m, p, b])
    u = L.Minimum(name="low")([s, t, c])
    return keras.Model(x, L.Concatenate(name="all")([t, u, p]))


def nested_branches():
    i = L.Input((6,), name="inner_inp")
    a = L.Dense(4, name="ia", activation="relu")(i)
    b = L.Dense(4, name="ib")(i)
    s = L.Add(name="isum")([a, b])
    innermost = keras.Model(s, L.Dense(4, name="im", activation="relu")(s), name="innermost")
    inner = keras.Model(i, L.Concatenate(name="iall")([innermost(s), b, i]), name="inner")
    x = L.Input((5,), name="inp")
    d = L.Dense(6, name="first")(x)
    return keras.Model(x, L.Concatenate(name="all")([L.Dense(3, name="last")(inner(d)), d]))


def bilinear(size=(2, 3)):
    x = L.Input((3, 4, 2), name="inp")
    y = L.Conv2D(2, 2, name="conv")(L.UpSampling2D(size, interpolation="bilinear", name="up")(x))
    return keras.Model(x, y)


def steps_of_model():
    inside = keras.Sequential([
        L.Input((5, 5, 2), name="picture"), L.Conv2D(3, 2, name="conv", activation="relu"), L.MaxPooling2D(2, name="pool"),
        L.Flatten(name="flat"), L.Dense(4, name="fc", activation="relu"),
    ], name="inside")
    x = L.Input((3, 5, 5, 2), name="inp")
    return keras.Model(x, L.Dense(2, name="last")(L.Flatten(name="all")(L.TimeDistributed(inside, name="steps")(x))))


def steps_of_rows():
    a = L.Input((6, 2), name="rows")
    inside = keras.Model(a, L.Dense(4, name="fc")(L.Activation("relu", name="relu")(L.Conv1D(3, 2, name="conv")(a))), name="inside")
    x = L.Input((3, 6, 2), name="inp")
    return keras.Model(x, L.TimeDistributed(inside, name="steps")(x))


def steps_of_steps():
    a = L.Input((3, 4), name="rows")
    inside = keras.Model(a, L.TimeDistributed(L.Dense(2, name="fc"), name="rowwise")(a), name="inside")
    x = L.Input((2, 3, 4), name="inp")
    return keras.Model(x, L.TimeDistributed(inside, name="steps")(x))


def broadcast():
    x = L.Input((3, 4, 2), name="inp")
    gate = L.Reshape((1, 1, 2), name="small")(L.Dense(2, name="fc")(L.GlobalAveragePooling2D(name="pool")(x)))
    return keras.Model(x, L.Multiply(name="gated")([L.Activation("relu", name="relu")(x), gate]))


def quantized_rnn(sequences=False, activation="relu"):
    """QSimpleRNN, which hls4ml's firmware does not have; its weights lie on the grids of its quantizers."""
    import qkeras
    from tensorflow.python.util import nest

    if not hasattr(nest, "is_sequence"):  # QKeras 0.9 asks for it, tensorflow 2.14 has another name
        nest.is_sequence = nest.is_nested
    grid = "quantized_bits(10,3,alpha=1)"
    x = L.Input((5, 3), name="inp")
    y = qkeras.QSimpleRNN(
        4, kernel_quantizer=grid, recurrent_quantizer=grid, bias_quantizer=grid, state_quantizer=None,
        activation=activation, return_sequences=sequences, name="rnn",
    )(x)
    if not sequences:
        y = qkeras.QDense(2, kernel_quantizer=grid, bias_quantizer=grid, name="last")(y)
    return keras.Model(x, y)


def simple_rnn(sequences=False):
    x = L.Input((4, 3), name="inp")
    y = L.SimpleRNN(4, activation="relu", return_sequences=True, name="first")(x)
    return keras.Model(x, L.SimpleRNN(3, activation="linear", use_bias=False, return_sequences=sequences, name="second")(y))


def both_ways(mode, sequences):
    x = L.Input((4, 3), name="inp")
    first = L.GRU(3, activation="linear", recurrent_activation="relu", return_sequences=sequences, name="cell")
    second = L.LSTM(
        3, activation="relu", recurrent_activation="linear", return_sequences=sequences, go_backwards=True, name="back"
    )
    return keras.Model(x, L.Bidirectional(first, backward_layer=second, merge_mode=mode, name="both")(x))


def both_simple():
    x = L.Input((3, 2), name="inp")
    return keras.Model(x, L.Bidirectional(L.SimpleRNN(3, activation="relu", name="cell"), name="both")(x))


def states(cell, sequences=True):
    """All that a layer can answer, each thing read once or twice."""
    x = L.Input((4, 3), name="inp")
    more = {} if cell is L.SimpleRNN else {"recurrent_activation": "linear"}
    y, *last = cell(3, activation="linear", return_sequences=sequences, return_state=True, name="cell", **more)(x)
    twice = L.Dense(2, name="fc")(last[0])
    return keras.Model(x, [L.Dense(2, name="rows")(y), twice, *last])


def one_state():
    """One state is read, the sequence is not."""
    x = L.Input((4, 3), name="inp")
    _, _, c = L.LSTM(3, activation="relu", recurrent_activation="linear", return_state=True, name="cell")(x)
    return keras.Model(x, L.Dense(2, name="fc")(c))


def encoder_decoder(cell):
    more = {"activation": "linear", "recurrent_activation": "linear", "return_state": True}
    x, given = L.Input((4, 3), name="inp"), L.Input((3, 2), name="given")
    _, *last = cell(3, name="encoder", **more)(x)
    y, *end = cell(3, name="decoder", return_sequences=True, **more)(given, initial_state=last)
    return keras.Model([x, given], [L.Dense(2, name="fc")(y), *end])


def started():
    """The state begins as other layers and an input say, in types of their own."""
    x, start = L.Input((4, 3), name="inp"), L.Input((4,), name="start")
    y = L.SimpleRNN(4, activation="relu", name="first")(x, initial_state=[start])
    h = L.Dense(3, name="fc")(y)
    return keras.Model([x, start], L.GRU(3, activation="relu", recurrent_activation="linear", name="second")(x, initial_state=[h]))


def dilated_rows():
    """A chain as of temporal convolutional networks, and a window whose ends fall off."""
    x = L.Input((12, 2), name="inp")
    y = L.Conv1D(3, 3, dilation_rate=2, padding="causal", activation="relu", name="first")(x)
    y = L.Conv1D(3, 2, dilation_rate=4, padding="same", name="second")(y)
    y = L.DepthwiseConv1D(2, dilation_rate=3, padding="valid", name="third")(y)
    return keras.Model(x, L.Dense(2, name="fc")(L.Flatten(name="flat")(y)))


def dilated_picture(padding):
    x = L.Input((9, 10, 2), name="inp")
    y = L.Conv2D(3, (3, 2), dilation_rate=(2, 3), padding=padding, activation="relu", name="first")(x)
    y = L.DepthwiseConv2D(2, dilation_rate=2, padding=padding, name="second")(y)
    return keras.Model(x, L.Dense(2, name="fc")(L.GlobalMaxPooling2D(name="pool")(y)))


def dilated_separable():
    x = L.Input((7, 8, 2), name="inp")
    y = L.SeparableConv2D(3, 3, dilation_rate=2, padding="same", name="first")(x)
    y = L.Conv2D(2, (1, 3), dilation_rate=(5, 2), name="second")(y)
    return keras.Model(x, L.Conv2D(2, (3, 1), dilation_rate=(3, 1), name="third")(y))


NETWORKS = {
    "merges_parallel": (merges, "Vitis", "io_parallel"),
    "merges_stream": (merges, "Vivado", "io_stream"),
    "nested_branches_parallel": (nested_branches, "Vivado", "io_parallel"),
    "nested_branches_stream": (nested_branches, "Vitis", "io_stream"),
    "bilinear_parallel": (bilinear, "Vivado", "io_parallel"),
    "bilinear_stream": (bilinear, "Vitis", "io_stream"),
    "steps_of_model_parallel": (steps_of_model, "Vitis", "io_parallel"),
    "steps_of_rows_stream": (steps_of_rows, "Vitis", "io_stream"),
    "steps_of_steps_stream": (steps_of_steps, "Vivado", "io_stream"),
    "broadcast_vitis_stream": (broadcast, "Vitis", "io_stream"),
    "quantized_rnn_parallel": (quantized_rnn, "Vitis", "io_parallel"),
    "quantized_rnn_stream": (lambda: quantized_rnn(True), "Vivado", "io_stream"),
    "quantized_rnn_linear": (lambda: quantized_rnn(False, "linear"), "Vivado", "io_parallel"),
    "simple_rnn_vitis_parallel": (simple_rnn, "Vitis", "io_parallel"),
    "simple_rnn_vivado_parallel": (simple_rnn, "Vivado", "io_parallel"),
    "simple_rnn_sequences_vitis_stream": (lambda: simple_rnn(True), "Vitis", "io_stream"),
    "bidirectional_sum_parallel": (lambda: both_ways("sum", True), "Vitis", "io_parallel"),
    "bidirectional_ave_stream": (lambda: both_ways("ave", False), "Vivado", "io_stream"),
    "bidirectional_concat_stream": (lambda: both_ways("concat", True), "Vitis", "io_stream"),
    "states_lstm_parallel": (lambda: states(L.LSTM), "Vitis", "io_parallel"),
    "states_lstm_stream": (lambda: states(L.LSTM), "Vivado", "io_stream"),
    "states_gru_parallel": (lambda: states(L.GRU, False), "Vivado", "io_parallel"),
    "states_gru_stream": (lambda: states(L.GRU), "Vitis", "io_stream"),
    "states_simple_rnn_parallel": (lambda: states(L.SimpleRNN), "Vitis", "io_parallel"),
    "states_simple_rnn_stream": (lambda: states(L.SimpleRNN, False), "Vivado", "io_stream"),
    "state_inner_stream": (one_state, "Vitis", "io_stream"),
    "encoder_decoder_lstm_parallel": (lambda: encoder_decoder(L.LSTM), "Vivado", "io_parallel"),
    "encoder_decoder_lstm_stream": (lambda: encoder_decoder(L.LSTM), "Vitis", "io_stream"),
    "encoder_decoder_gru_stream": (lambda: encoder_decoder(L.GRU), "Vivado", "io_stream"),
    "started_parallel": (started, "Vitis", "io_parallel"),
    "started_stream": (started, "Vitis", "io_stream"),
    "dilated_rows_vitis_stream": (dilated_rows, "Vitis", "io_stream"),
    "dilated_rows_vivado_stream": (dilated_rows, "Vivado", "io_stream"),
    "dilated_valid_stream": (lambda: dilated_picture("valid"), "Vitis", "io_stream"),
    "dilated_same_stream": (lambda: dilated_picture("same"), "Vivado", "io_stream"),
    "dilated_separable_stream": (dilated_separable, "Vitis", "io_stream"),
    "bidirectional_simple_rnn_parallel": (both_simple, "Vivado", "io_parallel"),
}


def write(folder, name, build, backend, io):
    tf.keras.utils.set_random_seed(7)
    keras.backend.clear_session()
    model, random = build(), np.random.default_rng(7)
    values = [random.normal(0, 0.4, w.shape).astype(np.float32) for w in model.get_weights()]
    if "quantized" in name:
        values = [np.round(v * 64) / 64 for v in values]
    if "decoder" in name or "states" in name:  # without a function that bounds them, products of gates grow
        values = [v / 2 for v in values]
    model.set_weights(values)
    x = [random.normal(0, 1, (16, *i.shape[1:])).astype(np.float32) for i in model.inputs]
    there = folder / name
    there.mkdir(parents=True, exist_ok=True)
    model.save(there / "model.h5", include_optimizer=False)
    y = model.predict(x, verbose=0)
    for k, array in enumerate(x):
        np.save(there / ("X.npy" if len(x) == 1 else f"X_{k}.npy"), array)
    for k, array in enumerate(y if isinstance(y, list) else [y]):
        np.save(there / (f"y_float_{k}.npy" if isinstance(y, list) else "y_float.npy"), array.reshape(16, -1))
    (there / "hls4ml_config.yml").write_text(CONFIG.format(backend=backend, io=io))


if __name__ == "__main__":
    folder = pathlib.Path((sys.argv + [pathlib.Path(__file__).parent])[1])
    for name in sys.argv[2:] or NETWORKS:
        write(folder, name, *NETWORKS[name])
