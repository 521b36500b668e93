#!/usr/bin/env python3
"""Quantized models whose scales are powers of two, with the answers of the models themselves.

    make.py [NAME ...]

writes a folder beside itself for each: model.onnx as an exporter writes it, hls4ml_config.yml with types that lose
nothing, X.npy, and y.npy from onnxruntime (QCDQ) or from qonnx's executor (QONNX). The firmware must give y in every
bit. Needs onnx, onnxruntime, qonnx==1.0.0; the models of Brevitas brevitas==0.13.4 and torch.
"""
import os
import sys
import tempfile
import zlib
from pathlib import Path

os.environ.setdefault('TF_CPP_MIN_LOG_LEVEL', '3')

import numpy as np  # noqa: E402
import onnx  # noqa: E402
from onnx import TensorProto as T  # noqa: E402
from onnx import helper, numpy_helper  # noqa: E402

HERE = Path(__file__).resolve().parent
QONNX = 'qonnx.custom_op.general'
TYPES = {'int8': T.INT8, 'uint8': T.UINT8, 'int16': T.INT16, 'uint16': T.UINT16, 'int4': T.INT4, 'uint4': T.UINT4, 'int32': T.INT32}
MODELS = {}


def model(name):
    def register(build):
        MODELS[name] = build
        return build

    return register


class Net:
    """A network under construction."""

    def __init__(self, rng, opset=13, microsoft=False):
        self.rng, self.opset, self.nodes, self.inits, self.domains = rng, opset, [], [], {'': opset}
        if microsoft:
            self.domains['com.microsoft'] = 1

    def op(self, kind, *inputs, domain='', outputs=None, **attributes):
        if domain:
            self.domains.setdefault(domain, 1)
        out = outputs or f't{len(self.nodes)}'
        self.nodes.append(helper.make_node(kind, list(inputs), [out], name=f'n{len(self.nodes)}', domain=domain, **attributes))
        return out

    def const(self, value, dtype=np.float32):
        name = f'c{len(self.inits)}'
        self.inits.append(numpy_helper.from_array(np.asarray(value, dtype), name))
        return name

    def whole(self, value, kind):
        """A constant of whole numbers."""
        name, value = f'c{len(self.inits)}', np.asarray(value)
        if kind in ('int4', 'uint4'):
            self.inits.append(helper.make_tensor(name, TYPES[kind], value.shape, value.ravel().astype(int).tolist()))
        else:
            self.inits.append(numpy_helper.from_array(value.astype(kind), name))
        return name

    def quant(self, x, scale, bits, signed=1, narrow=0, mode='ROUND', kind='Quant'):
        return self.op(kind, x, self.const(scale), self.const(0.0), self.const(float(bits)), domain=QONNX, signed=signed,
                       narrow=narrow, rounding_mode=mode)

    def qcdq(self, x, scale, kind='int8', zero=0, clip=None, axis=None, **attributes):
        """QuantizeLinear and DequantizeLinear, with a Clip between when it is asked for."""
        more = {'axis': axis} if axis is not None else {}
        s, z = self.const(scale), self.whole(np.full(np.shape(scale), zero), kind)
        q = self.op('QuantizeLinear', x, s, z, **more, **attributes)
        if clip:
            q = self.op('Clip', q, self.whole(clip[0], kind), self.whole(clip[1], kind))
        return self.op('DequantizeLinear', q, s, z, **more)

    def stored(self, value, scale, kind='int8', zero=None, axis=None, **attributes):
        """Constants that are stored as whole numbers."""
        more = {'axis': axis} if axis is not None else {}
        inputs = [self.whole(value, kind), self.const(scale)]
        if zero is not None:
            inputs.append(self.whole(np.full(np.shape(scale), zero), kind))
        return self.op('DequantizeLinear', *inputs, **more, **attributes)

    def done(self, out, shape_in, shape_out):
        graph = helper.make_graph(
            self.nodes, 'quantized', [helper.make_tensor_value_info('x', T.FLOAT, shape_in)],
            [helper.make_tensor_value_info(out, T.FLOAT, shape_out)], self.inits)
        m = helper.make_model(graph, opset_imports=[helper.make_opsetid(d, v) for d, v in self.domains.items()])
        m.ir_version = 10 if self.opset > 18 else 8
        return m


def ints(net, low, high, *shape):
    return net.rng.integers(low, high + 1, shape)


