"""Random networks of every Keras 2 layer, mixed, for random_hls4ml.py --family mixed.

A network grows from its inputs step by step: each step draws one of the layers that take the shape it has come
to. Tensors stay small, for the compiler's sake.
"""
import sys
from pathlib import Path

import numpy as np
from random_draw import pick, recurrent_layer

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / 'testdata' / 'scripts'))

LARGEST = 160  # values of a tensor
PLAIN = ['relu', 'relu', 'tanh', 'sigmoid', 'softplus', 'softsign', 'selu', 'elu', 'hard_sigmoid', 'linear']


class Net:
    """A network that grows: names, the draws, and what the settings must know of it."""

    def __init__(self, rng, backend, io):
        import tensorflow as tf
        from extra_layers import custom

        self.rng, self.L, self.C, self.Model = rng, tf.keras.layers, custom(), tf.keras.Model
        self.stream, self.vivado = io == 'io_stream', backend == 'Vivado'
        self.inputs, self.outputs, self.indices, self.before = [], [], {}, {}
        self.count = 0
        self.depthwise = False
        self.arguments = ['relu', 'relu', 'tanh', 'sigmoid', 'softplus']

    def name(self, kind):
        self.count += 1
        return f'{kind}{self.count}'

    def chance(self, p):
        return bool(self.rng.random() < p)

    def draw(self, low, high):
        """An integer from low to high, both included."""
        return int(self.rng.integers(low, high + 1))

    def input(self, shape, **kw):
        x = self.L.Input(shape, name=self.name('inp'), **kw)
        self.inputs.append(x)
        return x


def shape(x):
    return [int(s) for s in x.shape[1:]]


def size(x):
    return int(np.prod(shape(x)))


# ---- activations


def activation(net, x):
    rng, L = net.rng, net.L
    kind = pick(rng, ['plain'] * 5 + ['leaky', 'elu', 'thresholded', 'prelu', 'relu', 'softmax'])
    name = net.name('act')
    if kind == 'plain':
        return L.Activation(pick(rng, PLAIN), name=name)(x)
    if kind == 'leaky':
        return L.LeakyReLU(alpha=float(np.round(rng.uniform(0.01, 0.9), 3)), name=name)(x)
    if kind == 'elu':
        return L.ELU(alpha=float(np.round(rng.uniform(0.1, 1.5), 2)), name=name)(x)
    if kind == 'thresholded':
        return L.ThresholdedReLU(theta=float(np.round(rng.uniform(0.1, 2), 2)), name=name)(x)
    if kind == 'prelu':
        return L.PReLU(name=name)(x)
    if kind == 'relu':
        return L.ReLU(name=name)(x)
    return L.Softmax(name=net.name('soft'))(x)


def inline(net):
    return pick(net.rng, net.arguments) if net.chance(0.3) else None


def normalization(net, x):
    return net.L.BatchNormalization(name=net.name('bn'), scale=net.chance(0.8), center=net.chance(0.8))(x)


def same(net, x):
    """A layer that keeps the shape."""
    kind = pick(net.rng, ['act', 'act', 'act', 'bn', 'bn', 'drop', 'rank'])
    if kind == 'drop':
        return net.L.Dropout(0.2, name=net.name('drop'))(x)
    if kind == 'bn':
        return normalization(net, x)
    if kind == 'rank' and len(x.shape) == 3 and not net.stream:
        return net.L.LayerNormalization(name=net.name('ln'), epsilon=pick(net.rng, [0.001, 0.01]))(x)
    return activation(net, x)


# ---- layers with matrices


def dense(net, x):
    x = net.L.Dense(net.draw(1, 9), use_bias=net.chance(0.8), activation=inline(net), name=net.name('fc'))(x)
    if len(x.shape) == 2 and net.chance(0.06):
        x = net.C.BiasAdd(name=net.name('plus'))(x)
    return x


def binary(net, x):
    """BinaryDense or TernaryDense; most times with what makes a threshold of it."""
    kind = pick(net.rng, ['Binary', 'Ternary'])
    x = getattr(net.C, kind + 'Dense')(net.draw(2, 9), use_bias=net.chance(0.8), name=net.name('bfc'))(x)
    if len(x.shape) == 2 and net.chance(0.7):
        x = normalization(net, x)
        if net.chance(0.7):
            x = net.C.Activation(kind.lower() + '_tanh', name=net.name('sign'))(x)
            if net.chance(0.6):
                x = getattr(net.C, kind + 'Dense')(net.draw(2, 6), name=net.name('bfc'))(x)
    return x


