#!/usr/bin/env python3
"""Random networks of HGQ2, answered by Keras itself and, when asked, by the real hls4ml 1.3.0.

    random_hgq2.py OUT --count N --seed S [--hls4ml] [--family FAMILY]

writes OUT/<seed>_<number>/ with model.keras, hls4ml_config.yml, inputs (X.npy, or X_0.npy, X_1.npy, ...) and Keras'
answers (keras.npy, or keras_0.npy, ...); with --hls4ml also hls4ml's (y.npy, ...), or in refused.txt why there are
none. FAMILY is plain, conv, attention, tables, or all, which draws one of these for each network.
`HLSGO_RANDOM=OUT go test -run 'TestRandomAgainst(Keras|HLS4ML)' ./conformance` predicts them all and compares every bit.
Widths are drawn for each value, some are 0; inputs are far out of range now and then. Needs keras 3 (TensorFlow),
hgq2 0.1.7 and, for --hls4ml, hls4ml==1.3.0 and g++.
"""
import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path

os.environ.setdefault('TF_CPP_MIN_LOG_LEVEL', '3')
os.environ.setdefault('CUDA_VISIBLE_DEVICES', '-1')
os.environ.setdefault('KERAS_BACKEND', 'tensorflow')

import numpy as np  # noqa: E402
from random_draw import pick  # noqa: E402

FAMILIES = ['plain', 'conv', 'attention', 'tables']
ROUND = ['RND', 'RND', 'TRN', 'RND_CONV']
OVERFLOW = ['WRAP', 'WRAP', 'SAT', 'SAT_SYM']


