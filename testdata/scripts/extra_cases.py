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
dump_weights, dump_ir = gen.dump_weights, gen.dump_ir
gen.dump_weights = lambda g: {k: v if v.dtype.kind == 'f' else v.astype(np.float64) for k, v in dump_weights(g).items()}


def dump_masks(g):
    """The final graph with the bits of each quantizer."""
    ir = dump_ir(g)
    for d, layer in zip(ir['layers'], g.get_layers()):
        if d['class'] == 'FixedPointQuantizer':
            k, b, i = layer.mask_kbi
            d['attributes'].update(mask_keep_negative=k.ravel().tolist(), mask_bits=b.ravel().tolist(),
                                   mask_integers=i.ravel().tolist())
            if k.ndim > 1:
                d['attributes']['mask_shape'] = list(k.shape[1:])
    return ir


gen.dump_ir = dump_masks


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

# ---- dilation, which is passed over

net('conv2d_dilation23_same', lambda L, C: [
    L.Conv2D(3, 3, dilation_rate=(2, 3), padding='same', activation='relu', name='conv'),
    L.Conv2D(2, (2, 3), dilation_rate=2, padding='same', name='next')], (8, 9, 2), n=16)
net('conv1d_dilation2_same', lambda L, C: [
    L.Conv1D(4, 3, dilation_rate=2, padding='causal', name='conv'),
    L.DepthwiseConv1D(2, dilation_rate=3, padding='same', name='dw'),
    L.SeparableConv1D(3, 2, dilation_rate=2, padding='same', name='sep')], (14, 2), 'Vivado', n=16)

# ---- biases that are lost, and what stands in memory in their place

NARROW = {'weight': 'fixed<8,3>', 'recurrent_weight': 'fixed<9,3>', 'bias': 'fixed<20,5>', 'recurrent_bias': 'fixed<6,2>'}
net('rnn_gru_reset_before_between', lambda L, C: [
    L.Conv1D(3, 2, name='conv'), L.GRU(4, reset_after=False, name='gru'), L.Dense(5, name='fc'),
    L.Activation('hard_sigmoid', name='hard'), L.Dense(3, name='last')], (5, 3), n=16,
    edit={'LayerName': {'gru': {'Precision': NARROW}, 'fc': {'Precision': {'weight': 'fixed<8,3>'}}}})
net('rnn_gru_reset_before_between', lambda L, C: [
    L.GRU(2, return_sequences=True, reset_after=False, name='first'), L.GRU(3, reset_after=False, name='second'),
    L.Dense(3, name='fc')], (4, 3), 'Vivado', 'io_stream', n=16)
net('rnn_gru_reset_before_bidir', lambda L, C: [
    L.Bidirectional(L.GRU(3, reset_after=False, name='gru'), name='both'), L.Dense(3, name='fc')], (4, 3), n=16)

# ---- smaller streams repeated


def broadcast(op, small, large):
    def build(L, C):
        a, b = L.Input(small, name='a'), L.Input(large, name='b')
        return gen.K().Model([a, b], getattr(L, op)(name='m')([a, b]))
    return build


net('broadcast_add_channels', broadcast('Add', (1, 1, 3), (4, 5, 3)), None, 'Vivado', 'io_stream', n=16)
net('broadcast_multiply_one_channel', broadcast('Multiply', (4, 5, 1), (4, 5, 3)), None, 'Vivado', 'io_stream', n=16)
net('broadcast_maximum_channels', broadcast('Maximum', (4, 3, 2), (1, 1, 2)), None, 'Vivado', 'io_stream', n=16)

# ---- layers of one kind whose types have one name and different formats


net('typegran_two_prelu', lambda L, C: [L.Dense(6, name='d'), L.PReLU(name='a'), L.Dense(5, name='e'), L.PReLU(name='b')],
    (4,), gran='type', edit={'LayerType': {'PReLU': {'Precision': {'param': 'auto'}}}})
net('typegran_three_prelu', lambda L, C: [
    L.PReLU(alpha_initializer='zeros', name='a'), L.Dense(5, name='e'), L.PReLU(name='b'), L.Dense(5, name='f'),
    L.PReLU(name='c')], (4,), 'Vivado', 'io_stream', gran='type',
    edit={'LayerType': {'PReLU': {'Precision': {'param': 'auto'}}}})
