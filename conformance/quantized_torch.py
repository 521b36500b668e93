#!/usr/bin/env python3
"""Random quantized modules of PyTorch, whose steps are powers of two, with their own answers.

    quantized_torch.py OUT --count N --seed S

writes OUT/<seed>_<number>/ with model.pt2, hls4ml_config.yml, X.npy and y_float.npy, what the module answers.
`HLSGO_MODULES=OUT go test -run TestQuantizedModules .` wants the firmware's answer equal in every bit.
"""
import argparse
import os
from pathlib import Path

os.environ.setdefault('CUDA_VISIBLE_DEVICES', '-1')

import numpy as np  # noqa: E402
import torch  # noqa: E402
import yaml  # noqa: E402
from random_draw import pick  # noqa: E402

try:
    import torch.ao.quantization.fx._decomposed  # noqa: E402, F401
except ImportError:
    pass


class Quantizer(torch.nn.Module):
    """A fake quantizer, or a pair of quantize and dequantize as PT2E has it."""

    def __init__(self, bits, exponent, signed, pair):
        super().__init__()
        self.scale, self.pair = 2.0**exponent, pair
        self.low, self.high = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if signed else (0, 2**bits - 1)

    def forward(self, x):
        if not self.pair:
            return torch.fake_quantize_per_tensor_affine(x, self.scale, 0, self.low, self.high)
        ops = torch.ops.quantized_decomposed
        kind = torch.int8 if self.low < 0 else torch.uint8
        q = ops.quantize_per_tensor(x, self.scale, 0, self.low, self.high, kind)
        return ops.dequantize_per_tensor(q, self.scale, 0, self.low, self.high, kind)


class Layer(torch.nn.Module):
    """A matrix or convolution with weights on a grid, one for all or one for each output."""

    def __init__(self, rng, weight, axes):
        super().__init__()
        self.weight, self.axes = torch.nn.Parameter(torch.tensor(rng.normal(0, 0.5, weight), dtype=torch.float32)), axes
        self.bits, self.exponent = int(rng.integers(3, 9)), int(rng.integers(-6, -2))
        self.channels = bool(rng.random() < 0.4)
        self.register_buffer('scales', torch.tensor([2.0 ** (self.exponent + int(rng.integers(0, 2))) for _ in range(weight[0])]))
        self.register_buffer('zeros', torch.zeros(weight[0], dtype=torch.int32))
        self.bias = torch.nn.Parameter(torch.tensor(rng.integers(-20, 20, weight[0]) / 16.0, dtype=torch.float32))

    def forward(self, x):
        low, high = -(2 ** (self.bits - 1)), 2 ** (self.bits - 1) - 1
        if self.channels:
            w = torch.fake_quantize_per_channel_affine(self.weight, self.scales, self.zeros, 0, low, high)
        else:
            w = torch.fake_quantize_per_tensor_affine(self.weight, 2.0**self.exponent, 0, low, high)
        b = torch.fake_quantize_per_tensor_affine(self.bias, 2.0**-4, 0, -128, 127)
        F = torch.nn.functional
        return [F.linear, F.conv1d, F.conv2d][self.axes](x, w, b)


def network(rng):
    axes = int(rng.integers(0, 3))
    pair = bool(rng.random() < 0.4)
    shape = [int(rng.integers(2, 6))] + [int(rng.integers(4, 7)) for _ in range(axes)]
    size, pixels = shape[0], shape[1:]
    layers = [Quantizer(8, -4, True, pair)]
    for _ in range(int(rng.integers(1, 4))):
        out, kernel = int(rng.integers(1, 6)), int(rng.integers(1, 3))
        if axes and min(pixels) < kernel:
            break
        layers.append(Layer(rng, (out, size, *[kernel] * axes), axes))
        pixels, size = [p - kernel + 1 for p in pixels], out
        relu = bool(rng.random() < 0.6)
        if relu:
            layers.append(torch.nn.ReLU())
        layers.append(Quantizer(int(rng.integers(4, 9)), int(rng.integers(-5, -1)), not relu, pair))
    return torch.nn.Sequential(*layers).eval(), tuple(shape)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument('out')
    p.add_argument('--count', type=int, default=30)
    p.add_argument('--seed', type=int, default=1)
    a = p.parse_args()
    for n in range(a.count):
        rng = np.random.default_rng([a.seed, n])
        m, shape = network(rng)
        target = Path(a.out) / f'{a.seed}_{n}'
        target.mkdir(parents=True, exist_ok=True)
        torch.export.save(torch.export.export(m, (torch.zeros(1, *shape),)), str(target / 'model.pt2'))
        x = rng.normal(0, 3, (32, *shape)).astype(np.float32)
        x[1] = np.round(x[1] * 16) / 16 + 1 / 32
        np.save(target / 'X.npy', x)
        with torch.no_grad():
            np.save(target / 'y_float.npy', m(torch.tensor(x)).numpy())
        cfg = {'OutputDir': 'prj', 'ProjectName': 'myproject', 'Backend': pick(rng, ['Vitis', 'Vivado']), 'Version': '1.0.0',
               'Part': 'xcvu13p-flga2577-2-e', 'ClockPeriod': 5, 'IOType': 'io_parallel',
               'HLSConfig': {'Model': {'Precision': {'default': 'fixed<32,16>'}, 'ReuseFactor': 1, 'ChannelsLastConversion': 'full',
                                       'TransposeOutputs': True}, 'LayerName': {'input_1': {'Precision': {'result': 'fixed<40,12>'}}}},
               'PytorchModel': 'model.pt2', 'InputShape': list(shape)}
        (target / 'hls4ml_config.yml').write_text(yaml.safe_dump(cfg, sort_keys=False))


if __name__ == '__main__':
    main()
