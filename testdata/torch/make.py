#!/usr/bin/env python3
"""Modules of PyTorch exported as they are (a.pt2) and decomposed (b.pt2), from the root of the repository:

    testdata/torch/make.py

The folders quantized_* are by conformance/quantized_torch.py. Needs torch 2.15.
"""
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, 'conformance')
import random_torch  # noqa: E402
import torch  # noqa: E402

for number, family in [(0, 'dense'), (3, 'blocks'), (5, 'picture'), (8, 'blocks')]:
    rng = np.random.default_rng([17, number])
    torch.manual_seed(number)
    m, shapes, how = random_torch.draw(rng, family, True)
    target = Path(f'testdata/torch/decomposed_{family}_{number}')
    target.mkdir(exist_ok=True)
    program = torch.export.export(m, tuple(torch.zeros(2, *s) for s in shapes))
    torch.export.save(program, str(target / 'a.pt2'))
    torch.export.save(program.run_decompositions(), str(target / 'b.pt2'))
    np.save(target / 'X.npy', random_torch.samples(rng, shapes[0], 8))
    print(target, how, [str(n.target) for n in program.graph.nodes if n.op == 'call_function'])

# What config_from_pytorch_model makes of them, by granularity and backend.
import json  # noqa: E402

from hls4ml.utils.config import config_from_pytorch_model  # noqa: E402

configs = {}
for number, family in [(0, 'dense'), (3, 'picture'), (5, 'blocks'), (8, 'series'), (9, 'picture')]:
    rng = np.random.default_rng([23, number])
    torch.manual_seed(number)
    m, shapes, how = random_torch.draw(rng, family, False)
    target = Path(f'testdata/torch/config_{family}_{number}')
    target.mkdir(exist_ok=True)
    torch.export.save(torch.export.export(m, tuple(torch.zeros(2, *s) for s in shapes)), str(target / 'model.pt2'))
    made = {}
    for granularity in ['model', 'type', 'name']:
        for backend in ['Vivado', 'Vitis']:
            c = config_from_pytorch_model(m, (None, *shapes[0]), granularity=granularity, backend=backend)
            made[f'{granularity} {backend}'] = {k: c[k] for k in c if k not in ('PytorchModel', 'InputShape')}
    (target / 'configs.json').write_text(json.dumps(made))


# A module that returns its outputs in another order than it computes them.
class Outputs(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b = torch.nn.Linear(4, 3), torch.nn.Linear(4, 2)

    def forward(self, x):
        y, z = self.a(x), self.b(x)
        return torch.relu(y), z


torch.manual_seed(0)
Path('testdata/torch/outputs').mkdir(exist_ok=True)
torch.export.save(torch.export.export(Outputs().eval(), (torch.zeros(1, 4),)), 'testdata/torch/outputs/model.pt2')