net('typegran_two_leaky', lambda L, C: [
    L.LeakyReLU(0.25, name='a'), L.LeakyReLU(0.3, name='b'), L.ThresholdedReLU(1.5, name='c'), L.ELU(0.7, name='e')],
    (9,), gran='type', edit={'LayerType': {'ParametrizedActivation': {'Precision': {'param': 'auto'}},
                                           'LeakyReLU': {'Precision': {'param': 'auto'}}}})

# ---- weights through ports


def ports(factor):
    return {'Model': {'BramFactor': factor}}


net('bram_dense', lambda L, C: [L.Dense(8, name='d'), L.Activation('relu', name='r'), L.Dense(3, name='e')], (10,),
    edit=ports(30))
net('bram_dense_resource', lambda L, C: [L.Dense(8, name='d'), L.Activation('relu', name='r'), L.Dense(3, name='e')], (10,),
    'Vivado', 'io_stream', edit=ports(30), rf=4, strategy='Resource')
net('bram_conv2d', lambda L, C: [L.Conv2D(4, 3, name='c'), L.Activation('relu', name='r'), L.Flatten(name='f'),
                                 L.Dense(3, name='e')], (5, 5, 2), edit=ports(50), rf=2, strategy='Resource', n=16)
net('bram_conv1d', lambda L, C: [L.Conv1D(4, 3, name='c'), L.BatchNormalization(name='b')], (9, 3), 'Vivado', 'io_stream',
    edit=ports(3), n=16)

# ---- quantizer layers of HGQ's proxy models, and types that lose nothing


def on_grid(bits=6):
    """Weights on a grid, as the training of such models leaves them: hls4ml keeps every bit of a weight."""
    def change(model, rng):
        for v in model.weights:
            if 'kernel' in v.name or 'bias' in v.name or 'gamma' in v.name or 'beta' in v.name:
                v.assign(np.round(v.numpy() * 2.0**bits) / 2.0**bits)
    return change


def proxy(tag, build, shape, backend='Vitis', io='io_parallel', n=48, scale=2.0, extreme=20.0, bits=6, edit=None, **kw):
    """A network with quantizers: their input is on a fine grid."""
    @gen.case(f'hgq1_{tag}_{backend.lower()}_{io[3:]}', 'extra')
    def _(rng):
        L, C = gen.K().layers, custom()
        m = build(L, C, rng)
        if isinstance(m, list):
            m = seq2([L.Input(shape, name='inp')] + m)
        set_weights(m, rng)
        on_grid(bits)(m, rng)
        cfg = kcfg(m, backend, edit=edit)
        X = [inputs(rng, tuple(i.shape[1:]), n, scale, extreme) for i in m.inputs]
        return k2(m, X if len(X) > 1 else X[0], cfg, backend, io, **kw)


def spread(rng, shape, low=2, high=9, k=None):
    """Bits for each value; now and then none."""
    b = rng.integers(low, high, (1, *shape))
    b[rng.random(b.shape) < 0.1] = 0
    i = np.minimum(rng.integers(0, 5, b.shape), b + 1)
    return (rng.integers(0, 2, b.shape) if k is None else np.full(b.shape, k)), b, i


Q = 'FixedPointQuantizer'
proxy('quantizer_alone', lambda L, C, r: [C.FixedPointQuantizer(*spread(r, (11,)), name='q')], (11,))
proxy('quantizer_saturating', lambda L, C, r: [
    C.FixedPointQuantizer(*spread(r, (11,), k=1), 'RND', 'SAT', name='q'), L.Dense(5, name='d')], (11,))
proxy('quantizer_all_roundings', lambda L, C, r: [
    C.FixedPointQuantizer(1, 10, 5, 'RND', 'SAT', name='q'), L.Dense(8, name='d0'),
    C.FixedPointQuantizer(*spread(r, (8,)), 'RND_CONV', 'SAT_SYM', name='q0'), L.Dense(8, name='d1'),
    C.FixedPointQuantizer(*spread(r, (8,)), 'TRN_ZERO', 'WRAP', name='q1'), L.Dense(8, name='d2'),
    C.FixedPointQuantizer(*spread(r, (8,)), 'RND_MIN_INF', 'SAT', name='q2')], (6,), 'Vivado')
proxy('dense_uniform', lambda L, C, r: [
    C.FixedPointQuantizer(1, 9, 4, 'RND', 'SAT', name='q'), L.Dense(8, name='d0'),
    C.FixedPointQuantizer(1, 8, 4, 'TRN', 'WRAP', name='q0'), L.ReLU(name='r0'),
    C.FixedPointQuantizer(0, 6, 3, 'RND', 'WRAP', name='q1'), L.Dense(4, name='d1')], (9,))
