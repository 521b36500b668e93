"""Random QKeras networks for random_hls4ml.py --family qkeras."""
import numpy as np
from random_draw import pick

REUSE = [1, 1, 1, 2, 3, 4, 6]


def fixed(rng, alphas):
    bits = int(rng.integers(1, 10)) if rng.random() < 0.3 else int(rng.integers(3, 9))
    integer = int(rng.integers(0, min(bits, 4) + 1)) if rng.random() < 0.6 else 0
    alpha = pick(rng, alphas)
    if isinstance(alpha, str):
        bits = max(bits, 2)
    text = f'quantized_bits({bits},{integer}'
    if rng.random() < 0.3:
        text += ',1'
    if rng.random() < 0.15:
        text += ',keep_negative=False'
    if alpha is not None:
        text += f',alpha={alpha!r}'
    return text + ')'


def kernel(rng, po2=True):
    """A quantizer of weights that multiply data."""
    kind = pick(rng, ['bits', 'bits', 'bits', 'bits', 'binary', 'ternary', 'po2', 'stochastic_binary', 'stochastic_ternary'])
    alpha = pick(rng, [1, 1, 0.5, "'auto'", "'auto_po2'"])
    if kind == 'bits' or kind == 'po2' and not po2:
        return fixed(rng, [1, 1, 1, None, 0.5, 1.5, 'auto', 'auto_po2'])
    if kind == 'po2':
        return f'quantized_po2({int(rng.integers(2, 6))}{pick(rng, ["", ",1", ",2", ",max_value=0.5"])})'
    if 'ternary' in kind and alpha in (1, 0.5) and rng.random() < 0.4:
        return f'{kind}(alpha={alpha},threshold={pick(rng, [0.2, 0.5])})'
    return f'{kind}(alpha={alpha})'


def bias(rng):
    r = rng.random()
    if r < 0.1:
        return None
    if r < 0.2:
        return pick(rng, ['ternary(alpha=1)', 'binary(alpha=1)', 'quantized_bits(6,1)'])
    return fixed(rng, [1, 1, 1, None])


def activation(rng):
    bits, integer = int(rng.integers(2, 10)), int(rng.integers(0, 4))
    kind = pick(rng, ['relu', 'relu', 'relu', 'slope', 'bits', 'bits', 'tanh', 'sigmoid', 'real', 'binary', 'ternary'])
    if kind == 'relu':
        return f'quantized_relu({bits},{integer})'
    if kind == 'slope':
        return f'quantized_relu({bits},{integer},negative_slope={pick(rng, [0.25, 0.5, 0.125])})'
    if kind == 'bits':
        return f'quantized_bits({bits},{integer},alpha=1)'
    if kind == 'tanh':
        return f'quantized_tanh({bits}{pick(rng, ["", ",symmetric=True"])})'
    if kind == 'sigmoid':
        return f'quantized_sigmoid({bits})'
    if kind == 'real':
        return pick(rng, [f'quantized_tanh({bits},use_real_tanh=True)', f'quantized_sigmoid({bits},use_real_sigmoid=True)'])
    if kind == 'binary':
        return pick(rng, ['binary(alpha=1)', 'binary', 'binary_tanh'])
    return pick(rng, ['ternary(alpha=1)', 'ternary(threshold=0.5,alpha=1)', 'ternary'])


def inline(rng):
    """An activation argument, as an object: a text would be taken for a function of Keras."""
    import qkeras

    text = activation(rng)
    return qkeras.get_quantizer(text) if rng.random() < 0.2 and '(' in text else None


def dense(rng, Q, name):
    return Q.QDense(int(rng.integers(1, 12)), kernel_quantizer=kernel(rng), bias_quantizer=bias(rng),
                    use_bias=bool(rng.random() < 0.8), activation=inline(rng), name=name)


def convolution(rng, Q, name, axes, size):
    width = [int(rng.integers(1, min(4, s) + 1)) for s in size]
    common = dict(strides=int(rng.integers(1, 3)), padding=pick(rng, ['valid', 'same']), bias_quantizer=bias(rng),
                  use_bias=bool(rng.random() < 0.8), activation=inline(rng), name=name)
    filters = int(rng.integers(1, 6))
    kinds = ['plain', 'plain', 'separable'] + (['plain', 'depthwise', 'batchnorm'] if axes == 2 else [])
    kind = pick(rng, kinds)
    if kind == 'depthwise':
        return Q.QDepthwiseConv2D(width, depthwise_quantizer=kernel(rng), **common)
    if kind == 'separable':
        layer = Q.QSeparableConv2D if axes == 2 else Q.QSeparableConv1D
        return layer(filters, width, depthwise_quantizer=kernel(rng), pointwise_quantizer=kernel(rng), **common)
    if kind == 'batchnorm':
        common['bias_quantizer'] = fixed(rng, [1])
        return Q.QConv2DBatchnorm(filters, width, kernel_quantizer=fixed(rng, [1, 1, 'auto_po2']), **common)
    layer = Q.QConv2D if axes == 2 else Q.QConv1D
    return layer(filters, width, kernel_quantizer=kernel(rng), **common)