class Draw:
    """Draws layers; every one has a name of its own."""

    def __init__(self, rng, H, L, stream):
        self.rng, self.H, self.L, self.stream, self.n = rng, H, L, stream, 0

    def name(self, kind):
        self.n += 1
        return f'{kind}{self.n}'

    def data(self):
        """A quantizer of data: one width for all values on streams, else one for each, or for each along an axis."""
        from hgq.config import QuantizerConfig

        rng, kw = self.rng, {}
        if self.stream or rng.random() < 0.25:
            kw.update(homogeneous_axis=None, heterogeneous_axis=())
        elif rng.random() < 0.3:
            kw.update(homogeneous_axis=None, heterogeneous_axis=(-1,))
        kind = pick(rng, ['kif', 'kbi'])
        kw.update({'i0': 2, 'f0': 3} if kind == 'kif' else {'b0': 5, 'i0': 2})
        return QuantizerConfig(kind, 'datalane', round_mode=pick(rng, ROUND), overflow_mode=pick(rng, OVERFLOW),
                               trainable=bool(rng.random() < 0.8), **kw)

    def weight(self, place='weight'):
        from hgq.config import QuantizerConfig

        rng = self.rng
        kind = pick(rng, ['kbi', 'kif'])
        kw = {'i0': 2, 'f0': 3} if kind == 'kif' else {'b0': 4, 'i0': 1}
        return QuantizerConfig(kind, place, round_mode=pick(rng, ROUND), overflow_mode=pick(rng, OVERFLOW),
                               trainable=bool(rng.random() < 0.8), **kw)

    def io(self):
        kw = {'iq_conf': self.data()}
        if self.rng.random() < 0.25:
            kw.update(enable_oq=True, oq_conf=self.data())
        return kw

    def kernel(self, bias=True):
        kw = {'kq_conf': self.weight()}
        if bias:
            kw['bq_conf'] = self.weight('bias')
        return kw | self.io()

    def several(self, n):
        return {'iq_confs': [self.data() for _ in range(n)]}

    # ---- layers of one input

    def dense(self, x):
        use = bool(self.rng.random() < 0.85)
        act = pick(self.rng, [None, None, 'relu', 'relu', 'linear'])
        return self.H.QDense(int(self.rng.integers(2, 9)), activation=act, use_bias=use, name=self.name('fc'),
                             **self.kernel(use))(x)

    def batchnormdense(self, x):
        return self.H.QBatchNormDense(int(self.rng.integers(2, 8)), activation=pick(self.rng, [None, 'relu']),
                                      name=self.name('bnd'), **self.kernel())(x)

    def batchnorm(self, x):
        return self.H.QBatchNormalization(center=bool(self.rng.random() < 0.8), scale=bool(self.rng.random() < 0.8),
                                          name=self.name('bn'), **self.kernel())(x)

    def relu(self, x):
        return self.L.ReLU(name=self.name('relu'))(x)

    def quantizer(self, x):
        from hgq.quantizer import Quantizer

        return Quantizer(self.data(), name=self.name('quant'))(x)

    def conv(self, x):
        rank = len(x.shape) - 2
        if rank == 0:
            return self.dense(x)
        cls = self.H.QConv1D if rank == 1 else self.H.QConv2D
        size = [int(self.rng.integers(1, min(4, d + 1))) for d in x.shape[1:-1]]
        modes = ['valid', 'same'] + (['causal'] if rank == 1 and not self.stream else [])
        return cls(int(self.rng.integers(1, 5)), size, strides=int(self.rng.integers(1, 3)), padding=pick(self.rng, modes),
                   activation=pick(self.rng, [None, 'relu']), name=self.name('conv'), **self.kernel())(x)

    def pool(self, x):
        rank = len(x.shape) - 2
        if rank == 0:
            return self.dense(x)
        cls = getattr(self.H, f'Q{pick(self.rng, ["Max", "Average"])}Pooling{rank}D')
        size = [int(min(d, pick(self.rng, [1, 2, 2]))) for d in x.shape[1:-1]]
        return cls(size, padding='valid', name=self.name('pool'), **self.io())(x)

    def globalpool(self, x):
        rank = len(x.shape) - 2
        if rank == 0:
            return self.dense(x)
        cls = getattr(self.H, f'QGlobal{pick(self.rng, ["Max", "Average"])}Pooling{rank}D')
        return cls(name=self.name('gpool'), **self.io())(x)

    def flatten(self, x):
        return self.L.Flatten(name=self.name('flat'))(x)

    def permute(self, x):
        axes = list(self.rng.permutation(len(x.shape) - 1) + 1)
        return self.L.Permute([int(a) for a in axes], name=self.name('perm'))(x) if len(axes) > 1 else x

    def einsumdense(self, x):
        letters = 'abcdef'[:len(x.shape) - 1]
        last, out = letters[-1], int(self.rng.integers(2, 6))
        bias = bool(self.rng.random() < 0.7)
        kw = self.kernel(bias)
        if len(letters) > 1 and self.rng.random() < 0.3:  # over the steps
            eq, shape = f'z{letters},{letters[0]}y->zy{letters[1:]}', (out, *x.shape[2:])
        else:
            eq, shape = f'z{letters},{last}y->z{letters[:-1]}y', (*x.shape[1:-1], out)
        return self.H.QEinsumDense(eq, shape, bias_axes='y' if bias else None, name=self.name('ed'), **kw)(x)

    def einsumbatchnorm(self, x):
        letters, out = 'abcdef'[:len(x.shape) - 1], int(self.rng.integers(2, 6))
        eq = f'z{letters},{letters[-1]}y->z{letters[:-1]}y'
        return self.H.QEinsumDenseBatchnorm(eq, (*x.shape[1:-1], out), bias_axes='y', name=self.name('edb'), **self.kernel())(x)

    def softmax(self, x):
        from hgq.config import QuantizerConfig as C

        def one(place, **kw):
            return C('kif', place, homogeneous_axis=None, heterogeneous_axis=(), **kw)

        rng = self.rng
        f = int(rng.integers(2, 7))
        kw = dict(exp_oq_conf=one('table', i0=int(rng.integers(1, 3)), f0=f), inv_oq_conf=one('table', i0=int(rng.integers(1, 3)), f0=f),
                  inv_iq_conf=one('datalane', i0=int(rng.integers(2, 4)), f0=f, round_mode=pick(rng, ROUND), overflow_mode=pick(rng, ['WRAP', 'SAT'])))
        stable = bool(rng.random() < 0.6)
        if stable:
            kw['exp_iq_conf'] = one('datalane', i0=int(rng.integers(2, 4)), f0=int(rng.integers(1, 5)), round_mode=pick(rng, ROUND),
                                    overflow_mode=pick(rng, ['WRAP', 'SAT']))
        if stable and rng.random() < 0.5:
            kw['enable_iq'] = False
        else:
            kw.update(enable_iq=True, iq_conf=self.data())
        axes = None
        if len(x.shape) > 2 and not self.stream:
            axes = pick(rng, [(-1,), (1,), tuple(range(1, len(x.shape)))])
        return self.H.QSoftmax(axis=axes, stable=stable, input_scaler=pick(rng, [1.0, 0.5, 0.7071067811865475]), name=self.name('sm'), **kw)(x)

    def lut(self, x):
        from hgq.config import QuantizerConfig as C

        act = pick(self.rng, ['sigmoid', 'tanh', 'softplus', 'elu', 'gelu', 'silu', 'exponential', 'relu6', 'hard_sigmoid', 'softsign'])
        oq = C('kif', 'table', i0=2, f0=int(self.rng.integers(1, 7)), overflow_mode=pick(self.rng, OVERFLOW),
               round_mode=pick(self.rng, ROUND))
        return self.H.QUnaryFunctionLUT(act, iq_conf=self.data(), oq_conf=oq, allow_heterogeneous_table=False,
                                        allow_heterogeneous_input=bool(self.rng.random() < 0.4), name=self.name('lut'))(x)

    # ---- layers of several inputs

    def merge(self, a, b):
        kind = pick(self.rng, ['QAdd', 'QSubtract', 'QMultiply', 'QMaximum', 'QMinimum', 'QAveragePow2', 'Concatenate'])
        if kind == 'Concatenate':
            return self.L.Concatenate(name=self.name('cat'))([a, b])
        return getattr(self.H, kind)(name=self.name('merge'), **self.several(2))([a, b])

    def dot(self, a, b):
        return self.H.QDot(name=self.name('dot'), **self.several(2))([a, b])

    def einsum(self, a, b):
        return self.H.QEinsum('zab,zcb->zac', name=self.name('es'), **self.several(2))([a, b])

    def attention(self, *x):
        from hgq.config import QuantizerConfig as C

        def one(place, **kw):
            return C('kif', place, homogeneous_axis=None, heterogeneous_axis=(), **kw)

        rng, f = self.rng, int(self.rng.integers(3, 6))
        kw = dict(qkvo_iq_conf=self.data(), qkvo_kq_conf=self.weight(), qkvo_bq_conf=self.weight('bias'), qkvo_oq_conf=self.data(),
                  softmax_exp_iq_conf=one('datalane', i0=3, f0=2), softmax_exp_oq_conf=one('table', i0=1, f0=f),
                  softmax_inv_iq_conf=one('datalane', i0=3, f0=f), softmax_inv_oq_conf=one('table', i0=1, f0=f), softmax_oq_conf=self.data(),
                  use_bias=bool(rng.random() < 0.7), stable_softmax=bool(rng.random() < 0.7), fuse=pick(rng, ['none', 'none', 'kv']))
        heads, dim = int(rng.integers(1, 3)), int(rng.integers(1, 4))
        if rng.random() < 0.4:
            kw['fuse'] = 'none'
            return self.H.QLinformerAttention(heads, int(rng.integers(1, 4)), dim, name=self.name('lin'), **kw)(*x)
        if len(x) == 2 and x[0] is x[1] and rng.random() < 0.3:
            kw['fuse'] = 'qkv'
        return self.H.QMultiHeadAttention(heads, dim, name=self.name('att'), **kw)(*x)


