"""Writes the models of the tests of ONNX, as exporters write them, with what others make of them.

    python models.py OUT [NAME...]

For each model: NAME.onnx, X and Y of ONNX Runtime in NAME.json, and there, where qonnx 1.0 can prepare the model
for hls4ml, the nodes, constants and ends that it makes. Needs torch, onnx, onnxscript, onnxruntime, qonnx; models
of other exporters are left out where these are not installed (tf2onnx and tensorflow, skl2onnx).
"""
import json
import os
import subprocess
import sys
import tempfile
import zlib

import numpy as np
import onnx
import onnx.helper as oh
from onnx import TensorProto, numpy_helper

onnx.IR_VERSION = oh.IR_VERSION = 10
MODELS = {}


def model(name):
    def keep(build):
        MODELS[name] = build
        return build

    return keep


# ---------------------------------------------------------------- onnx.helper
def node(op, ins, outs, domain=None, **attrs):
    return oh.make_node(op, ins, outs, domain=domain, **attrs)


def graph(nodes, ins, outs, inits=None, opset=13, **kw):
    as_init = lambda k, v: numpy_helper.from_array(np.asarray(v, np.float32) if np.asarray(v).dtype.kind == 'f' else np.asarray(v), k)
    g = oh.make_graph(nodes, 'g', [oh.make_tensor_value_info(n, TensorProto.FLOAT, s) for n, s in ins],
                      [oh.make_tensor_value_info(n, TensorProto.FLOAT, s) for n, s in outs],
                      [as_init(k, v) for k, v in (inits or {}).items()], **kw)
    m = oh.make_model(g, opset_imports=[oh.make_opsetid('', opset)])
    m.ir_version = 8
    return m


@model('plain_matmul_add_relu')
def _(r):
    return graph([node('MatMul', ['x', 'w'], ['m']), node('Add', ['b', 'm'], ['a']), node('Relu', ['a'], ['y'])],
                 [('x', (1, 5))], [('y', (1, 3))], {'w': r.normal(0, .5, (5, 3)), 'b': r.normal(0, .3, 3)})


@model('plain_gemm_forms')
def _(r):
    """alpha, beta, transA of nothing, no C, C that is shared"""
    i = {'w0': r.normal(0, .5, (6, 5)), 'c': r.normal(0, .3, 6), 'w1': r.normal(0, .5, (6, 6)), 'w2': r.normal(0, .5, (6, 2))}
    return graph([node('Gemm', ['x', 'w0', 'c'], ['a'], transB=1, alpha=0.5, beta=2.0), node('Relu', ['a'], ['b']),
                  node('Gemm', ['b', 'w1', 'c'], ['d']), node('Tanh', ['d'], ['e']), node('MatMul', ['e', 'w2'], ['y'])],
                 [('x', (1, 5))], [('y', (1, 2))], i)


@model('plain_branches')
def _(r):
    i = {f'w{k}': r.normal(0, .4, (6, 6)) for k in range(4)}
    return graph([node('MatMul', ['x', 'w0'], ['a']), node('Relu', ['a'], ['ra']), node('MatMul', ['ra', 'w1'], ['b']),
                  node('MatMul', ['x', 'w2'], ['c']), node('Add', ['b', 'c'], ['s']), node('Concat', ['s', 'a'], ['cc'], axis=1),
                  node('Sigmoid', ['cc'], ['y']), node('MatMul', ['c', 'w3'], ['z'])],
                 [('x', (1, 6))], [('y', (1, 12)), ('z', (1, 6))], i)


@model('plain_constant_nodes')
def _(r):
    w = numpy_helper.from_array(r.normal(0, .4, (3, 6)).astype(np.float32))
    return graph([node('Constant', [], ['w'], value=w), node('Constant', [], ['s'], value=numpy_helper.from_array(np.array([0, -1], np.int64))),
                  node('Transpose', ['w'], ['wt'], perm=[1, 0]), node('Reshape', ['x', 's'], ['f']),
                  node('MatMul', ['f', 'wt'], ['y'])], [('x', (1, 2, 3))], [('y', (1, 3))], {})