proxy('dense_uniform', lambda L, C, r: [
    C.FixedPointQuantizer(1, 9, 4, 'RND', 'SAT', name='q'), L.Dense(8, name='d0'), L.Activation('relu', name='r0'),
    C.FixedPointQuantizer(0, 6, 3, 'RND', 'SAT', name='q1'), L.Dense(4, name='d1')], (9,), 'Vivado', 'io_stream')
proxy('dense_spread', lambda L, C, r: [
    C.FixedPointQuantizer(*spread(r, (9,)), name='q'), L.Dense(8, name='d0'),
    C.FixedPointQuantizer(*spread(r, (8,)), 'RND', 'WRAP', name='q0'), L.Activation('relu', name='r0'),
    C.FixedPointQuantizer(*spread(r, (8,), k=0), name='q1'), L.Dense(4, name='d1')], (9,))
proxy('bn_leaky_elu', lambda L, C, r: [
    C.FixedPointQuantizer(1, 9, 4, 'RND', 'SAT', name='q'), L.BatchNormalization(name='bn'),
    C.FixedPointQuantizer(1, 9, 4, 'RND', 'SAT', name='q0'), L.LeakyReLU(0.25, name='l'), L.Dense(5, name='d'),
    C.FixedPointQuantizer(1, 8, 4, 'TRN', 'WRAP', name='q1'), L.Activation('tanh', name='t'),
    C.FixedPointQuantizer(*spread(r, (5,), k=1), name='q2')], (7,))
proxy('conv2d_pool', lambda L, C, r: [
    C.FixedPointQuantizer(*spread(r, (6, 6, 2)), name='q'), L.Conv2D(3, 3, padding='same', name='c'),
    C.FixedPointQuantizer(*spread(r, (1, 1, 3), k=1), 'RND', 'WRAP', {'layers': {
        'c': {'parallelization_factor': 2, 'result_t': 'fixed<9,3>'}, 'p': {}}}, name='q0'),
    L.AveragePooling2D(2, name='p'), L.Flatten(name='f'),
    C.FixedPointQuantizer(*spread(r, (27,), k=1), name='q1'), L.Dense(4, name='d')], (6, 6, 2), n=16)
proxy('conv1d_pool', lambda L, C, r: [
    C.FixedPointQuantizer(1, 9, 4, 'RND', 'SAT', name='q'), L.Conv1D(3, 3, strides=2, name='c'),
    C.FixedPointQuantizer(1, 9, 5, 'RND', 'WRAP', name='q0'), L.MaxPooling1D(2, name='p'),
    L.GlobalAveragePooling1D(name='g'), C.FixedPointQuantizer(*spread(r, (3,), k=1), name='q1'),
    L.Dense(4, name='d')], (13, 2), 'Vivado', n=16)
proxy('lut', lambda L, C, r: [
    C.FixedPointQuantizer(1, 9, 4, 'RND', 'SAT', name='q'), L.Dense(6, name='d'),
    C.FixedPointQuantizer(1, 7, 3, 'RND', 'WRAP', name='q0'), C.UnaryLUT(np.sin, (1, 2, 4), (1, 1, 5), name='lut'),
    L.Dense(3, name='e')], (8,))
proxy('lut', lambda L, C, r: [
    C.FixedPointQuantizer(1, 9, 4, 'RND', 'SAT', name='q'), L.Dense(6, name='d'),
    C.FixedPointQuantizer(1, 7, 3, 'RND', 'WRAP', name='q0'), C.UnaryLUT(np.sin, (1, 2, 4), (1, 1, 5), name='lut'),
    L.Dense(3, name='e')], (8,), 'Vivado', 'io_stream')
proxy('lut_unsigned', lambda L, C, r: [
    C.FixedPointQuantizer(0, 6, 2, 'RND', 'SAT', name='q'), C.UnaryLUT(np.exp, (0, 2, 4), (0, 5, 3), name='lut'),
    L.Activation('relu', name='r')], (8,), 'Vivado')


def branches(op):
    def build(L, C, r):
        x = L.Input((4, 3), name='inp')
        q = C.FixedPointQuantizer(*spread(r, (4, 3)), 'RND', 'SAT', name='q')(x)
        a = C.FixedPointQuantizer(*spread(r, (4, 3), k=1), name='qa')(L.Conv1D(3, 1, name='a')(q))
        b = C.FixedPointQuantizer(*spread(r, (1, 3), k=1), name='qb')(L.Conv1D(3, 3, padding='same', name='b')(q))
        y = L.Permute((2, 1), name='t')(op(L)([a, b]))
        y = L.Reshape((-1,), name='f')(y)
        return gen.K().Model(x, L.Dense(3, name='o')(y))
    return build


