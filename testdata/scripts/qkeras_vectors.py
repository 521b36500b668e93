"""Records what the quantizers of QKeras 0.9 answer, for the tests of layers/quant.

Run by hand, from the root of the repository, with a Python that has qkeras 0.9 and tensorflow 2.14:

    python testdata/scripts/qkeras_vectors.py

Writes layers/quant/testdata/vectors.json.gz: for every quantizer and input the configuration, the input, the answer
and the scale, float32 in base64; and layers/quant/testdata/strings.json.gz: what becomes of a quantizer's text.
"""

import base64
import gzip
import itertools
import json
import os
import zlib

os.environ['TF_CPP_MIN_LOG_LEVEL'] = '3'

import numpy as np
import tensorflow as tf
from qkeras import quantizers as Q

FOLDER = 'layers/quant/testdata'
F32 = np.float32


def inputs():
    """Values of every size: normals, ties of fine and coarse grids, neighbours of rounding borders, the far ends."""
    rng = np.random.default_rng(20)
    two = [s * 2.0**e for e in range(-30, 12) for s in (1, -1)]
    border = []
    for e in range(-26, 8):
        for v in (2.0**e, 2.0 ** (e + 0.5), 2.0**e / 3):
            border += [np.nextafter(F32(v), F32(0)), F32(v), np.nextafter(F32(v), F32(1e9)), -F32(v)]
    ties = [k / 64 for k in range(-160, 161)]
    ends = [0.0, -0.0, 1e-7, 9.9e-8, 1.1e-7, -1e-7, 1e-20, 1e4, -1e4, 123456.7, -3e6, 1e30, -1e30, 0.33, -0.33, 0.3299999]
    yield np.array(two + border + ties + ends, F32)
    yield rng.normal(size=300).astype(F32)
    yield (rng.normal(size=200) * 20).astype(F32)


def tensors():
    """Weights of layers: the scale is found over all axes but the last."""
    rng = np.random.default_rng(21)
    for shape in [(1,), (5,), (17,), (1, 1), (2, 2), (6, 1), (4, 3), (16, 8), (19, 13), (40, 1), (100, 1), (64, 20),
                  (3, 2, 4), (5, 4, 9), (3, 3, 2, 8), (3, 3, 8, 1), (1, 1, 17, 9)]:
        yield rng.normal(size=shape).astype(F32)
        yield (rng.uniform(-1, 1, size=shape) * 3.7).astype(F32)
        yield (rng.integers(-9, 10, size=shape) / 8).astype(F32)


def product(**lists):
    for values in itertools.product(*lists.values()):
        yield dict(zip(lists, values))