@model('plain_identity_dropout')
def _(r):
    return graph([node('Identity', ['x'], ['i']), node('MatMul', ['i', 'w'], ['m']), node('Dropout', ['m'], ['d']),
                  node('Relu', ['d'], ['r']), node('Identity', ['r'], ['y'])], [('x', (1, 4))], [('y', (1, 3))],
                 {'w': r.normal(0, .5, (4, 3))})


@model('plain_residual_conv')
def _(r):
    i = {'w0': r.normal(0, .3, (3, 3, 3, 3)), 'w1': r.normal(0, .3, (3, 3, 3, 3)), 'b': r.normal(0, .3, 3)}
    kw = dict(kernel_shape=[3, 3], pads=[1, 1, 1, 1], strides=[1, 1], dilations=[1, 1], group=1)
    return graph([node('Conv', ['x', 'w0', 'b'], ['a'], **kw), node('Relu', ['a'], ['ra']), node('Conv', ['ra', 'w1'], ['c'], **kw),
                  node('Add', ['c', 'ra'], ['s']), node('Relu', ['s'], ['y'])], [('x', (1, 3, 5, 4))], [('y', (1, 3, 5, 4))], i)


@model('plain_conv_scale')
def _(r):
    i = {'w0': r.normal(0, .3, (4, 2, 3)), 'k': r.normal(1, .1, (4, 1)), 'h': np.float32(0.5), 's': np.array([1, -1], np.int64),
         'w1': r.normal(0, .3, (20, 3))}
    return graph([node('Conv', ['x', 'w0'], ['a'], kernel_shape=[3], pads=[0, 0], strides=[2], dilations=[1], group=1), node('Mul', ['a', 'k'], ['b']),
                  node('Mul', ['b', 'h'], ['c']), node('Relu', ['c'], ['d']), node('Reshape', ['d', 's'], ['f']), node('MatMul', ['f', 'w1'], ['y'])],
                 [('x', (1, 2, 11))], [('y', (1, 3))], i)


@model('plain_auto_pad')
def _(r):
    return graph([node('Conv', ['x', 'w'], ['a'], kernel_shape=[3, 2], strides=[2, 2], auto_pad='SAME_LOWER'), node('Relu', ['a'], ['y'])],
                 [('x', (1, 2, 6, 5))], [('y', (1, 3, 3, 3))], {'w': r.normal(0, .3, (3, 2, 3, 2))})


@model('plain_pad_conv')
def _(r):
    return graph([node('Pad', ['x', 'p'], ['a']), node('Conv', ['a', 'w'], ['y'], kernel_shape=[3, 3])],
                 [('x', (1, 2, 4, 5))], [('y', (1, 3, 4, 6))], {'w': r.normal(0, .3, (3, 2, 3, 3)), 'p': np.array([0, 0, 1, 0, 0, 0, 1, 3], np.int64)})


@model('plain_reduce_mean_pixels')
def _(r):
    return graph([node('Conv', ['x', 'w'], ['a'], kernel_shape=[3, 3]), node('Relu', ['a'], ['b']),
                  node('ReduceMean', ['b'], ['c'], axes=[2, 3], keepdims=0), node('MatMul', ['c', 'v'], ['y'])],
                 [('x', (1, 2, 5, 6))], [('y', (1, 3))], {'w': r.normal(0, .3, (4, 2, 3, 3)), 'v': r.normal(0, .5, (4, 3))})


@model('plain_sum_of_three')
def _(r):
    i = {f'w{k}': r.normal(0, .4, (5, 4)) for k in range(3)}
    return graph([*[node('MatMul', ['x', f'w{k}'], [f'a{k}']) for k in range(3)], node('Sum', ['a0', 'a1', 'a2'], ['s']), node('Mean', ['s', 'a1', 'a2'], ['y'])],
                 [('x', (1, 5))], [('y', (1, 4))], i)


@model('plain_resize')
def _(r):
    return graph([node('Conv', ['x', 'w'], ['a'], kernel_shape=[3, 3]), node('Resize', ['a', '', 's'], ['y'], mode='nearest',
                  coordinate_transformation_mode='asymmetric', nearest_mode='floor')],
                 [('x', (1, 2, 5, 6))], [('y', (1, 3, 6, 12))], {'w': r.normal(0, .3, (3, 2, 3, 3)), 's': np.array([1, 1, 2, 3], np.float32)})