proxy('branches_add', branches(lambda L: L.Add(name='m')), None, n=24)
proxy('branches_multiply', branches(lambda L: L.Multiply(name='m')), None, n=24)
proxy('branches_average', branches(lambda L: L.Average(name='m')), None, n=24)
proxy('branches_subtract', branches(lambda L: L.Subtract(name='m')), None, n=24)
proxy('branches_maximum', branches(lambda L: L.Maximum(name='m')), None, n=24)
proxy('branches_concatenate', branches(lambda L: L.Concatenate(name='m')), None, n=24)
proxy('quantizer_types_of_the_configuration', lambda L, C, r: [
    C.FixedPointQuantizer(*spread(r, (9,)), 'RND', 'SAT', name='q'), L.Dense(8, name='d0'),
    C.FixedPointQuantizer(*spread(r, (8,)), name='q0')], (9,), edit={'Model': {'BitExact': False}})

# ---- graph networks


def graph(tag, stack=False, vertices=8, features=3, collapse='mean', full=False, rf=1, edit=None, io='io_parallel',
          backend='Vitis', n=24, prec='ap_fixed<32,10>', **kw):
    @gen.case(f'garnet_{tag}_{backend.lower()}_{io[3:]}', 'extra')
    def _(rng):
        from hls4ml.contrib.garnet import GarNet, GarNetStack
        K = gen.K()
        x, v = K.layers.Input((vertices, features), name='x'), K.layers.Input((1,), dtype='uint16', name='n')
        sizes = ([4, 3, 4], [4, 5, 3], [4, 4, 2]) if stack else (4, 5, 3)
        net = (GarNetStack if stack else GarNet)(*sizes, simplified=True, collapse=collapse, input_format='xn',
                                                 output_activation=None, name='g', **kw)
        m = set_weights(K.Model([x, v], net([x, v])), rng)
        on_grid(5)(m, rng)
        floats = m
        if kw.get('quantize_transforms'):  # Keras quantizes to other types than the firmware: ternary ones in float
            twin = (GarNetStack if stack else GarNet)(*sizes, simplified=True, collapse=collapse, input_format='xn',
                                                      output_activation=None, quantize_transforms=None)
            floats = K.Model([x, v], twin([x, v]))
            values = {w.name.split('/')[-1]: w.numpy() for w in m.weights}
            for w in floats.weights:
                name = w.name.split('/')[-1]
                t = values[name]
                if name.startswith('FLR') or name.startswith('Fout') and 'kernel' in name:
                    t = np.where(t > 0.5, 1, np.where(t <= -0.5, -1, 0))
                w.assign(t)
        cfg = kcfg(m, backend, prec=prec, rf=rf, edit=edit)
        count = rng.integers(1, vertices + 1, (n, 1))
        count[:4] = vertices
        if full:
            count[:] = vertices
        X = [inputs(rng, (vertices, features), n, 1.0, 8.0), count.astype(np.float32)]
        return k2(m, X, cfg, backend, io, float_fn=lambda X: floats.predict([X[0], X[1].astype(np.uint16)], verbose=0))


graph('mean', quantize_transforms=None)
graph('mean_by_vertices', quantize_transforms=None, mean_by_nvert=True, vertices=16, rf=4, backend='Vivado')
graph('vertices', quantize_transforms=None, collapse=None, full=True, rf=2)
graph('mean_quantized', quantize_transforms=True, total_bits=8, int_bits=2)
graph('mean_types', quantize_transforms=None, edit={'LayerName': {'g': {'Precision': {
    'edge_weight': 'ap_ufixed<8,1>', 'aggr': 'ap_fixed<18,7,AP_RND,AP_SAT>', 'norm': 'ap_ufixed<12,4>',
    'edge_weight_aggr': 'ap_ufixed<14,4>', 'result': 'ap_fixed<14,6,AP_RND,AP_SAT>'}}}})
graph('stack', stack=True, quantize_transforms=None)
graph('stack_by_vertices', stack=True, quantize_transforms=None, mean_by_nvert=True, rf=4)
graph('stack_quantized', stack=True, quantize_transforms=True, total_bits=8, int_bits=2, backend='Vivado', vertices=16)

if __name__ == '__main__':
    me = os.path.abspath(__file__)
    sys.exit(gen.main(me, os.path.dirname(me)))
