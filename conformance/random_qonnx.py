#!/usr/bin/env python3
"""Random networks of QONNX, answered by the real hls4ml 1.3.0.

    random_qonnx.py OUT --count N --seed S [--models]

writes OUT/<seed>_<number>/ with model.onnx (after qonnx's clean-up), hls4ml_config.yml, X.npy and y.npy for each
network that hls4ml converts, compiles and runs, and OUT/<seed>_<number>.refused with the reason for each that it
does not. `HLSGO_RANDOM=OUT go test -run TestRandomAgainstHLS4ML ./conformance` then predicts them all and compares
every bit. With --models nothing is compiled and no y.npy written, for
`HLSGO_RANDOM=OUT go test -run TestRandomModelsFirmware ./conformance`.
Needs hls4ml==1.3.0, onnx, qonnx==1.0.0 and g++.
"""
import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path

os.environ.setdefault('TF_CPP_MIN_LOG_LEVEL', '3')
os.environ.setdefault('CUDA_VISIBLE_DEVICES', '-1')

import numpy as np  # noqa: E402
import random_hls4ml as common  # noqa: E402
from random_draw import pick, precision  # noqa: E402

QONNX = 'qonnx.custom_op.general'


class Net:
    """A network under construction: a tensor at a time, channels first as exporters write them."""

    def __init__(self, rng):
        self.rng, self.nodes, self.inits = rng, [], {}

    def op(self, kind, inputs, domain=None, **attributes):
        from onnx import helper

        out = f't{len(self.nodes)}'
        self.nodes.append(helper.make_node(kind, inputs, [out], name=f'{kind}{len(self.nodes)}', domain=domain, **attributes))
        return out

    def const(self, value):
        name = f'c{len(self.inits)}'
        self.inits[name] = np.asarray(value, np.float32)
        return name

    def scale(self, low=-5, high=1):
        """A scale, a power of two more often than not."""
        if self.rng.random() < 0.65:
            return float(2.0 ** self.rng.integers(low, high))
        return float(np.float32(self.rng.uniform(2.0**low, 2.0**high)))

    def quant(self, x, weights=False, channels=0):
        """A quantizer; channels: a scale for each first axis may be drawn."""
        rng = self.rng
        if rng.random() < 0.1:
            return self.op('BipolarQuant', [x, self.const(pick(rng, [1.0, 1.0, 0.5, 0.3]))], QONNX)
        signed = bool(weights or rng.random() < 0.6)
        scale = self.scale(-6 if weights else -5, 0)
        if channels and rng.random() < 0.4:
            scale = np.array([self.scale(-6, -1) for _ in range(channels)]) if rng.random() < 0.5 else np.full(channels, scale)
            scale = scale.reshape(-1, *channels_shape(self.inits[x].ndim))
        zero = 0.0 if rng.random() < 0.85 else float(rng.integers(-4, 5))
        bits = float(rng.integers(2, 9))
        if rng.random() < 0.03:
            bits += 0.5
        return self.op(
            'Quant', [x, self.const(scale), self.const(zero), self.const(bits)], QONNX, signed=int(signed),
            narrow=int(signed and rng.random() < 0.4), rounding_mode=pick(rng, ['ROUND', 'ROUND', 'ROUND', 'FLOOR']),
        )

    def maybe_quant(self, x, chance=0.75, **more):
        return self.quant(x, **more) if self.rng.random() < chance else x

    def weights(self, *shape, per_channel=False):
        w = self.const(self.rng.normal(0, 0.6, shape))
        return self.maybe_quant(w, 0.85, weights=True, channels=shape[0] if per_channel else 0)


def channels_shape(axes):
    return [1] * (axes - 1)


def activation(net, x):
    kind = pick(net.rng, ['Relu', 'Relu', 'Relu', 'Tanh', 'Sigmoid', 'none'])
    x = x if kind == 'none' else net.op(kind, [x])
    return net.maybe_quant(x)


def bias(net, x, shape):
    """A sum, difference, product or quotient with constants."""
    b = net.const(net.rng.uniform(0.2, 1.2, shape) * net.rng.choice([-1, 1], shape))
    b = net.maybe_quant(b, 0.6, weights=True)
    kind = pick(net.rng, ['Add', 'Add', 'Add', 'Add', 'Sub', 'Mul', 'Div'])
    if kind == 'Div' and not b.startswith('c'):
        kind = 'Add'  # a quantized divisor may be zero
    return net.op(kind, [b, x] if kind != 'Div' and net.rng.random() < 0.15 else [x, b])


def batch_norm(net, x, channels):
    r = net.rng
    values = [r.uniform(0.5, 1.5, channels), r.normal(0, 0.3, channels), r.normal(0, 0.3, channels), r.uniform(0.3, 2, channels)]
    return net.op('BatchNormalization', [x, *[net.const(v) for v in values]], epsilon=1e-3)


