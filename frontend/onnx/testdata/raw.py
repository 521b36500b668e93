"""Writes the networks of the recorded cases of ONNX as they were before qonnx prepared them for hls4ml.

    python raw.py GEN LIST OUT

GEN is the folder of the program gen.py that made the cases, LIST a list of them, OUT a folder. Needs what that
program needs for ONNX.
"""
import os
import sys
import zlib

import numpy as np
import onnx

sys.path.insert(0, sys.argv[1])
import gen  # noqa: E402


class Stop(Exception):
    pass


def grab(m, chlast=False):
    raise Stop(m.SerializeToString())


def main():
    gen.onx_clean = grab
    os.makedirs(sys.argv[3], exist_ok=True)
    for name in open(sys.argv[2]).read().split():
        case, seed = gen.REG[name], zlib.crc32(name.encode())
        np.random.seed(seed % 2**32)
        if 'torch' in case.needs or 'brevitas' in case.needs:
            import torch

            torch.manual_seed(seed)
        try:
            case.fn(np.random.default_rng(seed))
        except Stop as s:
            onnx.save(onnx.load_from_string(s.args[0]), os.path.join(sys.argv[3], name + '.onnx'))


main()