def convolution(net, x, keep=None):
    """A convolution of any kind over one or two axes; keep: the number of filters, in the same picture."""
    rng, L = net.rng, net.L
    sides = shape(x)[:-1]
    axes = len(sides)
    padding = pick(rng, ['valid', 'same'] + (['causal'] if axes == 1 else []))
    kernel = [net.draw(1, min(3, s)) for s in sides]
    if net.chance(0.25):
        kernel = [1] * axes
    stride = pick(rng, [1, 1, 2, 3]) if net.chance(0.5) else 1
    kind = pick(rng, ['Conv', 'Conv', 'Conv', 'Depthwise', 'Separable'])
    filters = net.draw(1, 4)
    if keep is not None:
        padding, stride, kind, filters = 'same', 1, pick(rng, ['Conv', 'Conv', 'Separable']), keep
    if padding == 'causal' and kind != 'Conv':
        padding = 'same'
    more = {'dilation_rate': 2} if net.chance(0.04) and stride == 1 and kind == 'Conv' else {}
    common = dict(strides=stride, padding=padding, use_bias=net.chance(0.8), activation=inline(net), **more)
    if kind == 'Depthwise':
        net.depthwise = True
        y = getattr(L, f'DepthwiseConv{axes}D')(kernel, name=net.name('dw'), **common)(x)
    elif kind == 'Separable':
        net.depthwise = True
        y = getattr(L, f'SeparableConv{axes}D')(filters, kernel, name=net.name('sep'), **common)(x)
    else:
        y = getattr(L, f'Conv{axes}D')(filters, kernel, name=net.name('conv'), **common)(x)
        if net.chance(0.05) and keep is None:
            y = net.C.BiasAdd(name=net.name('plus'))(y)
    return y if min(shape(y)) > 0 else None


def pooling(net, x):
    rng, L = net.rng, net.L
    sides = shape(x)[:-1]
    axes = len(sides)
    kind = pick(rng, ['Max', 'Average'])
    if net.chance(0.3):
        more = {'keepdims': True} if net.chance(0.2) else {}
        return getattr(L, f'Global{kind}Pooling{axes}D')(name=net.name('gpool'), **more)(x)
    window = [net.draw(1, min(3, s)) for s in sides]
    if max(window) == 1:
        return None
    strides, padding = None, 'valid'
    if not net.stream:
        padding = pick(rng, ['valid', 'valid', 'same'])
        strides = [net.draw(1, 3) for _ in sides] if net.chance(0.3) else None
    return getattr(L, f'{kind}Pooling{axes}D')(window if axes == 2 else window[0], strides=strides if axes == 2 or strides is None
                                              else strides[0], padding=padding, name=net.name('pool'))(x)


def frame(net, x):
    """Padding, cropping or a larger picture."""
    L = net.L
    sides = shape(x)[:-1]
    axes = len(sides)
    kind = pick(net.rng, ['pad', 'crop', 'up'])
    if kind == 'up':
        factor = [net.draw(1, 2) for _ in sides]
        return getattr(L, f'UpSampling{axes}D')(factor if axes == 2 else factor[0], name=net.name('up'))(x)
    ends = [(net.draw(0, 2), net.draw(0, 2)) for _ in sides]
    if kind == 'crop':
        ends = [(min(a, s - 1), min(b, max(0, s - 1 - a))) for (a, b), s in zip(ends, sides)]
        return getattr(L, f'Cropping{axes}D')(ends if axes == 2 else ends[0], name=net.name('crop'))(x)
    return getattr(L, f'ZeroPadding{axes}D')(ends if axes == 2 else ends[0], name=net.name('pad'))(x)