def dense_part(net, x, size, count):
    for _ in range(count):
        out = int(net.rng.integers(2, 9))
        y = net.op('MatMul', [x, net.weights(size, out)])
        if net.rng.random() < 0.7:
            y = bias(net, y, (out,))
        if net.rng.random() < 0.15:
            y = batch_norm(net, y, out)
        y = activation(net, y)
        if size == out and net.rng.random() < 0.5:
            y = net.maybe_quant(net.op('Add', [y, x]), 0.5)
        x, size = y, out
    return x, size


def mlp(rng):
    net, size = Net(rng), int(rng.integers(2, 11))
    x, out = dense_part(net, net.maybe_quant('x', 0.8), size, int(rng.integers(1, 4)))
    return model(net, (1, size), x, (1, out)), False


def conv(rng, axes):
    net, channels = Net(rng), int(rng.integers(1, 4))
    shape = [int(rng.integers(4, 8)) for _ in range(axes)]
    first = (1, channels, *shape)
    x = net.maybe_quant('x', 0.8)
    for _ in range(int(rng.integers(1, 3))):
        depthwise = channels > 1 and rng.random() < 0.25
        filters = channels if depthwise else int(rng.integers(1, 5))
        window = [int(rng.integers(1, min(4, n + 1))) for n in shape]
        if axes == 2 and rng.random() < 0.7:
            window = [min(window)] * 2
        strides = [int(rng.integers(1, 3)) if w > 1 else 1 for w in window]
        pads = [int(rng.integers(0, w)) for w in window * 2] if rng.random() < 0.5 else [0] * (2 * axes)
        inputs = [x, net.weights(filters, 1 if depthwise else channels, *window, per_channel=True)]
        if rng.random() < 0.5:
            inputs.append(net.maybe_quant(net.const(rng.normal(0, 0.4, filters)), 0.5, weights=True))
        x = net.op('Conv', inputs, kernel_shape=window, strides=strides, pads=pads, dilations=[1] * axes, group=channels if depthwise else 1)
        shape = [(n + pads[i] + pads[i + axes] - w) // s + 1 for i, (n, w, s) in enumerate(zip(shape, window, strides))]
        channels = filters
        if rng.random() < 0.25:
            x = batch_norm(net, x, channels)
        x = activation(net, x)
        if axes == 2 and min(shape) >= 2 and rng.random() < 0.3:
            x = net.op('MaxPool', [x], kernel_shape=[2, 2], strides=[2, 2], pads=[0] * 4)
            shape = [n // 2 for n in shape]
        if min(shape) < 2:
            break
    size = channels * int(np.prod(shape))
    if rng.random() < 0.4:
        x = net.op('Flatten', [x], axis=1)
        x, size = dense_part(net, x, size, 1)
        return model(net, first, x, (1, size)), True
    return model(net, first, x, (1, channels, *shape)), True


def model(net, shape, out, out_shape):
    from onnx import TensorProto, helper, numpy_helper

    if out == 'x' or not net.nodes:
        raise ValueError('an empty network')
    graph = helper.make_graph(
        net.nodes, 'random', [helper.make_tensor_value_info('x', TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info(out, TensorProto.FLOAT, out_shape)],
        [numpy_helper.from_array(v, k) for k, v in net.inits.items()],
    )
    m = helper.make_model(graph, opset_imports=[helper.make_opsetid('', 13), helper.make_opsetid(QONNX, 1)])
    m.ir_version = 8
    return m


def clean(m, pictures):
    import onnx
    from qonnx.core.modelwrapper import ModelWrapper
    from qonnx.transformation.channels_last import ConvertToChannelsLastAndClean
    from qonnx.transformation.gemm_to_matmul import GemmToMatMul
    from qonnx.util.cleanup import cleanup_model

    onnx.IR_VERSION = 10  # what onnxruntime reads
    onnx.helper.IR_VERSION = 10
    w = cleanup_model(ModelWrapper(m))
    if pictures:
        w = w.transform(ConvertToChannelsLastAndClean(make_input_channels_last=True))
    return cleanup_model(w.transform(GemmToMatMul())).model


def settings(rng, m, backend):
    import hls4ml

    cfg = hls4ml.utils.config_from_onnx_model(
        m, granularity=pick(rng, ['name', 'name', 'name', 'type', 'model']), backend=backend,
        default_precision=precision(rng, signed=True, low=10, modes=0.2), default_reuse_factor=int(rng.integers(1, 5)),
    )
    cfg['Model']['Strategy'] = pick(rng, ['Latency', 'Latency', 'Resource'])
    for entry in cfg.get('LayerName', {}).values():
        types = entry.get('Precision', {})
        for role in types:
            if role != 'table' and rng.random() < 0.07:
                types[role] = precision(rng, signed=True, low=8)
        if 'ReuseFactor' in entry and rng.random() < 0.1:
            entry['ReuseFactor'] = int(rng.integers(1, 8))
    return cfg


def samples(rng, m, count=24):
    x = common.samples(rng, [d.dim_value for d in m.graph.input[0].type.tensor_type.shape.dim][1:], count)
    x[-4:] /= 6
    return (np.round(x * 256) / 256).astype(np.float32) if rng.random() < 0.5 else x.astype(np.float32)


def scales(n):
    """Fewer scales than values, where the firmware counts all."""
    short = int(np.prod(n.weights['bias'].shape)) < n.get_attr('n_in') and n.get_attr('n_filt') == -1
    return 'scales behind their array' if short else None


def kernel(n):
    """Weights that a fold made larger than the firmware reads them, and blocks of weights that reach behind them."""
    pixels = n.get_attr('filt_width') * n.get_attr('filt_height', 1)
    terms = n.get_attr('n_chan') * pixels
    if int(np.prod(n.weights['weight'].data.shape)) != terms * n.get_attr('n_filt'):
        return 'weights of other sizes than the firmware reads'
    if n.get_attr('strategy') == 'resource' and terms * n.get_attr('n_filt') % n.get_attr('reuse_factor', 1):
        return 'a reuse factor that does not divide the weights'
    return common.window(n)


CONVOLUTIONS = ['Conv1D', 'Conv2D', 'PointwiseConv1D', 'PointwiseConv2D']
common.RULES = {**common.RULES, 'ApplyAlpha': scales, **dict.fromkeys(CONVOLUTIONS, kernel)}


def answer(out, ask, seed, number, options):
    import onnx
    import yaml
    from hls4ml.converters.onnx_to_hls import onnx_to_hls

    rng = np.random.default_rng([seed, number])
    backend, io = pick(rng, ['Vitis', 'Vitis', 'Vivado']), pick(rng, ['io_parallel', 'io_parallel', 'io_stream'])
    m, pictures = mlp(rng) if rng.random() < 0.5 else conv(rng, int(rng.integers(1, 3)))
    m = clean(m, pictures)
    hls, X = settings(rng, m, backend), samples(rng, m)
    target, work = Path(out) / f'{seed}_{number}', Path(tempfile.mkdtemp())
    shutil.rmtree(target, ignore_errors=True)
    try:
        onnx.save(m, str(work / 'model.onnx'))
        cfg = {
            'OutputDir': 'prj', 'ProjectName': 'myproject', 'Backend': backend, 'Version': '1.0.0',
            'Part': 'xcvu13p-flga2577-2-e', 'ClockPeriod': 5, 'IOType': io, 'HLSConfig': hls, 'OnnxModel': 'model.onnx',
            'WriterConfig': {'Namespace': None, 'WriteWeightsTxt': True, 'WriteTar': False, 'TBOutputStream': 'both'},
        }
        text = yaml.dump(cfg, sort_keys=False)
        run = yaml.safe_load(text)
        run.update(OutputDir=str(work / 'prj'), OnnxModel=str(work / 'model.onnx'))
        if ask:
            graph = onnx_to_hls(run)
            reason = common.unusable(graph, 1)
            if reason:
                raise RuntimeError(f'not asked: {reason}')
            graph.write()
            common.shorten(work / 'prj' / 'build_lib.sh', options)
            graph._compile()
            common.in_child(lambda: common.predict(graph, [X], work))
        target.mkdir(parents=True)
        shutil.copy(work / 'model.onnx', target)
        (target / 'hls4ml_config.yml').write_text(text)
        np.save(target / 'X.npy', X)
        if ask:
            shutil.copy(work / 'y.npy', target)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def main():
    p = argparse.ArgumentParser()
    p.add_argument('out')
    p.add_argument('--count', type=int, default=20)
    p.add_argument('--seed', type=int, default=1)
    p.add_argument('--first', type=int, default=0)
    p.add_argument('--models', action='store_true')
    a = p.parse_args()
    Path(a.out).mkdir(parents=True, exist_ok=True)
    log = tempfile.TemporaryFile()
    said = os.dup(1)
    os.dup2(log.fileno(), 1)
    os.dup2(log.fileno(), 2)
    with tempfile.TemporaryDirectory() as folder:
        options = '' if a.models else common.compiled_headers(folder)
        good = 0
        for n in range(a.first, a.first + a.count):
            log.truncate(0)
            log.seek(0)
            try:
                answer(a.out, not a.models, a.seed, n, options)
                good += 1
            except Exception as e:  # noqa: B902
                text = f'{type(e).__name__}: {e}\n' + common.compiler_error(log)
                (Path(a.out) / f'{a.seed}_{n}.refused').write_text(text)
            os.write(said, f'{n}: {good} answered\n'.encode())


if __name__ == '__main__':
    sys.exit(main())