def floats(net, spread, *shape):
    return net.rng.normal(0, spread, shape).astype(np.float32)


# --- QONNX


def qonnx_mlp(rng, wbits=4, abits=6, wscale=0.125, ascale=0.125, mode='ROUND', narrow=0, signed=0, sizes=(9, 7, 4), bias=True,
              kind='Quant', act='Relu'):
    net, x = Net(rng), 'x'
    x = net.quant(x, 0.0625, 8)
    for i, (a, b) in enumerate(zip(sizes, sizes[1:])):
        x = net.op('MatMul', x, net.quant(net.const(floats(net, 0.5, a, b)), wscale, wbits, narrow=narrow, mode=mode))
        if bias:
            x = net.op('Add', x, net.quant(net.const(floats(net, 0.4, b)), 0.0625, 6))
        if i < len(sizes) - 2:
            x = net.quant(net.op(act, x) if act else x, ascale, abits, signed=signed, mode=mode, kind=kind)
    return net.done(x, (1, sizes[0]), (1, sizes[-1]))


model('qonnx_mlp')(qonnx_mlp)
model('qonnx_mlp_floor')(lambda r: qonnx_mlp(r, mode='FLOOR', abits=5, narrow=1))
model('qonnx_mlp_signed')(lambda r: qonnx_mlp(r, signed=1, act=None, abits=7))
model('qonnx_mlp_two_bits')(lambda r: qonnx_mlp(r, wbits=2, abits=3, ascale=0.5, wscale=0.5))
model('qonnx_mlp_wide')(lambda r: qonnx_mlp(r, wbits=12, wscale=2.0**-9, abits=14, ascale=2.0**-8))
model('qonnx_mlp_down')(lambda r: qonnx_mlp(r, mode='DOWN', signed=1, act=None))
model('qonnx_mlp_half_up')(lambda r: qonnx_mlp(r, mode='HALF_UP', signed=1, act=None))
model('qonnx_mlp_large_scale')(lambda r: qonnx_mlp(r, ascale=2.0, abits=4, wscale=0.25))
model('qonnx_mlp_int_quant')(lambda r: qonnx_mlp(r, kind='IntQuant', bias=False))


@model('qonnx_mlp_gemm')
def qonnx_gemm(rng):
    net = Net(rng)
    x = net.quant('x', 0.0625, 8)
    w, b = net.quant(net.const(floats(net, 0.5, 5, 8)), 0.125, 5), net.quant(net.const(floats(net, 0.5, 5)), 0.0625, 7)
    x = net.op('Gemm', x, w, b, transB=1)
    return net.done(net.quant(net.op('Relu', x), 0.25, 5, signed=0), (1, 8), (1, 5))


@model('qonnx_skip')
def qonnx_skip(rng):
    """A sum of two branches, each with a reader more."""
    net = Net(rng)
    x = net.quant('x', 0.0625, 8)
    y = net.op('MatMul', x, net.quant(net.const(floats(net, 0.5, 6, 6)), 0.125, 4))
    y = net.quant(net.op('Relu', y), 0.125, 6, signed=0)
    z = net.op('Add', y, x)
    return net.done(net.op('MatMul', z, net.quant(net.const(floats(net, 0.5, 6, 3)), 0.125, 4)), (1, 6), (1, 3))


@model('qonnx_bipolar')
def qonnx_bipolar(rng):
    net = Net(rng)
    x = net.quant('x', 0.0625, 8)
    for a, b in ((8, 9), (9, 4)):
        w = net.op('BipolarQuant', net.const(floats(net, 1, a, b)), net.const(1.0), domain=QONNX)
        x = net.op('MatMul', x, w)
        if b == 9:
            x = net.op('BipolarQuant', x, net.const(1.0), domain=QONNX)
    return net.done(x, (1, 8), (1, 4))


