"""Random networks of every Keras 3 layer that hls4ml 1.3.0 converts, for random_hls4ml.py --family keras3.

They grow as those of random_layers.py do, whose steps they share where the two generations have the same layers.
"""
import numpy as np
import random_layers
from random_draw import pick, recurrent_layer
from random_layers import LARGEST, flat, frame, order, pooling, shape, size

PLAIN = ['relu', 'relu', 'tanh', 'sigmoid', 'softplus', 'softsign', 'selu', 'elu', 'leaky_relu', 'hard_sigmoid', 'linear']


class Net(random_layers.Net):
    """random_layers.Net with the layers of Keras 3."""

    def __init__(self, rng, backend, io):
        import keras

        self.rng, self.L, self.Model = rng, keras.layers, keras.Model
        self.stream, self.vivado = io == 'io_stream', backend == 'Vivado'
        self.inputs, self.outputs, self.indices, self.before, self.layers = [], [], {}, {}, []
        self.count = 0
        self.depthwise = False
        self.arguments = ['relu', 'relu', 'tanh', 'sigmoid', 'softplus', 'elu']


def activation(net, x):
    rng, L = net.rng, net.L
    name = net.name('act')
    kind = pick(rng, ['plain'] * 5 + ['leaky', 'elu', 'threshold', 'prelu', 'relu', 'softmax'])
    slope = float(np.round(rng.uniform(0.01, 0.9), 3))
    if kind == 'plain':
        return L.Activation(pick(rng, PLAIN), name=name)(x)
    if kind == 'leaky':
        return pick(rng, [L.LeakyReLU, L.ReLU])(negative_slope=slope, name=name)(x)
    if kind == 'elu':
        return L.ELU(alpha=float(np.round(rng.uniform(0.1, 1.5), 2)), name=name)(x)
    if kind == 'threshold':
        return L.ReLU(threshold=float(np.round(rng.uniform(0.1, 2), 2)), name=name)(x)
    if kind == 'prelu':
        return L.PReLU(name=name)(x)
    if kind == 'relu':
        return L.ReLU(name=name)(x)
    axis = net.draw(1, len(x.shape) - 1) if net.chance(0.4) and not net.stream else -1
    return L.Softmax(axis=axis, name=net.name('soft'))(x)


def same(net, x):
    """A layer that keeps the shape."""
    L = net.L
    kind = pick(net.rng, ['act', 'act', 'act', 'bn', 'bn', 'drop', 'rank'])
    if kind == 'drop':
        return pick(net.rng, [L.Dropout(0.2, name=net.name('drop')), L.GaussianDropout(0.1, name=net.name('drop'))])(x)
    if kind == 'bn':
        return L.BatchNormalization(name=net.name('bn'), scale=net.chance(0.8), center=net.chance(0.8))(x)
    if kind == 'rank' and len(x.shape) == 3 and not net.stream:
        return L.LayerNormalization(axis=2, name=net.name('ln'), epsilon=pick(net.rng, [0.001, 0.01]))(x)
    return activation(net, x)


def convolution(net, x, keep=None):
    rng, L = net.rng, net.L
    sides = shape(x)[:-1]
    axes = len(sides)
    padding = pick(rng, ['valid', 'same'] + (['causal'] if axes == 1 else []))
    kernel = [1] * axes if net.chance(0.25) else [net.draw(1, min(3, s)) for s in sides]
    stride = pick(rng, [1, 1, 2, 3]) if net.chance(0.5) else 1
    common = dict(strides=stride, use_bias=net.chance(0.8), activation=random_layers.inline(net))
    if keep is not None:
        return getattr(L, f'Conv{axes}D')(keep, kernel, padding='same', use_bias=net.chance(0.8), name=net.name('conv'))(x)
    if net.chance(0.25):
        net.depthwise = True
        padding = 'same' if padding == 'causal' else padding
        y = getattr(L, f'DepthwiseConv{axes}D')(kernel, padding=padding, name=net.name('dw'), **common)(x)
    else:
        y = getattr(L, f'Conv{axes}D')(net.draw(1, 4), kernel, padding=padding, name=net.name('conv'), **common)(x)
    return y if min(shape(y)) > 0 else None