def plain(d):
    x = first = d.L.Input((int(d.rng.integers(2, 10)),), name='inp')
    for _ in range(int(d.rng.integers(1, 4))):
        kinds = [d.dense, d.dense, d.batchnormdense, d.batchnorm]
        if x is not first:
            kinds += [d.relu]
        if not d.stream:
            kinds += [d.quantizer, d.einsumdense, d.einsumbatchnorm]
        x = pick(d.rng, kinds)(x)
    if not d.stream and d.rng.random() < 0.5:
        n = int(d.rng.integers(2, 6))
        use = d.kernel()
        a = d.H.QDense(n, name=d.name('a'), **use)(x)
        b = d.H.QDense(n, name=d.name('b'), activation='relu', **d.kernel())(x)
        x = pick(d.rng, [d.merge, d.merge, d.dot])(a, b)
    return [first], [d.dense(x)]


def conv(d):
    rank = int(d.rng.integers(1, 3))
    shape = [int(d.rng.integers(3, 7)) for _ in range(rank)] + [int(d.rng.integers(1, 4))]
    x = first = d.L.Input(shape, name='inp')
    for _ in range(int(d.rng.integers(1, 4))):
        x = pick(d.rng, [d.conv, d.conv, d.pool, d.batchnorm, d.dense] + ([] if x is first else [d.relu]))(x)
    if d.rng.random() < 0.3:
        x = d.globalpool(x)
    else:
        x = d.flatten(x)
    return [first], [d.dense(x)]


