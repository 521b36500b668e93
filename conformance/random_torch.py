#!/usr/bin/env python3
"""Random modules of PyTorch, answered by the real hls4ml 1.3.0 and by PyTorch itself.

    random_torch.py OUT --count N --seed S [--family FAMILY] [--models]

writes OUT/<seed>_<number>/ with model.pt2 (torch.export.save), hls4ml_config.yml, inputs, the answers of hls4ml
(y.npy) and those of PyTorch (y_float.npy) for each network that hls4ml converts, compiles and runs, and
OUT/<seed>_<number>.refused with the reason for each that it does not. FAMILY is dense, picture, series, blocks, or "all".
`HLSGO_RANDOM=OUT go test -run TestRandomAgainstHLS4ML ./conformance` predicts them all and compares every bit,
`hlsgo predict --float` is to answer y_float.npy. With --models
hls4ml is not asked: the families then hold operators that it does not read. Needs hls4ml==1.3.0, torch and g++.
"""
import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path

os.environ.setdefault('CUDA_VISIBLE_DEVICES', '-1')

import numpy as np  # noqa: E402
from random_draw import pick, precision  # noqa: E402
from random_hls4ml import compiled_headers, in_child, numbered, predict, shorten, unusable  # noqa: E402


def activation(rng, nn):
    return pick(rng, [nn.ReLU(), nn.ReLU(), nn.Tanh(), nn.Sigmoid(), nn.LeakyReLU(float(np.round(rng.uniform(0.01, 0.6), 3))),
                      nn.ELU(float(np.round(rng.uniform(0.2, 1.5), 2))), nn.Threshold(float(np.round(rng.uniform(0, 1), 2)), 0.0)])


def module(torch, layers, forward):
    class Net(torch.nn.Module):
        def __init__(self):
            super().__init__()
            for name, layer in layers.items():
                setattr(self, name, layer)

    Net.forward = forward
    return Net()


def dense(rng, torch, more):
    """Matrices in a row, with a second branch now and then."""
    nn = torch.nn
    size = int(rng.integers(2, 13))
    shapes, layers, order, width = [(size,)], {}, [], size
    for k in range(int(rng.integers(1, 5))):
        out = int(rng.integers(1, 11))
        layers[f'fc{k}'] = nn.Linear(width, out, bias=bool(rng.random() < 0.8))
        order.append(f'fc{k}')
        width = out
        if rng.random() < 0.3:
            layers[f'bn{k}'] = nn.BatchNorm1d(width, affine=bool(rng.random() < 0.8))
            order.append(f'bn{k}')
        if rng.random() < 0.7:
            layers[f'act{k}'] = activation(rng, nn)
            order.append(f'act{k}')
        if rng.random() < 0.15:
            layers[f'drop{k}'] = nn.Dropout(0.3)
            order.append(f'drop{k}')
    layers['skip'] = nn.Linear(size, width)
    end = pick(rng, ['plain', 'plain', 'add', 'sub', 'mul', 'cat', 'minimum', 'softmax', 'scalar', 'relu'])
    number = float(np.round(rng.uniform(-2, 2), 3))

    def forward(self, x):
        y = x
        for name in order:
            y = getattr(self, name)(y)
        F = torch.nn.functional
        if end == 'plain':
            return y
        if end == 'softmax':
            return F.softmax(y, dim=-1)
        if end == 'relu':
            return torch.relu(y)
        if end == 'scalar':
            return torch.mul(y + number, 0.75)
        z = self.skip(x)
        if end == 'cat':
            return torch.cat((y, z), dim=1)
        if end == 'minimum':
            return torch.minimum(y, z)
        return {'add': torch.add, 'sub': torch.sub, 'mul': torch.mul}[end](y, z)

    if not ({'add', 'sub', 'mul', 'cat', 'minimum'} & {end}):
        del layers['skip']
    return module(torch, layers, forward), shapes, 'full'