def dense(net, x, units=None):
    units = units or net.draw(1, 9)
    return net.L.Dense(units, use_bias=net.chance(0.8), activation=random_layers.inline(net), name=net.name('fc'))(x)


def shared(net, x):
    """One layer called two or three times, one call behind the other or side by side."""
    layer = net.L.Dense(shape(x)[-1], activation=random_layers.inline(net), name=net.name('twice'))
    if net.stream or net.chance(0.5):
        return layer(layer(x))
    a, b = layer(x), layer(activation(net, x))
    return net.L.Add(name=net.name('merge'))([a, b])


def branches(net, x):
    rng, L = net.rng, net.L
    channels = shape(x)[-1]
    kind = pick(rng, ['Add', 'Subtract', 'Multiply', 'Average', 'Maximum', 'Minimum', 'Concatenate', 'Concatenate'])
    a = x if net.chance(0.4) else to_channels(net, x, channels)
    if len(net.inputs) == 1 and net.chance(0.35) and not net.indices:
        b = random_layers.other(net, x, channels, kind)
    else:
        b = to_channels(net, same(net, x) if net.chance(0.5) else x, channels)
    if net.chance(0.4) and b is not x:
        b = same(net, b)
    if kind == 'Concatenate':
        axis = -1 if net.stream or net.chance(0.5) else net.draw(1, len(x.shape) - 1)
        return L.Concatenate(axis=axis, name=net.name('cat'))([a, b])
    if len(x.shape) == 2 and not net.stream and net.chance(0.15):
        return L.Dot(axes=1, name=net.name('dot'))([a, b])
    return getattr(L, kind)(name=net.name('merge'))([a, b] if net.chance(0.5) else [b, a])


def to_channels(net, x, channels):
    return dense(net, x, channels) if len(x.shape) == 2 or net.chance(0.4) else convolution(net, x, channels)


def recurrent(net, x):
    layer = recurrent_layer(net.rng, net.L, net.name('rnn'), after=True, both=not net.stream)
    kinds = [type(getattr(layer, side, layer)).__name__ for side in ('forward_layer', 'backward_layer')]
    if layer.name.startswith('bi_') and 'GRU' in kinds:  # hls4ml ends with an error
        return None
    net.before[layer.name] = x._keras_history.operation.name
    return layer(x)


def step(net, x):
    """One draw; None: it does not fit."""
    rank = len(x.shape) - 1
    kinds = [dense, same, same, same, branches, branches, shared]
    if rank == 1:
        kinds += [dense, dense, order, order]
    else:
        kinds += [convolution] * 7 + [pooling] * 3 + [frame] * 2 + [order, flat]
    if rank == 2:
        kinds += [recurrent] * 3
    y = pick(net.rng, kinds)(net, x)
    return y if y is not None and 0 < size(y) <= LARGEST else None


def start(net):
    kind = pick(net.rng, ['vector', 'vector'] + ['row'] * 5 + ['picture'] * 6 + ['words'])
    if kind == 'words':
        words = net.draw(3, 12)
        x = net.input([net.draw(2, 6)])
        net.indices[x.name] = words
        return net.L.Embedding(words, net.draw(1, 4), name=net.name('emb'))(x)
    if kind == 'vector':
        return net.input([net.draw(1, 14)])
    if kind == 'row':
        return net.input([net.draw(3, 9), net.draw(1, 4)])
    return net.input([net.draw(3, 6), net.draw(3, 6), net.draw(1, 3)])


def network(rng, backend, io):
    """A model, and what its settings and samples must know."""
    net = Net(rng, backend, io)
    x = start(net)
    done, want = 0, net.draw(2, 5)
    while done < want:
        y = step(net, x)
        if y is None:
            continue
        done += 1
        if net.chance(0.1) and done < want and not net.stream:
            net.outputs.append(same(net, y) if net.chance(0.5) else dense(net, y))
        x = y
    if len(net.inputs) == 1 and x is net.inputs[0]:
        x = dense(net, x)
    net.outputs.append(x)
    outputs = net.outputs if len(net.outputs) > 1 else x
    return net.Model(net.inputs if len(net.inputs) > 1 else net.inputs[0], outputs, name='random'), net