def attention(d):
    q = d.L.Input((int(d.rng.integers(2, 5)), int(d.rng.integers(2, 5))), name='q')
    if d.rng.random() < 0.4:
        x = [q, q]
        inputs = [q]
    else:
        v = d.L.Input((int(d.rng.integers(2, 5)), int(d.rng.integers(2, 5))), name='v')
        inputs, x = [q, v], [q, v]
        if d.rng.random() < 0.3:
            k = d.L.Input(tuple(v.shape[1:]), name='k')
            inputs.append(k)
            x.append(k)
    if d.rng.random() < 0.3 and len(inputs) == 2:
        n = int(d.rng.integers(2, 5))
        return inputs, [d.einsum(d.L.Permute((1, 2), name='p0')(d.H.QDense(n, name='qa', **d.kernel())(q)), d.H.QDense(n, name='qb', **d.kernel())(inputs[1]))]
    y = d.attention(*x)
    if d.rng.random() < 0.5:
        y = d.merge(y, q) if tuple(y.shape) == tuple(q.shape) else d.einsumdense(y)
    if d.rng.random() < 0.4:
        y = d.dense(d.flatten(y))
    return inputs, [y]


def tables(d):
    shape = (int(d.rng.integers(2, 8)),) if d.stream or d.rng.random() < 0.7 else (int(d.rng.integers(2, 4)), int(d.rng.integers(2, 5)))
    x = first = d.L.Input(shape, name='inp')
    if d.rng.random() < 0.8:
        x = d.dense(x)
    for _ in range(int(d.rng.integers(1, 3))):
        x = pick(d.rng, [d.softmax, d.lut, d.lut, d.softmax, d.dense])(x)
    return [first], [d.dense(x) if d.rng.random() < 0.5 else x]


def quantizers(model):
    """Every quantizer of fixed-point numbers, those inside of layers included."""
    from hgq.quantizer.internal.fixed_point_quantizer import FixedPointQuantizerBase

    return [q for q in model._flatten_layers() if isinstance(q, FixedPointQuantizerBase) and q.built]


def jitter(rng, q):
    """Widths as training leaves them: each its own, some none. Those of tables and what addresses them stay."""
    if q._i.shape.num_elements() == 1:
        return
    none = rng.choice([0, 0.1, 0.3])
    zero = rng.random(q._i.shape) < none
    if hasattr(q, '_b'):
        b = np.where(zero, 0, rng.uniform(1, 6, q._b.shape))
        q._b.assign(b)
        q._i.assign(rng.uniform(-0.4, 3.4, q._i.shape))
    else:
        i = rng.uniform(-0.4, 3.4, q._i.shape)
        q._i.assign(i)
        q._f.assign(np.where(zero, -np.round(i) - 1, rng.uniform(-0.4, 4, q._f.shape)))
    k = rng.random(q._k.shape) < 0.8
    if q.overflow_mode == 'SAT_SYM':  # of the sign alone Keras leaves nothing, and the firmware -1
        b = np.round(np.asarray(q._b if hasattr(q, '_b') else q._i + q._f))
        k &= b != 0
    q._k.assign(k.astype(np.uint8))


def fill(rng, model):
    for v in model.variables:
        name = v.path.split('/')[-1]
        if 'variance' in name:
            v.assign(rng.uniform(0.3, 2, v.shape))
        elif v.dtype == 'float32' and name in ('kernel', 'bias', 'gamma', 'bn_gamma', 'bn_beta', 'beta', 'moving_mean') and v.shape != ():
            v.assign(rng.normal(0.8 if 'gamma' in name else 0, 0.7, v.shape))
    for q in quantizers(model):
        jitter(rng, q)