def recurrent(rng, Q, name):
    quantizers = {k: fixed(rng, [1]) for k in ('kernel_quantizer', 'recurrent_quantizer', 'bias_quantizer')}
    if rng.random() < 0.5:
        quantizers['state_quantizer'] = fixed(rng, [1])
    common = dict(units=int(rng.integers(1, 6)), return_sequences=bool(rng.random() < 0.5), name=name, **quantizers)
    kind = pick(rng, ['QLSTM', 'QGRU'])
    if kind == 'QGRU':
        common['reset_after'] = True
    import qkeras

    act = qkeras.get_quantizer(f'quantized_tanh({int(rng.integers(3, 9))},use_real_tanh=True)') if rng.random() < 0.4 else 'tanh'
    gate = qkeras.get_quantizer(f'quantized_sigmoid({int(rng.integers(3, 9))},use_real_sigmoid=True)') if rng.random() < 0.4 else 'sigmoid'
    return getattr(Q, kind)(activation=act, recurrent_activation=gate, **common)


def normalization(rng, L, Q, name):
    flags = dict(scale=bool(rng.random() < 0.8), center=bool(rng.random() < 0.8), name=name)
    if rng.random() < 0.5:
        return L.BatchNormalization(**flags)
    names = ['beta_quantizer', 'gamma_quantizer', 'mean_quantizer', 'variance_quantizer']
    return Q.QBatchNormalization(**flags, **{n: f'quantized_bits({int(rng.integers(6, 10))},3,alpha=1)' for n in names})


def network(rng):
    import qkeras as Q
    import tensorflow as tf
    from tensorflow.python.ops import array_ops
    from tensorflow.python.util import nest

    if not hasattr(nest, 'is_sequence'):  # QKeras 0.9 asks for these, tensorflow 2.14 has others
        nest.is_sequence = nest.is_nested
    array_ops.unstack = tf.unstack
    L = tf.keras.layers
    axes = int(pick(rng, [0, 0, 0, 1, 2, 2]))
    shape = [int(rng.integers(3, 8)) for _ in range(axes)] + [int(rng.integers(1, 10 if axes == 0 else 4))]
    x = inp = L.Input(shape, name='inp')
    if rng.random() < 0.3:
        x = Q.QActivation(f'quantized_bits({int(rng.integers(6, 12))},{int(rng.integers(1, 4))},alpha=1)', name='qin')(x)
    for k in range(int(rng.integers(1, 4))):
        size = [int(s) for s in x.shape[1:-1]]
        if len(size) == 1 and rng.random() < 0.3:
            x = recurrent(rng, Q, f'rnn{k}')(x)
        elif size and min(size) > 0 and rng.random() < 0.8:
            x = convolution(rng, Q, f'conv{k}', len(size), size)(x)
        else:
            if len(size) > 0 and rng.random() < 0.8:
                x = L.Flatten(name=f'flat{k}')(x)
            x = dense(rng, Q, f'fc{k}')(x)
        if rng.random() < 0.3:
            x = normalization(rng, L, Q, f'bn{k}')(x)
        if rng.random() < 0.7:
            x = Q.QActivation(activation(rng), name=f'act{k}')(x)
        if len(x.shape) == 4 and min(x.shape[1:3]) > 1 and rng.random() < 0.4:
            pool = pick(rng, [L.MaxPooling2D, L.AveragePooling2D])
            x = pool(2, name=f'pool{k}')(x)
    if rng.random() < 0.15:
        x = L.Activation('softmax', name='softmax')(x)
    model = tf.keras.Model(inp, x, name='random')
    for layer in model.layers:
        values = []
        for w in layer.weights:
            v = rng.normal(0, 0.6, w.shape)
            if 'variance' in w.name:
                v = np.abs(v) + 0.3
            if 'iteration' in w.name:
                v = np.zeros(w.shape)
            values.append(v.astype(np.float32))
        layer.set_weights(values)
    return model


def settings(rng, model, backend, precision):
    import hls4ml

    granularity = pick(rng, ['name', 'name', 'name', 'name', 'type', 'model'])
    default = pick(rng, ['fixed<16,6>', 'fixed<24,10>', 'fixed<20,8,RND,SAT>'])
    cfg = hls4ml.utils.config_from_keras_model(
        model, granularity=granularity, backend=backend, default_precision=default, default_reuse_factor=pick(rng, REUSE),
    )
    cfg['Model']['Strategy'] = pick(rng, ['Latency', 'Latency', 'Latency', 'Resource'])
    for level in ('LayerName', 'LayerType'):
        for name, entry in cfg.get(level, {}).items():
            types = entry.get('Precision', {})
            if (name == 'QLSTM' or name.startswith('rnn')) and rng.random() < 0.9:
                types['accum'] = types['result'] = default  # hls4ml's LSTM compiles with one type alone
            for role in ('result', 'accum'):
                if role in types and types[role] == 'auto' and rng.random() < 0.1:
                    types[role] = precision(rng, signed=True)
    return cfg
