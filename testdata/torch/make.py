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
