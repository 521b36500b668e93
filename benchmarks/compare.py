"""Compares hlsgo with hls4ml 1.3.0 on the network of jets.yml; benchmarks/run starts it.

    compare.py HLSGO [ROUNDS]

Both run in the same rounds on the same machine, each pinned to one core:
- first: a new process, from the trained file to the first prediction. For hls4ml that is Python, TensorFlow,
  conversion and g++; for hlsgo `hlsgo predict`.
- rate: samples per second. For hls4ml only the predict() call on a compiled model is timed; for hlsgo the
  whole process, with start, reading and writing files.
Before anything is timed the two answers are compared bit for bit.
"""
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np

HERE = pathlib.Path(__file__).parent
SLOW, FAST = 20_000, 1_000_000  # samples that hls4ml and hlsgo predict in one timed run


def one_core():
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def start(*args, **kw):
    env = {**os.environ, "GOMAXPROCS": "1", "OMP_NUM_THREADS": "1"}
    return subprocess.Popen([str(a) for a in args], cwd=HERE, preexec_fn=one_core, env=env, text=True, **kw)


def seconds(*args):
    begin = time.perf_counter()
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
    p = start(*args, **quiet)
    _, err = p.communicate()
    if p.returncode:
        sys.exit(f"{args[0]}: exit {p.returncode}\n{err}")
    return time.perf_counter() - begin


class Server:
    """hls4ml with a compiled model in memory."""

    def __init__(self, x, y, folder):
        side = HERE / "hls4ml_side.py"
        self.p = start(sys.executable, side, "rate", x, y, folder,
                       stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.wait("ready")

    def wait(self, word):
        for line in self.p.stdout:
            if line.startswith(word):
                return line.split()
        sys.exit("hls4ml ended before it answered")

    def predict(self):
        self.p.stdin.write("\n")
        self.p.stdin.flush()
        return float(self.wait("seconds")[1])

    def close(self):
        self.p.stdin.close()
        self.p.wait()


def inputs(folder):
    x = np.random.default_rng(16).normal(0, 1, (FAST, 16)).astype(np.float32)
    for name, n in (("one", 1), ("slow", SLOW), ("fast", FAST)):
        np.save(folder / f"{name}.npy", x[:n])


def check(folder, hlsgo):
    seconds(hlsgo, "predict", "jets.yml", "-i", folder / "slow.npy", "-o", folder / "y_hlsgo.npy")
    want, got = np.load(folder / "y_hls4ml.npy"), np.load(folder / "y_hlsgo.npy")
    if want.shape != got.shape or want.tobytes() != got.tobytes():
        sys.exit("hlsgo and hls4ml do not answer the same")
    print(f"answers: {SLOW} samples equal in every bit")


def row(title, ratios, theirs, ours):
    low, mid, high = min(ratios), statistics.median(ratios), max(ratios)
    print(f"{title}: hlsgo is {mid:.0f} times as fast (min {low:.0f}, max {high:.0f});"
          f" hls4ml {theirs}, hlsgo {ours}")


def main():
    hlsgo, rounds = pathlib.Path(sys.argv[1]).resolve(), int((sys.argv + ["5"])[2])
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        inputs(folder)
        server = Server(folder / "slow.npy", folder / "y_hls4ml.npy", folder / "served")
        check(folder, hlsgo)
        first, rate = [], []
        for i in range(rounds):
            side = HERE / "hls4ml_side.py"
            a = seconds(sys.executable, side, "first", folder / "one.npy", folder / f"first{i}")
            b = seconds(hlsgo, "predict", "jets.yml", "-i", folder / "one.npy", "-o", folder / "y1.npy")
            first.append((a, b))
            a = SLOW / server.predict()
            b = FAST / seconds(hlsgo, "predict", "jets.yml", "-i", folder / "fast.npy", "-o", folder / "y.npy")
            rate.append((a, b))
            print(f"round {i + 1}: first {first[-1][0]:.2f} s and {first[-1][1]:.3f} s,"
                  f" rate {a:.0f}/s and {b:.0f}/s", flush=True)
        server.close()
    mid = [statistics.median(column) for column in (*zip(*first), *zip(*rate))]
    row("start to first prediction", [a / b for a, b in first], f"{mid[0]:.1f} s", f"{mid[1] * 1000:.0f} ms")
    row("samples per second, one core", [b / a for a, b in rate], f"{mid[2]:,.0f}/s", f"{mid[3]:,.0f}/s")


if __name__ == "__main__":
    main()