def samples(rng, shape, n=32):
    """Zeros, ones, ties, coarse and fine grids, ordinary values, and some far out of range."""
    x = rng.normal(0, 1.5, (n, *shape)).astype(np.float32)
    x[0], x[1], x[2] = 0, 1, -1
    x[3] = (np.round(x[3] * 8) + 0.5) / 8
    x[4:n // 2] = np.round(x[4:n // 2] * 64) / 64
    x[-n // 8:] *= 16
    return x


def draw(seed, number, family):
    import hgq.layers as H
    import keras

    rng = np.random.default_rng([seed, number])
    keras.utils.clear_session()
    if family == 'all':
        family = pick(rng, FAMILIES)
    backend = pick(rng, ['Vitis', 'Vitis', 'Vivado'])
    stream = family in ('plain', 'conv') and rng.random() < 0.3
    d = Draw(rng, H, keras.layers, stream)
    model = keras.Model(*globals()[family](d), name='m')
    fill(rng, model)
    X = [samples(rng, t.shape[1:]) for t in model.inputs]
    cfg = {
        'OutputDir': 'prj', 'ProjectName': 'myproject', 'Backend': backend, 'Version': '1.0.0', 'Part': 'xcvu13p-flga2577-2-e',
        'ClockPeriod': 5, 'IOType': 'io_stream' if stream else 'io_parallel',
        'HLSConfig': {'Model': {'Precision': 'ap_fixed<1,0>', 'ReuseFactor': 1, 'Strategy': 'latency'}},
        'KerasModel': 'model.keras',
    }
    return model, X, cfg


def compatible():
    """What hgq2 0.1.7 and hls4ml 1.3.0 miss of newer versions of Keras and of each other."""
    import hgq.layers as H
    import hgq.layers.einsum_dense_batchnorm as folded

    parts = folded._analyze_einsum_string
    folded._analyze_einsum_string = lambda *a: parts(*a)[:3]
    if not hasattr(H.QEinsumDense, 'full_output_shape'):
        H.QEinsumDense.full_output_shape = property(lambda q: tuple(q.compute_output_shape(q._build_shapes_dict['input_shape'])))
    try:
        import hls4ml  # noqa: F401
        from hls4ml.converters.keras_v3._base import registry
    except ImportError:
        return
    for old, new in (('multi_head_attention.QMultiHeadAttention', 'attn.mha.QMultiHeadAttention'),
                     ('linformer_attention.QLinformerAttention', 'attn.linformer.QLinformerAttention')):
        if f'hgq.layers.{old}' in registry:
            registry.setdefault(f'hgq.layers.{new}', registry[f'hgq.layers.{old}'])


def ask(model, X, cfg, work, options):
    """hls4ml's answer, in files of the folder."""
    import hls4ml
    from random_hls4ml import in_child, predict, shorten

    graph = hls4ml.converters.convert_from_keras_model(
        model, output_dir=str(work / 'prj'), backend=cfg['Backend'], io_type=cfg['IOType'],
        hls_config={'Model': dict(cfg['HLSConfig']['Model'])}, allow_da_fallback=False)
    graph.write()
    shorten(work / 'prj' / 'build_lib.sh', options)
    graph._compile()
    in_child(lambda: predict(graph, X, work))


def answer(out, seed, number, family, options):
    import keras
    import yaml
    from random_hls4ml import numbered

    target, work = Path(out) / f'{seed}_{number}', Path(tempfile.mkdtemp())
    shutil.rmtree(target, ignore_errors=True)
    try:
        model, X, cfg = draw(seed, number, family)
        model.save(work / 'model.keras')
        (work / 'hls4ml_config.yml').write_text(yaml.dump(cfg, sort_keys=False))
        y = model(X[0] if len(X) == 1 else X, training=False)
        y = [keras.ops.convert_to_numpy(v).reshape(len(X[0]), -1) for v in (y if isinstance(y, list) else [y])]
        for stem, arrays in (('X', X), ('keras', y)):
            for k, a in enumerate(arrays):
                np.save(work / numbered(stem, k, len(arrays)), a)
        if options:
            try:
                ask(model, X, cfg, work, options)
            except BaseException as e:  # noqa: B902
                (work / 'refused.txt').write_text(f'{type(e).__name__}: {e}\n')
        shutil.rmtree(work / 'prj', ignore_errors=True)
        shutil.copytree(work, target)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument('out')
    p.add_argument('--count', type=int, default=100)
    p.add_argument('--seed', type=int, default=1)
    p.add_argument('--first', type=int, default=0)
    p.add_argument('--family', choices=['all', *FAMILIES], default='all')
    p.add_argument('--hls4ml', action='store_true', help='ask hls4ml too')
    a = p.parse_args()
    Path(a.out).mkdir(parents=True, exist_ok=True)
    compatible()
    with tempfile.TemporaryDirectory() as folder:
        options = ''
        if a.hls4ml:
            from random_hls4ml import compiled_headers

            options = compiled_headers(folder)
        for n in range(a.first, a.first + a.count):
            if (Path(a.out) / f'{a.seed}_{n}').exists():
                continue
            try:
                answer(a.out, a.seed, n, a.family, options)
            except Exception as e:  # noqa: B902
                print(f'{a.seed}_{n}: {type(e).__name__}: {str(e)[:300]}', file=sys.stderr, flush=True)


if __name__ == '__main__':
    main()