def picture(rng, torch, more):
    """Convolutions over one or two axes."""
    nn = torch.nn
    axes = int(rng.integers(1, 3))
    Conv, Max, Avg = [(nn.Conv1d, nn.MaxPool1d, nn.AvgPool1d), (nn.Conv2d, nn.MaxPool2d, nn.AvgPool2d)][axes - 1]
    Norm = [nn.BatchNorm1d, nn.BatchNorm2d][axes - 1]
    channels = int(rng.integers(1, 4))
    pixels = [int(rng.integers(5, 9)) for _ in range(axes)]
    shape = (channels, *pixels)
    layers = []
    for _ in range(int(rng.integers(1, 4))):
        kind = pick(rng, ['conv', 'conv', 'conv', 'pool', 'act', 'norm', 'pad', 'up'])
        size = int(rng.integers(1, min(4, min(pixels) + 1)))
        if kind == 'conv':
            out, pad, stride = int(rng.integers(1, 4)), int(rng.integers(0, 2)), int(rng.integers(1, 3))
            groups = 1
            if more and rng.random() < 0.3:
                out = groups = channels
            layers.append(Conv(channels, out, size, stride=stride, padding=pad, groups=groups, bias=bool(rng.random() < 0.8)))
            channels, pixels = out, [(p + 2 * pad - size) // stride + 1 for p in pixels]
        elif kind == 'pool':
            size = min(size + 1, min(pixels))
            pad = int(rng.integers(0, size // 2 + 1))
            layers.append(Max(size, padding=pad) if rng.random() < 0.5 else Avg(size, padding=pad, count_include_pad=bool(rng.random() < 0.5)))
            pixels = [(p + 2 * pad - size) // size + 1 for p in pixels]
        elif kind == 'act':
            layers.append(activation(rng, nn))
        elif kind == 'norm':
            layers.append(Norm(channels))
        elif kind == 'pad':
            ends = [int(rng.integers(0, 3)) for _ in range(2 * axes)]
            layers.append([nn.ConstantPad1d, nn.ConstantPad2d][axes - 1](tuple(ends), 0.0))
            pixels = [p + ends[2 * (axes - 1 - i)] + ends[2 * (axes - 1 - i) + 1] for i, p in enumerate(pixels)]
        else:
            layers.append(nn.Upsample(scale_factor=2, mode='nearest'))
            pixels = [2 * p for p in pixels]
        if min(pixels) < 1:
            raise ValueError('no pixel left')
    how = pick(rng, ['full', 'full', 'internal'])
    if rng.random() < 0.5:
        layers += [nn.Flatten(), nn.Linear(channels * int(np.prod(pixels)), int(rng.integers(1, 5)))]
    return nn.Sequential(*layers), [shape], how


def series(rng, torch, more):
    """Recurrent layers, and rows."""
    nn = torch.nn
    steps, width, units = (int(rng.integers(2, 7)) for _ in range(3))
    kind = pick(rng, ['LSTM', 'GRU', 'rows', 'rows_full'])
    if kind.startswith('rows'):
        layers = {'fc': nn.Linear(width, units), 'norm': nn.LayerNorm(units if kind == 'rows' else width)}

        def rows(self, x):
            return self.norm(self.fc(x)) if kind == 'rows' else torch.relu(self.norm(x))

        if kind == 'rows_full':
            del layers['fc']
        return module(torch, layers, rows), [(steps, width)], 'off' if kind == 'rows' else 'full'
    deep = {'num_layers': int(rng.integers(1, 4)), 'bias': bool(rng.random() < 0.7)} if more else {}
    layers = {'rnn': getattr(nn, kind)(width, units, batch_first=True, **deep), 'fc': nn.Linear(units, int(rng.integers(1, 5)))}

    def forward(self, x):
        y, _ = self.rnn(x)
        return self.fc(y[:, -1])

    return module(torch, layers, forward), [(steps, width)], 'internal' if more else 'off'


def blocks(rng, torch, more):
    """Blocks as those of torchvision: residual, depthwise-separable, inverted residual, and a U-Net's skip."""
    nn = torch.nn
    c, p = int(rng.integers(2, 5)), 2 * int(rng.integers(2, 4))
    kind = pick(rng, ['residual', 'unet', 'branches'] + (['separable', 'inverted', 'attention', 'squeeze'] if more else []))
    conv = lambda i, o, k=3, g=1, s=1: nn.Conv2d(i, o, k, padding=k // 2, groups=g, stride=s)  # noqa: E731
    layers = {'stem': conv(c, c), 'bn': nn.BatchNorm2d(c)}
    if kind == 'residual':
        layers.update(a=conv(c, c), b=nn.BatchNorm2d(c), d=conv(c, c))
        forward = lambda s, x: torch.relu((lambda y: s.d(torch.relu(s.b(s.a(y)))) + y)(s.bn(s.stem(x))))  # noqa: E731
    elif kind == 'unet':
        layers.update(down=nn.MaxPool2d(2), a=conv(c, c), up=nn.Upsample(scale_factor=2), d=conv(2 * c, 2))
        forward = lambda s, x: (lambda y: s.d(torch.cat((s.up(torch.relu(s.a(s.down(y)))), y), dim=1)))(s.bn(s.stem(x)))  # noqa: E731
    elif kind == 'branches':
        layers.update(a=conv(c, 2), d=conv(c, 2, 1))
        forward = lambda s, x: (lambda y: torch.mul(torch.sigmoid(s.a(y)), s.d(y)))(s.bn(s.stem(x)))  # noqa: E731
    elif kind == 'separable':
        layers.update(a=conv(c, c, 3, c), b=nn.BatchNorm2d(c), d=conv(c, 3, 1), pool=nn.AdaptiveAvgPool2d(1), fc=nn.Linear(3, 2))
        forward = lambda s, x: s.fc(torch.flatten(s.pool(torch.relu(s.d(torch.relu(s.b(s.a(s.bn(s.stem(x)))))))), 1))  # noqa: E731
    elif kind == 'inverted':
        layers.update(a=conv(c, 2 * c, 1), b=conv(2 * c, 2 * c, 3, 2 * c), r=nn.ReLU6(), d=conv(2 * c, c, 1))
        forward = lambda s, x: (lambda y: s.d(s.r(s.b(s.r(s.a(y))))) + y)(s.bn(s.stem(x)))  # noqa: E731
    elif kind == 'attention':
        layers.update(a=nn.Linear(p, p), silu=nn.SiLU())
        forward = lambda s, x: s.silu(s.a(s.bn(s.stem(x))).permute(0, 1, 3, 2))  # noqa: E731
    else:
        layers.update(h=nn.Hardswish(), g=nn.Hardsigmoid(), fc=nn.Linear(c, 3))
        forward = lambda s, x: s.fc(s.h(1 - s.g(s.bn(s.stem(x)) / 2)).mean((2, 3)))  # noqa: E731
    return module(torch, layers, forward), [(c, p, p)], pick(rng, ['full', 'internal'])


FAMILIES = {'dense': dense, 'picture': picture, 'series': series, 'blocks': blocks}


def randomize(rng, torch, m):
    with torch.no_grad():
        for name, b in m.named_buffers():
            if name.endswith('running_var'):
                b.copy_(torch.tensor(rng.uniform(0.3, 2, b.shape), dtype=torch.float32))
            elif name.endswith('running_mean'):
                b.copy_(torch.tensor(rng.normal(0, 0.3, b.shape), dtype=torch.float32))
        for p in m.parameters():
            p.add_(torch.tensor(rng.uniform(-0.3, 0.3, p.shape), dtype=torch.float32))


def samples(rng, shape, n=24):
    x = rng.normal(0, 1.5, (n, *shape))
    x[0] = 0
    x[1] = np.round(x[1] * 1024) / 1024 + 1 / 2048
    x[-3:] *= 20
    return x.astype(np.float32)


def settings(rng, m, shapes, how, backend):
    """hls4ml's own configuration, with a type here and there."""
    from hls4ml.utils.config import config_from_pytorch_model

    shape = [(None, *s) for s in shapes]
    granularity = pick(rng, ['model', 'type', 'name', 'name'])
    cfg = config_from_pytorch_model(m, shape if len(shape) > 1 else shape[0], granularity=granularity, backend=backend,
                                    default_precision=precision(rng, True, 10, 18, 0.2), channels_last_conversion=how,
                                    transpose_outputs=bool(how == 'full' and rng.random() < 0.3))
    cfg = {k: v for k, v in cfg.items() if k not in ('PytorchModel', 'InputShape')}
    for layer in cfg.get('LayerName', {}).values():
        if rng.random() < 0.3:
            layer['Precision']['result'] = precision(rng, None, 8, 18)
    return cfg


def draw(rng, family, more):
    import torch

    build = FAMILIES[family if family != 'all' else pick(rng, sorted(FAMILIES))]
    m, shapes, how = build(rng, torch, more)
    randomize(rng, torch, m)
    return m.eval(), shapes, how


def answer(out, family, ask, seed, number, options):
    import torch
    import yaml
    from hls4ml.converters.pytorch_to_hls import pytorch_to_hls

    rng = np.random.default_rng([seed, number])
    torch.manual_seed(1000 * seed + number)
    target, work = Path(out) / f'{seed}_{number}', Path(tempfile.mkdtemp())
    shutil.rmtree(target, ignore_errors=True)
    try:
        m, shapes, how = draw(rng, family, not ask)
        backend = pick(rng, ['Vitis', 'Vivado'])
        args = tuple(torch.zeros(2, *s) for s in shapes)
        dynamic = rng.random() < 0.3
        batch = torch.export.Dim('batch', min=1, max=4096)
        p = torch.export.export(m, args, dynamic_shapes=tuple({0: batch} for _ in args) if dynamic and ask else None)
        torch.export.save(p, str(work / 'model.pt2'))
        if ask:
            hls = settings(rng, m, shapes, how, backend)
        else:
            hls = {'Model': {'Precision': 'fixed<24,10>', 'ReuseFactor': 1, 'ChannelsLastConversion': how, 'TransposeOutputs': False}}
        plain = [list(s) for s in shapes]
        cfg = {'OutputDir': 'prj', 'ProjectName': 'myproject', 'Backend': backend, 'Version': '1.0.0', 'Part': 'xcvu13p-flga2577-2-e',
               'ClockPeriod': 5, 'IOType': 'io_parallel', 'HLSConfig': hls, 'PytorchModel': 'model.pt2',
               'InputShape': plain if len(plain) > 1 else plain[0],
               'WriterConfig': {'Namespace': None, 'WriteWeightsTxt': True, 'WriteTar': False, 'TBOutputStream': 'both'}}
        text = yaml.safe_dump(cfg, sort_keys=False)
        X = [samples(rng, s) for s in shapes]
        with torch.no_grad():
            y = m(*[torch.tensor(x) for x in X]).numpy()
        np.save(work / 'y_float.npy', y)
        if how == 'internal' and not hasattr(m, 'rnn'):  # recurrent layers read their input as it is
            X = [np.ascontiguousarray(np.moveaxis(x, 1, -1)) for x in X]
        if ask:
            run = yaml.safe_load(text)
            run.update(OutputDir=str(work / 'prj'), PytorchModel=m, InputShape=[(None, *s) for s in shapes])
            graph = pytorch_to_hls(run)
            reason = unusable(graph, 1)
            if reason:
                raise RuntimeError(f'not asked: {reason}')
            graph.write()
            shorten(work / 'prj' / 'build_lib.sh', options)
            graph._compile()
            in_child(lambda: predict(graph, X, work))
        target.mkdir(parents=True)
        (target / 'hls4ml_config.yml').write_text(text)
        for k, x in enumerate(X):
            np.save(target / numbered('X', k, len(X)), x)
        for f in [*work.glob('y*.npy'), work / 'model.pt2']:
            shutil.copy(f, target)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument('out')
    p.add_argument('--count', type=int, default=100)
    p.add_argument('--seed', type=int, default=1)
    p.add_argument('--first', type=int, default=0)
    p.add_argument('--family', choices=['all', *FAMILIES], default='all')
    p.add_argument('--models', action='store_true', help='write modules without an answer of hls4ml')
    a = p.parse_args()
    Path(a.out).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        options = '' if a.models else compiled_headers(folder)
        for n in range(a.first, a.first + a.count):
            refused = Path(a.out) / f'{a.seed}_{n}.refused'
            if refused.exists() or (Path(a.out) / f'{a.seed}_{n}').exists():
                continue
            try:
                answer(a.out, a.family, not a.models, a.seed, n, options)
            except BaseException as e:  # noqa: B902
                if isinstance(e, KeyboardInterrupt):
                    raise
                refused.write_text(f'{type(e).__name__}: {e}\n')
            print(f'{n + 1 - a.first} of {a.count}', file=sys.stderr, flush=True)


if __name__ == '__main__':
    main()
