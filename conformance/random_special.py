"""Random networks with the quantizers of HGQ's proxy models, and graph networks, for random_hls4ml.py --family hgq
and --family garnet."""
import numpy as np
import random_layers
from random_draw import pick
from random_layers import Net

ROUNDING = ['TRN', 'TRN', 'RND', 'RND', 'RND_CONV', 'TRN_ZERO', 'RND_INF', 'RND_ZERO', 'RND_MIN_INF']
FUNCTIONS = [np.sin, np.exp, np.tanh, np.cos, lambda v: v * v - 1]


def quantizer(net, x, signed=None, even=None):
    """Bits for each value, for each channel, or one set for all; streams have one type for the values of a word."""
    rng = net.rng
    dims = random_layers.shape(x)
    how = 'all' if net.stream or even else pick(rng, ['all', 'each', 'each', 'channel'])
    form = {'all': (1,), 'each': (1, *dims), 'channel': (*[1] * len(dims), dims[-1])}[how]
    b = rng.integers(2, 10, form)
    i = np.minimum(rng.integers(0, 5, form), b + 1)
    k = rng.integers(0, 2, form) if signed is None else np.full(form, int(signed))
    if how != 'all':
        b[rng.random(form) < 0.1] = 0
    return net.C.FixedPointQuantizer(k, b, i, pick(rng, ROUNDING), pick(rng, ['WRAP', 'WRAP', 'SAT', 'SAT_SYM']),
                                     name=net.name('q'))(x)


def table(net, x):
    """A table with an entry for every pattern of its input's bits."""
    k, i, f = net.draw(0, 1), net.draw(0, 3), net.draw(1, 4)
    x = net.C.FixedPointQuantizer(k, k + i + f, k + i, pick(net.rng, ROUNDING), 'WRAP', name=net.name('q'))(x)
    function = pick(net.rng, FUNCTIONS)
    return net.C.UnaryLUT(lambda v: np.nan_to_num(function(v), posinf=9), (k, i, f),
                          (1, net.draw(0, 3), net.draw(1, 6)), name=net.name('lut'))(x)


def block(net, x):
    """Layers and the quantizer behind them."""
    rng, L = net.rng, net.L
    rank = len(x.shape) - 1
    kinds = ['dense', 'dense', 'bn', 'act', 'lut', 'branch'] + (['conv', 'conv', 'pool', 'order', 'flat'] if rank > 1 else [])
    kind = pick(rng, kinds)
    if kind == 'dense':
        x = L.Dense(net.draw(1, 7), use_bias=net.chance(0.8), name=net.name('fc'))(x)
    elif kind == 'bn':
        x = random_layers.normalization(net, x)
    elif kind == 'conv':
        x = random_layers.convolution(net, x)
    elif kind == 'pool':
        x = random_layers.pooling(net, x)
    elif kind == 'order':
        x = random_layers.order(net, x)
    elif kind == 'flat':
        x = random_layers.flat(net, x)
    elif kind == 'act':
        act = pick(rng, ['relu', 'relu', 'leaky', 'tanh', 'sigmoid', 'softmax'])
        x = L.LeakyReLU(0.25, name=net.name('leaky'))(x) if act == 'leaky' else L.Activation(act, name=net.name('act'))(x)
    elif kind == 'lut':
        x = table(net, x)
    else:
        channels = random_layers.shape(x)[-1]
        both = [quantizer(net, L.Dense(channels, name=net.name('fc'))(x)) for _ in range(2)]
        op = pick(rng, ['Add', 'Subtract', 'Multiply', 'Average', 'Maximum', 'Minimum', 'Concatenate'])
        x = getattr(L, op)(name=net.name('merge'))(both)
    if x is None or random_layers.size(x) > random_layers.LARGEST:
        return None
    return quantizer(net, x) if kind != 'order' or net.chance(0.5) else x


def quantized(rng, backend, io):
    """A network whose types follow from its quantizers, weights on a grid as the training of such models leaves them."""
    net = Net(rng, backend, io)
    net.arguments = ['relu', 'tanh', 'sigmoid']  # the ranges of others are not known
    kind = pick(rng, ['vector', 'vector', 'row', 'picture'])
    x = net.input({'vector': [net.draw(2, 12)], 'row': [net.draw(3, 8), net.draw(1, 4)],
                   'picture': [net.draw(3, 5), net.draw(3, 5), net.draw(1, 3)]}[kind])
    x = quantizer(net, x)
    done, want = 0, net.draw(1, 3)
    while done < want:
        y = block(net, x)
        if y is not None:
            x, done = y, done + 1
    return net.Model(net.inputs[0], x, name='random'), net


def on_grid(rng, model):
    bits = int(rng.integers(3, 8))
    for v in model.weights:
        if any(k in v.name for k in ('kernel', 'bias', 'gamma', 'beta')):
            v.assign(np.round(v.numpy() * 2.0**bits) / 2.0**bits)


def graph(rng, backend, io):
    """A GarNet or a stack of them, alone or before a Dense."""
    from hls4ml.contrib.garnet import GarNet, GarNetStack

    net = Net(rng, backend, io)
    vertices, features = pick(rng, [4, 8, 8, 16]), net.draw(1, 4)
    x, n = net.input([vertices, features]), net.input([1], dtype='uint16')
    stack = net.chance(0.4)
    collapse = 'mean' if stack or net.chance(0.7) else None
    kind = GarNetStack if stack else GarNet
    sizes = [[net.draw(1, 4) for _ in range(3)] for _ in range(3)]
    deep = net.draw(2, 3)
    sizes = [s[:deep] for s in sizes] if stack else [s[0] for s in sizes]
    more = dict(quantize_transforms=True, total_bits=net.draw(4, 10), int_bits=net.draw(0, 3)) if net.chance(0.4) else {
        'quantize_transforms': None}
    y = kind(*sizes, simplified=True, collapse=collapse, input_format='xn', output_activation=None,
             mean_by_nvert=net.chance(0.4), name='g', **more)([x, n])
    net.vertices = vertices
    net.full = collapse is None  # vertices beyond the number hold what was in memory
    if collapse and net.chance(0.5):
        y = random_layers.dense(net, y)
        y = random_layers.activation(net, y) if net.chance(0.5) else y
    return net.Model([x, n], y, name='random'), net


def graph_settings(rng, net, hls, precision):
    """Settings of the graph layer: what is counted and divided needs no sign, and its loop over the vertices no rest."""
    factor = 2 ** net.draw(0, 2)
    hls['Model']['ReuseFactor'] = factor
    for level in ('LayerName', 'LayerType'):
        for entry in hls.get(level, {}).values():
            if 'ReuseFactor' in entry:
                entry['ReuseFactor'] = factor
    for level in ('LayerName', 'LayerType'):
        for name, entry in hls.get(level, {}).items():
            if name not in ('g', 'GarNet', 'GarNetStack') and not name.startswith('inp'):
                continue
            types = entry.get('Precision')
            if name == net.inputs[1].name:
                entry['Precision'] = {'result': f'uint<{net.draw(5, 16)}>'}
            elif isinstance(types, dict) and net.chance(0.5):
                for role in ('edge_weight', 'aggr', 'norm', 'edge_weight_aggr', 'result'):
                    if net.chance(0.4):
                        signed = role in ('aggr', 'result')
                        types[role] = precision(rng, signed=signed, low=8)