@model('plain_activations')
def _(r):
    ops = [('HardSigmoid', {}), ('Elu', {'alpha': 0.7}), ('LeakyRelu', {'alpha': 0.1}), ('Selu', {}), ('ThresholdedRelu', {'alpha': 0.5}), ('Softsign', {})]
    nodes, cur = [], 'x'
    for k, (op, kw) in enumerate(ops):
        out = 'y' if k == len(ops) - 1 else f'a{k}'
        nodes.append(node(op, [cur], [out], **kw))
        cur = out
    return graph(nodes, [('x', (1, 6))], [('y', (1, 6))])


@model('plain_prelu')
def _(r):
    return graph([node('Conv', ['x', 'w'], ['a'], kernel_shape=[2, 2]), node('PRelu', ['a', 's'], ['y'])], [('x', (1, 2, 4, 4))],
                 [('y', (1, 3, 3, 3))], {'w': r.normal(0, .4, (3, 2, 2, 2)), 's': r.uniform(.1, .4, (3, 1, 1))})


@model('plain_slice_split')
def _(r):
    i = {'s': np.array([1], np.int64), 'e': np.array([7], np.int64), 'ax': np.array([1], np.int64), 'w': r.normal(0, .4, (3, 2))}
    return graph([node('Slice', ['x', 's', 'e', 'ax'], ['a']), node('Split', ['a'], ['p', 'q'], axis=1), node('Sub', ['p', 'q'], ['d']),
                  node('MatMul', ['d', 'w'], ['y'])], [('x', (1, 8))], [('y', (1, 2))], i)


@model('plain_gather_permutation')
def _(r):
    return graph([node('Gather', ['x', 'i'], ['a'], axis=1), node('Relu', ['a'], ['y'])], [('x', (1, 5))], [('y', (1, 5))],
                 {'i': np.array([4, 0, 3, 1, 2], np.int64)})


@model('plain_pools')
def _(r):
    return graph([node('MaxPool', ['x'], ['a'], kernel_shape=[2, 2], strides=[2, 2]), node('AveragePool', ['a'], ['b'], kernel_shape=[2, 2]),
                  node('GlobalMaxPool', ['b'], ['c']), node('Flatten', ['c'], ['y'])], [('x', (1, 3, 8, 6))], [('y', (1, 3))])


@model('plain_grouped')
def _(r):
    return graph([node('Conv', ['x', 'w'], ['a'], kernel_shape=[3], group=2), node('Conv', ['a', 'v'], ['y'], kernel_shape=[2], dilations=[2])],
                 [('x', (1, 4, 9))], [('y', (1, 3, 5))], {'w': r.normal(0, .4, (6, 2, 3)), 'v': r.normal(0, .4, (3, 6, 2))})