def qonnx_conv(rng, axes=2, group=1, per_channel=False, pads=0, stride=1, pool=False, bias=False, flat=False):
    net, size, c = Net(rng), 7, 2
    filters = 2 if group > 1 else 3
    x = net.quant('x', 0.0625, 8)
    scale = 0.0625
    if per_channel:
        scale = (2.0 ** net.rng.integers(-5, -2, filters)).reshape(-1, *[1] * (axes + 1))
    inputs = [x, net.quant(net.const(floats(net, 0.4, filters, c // group, *[3] * axes)), scale, 5, narrow=1)]
    if bias:
        inputs.append(net.quant(net.const(floats(net, 0.4, filters)), 0.0625, 6))
    x = net.op('Conv', *inputs, kernel_shape=[3] * axes, strides=[stride] * axes, pads=[pads] * 2 * axes,
               dilations=[1] * axes, group=group)
    x = net.quant(net.op('Relu', x), 0.125, 6, signed=0)
    size = (size + 2 * pads - 3) // stride + 1
    if pool:
        x, size = net.op('MaxPool', x, kernel_shape=[2] * axes, strides=[2] * axes, pads=[0] * 2 * axes), size // 2
    shape = (1, filters, *[size] * axes)
    if flat:
        n = int(np.prod(shape))
        x = net.op('Flatten', x, axis=1)
        x, shape = net.op('MatMul', x, net.quant(net.const(floats(net, 0.3, n, 3)), 0.125, 4)), (1, 3)
    return net.done(x, (1, c, *[7] * axes), shape)


model('qonnx_conv2d')(qonnx_conv)
model('qonnx_conv2d_pads_stride')(lambda r: qonnx_conv(r, pads=1, stride=2))
model('qonnx_conv2d_channels')(lambda r: qonnx_conv(r, per_channel=True))
model('qonnx_conv2d_pool_flat')(lambda r: qonnx_conv(r, pool=True, flat=True, bias=True))
model('qonnx_conv2d_depthwise')(lambda r: qonnx_conv(r, group=2, pads=1))
model('qonnx_conv1d')(lambda r: qonnx_conv(r, axes=1, bias=True))


@model('qonnx_trunc_v1')
def qonnx_trunc(rng):
    net = Net(rng)
    x = net.quant('x', 0.0625, 8)
    x = net.op('MatMul', x, net.quant(net.const(floats(net, 0.5, 6, 4)), 0.125, 4))
    x = net.op('Trunc', x, net.const(0.0078125), net.const(0.0), net.const(14.0), net.const(8.0), domain=QONNX, rounding_mode='FLOOR')
    return net.done(x, (1, 6), (1, 4))


# --- QCDQ


def qcdq_mlp(rng, opset=13, wkind='int8', akind='int8', azero=0, clip=None, stored=False, bias='int32', sizes=(8, 6, 4), wlow=-8, whigh=7,
             ascale=0.125, wzero=0, axis=None, transpose=False):
    net = Net(rng, opset)
    x = net.qcdq('x', 0.0625, 'int8')
    for i, (a, b) in enumerate(zip(sizes, sizes[1:])):
        scale = 0.125 if axis is None else (2.0 ** net.rng.integers(-5, -2, b)).astype(np.float32)
        value = ints(net, wlow, whigh, a, b)
        if stored:
            w = net.stored(value, scale, wkind, wzero, axis=axis)
        else:
            real = (value - wzero) * np.asarray(scale) + net.rng.uniform(-0.4, 0.4, value.shape) * np.asarray(scale)
            w = net.qcdq(net.const(real), scale, wkind, wzero, clip=clip, axis=axis)
        x = net.op('MatMul', x, w)
        if bias == 'int32':
            x = net.op('Add', x, net.stored(ints(net, -90, 90, b), 2.0**-7, 'int32'))
        elif bias:
            x = net.op('Add', x, net.qcdq(net.const(floats(net, 0.4, b)), 0.0625, bias))
        if i < len(sizes) - 2:
            x = net.qcdq(net.op('Relu', x), ascale, akind, azero)
    return net.done(x, (1, sizes[0]), (1, sizes[-1]))


model('qcdq_mlp')(qcdq_mlp)
model('qcdq_mlp_opset10')(lambda r: qcdq_mlp(r, opset=10))
model('qcdq_mlp_opset19')(lambda r: qcdq_mlp(r, opset=19))
model('qcdq_mlp_opset21_int4')(lambda r: qcdq_mlp(r, opset=21, wkind='int4', stored=True))
model('qcdq_mlp_uint4')(lambda r: qcdq_mlp(r, opset=21, akind='uint4', ascale=0.5))
model('qcdq_mlp_int16')(lambda r: qcdq_mlp(r, opset=21, akind='int16', ascale=2.0**-5, wkind='int16', wlow=-150, whigh=150))
model('qcdq_mlp_uint16')(lambda r: qcdq_mlp(r, opset=21, akind='uint16', ascale=2.0**-7))
model('qcdq_mlp_uint8')(lambda r: qcdq_mlp(r, akind='uint8'))
model('qcdq_mlp_zero_least')(lambda r: qcdq_mlp(r, akind='int8', azero=-128))
model('qcdq_mlp_zero_middle')(lambda r: qcdq_mlp(r, akind='uint8', azero=128))
model('qcdq_mlp_zero_even')(lambda r: qcdq_mlp(r, akind='uint8', azero=10, ascale=0.0625))
model('qcdq_mlp_zero_odd')(lambda r: qcdq_mlp(r, akind='uint8', azero=37, ascale=0.0625))
model('qcdq_mlp_clip')(lambda r: qcdq_mlp(r, clip=(-7, 7)))
model('qcdq_mlp_stored')(lambda r: qcdq_mlp(r, stored=True))
model('qcdq_mlp_stored_zero')(lambda r: qcdq_mlp(r, stored=True, wkind='uint8', wlow=100, whigh=150, wzero=128))
model('qcdq_mlp_columns')(lambda r: qcdq_mlp(r, stored=True, axis=1))
model('qcdq_mlp_float_bias')(lambda r: qcdq_mlp(r, bias='int8'))
model('qcdq_mlp_no_bias')(lambda r: qcdq_mlp(r, bias=None))


@model('qcdq_mlp_blocks')
def qcdq_blocks(rng):
    net = Net(rng, 21)
    x = net.qcdq('x', 0.0625, 'int8')
    scale = (2.0 ** net.rng.integers(-5, -2, (2, 5))).astype(np.float32)
    w = net.op('DequantizeLinear', net.whole(ints(net, -8, 7, 8, 5), 'int4'), net.const(scale), axis=0, block_size=4)
    return net.done(net.qcdq(net.op('MatMul', x, w), 0.125, 'int8'), (1, 8), (1, 5))


@model('qcdq_gemm')
def qcdq_gemm(rng):
    net = Net(rng)
    x = net.qcdq('x', 0.0625, 'int8')
    w, b = net.stored(ints(net, -60, 60, 5, 8), 0.03125, axis=None), net.stored(ints(net, -200, 200, 5), 0.03125 * 0.0625, 'int32')
    return net.done(net.qcdq(net.op('Gemm', x, w, b, transB=1), 0.125, 'int8'), (1, 8), (1, 5))


def qcdq_conv(rng, axes=2, group=1, per_channel=False, pads=0, stride=1, pool='', stored=True, akind='uint8', azero=0, bias=True, flat=False):
    net, c = Net(rng), 2
    filters = 2 if group > 1 else 3
    x = net.qcdq('x', 0.0625, 'int8')
    scale = np.float32(0.03125)
    if per_channel:
        scale = (2.0 ** net.rng.integers(-6, -3, filters)).astype(np.float32)
    axis = 0 if per_channel else None
    w = net.stored(ints(net, -40, 40, filters, c // group, *[3] * axes), scale, 'int8', 0 if per_channel else None, axis=axis)
    inputs = [x, w]
    if bias:
        inputs.append(net.stored(ints(net, -400, 400, filters), scale * np.float32(0.0625), 'int32', axis=axis))
    x = net.op('Conv', *inputs, kernel_shape=[3] * axes, strides=[stride] * axes, pads=[pads] * 2 * axes, group=group)
    x = net.op('Relu', x)
    size = (7 + 2 * pads - 3) // stride + 1
    if pool == 'whole':  # on whole numbers, between the two nodes
        s, z = net.const(0.125), net.whole(azero, akind)
        x = net.op('QuantizeLinear', x, s, z)
        x, size = net.op('MaxPool', x, kernel_shape=[2] * axes, strides=[2] * axes), size // 2
        x = net.op('DequantizeLinear', x, s, z)
    else:
        x = net.qcdq(x, 0.125, akind, azero)
        if pool:
            x, size = net.op('MaxPool', x, kernel_shape=[2] * axes, strides=[2] * axes), size // 2
    shape = (1, filters, *[size] * axes)
    if flat:
        x = net.op('Flatten', x)
        n = int(np.prod(shape))
        x, shape = net.op('MatMul', x, net.stored(ints(net, -40, 40, n, 3), 0.03125)), (1, 3)
    return net.done(x, (1, c, *[7] * axes), shape)


model('qcdq_conv2d')(qcdq_conv)
model('qcdq_conv2d_channels')(lambda r: qcdq_conv(r, per_channel=True))
model('qcdq_conv2d_depthwise')(lambda r: qcdq_conv(r, group=2, pads=1, bias=False))
model('qcdq_conv2d_pool_flat')(lambda r: qcdq_conv(r, pool='real', flat=True))
model('qcdq_conv2d_pool_whole')(lambda r: qcdq_conv(r, pool='whole', akind='int8', azero=-128))
model('qcdq_conv1d')(lambda r: qcdq_conv(r, axes=1, stride=2))


# --- operators on whole numbers


@model('qlinear_matmul')
def qlinear_matmul(rng):
    net = Net(rng)
    s, z = net.const(0.0625), net.whole(0, 'int8')
    x = net.op('QuantizeLinear', 'x', s, z)
    so, zo = net.const(0.125), net.whole(0, 'int8')
    x = net.op('QLinearMatMul', x, s, z, net.whole(ints(net, -60, 60, 8, 5), 'int8'), net.const(0.03125), net.whole(0, 'int8'), so, zo)
    return net.done(net.op('DequantizeLinear', x, so, zo), (1, 8), (1, 5))


def qlinear_conv(rng, per_channel=False, two=False):
    net = Net(rng)
    s, z = net.const(0.0625), net.whole(128, 'uint8')
    x = net.op('QuantizeLinear', 'x', s, z)
    scale = (2.0 ** net.rng.integers(-6, -3, 3)).astype(np.float32) if per_channel else np.float32(0.03125)
    zw = np.zeros(3) if per_channel else 0
    so, zo = net.const(0.25), net.whole(0, 'uint8')
    x = net.op('QLinearConv', x, s, z, net.whole(ints(net, -40, 40, 3, 2, 3, 3), 'int8'), net.const(scale), net.whole(zw, 'int8'),
               so, zo, net.whole(ints(net, -400, 400, 3), 'int32'), kernel_shape=[3, 3])
    shape = (1, 3, 4, 4)
    if two:
        x = net.op('MaxPool', x, kernel_shape=[2, 2], strides=[2, 2])
        s2, z2 = net.const(0.125), net.whole(128, 'uint8')
        x = net.op('Flatten', x)
        x = net.op('QLinearMatMul', x, so, zo, net.whole(ints(net, -60, 60, 12, 3), 'int8'), net.const(0.015625), net.whole(0, 'int8'), s2, z2)
        so, zo, shape = s2, z2, (1, 3)
    return net.done(net.op('DequantizeLinear', x, so, zo), (1, 2, 6, 6), shape)


model('qlinear_conv')(qlinear_conv)
model('qlinear_conv_channels')(lambda r: qlinear_conv(r, per_channel=True))
model('qlinear_network')(lambda r: qlinear_conv(r, two=True))


@model('qlinear_gemm_add')
def qlinear_gemm(rng):
    net = Net(rng, microsoft=True)
    s, z = net.const(0.0625), net.whole(0, 'int8')
    x = net.op('QuantizeLinear', 'x', s, z)
    so, zo = net.const(0.125), net.whole(0, 'int8')
    y = net.op('QGemm', x, s, z, net.whole(ints(net, -60, 60, 8, 8), 'int8'), net.const(0.03125), net.whole(0, 'int8'),
               net.whole(ints(net, -300, 300, 8), 'int32'), so, zo, domain='com.microsoft', transB=1)
    y = net.op('QLinearAdd', y, so, zo, x, s, z, so, zo, domain='com.microsoft')
    return net.done(net.op('DequantizeLinear', y, so, zo), (1, 8), (1, 8))


# --- Brevitas


def brevitas_mlp(rng, export):
    import brevitas.nn as qnn
    import torch
    from brevitas.quant import Int8ActPerTensorFixedPoint, Int8WeightPerTensorFixedPoint, Uint8ActPerTensorFixedPoint

    torch.manual_seed(int(rng.integers(1 << 30)))
    m = torch.nn.Sequential(
        qnn.QuantIdentity(act_quant=Int8ActPerTensorFixedPoint), qnn.QuantLinear(8, 6, bias=False, weight_quant=Int8WeightPerTensorFixedPoint),
        qnn.QuantReLU(act_quant=Uint8ActPerTensorFixedPoint), qnn.QuantLinear(6, 3, bias=False, weight_quant=Int8WeightPerTensorFixedPoint))
    m.train()
    for _ in range(30):
        m(torch.randn(64, 8))
    m.eval()
    return exported(m, (1, 8), export)


def brevitas_conv(rng, export):
    import brevitas.nn as qnn
    import torch
    from brevitas.quant import Int8ActPerTensorFixedPoint, Int8WeightPerTensorFixedPoint, Uint8ActPerTensorFixedPoint

    torch.manual_seed(int(rng.integers(1 << 30)))
    m = torch.nn.Sequential(
        qnn.QuantIdentity(act_quant=Int8ActPerTensorFixedPoint), qnn.QuantConv2d(2, 3, 3, bias=False, weight_quant=Int8WeightPerTensorFixedPoint),
        qnn.QuantReLU(act_quant=Uint8ActPerTensorFixedPoint), torch.nn.MaxPool2d(2), torch.nn.Flatten(),
        qnn.QuantLinear(12, 3, bias=False, weight_quant=Int8WeightPerTensorFixedPoint))
    m.train()
    for _ in range(30):
        m(torch.randn(16, 2, 6, 6))
    m.eval()
    return exported(m, (1, 2, 6, 6), export)


def exported(m, shape, export):
    import torch
    from brevitas.export import export_onnx_qcdq, export_qonnx

    with tempfile.TemporaryDirectory() as folder:
        path = f'{folder}/m.onnx'
        {'qcdq': export_onnx_qcdq, 'qonnx': export_qonnx}[export](m, torch.zeros(*shape), path)
        return onnx.load(path)


for kind, build in (('mlp', brevitas_mlp), ('conv', brevitas_conv)):
    for export in ('qcdq', 'qonnx'):
        model(f'brevitas_{kind}_{export}')(lambda r, build=build, export=export: build(r, export))


# --- answers


def answers(m, X):
    if any('qonnx' in n.domain or 'brevitas' in n.domain for n in m.graph.node):
        import qonnx.core.onnx_exec as execution
        from qonnx.core.modelwrapper import ModelWrapper
        from qonnx.util.cleanup import cleanup_model

        onnx.IR_VERSION = onnx.helper.IR_VERSION = 10
        m = onnx.ModelProto.FromString(m.SerializeToString())
        m.ir_version = min(m.ir_version, 10)
        w = cleanup_model(ModelWrapper(m))
        name, out = w.graph.input[0].name, w.graph.output[0].name
        shape = w.get_tensor_shape(name)
        return np.concatenate([execution.execute_onnx(w, {name: x.reshape(shape)})[out] for x in X])
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
    s = ort.InferenceSession(m.SerializeToString(), options, providers=['CPUExecutionProvider'])
    return np.concatenate([s.run(None, {s.get_inputs()[0].name: x[None]})[0] for x in X])


CONFIG = """OutputDir: prj
ProjectName: myproject
Backend: Vitis
Part: xcvu13p-flga2577-2-e
ClockPeriod: 5
IOType: io_parallel
HLSConfig:
  Model:
    Precision:
      default: fixed<40,20>
      result: auto
      accum: auto
    ReuseFactor: 1
    Strategy: Latency
OnnxModel: model.onnx
"""


def main(names):
    for name in names or MODELS:
        rng = np.random.default_rng(zlib.crc32(name.encode()))
        m = MODELS[name](rng)
        shape = [d.dim_value for d in m.graph.input[0].type.tensor_type.shape.dim][1:]
        X = rng.normal(0, 2, (24, *shape))
        X[0], X[-2:] = 0, X[-2:] * 8
        X = (np.round(X * 256) / 256).astype(np.float32)
        X[1] = np.round(X[1] * 16) / 16 + 0.03125  # ties
        y = answers(m, X).reshape(len(X), -1).astype(np.float32)
        folder = HERE / name
        folder.mkdir(exist_ok=True)
        onnx.save(m, str(folder / 'model.onnx'))
        (folder / 'hls4ml_config.yml').write_text(CONFIG)
        np.save(folder / 'X.npy', np.ascontiguousarray(np.moveaxis(X, 1, -1)))  # the firmware has channels last
        np.save(folder / 'y.npy', y)
        print(name, y.shape, float(np.abs(y).max()), len(np.unique(y)))


if __name__ == '__main__':
    main(sys.argv[1:])
