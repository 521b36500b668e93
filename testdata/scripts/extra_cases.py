"""Cases of testdata/oracle/extra.txt: layers of binary networks, bias layers, quantizer layers with precision
propagation, graph networks and external weights, answered by hls4ml 1.3.0.

    python testdata/scripts/extra_cases.py GEN --root testdata/oracle run [NAME...]

GEN is the folder of the program gen.py that made the cases of main.txt and layers.txt; its options follow. Needs
hls4ml 1.3.0, tensorflow 2.14 and g++. Copy the names of new cases to extra.txt.
"""
import os
import sys

os.environ.setdefault('TF_CPP_MIN_LOG_LEVEL', '3')
if 'ORACLE_GEN' not in os.environ:  # processes that it starts inherit the folder
    os.environ['ORACLE_GEN'] = sys.argv.pop(1)
sys.path.insert(0, os.environ['ORACLE_GEN'])

import gen  # noqa: E402
import numpy as np  # noqa: E402
from extra_layers import custom  # noqa: E402
from gen import Spec, inputs, k2, kcfg, seq2, set_weights  # noqa: E402

gen.REG.clear()  # its own cases are made elsewhere
dump_weights = gen.dump_weights
gen.dump_weights = lambda g: {k: v if v.dtype.kind == 'f' else v.astype(np.float64) for k, v in dump_weights(g).items()}


def net(tag, build, shape, backend='Vitis', io='io_parallel', prec='ap_fixed<16,6>', gran='name', rf=1, strategy=None,
        n=48, edit=None, scale=1.5, extreme=45.0, wscale=1.0, prefix='keras2_', **kw):
    """A Keras 2 network of the layers (or the model) that build makes."""
    @gen.case(f'{prefix}{tag}_{backend.lower()}_{io[3:]}', 'extra')
    def _(rng):
        L, C = gen.K().layers, custom()
        m = build(L, C)
        if isinstance(m, list):
            m = seq2([L.Input(shape, name='inp')] + m)
        set_weights(m, rng, wscale)
        cfg = kcfg(m, backend, gran, prec, rf, edit=edit, strategy=strategy)
        shp = [tuple(i.shape[1:]) for i in m.inputs]
        X = [inputs(rng, s, n, scale, extreme) for s in shp]
        return k2(m, X if len(X) > 1 else X[0], cfg, backend, io, **kw)


# ---- binary and ternary networks

def binary(L, C, act='binary_tanh', dense='BinaryDense', last=True, sizes=(12, 9, 6), bias=True):
    ls = []
    for k, size in enumerate(sizes):
        ls.append(getattr(C, dense)(size, use_bias=bias, name=f'd{k}'))
        ls.append(L.BatchNormalization(name=f'bn{k}'))
        if k < len(sizes) - 1 or last:
            ls.append(C.Activation(act, name=f'act{k}'))
    return ls


net('binarydense_alone', lambda L, C: [C.BinaryDense(7, name='d')], (10,))
net('binarydense_bn_tanh', binary, (10,))
net('binarydense_bn_tanh', binary, (10,), 'Vivado', 'io_stream')
net('binarydense_bn_last_nobias', lambda L, C: binary(L, C, last=False, bias=False), (13,), 'Vivado', wscale=3.0)
net('binarydense_resource_rf4', lambda L, C: binary(L, C, last=False), (8,), rf=4, strategy='Resource')
net('binarydense_modelgran', lambda L, C: binary(L, C, last=False), (8,), gran='model')
net('binarydense_multidim', lambda L, C: [C.BinaryDense(5, name='d'), L.Activation('relu', name='r'),
                                          C.TernaryDense(3, name='t')], (4, 6))
net('ternarydense_alone', lambda L, C: [C.TernaryDense(7, name='d')], (10,), wscale=2.0)
net('ternarydense_bn_tanh', lambda L, C: binary(L, C, 'ternary_tanh', 'TernaryDense'), (10,), wscale=2.0)
net('ternarydense_bn_tanh', lambda L, C: binary(L, C, 'ternary_tanh', 'TernaryDense'), (10,), 'Vivado', 'io_stream',
    wscale=2.0)
net('ternarydense_bn_last', lambda L, C: binary(L, C, 'ternary_tanh', 'TernaryDense', last=False), (16,), wscale=3.0)
net('binary_activations', lambda L, C: [L.Dense(8, name='d'), C.Activation('binary_tanh', name='b'),
                                        L.Dense(5, name='e')], (6,))

# ---- biases of their own

net('biasadd_dense_nobias', lambda L, C: [L.Dense(6, use_bias=False, name='d'), C.BiasAdd(name='b'),
                                          L.Activation('relu', name='r')], (9,))
net('biasadd_dense_bias', lambda L, C: [L.Dense(6, name='d'), C.BiasAdd(name='b'), L.BatchNormalization(name='bn')],
    (9,), 'Vivado', 'io_stream')
net('biasadd_conv2d', lambda L, C: [L.Conv2D(3, 3, use_bias=True, name='c'), C.BiasAdd(name='b')], (5, 5, 2), n=16)
net('biasadd_conv1d_resource', lambda L, C: [L.Conv1D(3, 3, name='c'), C.BiasAdd(name='b')], (8, 2), rf=2,
    strategy='Resource', n=16)

# ---- smaller streams repeated


def broadcast(op, small, large):
    def build(L, C):
        a, b = L.Input(small, name='a'), L.Input(large, name='b')
        return gen.K().Model([a, b], getattr(L, op)(name='m')([a, b]))
    return build


net('broadcast_add_channels', broadcast('Add', (1, 1, 3), (4, 5, 3)), None, 'Vivado', 'io_stream', n=16)
net('broadcast_multiply_one_channel', broadcast('Multiply', (4, 5, 1), (4, 5, 3)), None, 'Vivado', 'io_stream', n=16)
net('broadcast_maximum_channels', broadcast('Maximum', (4, 3, 2), (1, 1, 2)), None, 'Vivado', 'io_stream', n=16)

if __name__ == '__main__':
    me = os.path.abspath(__file__)
    sys.exit(gen.main(me, os.path.dirname(me)))