def pointwise():
    """Quantizers of single values."""
    for c in product(bits=[1, 2, 4, 8, 16, 26], integer=[0, 1, 3, 6], symmetric=[0, 1], keep_negative=[True, False],
                     alpha=[None, 1, 1.0, 0.3, 2]):
        yield 'quantized_bits', c
    for c in product(bits=[4], integer=[1], qnoise_factor=[0.0, 0.3, 1.0], use_ste=[True, False], alpha=[None, 0.7]):
        yield 'quantized_bits', c
    for c in product(bits=[1, 2, 4, 8, 16], integer=[0, 1, 4], negative_slope=[0.0, 0.25, 0.5, 1.0], use_sigmoid=[0, 1]):
        yield 'quantized_relu', c
    for c in product(bits=[3, 6], integer=[0, 2], negative_slope=[0.0, 0.125], relu_upper_bound=[None, 0.0, 0.7, 6.0],
                     is_quantized_clip=[True, False]):
        yield 'quantized_relu', c
    for c in product(bits=[5], qnoise_factor=[0.0, 0.4], use_ste=[True, False], negative_slope=[0.0, 0.5]):
        yield 'quantized_relu', c
    for c in product(bits=[1, 2, 5, 8, 16], symmetric=[False, True, 1], use_real_tanh=[False, True]):
        yield 'quantized_tanh', c
    for c in product(bits=[1, 2, 5, 8, 16], symmetric=[False, True], use_real_sigmoid=[False, True]):
        yield 'quantized_sigmoid', c
    for c in product(bits=[1, 2, 3, 4, 6], max_value=[None, 1, 0.5, 3, 16], quadratic_approximation=[False, True],
                     log2_rounding=['rnd', 'floor']):
        yield 'quantized_po2', c
    for c in product(bits=[1, 2, 4, 6], max_value=[None, 1, 2.5], negative_slope=[0, 0.5], log2_rounding=['rnd', 'floor'],
                     quadratic_approximation=[False, True]):
        yield 'quantized_relu_po2', c
    for c in product(use_01=[False, True], alpha=[None, 1, 0.3, 2]):
        yield 'binary', c
    for c in product(alpha=[None, 1, 0.3, 2], threshold=[None, 0.1, 0.5, 1.5]):
        yield 'ternary', c
    for c in product(alpha=[None, 1, 0.4], temperature=[6.0, 2.0], use_real_sigmoid=[True, False]):
        yield 'stochastic_binary', c
    for c in product(alpha=[None, 1, 0.4], threshold=[None, 0.6], temperature=[8.0], use_real_sigmoid=[True, False]):
        yield 'stochastic_ternary', c


def scaled():
    """Quantizers with a scale that they find themselves."""
    for c in product(bits=[1, 2, 4, 8], integer=[0, 2], symmetric=[0, 1], keep_negative=[True, False],
                     alpha=['auto', 'auto_po2']):
        yield 'quantized_bits', c
    for c in product(use_01=[False, True], alpha=['auto', 'auto_po2']):
        yield 'binary', c
    for c in product(alpha=['auto', 'auto_po2'], number_of_unrolls=[0, 1, 5]):
        yield 'ternary', c
    for c in product(alpha=['auto', 'auto_po2'], temperature=[6.0]):
        yield 'stochastic_binary', c
    for c in product(alpha=['auto', 'auto_po2'], number_of_unrolls=[5, 2]):
        yield 'stochastic_ternary', c
    for a in ['auto', 'auto_po2', 1]:
        yield 'binary', dict(alpha=a, use_stochastic_rounding=True)
    for a in ['auto', 'auto_po2']:
        yield 'ternary', dict(alpha=a, use_stochastic_rounding=True)
    yield 'quantized_bits', dict(bits=4, alpha='auto_po2', use_stochastic_rounding=True)
    yield 'quantized_bits', dict(bits=4, use_stochastic_rounding=True)
    yield 'quantized_po2', dict(bits=4, use_stochastic_rounding=True)


def wrong():
    """Configurations that QKeras refuses, when it makes them or at the first use."""
    yield 'quantized_bits', dict(bits=4, integer=-1)
    yield 'quantized_bits', dict(bits=4, colour=1)
    yield 'quantized_relu', dict(bits=4, integer=-2)
    yield 'quantized_relu', dict(bits=4, negative_slope=0.3)
    yield 'quantized_relu', dict(bits=4, negative_slope=-0.5)
    yield 'quantized_po2', dict(bits=4, max_value=-1)
    yield 'quantized_po2', dict(bits=4, log2_rounding='up')
    yield 'ternary', dict(alpha='auto', threshold=0.5)
    yield 'ternary', dict(alpha='automatic')
    yield 'ternary', dict(alpha=1, use_stochastic_rounding=True)
    yield 'binary', dict(alpha='best')
    yield 'stochastic_ternary', dict(threshold=1.0)
    yield 'quantized_bits', dict(bits=4, alpha='best')
    yield 'nothing', dict()


def text(a):
    return base64.b64encode(np.asarray(a, F32).tobytes()).decode()


