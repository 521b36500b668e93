"""Keras layers that hls4ml reads and Keras 2 does not have, as the networks of extra_cases.py need them."""
import types

import numpy as np
import tensorflow as tf
from hls4ml.converters import register_keras_v2_layer_handler
from hls4ml.converters.keras_v2_to_hls import get_weights_data, layer_handlers, parse_default_keras_layer
from tensorflow import keras


def binary_tanh(x):
    return tf.where(x >= 0, 1.0, -1.0)


def ternary_tanh(x):
    return tf.where(x > 0.5, 1.0, tf.where(x < -0.5, -1.0, 0.0))


class BinaryDense(keras.layers.Dense):
    """Kernel and bias are 1 or -1."""

    @staticmethod
    def q(w):
        return tf.where(w >= 0, 1.0, -1.0)

    def call(self, x):
        y = tf.tensordot(x, self.q(self.kernel), 1)
        return y + self.q(self.bias) if self.use_bias else y


class TernaryDense(BinaryDense):
    """Kernel and bias are 1, 0 or -1."""

    @staticmethod
    def q(w):
        return tf.where(w > 0.5, 1.0, tf.where(w <= -0.5, -1.0, 0.0))


class Activation(keras.layers.Layer):
    """An activation by name, written to the file by its name as older versions of Keras do."""

    def __init__(self, activation, **kw):
        super().__init__(**kw)
        self.activation = activation

    def call(self, x):
        return {'binary_tanh': binary_tanh, 'ternary_tanh': ternary_tanh}[self.activation](x)

    def get_config(self):
        return dict(super().get_config(), activation=self.activation)


class BiasAdd(keras.layers.Layer):
    """Adds a bias per channel."""

    def build(self, shape):
        self.bias = self.add_weight('bias', (int(shape[-1]),))

    def call(self, x):
        return x + self.bias


ROUND = {
    'TRN': tf.floor,
    'RND': lambda x: tf.floor(x + 0.5),
    'RND_CONV': tf.round,
    'TRN_ZERO': lambda x: tf.floor(tf.abs(x)) * tf.sign(x),
    'RND_INF': lambda x: tf.floor(tf.abs(x) + 0.5) * tf.sign(x),
    'RND_ZERO': lambda x: -tf.floor(0.5 - tf.abs(x)) * tf.sign(x),
    'RND_MIN_INF': lambda x: -tf.floor(0.5 - x),
}


class FixedPointQuantizer(keras.layers.Layer):
    """The quantizer of HGQ's proxy models: bits for each value, of the shape of a batch of one, or one for all."""

    def __init__(self, k, b, i, RND='TRN', SAT='WRAP', overrides=None, fusible=None, **kw):
        super().__init__(trainable=False, **kw)
        k, b, i = np.broadcast_arrays(*(np.atleast_1d(np.asarray(v, 'int8')) for v in (k, b, i)))
        k, i = np.where(b == 0, 0, k), np.where(b == 0, 0, i)
        self.keep_negative = tf.Variable(k.astype('int8'), name='keep_negative', trainable=False)
        self.bits = tf.Variable(b.copy(), name='bits', trainable=False)
        self.integers = tf.Variable(i.astype('int8'), name='integers', trainable=False)
        self.RND, self.SAT, self.overrides = RND, SAT, overrides or {'layers': {}}
        self.fusible = all(np.unique(v).size == 1 for v in (k, b, i)) if fusible is None else fusible

    def call(self, x):
        k, b, i = (tf.cast(v, 'float64') for v in (self.keep_negative, self.bits, self.integers))
        step = 2.0 ** (i - b)
        v = ROUND[self.RND](tf.cast(x, 'float64') / step)
        high = 2.0 ** (b - k) - 1
        low = -(high + 1) * k
        if self.SAT == 'WRAP':
            v = tf.math.floormod(v - low, high - low + 1) + low
        else:
            v = tf.clip_by_value(v, -high * k if self.SAT == 'SAT_SYM' else low, high)
        return tf.cast(v * step * tf.cast(b != 0, 'float64'), x.dtype)

    def get_config(self):
        return dict(super().get_config(), RND=self.RND, SAT=self.SAT, overrides=self.overrides, fusible=self.fusible,
                    shape=tuple(self.bits.shape))


class UnaryLUT(keras.layers.Layer):
    """The table of HGQ's proxy models: one entry for every input of kif_in bits."""

    def __init__(self, function, kif_in, kif_out, **kw):
        super().__init__(trainable=False, **kw)
        self.kif_in, self.kif_out = kif_in, kif_out
        k, i, f = kif_in
        n = 2 ** (k + i + f)
        x = np.arange(n) - np.where((np.arange(n) >= n // 2) & (k > 0), n, 0)
        y = np.asarray(function(x / 2.0**f))
        k, i, f = kif_out
        y = np.clip(np.floor(y * 2.0**f + 0.5) / 2.0**f, -(2.0**i) * k, 2.0**i - 2.0**-f)
        self.table = tf.Variable(y.astype('float32'), name='table', trainable=False)

    def call(self, x):
        i = tf.cast(tf.round(x * 2.0 ** self.kif_in[2]), 'int32') % self.table.shape[0]
        return tf.gather(self.table, i)

    def get_config(self):
        return dict(super().get_config(), kif_in=self.kif_in, kif_out=self.kif_out)


def read_bias_add(keras_layer, input_names, input_shapes, reader):
    """A reader of BiasAdd, of which hls4ml has the layer and no reader."""
    layer = parse_default_keras_layer(keras_layer, input_names)
    layer['op'] = 'bias_add'  # passes of hls4ml ask every merging layer for it
    layer['bias_data'] = get_weights_data(reader, layer['name'], 'bias')
    return layer, [d for d in input_shapes[0]]


def custom():
    """The layers, as hls4ml takes them."""
    classes = [Activation, BinaryDense, TernaryDense, BiasAdd, FixedPointQuantizer, UnaryLUT]
    if 'BiasAdd' not in layer_handlers:
        register_keras_v2_layer_handler('BiasAdd', read_bias_add)
    return types.SimpleNamespace(**{c.__name__: c for c in classes})
