"""Keras layers that hls4ml reads and Keras 2 does not have, as the networks of extra_cases.py need them."""
import types

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


def read_bias_add(keras_layer, input_names, input_shapes, reader):
    """A reader of BiasAdd, of which hls4ml has the layer and no reader."""
    layer = parse_default_keras_layer(keras_layer, input_names)
    layer['op'] = 'bias_add'  # passes of hls4ml ask every merging layer for it
    layer['bias_data'] = get_weights_data(reader, layer['name'], 'bias')
    return layer, [d for d in input_shapes[0]]


def custom():
    """The layers, as hls4ml takes them."""
    classes = [Activation, BinaryDense, TernaryDense, BiasAdd]
    if 'BiasAdd' not in layer_handlers:
        register_keras_v2_layer_handler('BiasAdd', read_bias_add)
    return types.SimpleNamespace(**{c.__name__: c for c in classes})