def answer(name, config, x):
    q = Q.get_quantizer({'class_name': name, 'config': config})
    y = q(tf.constant(x)).numpy()
    if y.shape != x.shape:
        raise ValueError('the answer has another shape')
    out = {'y': text(y)}
    scale = getattr(q, 'scale', None)
    if scale is not None and not isinstance(scale, (int, float)):
        out['scale_shape'] = list(scale.shape)
        out['scale'] = text(scale)
    elif scale is not None:
        out['number'] = float(scale)
    return out


def record():
    seen, xs, cases = {}, [], []

    def index(x):
        key = (x.shape, x.tobytes())
        if key not in seen:
            seen[key] = len(xs)
            xs.append({'shape': list(x.shape), 'x': text(x)})
        return seen[key]

    points, weights = list(inputs()), list(tensors())
    work = [(n, c, x) for n, c in pointwise() for x in points[: 3 if zlib.crc32(str(c).encode()) % 7 == 0 else 1]]
    work += [(n, c, x) for n, c in scaled() for x in weights]
    work += [(n, c, points[1]) for n, c in wrong()]
    for name, config, x in work:
        case = {'class': name, 'config': config, 'input': index(x)}
        try:
            case.update(answer(name, config, x))
        except Exception as e:  # any refusal: the reasons differ from ours
            case['error'] = type(e).__name__
        cases.append(case)
    return {'inputs': xs, 'cases': cases}


def strings():
    out = []
    for s in [
        'quantized_bits(4,0,1)', 'quantized_bits(8, 2, alpha=1)', "quantized_bits(4,0,1,alpha='auto_po2')",
        'quantized_bits(bits=6,integer=1,keep_negative=False)', 'quantized_bits', 'quantized_bits()', 'binary',
        'binary()', 'binary(alpha=1)', 'ternary(threshold=0.5,alpha=1)', 'stochastic_ternary(alpha="auto")',
        'quantized_relu(6,2)', 'quantized_relu(4,negative_slope=0.5)', 'quantized_relu(4,0,0,0.25)',
        'quantized_tanh(8,symmetric=True)', 'quantized_tanh(5,use_real_tanh=1)', 'quantized_sigmoid(7,use_real_sigmoid=True)',
        'quantized_po2(4,2)', 'quantized_relu_po2(4,max_value=4)', 'quantized_bits( 4 , 1 )', 'quantized_bits(4,alpha=0.5)',
        'quantized_bits(4,alpha=1e-2)', 'quantized_bits(4,bits=4)', 'quantized_bits(4,1,2,3,4,5,6,7,8,9,10,11,12)',
        'quantized_bits(alpha=1,4)', 'quantized_bits(4', 'quantized_bits(4,,1)', 'quantized_bits)', 'nothing(4)', '',
        'quantized_bits(4)(5)', 'quantized_bits(4))', 'quantized_bits(4, alpha=None)', 'quantized_bits(4,alpha=auto)',
        'quantized_bits(4, 1,)', 'quantized_bits(4) ', ' quantized_bits(4)', 'quantized_bits (4)', 'quantized_relu(4,alpha=1)',
        'quantized_bits(+4)', 'quantized_bits(0x4)', 'quantized_bits(4_0)', 'quantized_bits(4.0)', 'quantized_bits(4,False)',
        "quantized_bits(4,alpha= 'auto')", "quantized_bits(4,alpha='auto' )",
    ]:
        try:
            q = Q.get_quantizer(s)
            c = q.get_config() if hasattr(q, 'get_config') else {}
            out.append({'text': s, 'class': type(q).__name__ if hasattr(q, 'get_config') else q.__name__, 'config': c})
        except Exception as e:
            out.append({'text': s, 'error': type(e).__name__})
    return out


def save(name, value):
    with gzip.GzipFile(os.path.join(FOLDER, name), 'wb', mtime=0) as f:
        f.write(json.dumps(value, separators=(',', ':')).encode())


if __name__ == '__main__':
    os.makedirs(FOLDER, exist_ok=True)
    save('vectors.json.gz', record())
    save('strings.json.gz', strings())