# ---------------------------------------------------------------- torch
def torch_models():
    import torch
    import torch.nn as nn
    import torch.nn.functional as F

    class Of(nn.Module):
        def __init__(self, f, **parts):
            super().__init__()
            self.f = f
            for k, v in parts.items():
                setattr(self, k, v)

        def forward(self, x):
            return self.f(self, x)

    def conv_bn():
        return nn.Sequential(nn.Conv2d(2, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(36, 3))

    nets = {
        'mlp': (lambda: nn.Sequential(nn.Linear(6, 8), nn.ReLU(), nn.Linear(8, 5), nn.Tanh(), nn.Linear(5, 3), nn.Softmax(-1)), (6,)),
        'mlp_nobias': (lambda: nn.Sequential(nn.Linear(6, 8, bias=False), nn.Sigmoid(), nn.Linear(8, 3, bias=False)), (6,)),
        'mlp_bn': (lambda: nn.Sequential(nn.Linear(6, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Dropout(.2), nn.Linear(8, 3)), (6,)),
        'conv_bn_pool': (conv_bn, (2, 6, 6)),
        'conv1d': (lambda: nn.Sequential(nn.Conv1d(3, 4, 3), nn.ReLU(), nn.MaxPool1d(2), nn.Conv1d(4, 2, 2)), (3, 12)),
        'depthwise': (lambda: nn.Sequential(nn.Conv2d(3, 3, 3, groups=3), nn.ReLU(), nn.Conv2d(3, 4, 1)), (3, 6, 5)),
        'dilated': (lambda: nn.Sequential(nn.Conv2d(2, 3, 3, dilation=2, padding=2), nn.ReLU()), (2, 6, 7)),
        'avgpool': (lambda: nn.Sequential(nn.Conv2d(2, 3, 3), nn.ReLU(), nn.AvgPool2d(2), nn.Flatten(), nn.Linear(12, 2)), (2, 6, 6)),
        'gap': (lambda: nn.Sequential(nn.Conv2d(2, 3, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(3, 2)), (2, 6, 5)),
        'residual': (lambda: Of(lambda m, x: F.relu(m.b(F.relu(m.a(x))) + x), a=nn.Conv2d(3, 3, 3, padding=1), b=nn.Conv2d(3, 3, 3, padding=1)), (3, 5, 4)),
        'concat': (lambda: Of(lambda m, x: torch.cat([m.a(x), m.b(x)], 1), a=nn.Linear(5, 3), b=nn.Linear(5, 4)), (5,)),
        'relu6': (lambda: nn.Sequential(nn.Linear(5, 4), nn.ReLU6(), nn.Linear(4, 2)), (5,)),
        'gelu': (lambda: nn.Sequential(nn.Linear(5, 4), nn.GELU(), nn.Linear(4, 2)), (5,)),
        'silu': (lambda: nn.Sequential(nn.Linear(5, 4), nn.SiLU(), nn.Linear(4, 2)), (5,)),
        'elu': (lambda: nn.Sequential(nn.Linear(5, 4), nn.ELU(), nn.Linear(4, 4), nn.SELU(), nn.LeakyReLU(.2)), (5,)),
        'hardsigmoid': (lambda: nn.Sequential(nn.Linear(5, 4), nn.Hardsigmoid()), (5,)),
        'softplus': (lambda: nn.Sequential(nn.Linear(5, 4), nn.Softplus()), (5,)),
        'softsign': (lambda: nn.Sequential(nn.Linear(5, 4), nn.Softsign()), (5,)),
        'prelu': (lambda: nn.Sequential(nn.Conv2d(2, 3, 2), nn.PReLU(3), nn.Flatten()), (2, 4, 4)),
        'upsample': (lambda: nn.Sequential(nn.Conv2d(2, 3, 3), nn.Upsample(scale_factor=2)), (2, 5, 4)),
        'pad': (lambda: Of(lambda m, x: m.a(F.pad(x, (1, 2, 0, 1))), a=nn.Conv2d(2, 3, 3)), (2, 4, 4)),
        'chunk': (lambda: Of(lambda m, x: torch.mul(*torch.chunk(m.a(x), 2, 1)), a=nn.Linear(4, 6)), (4,)),
        'permute': (lambda: Of(lambda m, x: m.a(x.permute(0, 2, 1)).reshape(-1, 8), a=nn.Linear(3, 2)), (3, 4)),
        'layernorm': (lambda: nn.Sequential(nn.Linear(5, 4), nn.LayerNorm(4)), (3, 5)),
        'lstm': (lambda: Of(lambda m, x: m.a(x)[0], a=nn.LSTM(3, 4, batch_first=True)), (5, 3)),
        'gru': (lambda: Of(lambda m, x: m.a(x)[0], a=nn.GRU(3, 4, batch_first=True)), (5, 3)),
        'bilstm': (lambda: Of(lambda m, x: m.a(x)[0], a=nn.LSTM(3, 4, batch_first=True, bidirectional=True)), (5, 3)),
        'rnn_last': (lambda: Of(lambda m, x: m.b(m.a(x)[0][:, -1]), a=nn.GRU(3, 4, batch_first=True), b=nn.Linear(4, 2)), (5, 3)),
        'two_axes': (lambda: nn.Sequential(nn.Linear(5, 4), nn.ReLU(), nn.Linear(4, 3)), (3, 5)),
    }
    for form in ('dynamo', 'script'):
        for name, (build, shape) in nets.items():
            def make(r, form=form, build=build, shape=shape):
                torch.manual_seed(int(r.integers(1 << 30)))
                net = build().eval()
                for m in net.modules():
                    if isinstance(m, (nn.BatchNorm1d, nn.BatchNorm2d)):
                        m.running_mean.normal_(0, .3)
                        m.running_var.uniform_(.5, 1.5)
                x = torch.randn(1, *shape)
                with tempfile.TemporaryDirectory() as d:
                    path = os.path.join(d, 'm.onnx')
                    if form == 'dynamo':
                        torch.onnx.export(net, (x,), path, dynamo=True, external_data=False, verbose=False)
                    else:
                        torch.onnx.export(net, (x,), path, dynamo=False, opset_version=17)
                    return onnx.load(path)
            MODELS[f'torch_{form}_{name}'] = make


# ---------------------------------------------------------------- others
def keras_models():
    import tensorflow as tf
    import tf2onnx
    from tensorflow import keras

    L = keras.layers
    nets = {
        'mlp': lambda: keras.Sequential([L.Input((6,)), L.Dense(8, 'relu'), L.Dense(3, 'softmax')]),
        'conv': lambda: keras.Sequential([L.Input((6, 5, 2)), L.Conv2D(3, 3, activation='relu'), L.BatchNormalization(), L.MaxPooling2D(2), L.Flatten(), L.Dense(2)]),
        'gap': lambda: keras.Sequential([L.Input((6, 5, 2)), L.Conv2D(3, 3, padding='same', activation='relu'), L.GlobalAveragePooling2D(), L.Dense(2)]),
        'conv1d': lambda: keras.Sequential([L.Input((8, 3)), L.Conv1D(4, 3, activation='tanh'), L.Flatten(), L.Dense(2)]),
        'depthwise': lambda: keras.Sequential([L.Input((6, 6, 3)), L.DepthwiseConv2D(3), L.ReLU(), L.AveragePooling2D(2), L.Flatten(), L.Dense(2)]),
    }
    for name, build in nets.items():
        def make(r, build=build):
            keras.utils.set_random_seed(int(r.integers(1 << 30)))
            net = build()
            spec = [tf.TensorSpec((None, *net.input_shape[1:]), tf.float32, name='x')]
            return tf2onnx.convert.from_function(tf.function(lambda x: net(x)), spec, opset=15)[0]
        MODELS[f'tf2onnx_{name}'] = make


def sklearn_models():
    from skl2onnx import to_onnx
    from sklearn.linear_model import LinearRegression
    from sklearn.neural_network import MLPRegressor

    def fit(est, r):
        X, y = r.normal(size=(60, 5)).astype(np.float32), r.normal(size=60).astype(np.float32)
        return to_onnx(est.fit(X, y), X[:1], target_opset=15)

    MODELS['sklearn_mlp'] = lambda r: fit(MLPRegressor(hidden_layer_sizes=(6, 4), max_iter=30, random_state=1), r)
    MODELS['sklearn_mlp_tanh'] = lambda r: fit(MLPRegressor(hidden_layer_sizes=(6,), activation='tanh', max_iter=30, random_state=1), r)


def script_models():
    import onnxscript
    from onnxscript import FLOAT, opset18 as op

    globals().update(FLOAT=FLOAT, op=op)  # the compiler of scripts looks for them there

    @onnxscript.script(default_opset=op)
    def mlp(x: FLOAT[1, 4]) -> FLOAT[1, 2]:
        w = op.Constant(value_floats=[.5, -.25, .75, .1, -.3, .2, .6, -.4])
        s = op.Constant(value_ints=[4, 2])
        return op.Softplus(op.MatMul(x, op.Reshape(w, s)))

    @onnxscript.script(default_opset=op)
    def clip(x: FLOAT[1, 4]) -> FLOAT[1, 2]:
        w = op.Reshape(op.Constant(value_floats=[.5, -.25, .75, .1, -.3, .2, .6, -.4]), op.Constant(value_ints=[2, 4]))
        y = op.Gemm(x, w, transB=1)
        return op.Clip(y, op.Constant(value_float=0.0), op.Constant(value_float=6.0))

    MODELS['onnxscript_mlp'] = lambda r: mlp.to_model_proto()
    MODELS['onnxscript_clip'] = lambda r: clip.to_model_proto()


# ---------------------------------------------------------------- what others make of them
def prepared(m):
    """The model as qonnx prepares it for hls4ml, or the reason why it cannot."""
    from qonnx.core.modelwrapper import ModelWrapper
    from qonnx.transformation.channels_last import ConvertToChannelsLastAndClean
    from qonnx.transformation.gemm_to_matmul import GemmToMatMul
    from qonnx.util.cleanup import cleanup_model

    m = onnx.load_from_string(m.SerializeToString())
    m.ir_version = min(m.ir_version, 10)
    w = cleanup_model(ModelWrapper(m))
    rank = lambda n: len(w.get_tensor_shape(n.input[0]) or [])
    if any(n.op_type in ('Conv', 'MaxPool') or n.op_type == 'BatchNormalization' and rank(n) > 2 for n in w.graph.node):
        w = w.transform(ConvertToChannelsLastAndClean(make_input_channels_last=True))
    return cleanup_model(w.transform(GemmToMatMul())).model


def without_idle(g):
    """Identity and Dropout stay with qonnx, and hls4ml reads past them."""
    for n in [n for n in g.node if n.op_type in ('Identity', 'Dropout')]:
        source, target = n.input[0], n.output[0]
        if target in [o.name for o in g.output]:
            source, target = target, source
        for k in g.node:
            for names in (k.input, k.output):
                for i, v in enumerate(names):
                    if v == target:
                        names[i] = source
        g.node.remove(n)


def summary(m):
    without_idle(m.graph)
    dims = lambda v: [d.dim_value for d in v.type.tensor_type.shape.dim]
    g = m.graph
    return {
        'nodes': [[n.name, n.op_type, n.domain, list(n.input), list(n.output)] for n in g.node],
        'constants': [[t.name, list(t.dims), float(np.sum(numpy_helper.to_array(t).astype(np.float64) *
                       np.arange(1, 1 + np.prod(t.dims, dtype=int)).reshape(t.dims)))] for t in g.initializer],
        'inputs': [[v.name, dims(v)] for v in g.input], 'outputs': [[v.name, dims(v)] for v in g.output],
    }


def write(name, folder):
    import onnxruntime

    r = np.random.default_rng(zlib.crc32(name.encode()))
    m = MODELS[name](r)
    m.ir_version = min(m.ir_version, 10)
    for t in list(m.metadata_props):
        m.metadata_props.remove(t)
    for n in m.graph.node:
        n.doc_string = ''
        while n.metadata_props:
            n.metadata_props.pop()
    onnx.save(m, os.path.join(folder, name + '.onnx'))
    s = onnxruntime.InferenceSession(m.SerializeToString(), providers=['CPUExecutionProvider'])
    shapes = [[d if isinstance(d, int) else 1 for d in i.shape] for i in s.get_inputs()]
    samples = 4
    X = [[r.normal(0, 1.2, d).astype(np.float32) for d in shapes] for _ in range(samples)]
    Y = [s.run(None, {i.name: v for i, v in zip(s.get_inputs(), x)}) for x in X]
    flat = lambda rows: [np.concatenate([np.asarray(row[k]).reshape(-1) for row in rows]).astype(float).tolist() for k in range(len(rows[0]))]
    out = {'shapes': shapes, 'samples': samples, 'x': flat(X), 'y': flat(Y), 'yshapes': [list(np.asarray(v).shape) for v in Y[0]]}
    try:
        out['clean'] = summary(prepared(m))
    except Exception as e:  # what qonnx cannot is part of the answer
        out['refused'] = f'{type(e).__name__}: {str(e)[:200]}'
    with open(os.path.join(folder, name + '.json'), 'w') as f:
        json.dump(out, f, separators=(',', ':'))


GROUPS = {'plain': lambda: None, 'torch': torch_models, 'tf2onnx': keras_models, 'sklearn': sklearn_models, 'onnxscript': script_models}


def main():
    folder, wanted = sys.argv[1], sys.argv[2:]
    os.makedirs(folder, exist_ok=True)
    if not wanted:  # exporters do not bear each other in one process
        for group in GROUPS:
            subprocess.run([sys.executable, __file__, folder, group])
        return
    for group, more in GROUPS.items():
        if any(w.startswith(group) for w in wanted):
            more()
    for name in MODELS:
        if not any(name.startswith(w) for w in wanted):
            continue
        try:
            write(name, folder)
            print(name)
        except Exception as e:
            print('FAILED', name, type(e).__name__, str(e)[:300])


main()
