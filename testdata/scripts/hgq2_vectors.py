"""What HGQ2's quantizers answer, for frontend/keras: every mode, kind and place, with bits of every size.

Needs keras 3 (TensorFlow backend), hgq2 0.1.7. From the root of the repository:

    python testdata/scripts/hgq2_vectors.py
"""

import base64
import gzip
import itertools
import json
import os

os.environ.setdefault('KERAS_BACKEND', 'tensorflow')

import keras
import numpy as np
from hgq.quantizer import Quantizer, QuantizerConfig

OUT = 'frontend/keras/testdata/hgq2_quantizers.json.gz'
N = 12


def pack(x):
    return base64.b64encode(np.asarray(x, np.float32).tobytes()).decode()


def inputs(rng):
    """Values far out of range, on ties, on the grid, and between."""
    x = rng.normal(size=(8, N)).astype(np.float32)
    x[0] = 0
    x[1] = np.round(x[1] * 64) / 64
    x[2] = np.round(x[2] * 16) / 16
    x[3] = (np.round(x[3] * 32) + 0.5) / 32
    x[4:6] *= 8
    x[6] *= 100
    x[7] = np.round(x[7] * 4) * 4
    return x


def build(rng, kind, rnd, sat, place, trainable):
    conf = {'round_mode': rnd, 'overflow_mode': sat, 'trainable': trainable}
    conf.update({'homogeneous_axis': (0,), 'heterogeneous_axis': None} if place == 'datalane' else
                {'homogeneous_axis': (), 'heterogeneous_axis': None})
    config = QuantizerConfig(kind, place, **conf)
    q = Quantizer(config)
    shape = (1, N) if place == 'datalane' else (8, N)
    q.build((None, N) if place == 'datalane' else shape)
    inner = q.quantizer
    bits = rng.uniform(-2, 9, shape)
    inner._k.assign(rng.integers(0, 2, shape))
    inner._i.assign(rng.uniform(-3, 5, shape))
    (inner._b if kind == 'kbi' else inner._f).assign(np.maximum(bits, 0) if kind == 'kbi' else bits)
    return q


def stored(q):
    """The variables in the order in which Keras saves them: trained ones first."""
    inner = q.quantizer
    listed = inner._trainable_variables + inner._non_trainable_variables
    return [{'shape': list(v.shape), 'whole': 'int' in str(v.dtype), 'x': pack(keras.ops.convert_to_numpy(v))}
            for v in listed]


def main():
    rng = np.random.default_rng(14)
    x = inputs(rng)
    modes = ['TRN', 'RND', 'RND_CONV', 'TRN_ZERO', 'RND_ZERO', 'RND_INF', 'RND_MIN_INF']
    cases = []
    for kind, rnd, sat, place, trainable in itertools.product(
            ['kbi', 'kif'], modes, ['WRAP', 'SAT', 'SAT_SYM'], ['datalane', 'weight', 'bias'], [True, False]):
        q = build(rng, kind, rnd, sat, place, trainable)
        cases.append({
            'config': keras.saving.serialize_keras_object(q.config), 'vars': stored(q),
            'y': pack(keras.ops.convert_to_numpy(q(x, training=False))),
        })
    for c in cases:  # the rest of a config is not read
        keep = ('q_type', 'round_mode', 'overflow_mode', 'trainable', 'is_weight', 'scaler', 'affine')
        c['config']['config'] = {k: v for k, v in c['config']['config'].items() if k in keep}
    os.makedirs(os.path.dirname(OUT), exist_ok=True)
    with gzip.GzipFile(OUT, 'wb', mtime=0) as f:
        f.write(json.dumps({'shape': list(x.shape), 'x': pack(x), 'cases': cases}).encode())


if __name__ == '__main__':
    main()