def order(net, x):
    """Axes in another order, or another shape of the same values."""
    dims = shape(x)
    if len(dims) > 1 and net.chance(0.5):
        return net.L.Permute([int(v) + 1 for v in net.rng.permutation(len(dims))], name=net.name('perm'))(x)
    n = size(x)
    parts = [d for d in range(1, n + 1) if n % d == 0]
    first = pick(net.rng, parts)
    target = [first, n // first]
    if net.chance(0.4):
        second = pick(net.rng, [d for d in parts if (n // first) % d == 0])
        target = [first, second, n // first // second]
    return net.L.Reshape(target, name=net.name('shape'))(x)


def flat(net, x):
    """To one axis; a stream's words then fit a Dense alone."""
    x = net.L.Flatten(name=net.name('flat'))(x)
    return net.L.Dense(net.draw(1, 8), activation=inline(net), name=net.name('fc'))(x) if net.stream else x


def recurrent(net, x):
    layer = recurrent_layer(net.rng, net.L, net.name('rnn'), after=True, both=not net.stream)
    net.before[layer.name] = x._keras_history.layer.name
    return layer(x)


def steps(net, x):
    """TimeDistributed round a layer that keeps the number of axes."""
    L = net.L
    if len(x.shape) == 3:
        inner = pick(net.rng, [L.Dense(net.draw(1, 5), name=net.name('infc')), L.Activation('relu', name=net.name('inact'))])
    else:
        long = shape(x)[1]
        inner = pick(net.rng, [
            L.Dense(net.draw(1, 4), name=net.name('infc')),
            L.Conv1D(net.draw(1, 3), net.draw(1, min(3, long)), padding=pick(net.rng, ['valid', 'same']), name=net.name('inconv')),
            L.MaxPooling1D(min(2, long), name=net.name('inpool')),
            L.AveragePooling1D(min(2, long), name=net.name('inpool')),
        ])
    return L.TimeDistributed(inner, name=net.name('td'))(x)


# ---- more than one tensor


def to_channels(net, x, channels):
    """The picture of x with so many channels."""
    if len(x.shape) == 2 or net.chance(0.4):
        return net.L.Dense(channels, name=net.name('fc'))(x)
    return convolution(net, x, keep=channels)


def branches(net, x):
    """Two ways from x, or one way round a layer, that meet again; now and then a second input comes in."""
    rng, L = net.rng, net.L
    channels = shape(x)[-1]
    kind = pick(rng, ['Add', 'Subtract', 'Multiply', 'Average', 'Maximum', 'Minimum', 'Concatenate', 'Concatenate'])
    if kind != 'Concatenate' and net.chance(0.5):
        channels = min(channels, 5)
    a = x if shape(x)[-1] == channels and net.chance(0.4) else to_channels(net, x, channels)
    if len(net.inputs) == 1 and net.chance(0.35) and not net.indices:
        b = other(net, x, channels, kind)
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


def other(net, x, channels, kind):
    """A second input; one pixel for a picture now and then, which is repeated."""
    dims = shape(x)[:-1] + [channels]
    if len(dims) == 3 and kind != 'Concatenate' and net.chance(0.3) and (not net.stream or net.vivado):
        return net.input([1, 1, channels])
    return net.input(dims)


def nested(net, x):
    """A model inside the model."""
    inner = net.L.Input(shape(x), name=net.name('gate'))
    y = inner
    for _ in range(net.draw(1, 2)):
        y = (same(net, y) if net.chance(0.5) else dense(net, y))
    if y is inner:
        return None
    return net.Model(inner, y, name=net.name('nest'))(x)


def step(net, x):
    """One draw; None: it does not fit."""
    rank = len(x.shape) - 1
    kinds = [dense, same, same, branches, branches, nested]
    if rank == 1:
        kinds += [dense, dense, binary, binary, order, order]
    else:
        kinds += [convolution] * 7 + [pooling] * 3 + [frame] * 2 + [order, flat]
    if rank == 2:
        kinds += [recurrent] * 2
        kinds += [] if net.stream else [steps, normalize_rows] * 2
    if rank == 3 and not net.stream:
        kinds += [steps] * 2
    y = pick(net.rng, kinds)(net, x)
    return y if y is not None and 0 < size(y) <= LARGEST else None


def normalize_rows(net, x):
    return net.L.LayerNormalization(name=net.name('ln'), epsilon=pick(net.rng, [0.001, 0.01]))(x)


def start(net):
    rng = net.rng
    kind = pick(rng, ['vector', 'vector'] + ['row'] * 5 + ['picture'] * 6 + ['words'])
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
    return net.Model(net.inputs if len(net.inputs) > 1 else net.inputs[0], net.outputs if len(net.outputs) > 1 else x,
                     name='random'), net


def film(rng, backend, io):
    """Layers that TimeDistributed applies to each picture of a film, where hls4ml 1.3.0 does as Keras does."""
    net = Net(rng, backend, 'io_parallel')
    L = net.L
    x = net.input([net.draw(2, 4), net.draw(3, 5), net.draw(3, 5), net.draw(1, 2)])
    for _ in range(net.draw(1, 3)):
        sides = shape(x)[1:3]
        if min(sides) < 2:
            break
        window = [net.draw(1, 2) for _ in sides]
        common = dict(padding=pick(rng, ['valid', 'same']), name=net.name('inner'))
        inner = pick(rng, [
            lambda: L.Conv2D(net.draw(1, 3), window, **common),
            lambda: L.Conv2D(net.draw(1, 3), window, strides=net.draw(1, 2), **common),
            lambda: L.DepthwiseConv2D(window, **common),
            lambda: L.MaxPooling2D(2, **common),
            lambda: L.AveragePooling2D(2, **common),
        ])()
        x = L.TimeDistributed(inner, name=net.name('td'))(x)
    if net.chance(0.6):
        x = L.Flatten(name=net.name('flat'))(x)
        x = dense(net, x) if net.chance(0.7) else activation(net, x)
    return net.Model(net.inputs[0], x, name='random'), net


def one_type(hls):
    """A TimeDistributed of another type than its input does not compile."""
    for level in ('LayerName', 'LayerType'):
        for name, entry in hls.get(level, {}).items():
            if name.rstrip('0123456789') in ('td', 'TimeDistributed'):
                entry['Precision'] = {'result': 'auto'}


def adapt(rng, net, hls, precision):
    """Settings of the layers that the common ones leave alone, and bounds that hls4ml needs."""
    model = hls['Model']
    if net.depthwise and not net.stream and model['Strategy'] == 'Resource':
        model['Strategy'] = 'Latency'  # there is no kernel for arrays: the process would end
    if net.chance(0.1):
        model['BramFactor'] = net.draw(1, 30)
    if net.vivado and net.stream and net.chance(0.3):
        model['ConvImplementation'] = 'Encoded'
    if net.chance(0.06):
        model['Precision']['maximum'] = precision(rng, signed=True, low=12, modes=0.2)
    for name, entry in hls.get('LayerName', {}).items():
        adapt_layer(rng, net, name, name.rstrip('0123456789'), entry, precision)
    for name, entry in hls.get('LayerType', {}).items():
        types = entry.get('Precision')
        told = ('InputLayer', 'LSTM', 'GRU', 'Bidirectional', 'GarNet', 'GarNetStack', 'Dot')
        if isinstance(types, dict) and name not in told and net.chance(0.5):
            free(net, types)  # layers of one kind then have other types of one name
        adapt_types(rng, net, name.lower(), entry, precision)
    for name, before in net.before.items():
        entry, source = hls.get('LayerName', {}).get(name), hls.get('LayerName', {}).get(before)
        if entry and not entry.get('Static', True):  # its firmware keeps states in the type of the input
            entry['Static'] = not (source and isinstance(source['Precision'], dict) and net.chance(0.5))
            if not entry['Static']:
                entry['Precision']['accum'] = entry['Precision']['result'] = precision(rng, signed=True, low=8)
                source['Precision']['result'] = entry['Precision']['result']
    for x in net.inputs:
        if x.name in net.indices and x.name in hls.get('LayerName', {}):
            hls['LayerName'][x.name]['Precision'] = {'result': f'uint<{net.draw(4, 8)}>'}
    if net.indices and 'InputLayer' in hls.get('LayerType', {}):
        hls['LayerType']['InputLayer']['Precision'] = {'result': 'uint<5>'}


def adapt_layer(rng, net, name, kind, entry, precision):
    """One layer's own strategy, tables and types."""
    adapt_types(rng, net, kind, entry, precision)
    if kind in ('conv', 'sep', 'dw') and net.chance(0.3):
        entry['Strategy'] = pick(rng, ['Latency', 'Resource', 'Resource_Unrolled'] if net.stream else
                                 ['Latency', 'Resource'] if kind == 'conv' else ['Latency'])
        entry['ReuseFactor'] = net.draw(1, 6)
    if kind in ('conv', 'sep', 'dw') and net.chance(0.3) and not net.stream:
        entry['ParallelizationFactor'] = net.draw(1, 8)
    if kind in ('fc', 'bfc') and net.chance(0.25):
        entry['Strategy'] = pick(rng, ['Latency', 'Resource', 'Resource_Unrolled'])
        entry['ReuseFactor'] = net.draw(1, 6)
    if kind == 'ln' and net.chance(0.4):
        entry['TableRangePower2'] = net.draw(0, 4)
        entry['TableSize'] = 2 ** net.draw(6, 12)
    if kind == 'soft':
        for table in ('exp_table_t', 'inv_table_t'):
            if net.chance(0.3):
                entry[table] = precision(rng, low=10, modes=0.5)
        if net.chance(0.08):
            entry['Skip'] = True
    if kind in ('fc', 'conv', 'act', 'bn') and net.chance(0.05):
        entry['Precision'] = precision(rng, signed=True, low=8)  # one type for all


def adapt_types(rng, net, kind, entry, precision):
    """Now and then integers; the types of a scalar product, which inference ends at with an assertion."""
    types = entry.get('Precision')
    if not isinstance(types, dict) or kind in ('lstm', 'gru', 'bidirectional', 'rnn', 'bi_rnn', 'g'):
        return
    for role in types:
        if kind == 'dot':
            types[role] = precision(rng, signed=True, low=10)
        elif role in ('result', 'accum', 'weight') and net.chance(0.03):
            types[role] = f'{pick(rng, ["", "u"]) if role == "result" else ""}int<{net.draw(3, 16)}>'


def free(net, types):
    """Some types are left to inference."""
    for role in types:
        if 'table' not in role and net.chance(0.6):
            types[role] = 'auto'
