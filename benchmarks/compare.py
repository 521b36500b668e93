"""Compares hlsgo with hls4ml 1.3.0 and with plain C++, in one run on one machine; benchmarks/run starts it.

    compare.py BINARIES [ROUNDS] [--out FOLDER]

BINARIES holds hlsgo, rate, rate_purego (the same without vector code), yardstick and layer.test. Everything
runs pinned to one core unless said. Before anything is timed the answers of the two are compared bit for bit.

- rate: float32 samples per second in memory, predict() of a compiled hls4ml model against the same of hlsgo
- first: a new process, from the trained file to the first prediction: Python, conversion and g++ against
  `hlsgo predict`
- layer: multiply-adds per second of a layer of 500 by 500, against the C++ yardstick
- cores: hlsgo on two cores against one
- memory: peak of `hlsgo predict` over a million samples from .npy to .npy

Prints each ratio with min, median and max; with --out writes results.json there and the table into
docs/performance.md.
"""
import json
import os
import pathlib
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np

HERE = pathlib.Path(__file__).parent
PICTURE, SERIES = (32, 32, 3), (100, 7)
NETWORKS = [  # name, configuration, shape, samples that hls4ml and hlsgo predict in one timed run
    ("jets, fixed<16,6>, model granularity", "jets.yml", (16,), 20_000, 400_000),
    ("jets, name granularity (auto types)", "jets_auto.yml", (16,), 20_000, 400_000),
    ("jets, weights fixed<8,1>, activations ufixed<8,0>", "jets_8bit.yml", (16,), 20_000, 400_000),
    ("dense 16x500x500x500x500x500x5", "wide.yml", (16,), 100, 20_000),
    ("SVHN CNN, name granularity", "svhn.yml", PICTURE, 60, 10_000),
    ("SVHN CNN, name granularity, io_stream", "svhn_stream.yml", PICTURE, 60, 10_000),
    ("Conv1D 100x7, model granularity, io_stream", "series.yml", SERIES, 10, 10_000),
    ("MNIST CNN of QKeras, name granularity", "mnist.yml", (28, 28, 1), 200, 20_000),
    ("LSTM 20x6, name granularity", "lstm.yml", (20, 6), 2_000, 100_000),
]
BEGIN, END = "<!-- table: benchmarks/run -->\n", "<!-- end -->\n"
LAYERS = {"exact16": "int16 exact sums", "cut16": "product-cut sums", "exact64": "int64 sums"}


def pinned(cores=1):
    chosen = sorted(os.sched_getaffinity(0))[:cores]
    return lambda: os.sched_setaffinity(0, chosen)


def start(*args, cores=1, **kw):
    env = {**os.environ, "GOMAXPROCS": str(cores), "OMP_NUM_THREADS": "1"}
    return subprocess.Popen([str(a) for a in args], cwd=HERE, preexec_fn=pinned(cores), env=env, text=True, **kw)


def output(*args, cores=1):
    p = start(*args, cores=cores, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    out, err = p.communicate()
    if p.returncode:
        sys.exit(f"{args[0]}: exit {p.returncode}\n{err}")
    return out


def seconds(*args):
    begin = time.perf_counter()
    output(*args)
    return time.perf_counter() - begin


class Server:
    """hls4ml with a compiled model in memory."""

    def __init__(self, config, x, y, folder):
        side = HERE / "hls4ml_side.py"
        self.p = start(sys.executable, side, "rate", config, x, y, folder,
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


class Bench:
    def __init__(self, binaries, rounds, folder):
        self.bin, self.rounds, self.folder, self.rows = binaries, rounds, folder, []
        np.save(folder / "million.npy", self.samples(1_000_000, (16,)))

    @staticmethod
    def samples(n, shape):
        return np.random.default_rng(16).normal(0, 1, (n, *shape)).astype(np.float32)

    def row(self, work, ratios, theirs, ours):
        low, mid, high = min(ratios), statistics.median(ratios), max(ratios)
        self.rows.append({"work": work, "min": low, "median": mid, "max": high, "theirs": theirs, "ours": ours})
        print(f"{work}: {mid:.3g}x (min {low:.3g}, max {high:.3g}); {theirs}, hlsgo {ours}", flush=True)

    def network(self, name, config, shape, slow, fast):
        x, want, got = (self.folder / n for n in ("x.npy", "want.npy", "got.npy"))
        np.save(x, self.samples(slow, shape))
        server = Server(config, x, want, self.folder / pathlib.Path(config).stem)
        output(self.bin / "hlsgo", "predict", config, "-i", x, "-o", got)
        if np.load(want).tobytes() != np.load(got).tobytes():
            sys.exit(f"{config}: hlsgo and hls4ml do not answer the same")
        print(f"{config}: {slow} samples equal in every bit", flush=True)
        theirs, ours, avx2, pure = [], [], [], []
        for _ in range(self.rounds):
            theirs.append(slow / server.predict())
            ours.append(self.rate("rate", config, fast))
            if has_avx2():
                avx2.append(self.rate("rate", config, fast, 1, "AVX2"))
            pure.append(self.rate("rate_purego", config, max(fast // 8, 1000)))
        server.close()
        mid = statistics.median(theirs)
        for label, list_ in (("", ours), (", AVX2 only", avx2), (", plain Go", pure)):
            if not list_:
                continue
            self.row(name + label, [b / a for a, b in zip(theirs, list_)], f"hls4ml {mid:,.0f}/s",
                     f"{statistics.median(list_):,.0f}/s")

    def rate(self, binary, config, samples, cores=1, *vector_code):
        lines = output(self.bin / binary, config, samples, 3, cores, *vector_code, cores=cores).split()
        return statistics.median(map(float, lines))

    def first(self, name, config, shape, rounds):
        pairs, one = [], self.folder / "one.npy"
        np.save(one, self.samples(1, shape))
        for i in range(min(self.rounds, rounds)):
            there = self.folder / f"first_{name}{i}"
            a = seconds(sys.executable, HERE / "hls4ml_side.py", "first", config, one, there)
            b = seconds(self.bin / "hlsgo", "predict", config, "-i", one, "-o", self.folder / "y1.npy")
            pairs.append((a, b))
        a, b = (statistics.median(c) for c in zip(*pairs))
        self.row(f"start to first prediction, {name}", [a / b for a, b in pairs], f"hls4ml {a:.1f} s",
                 f"{1000 * b:.0f} ms")

    def layers(self):
        theirs = {k: [] for k in LAYERS}
        ours = {k: [] for k in LAYERS}
        avx2 = {k: [] for k in LAYERS}
        for _ in range(self.rounds):
            for line in output(self.bin / "yardstick").splitlines():
                kind, rate = line.split()
                theirs[kind].append(float(rate))
            text = output(self.bin / "layer.test", "-test.run", "xxx", "-test.bench", "BenchmarkLayer", "-test.benchtime", "300ms")
            for kind, rate in re.findall(r"BenchmarkLayer/(\w+)\S*\s.*?([\d.]+) GMAC/s", text):
                ours[kind].append(float(rate))
            for kind, rate in re.findall(r"BenchmarkLayerAVX2/(\w+)\S*\s.*?([\d.]+) GMAC/s", text):
                avx2[kind].append(float(rate))
        for kind, title in LAYERS.items():
            for label, b in (("", ours[kind]), (", AVX2 only", avx2[kind])):
                a = theirs[kind]
                if b:
                    self.row(f"layer 500x500, {title}{label}", [y / x for x, y in zip(a, b)],
                             f"C++ {statistics.median(a):.0f} G/s", f"{statistics.median(b):.0f} G/s")

    def da4ml(self):
        """The interpreter of da4ml, with the Python that DA4ML_PYTHON names; none: no row."""
        python = os.environ.get("DA4ML_PYTHON")
        if not python:
            print("da4ml: not installed")
            return
        import h5py

        arrays = {}
        with h5py.File(HERE / "jets.h5") as f:
            for i, name in enumerate(("fc1", "fc2", "fc3", "output")):
                group = f["model_weights"][name][name]
                arrays[f"w{i}"], arrays[f"b{i}"] = group["kernel:0"][()], group["bias:0"][()]
        np.savez(self.folder / "jets.npz", **arrays)
        lines = output(python, HERE / "da4ml_side.py", self.folder / "jets.npz", 20_000, self.rounds)
        theirs = list(map(float, lines.split()))
        ours = [self.rate("rate", "jets_auto.yml", 400_000) for _ in theirs]
        self.row("jets, name granularity, against da4ml's interpreter", [b / a for a, b in zip(theirs, ours)],
                 f"da4ml {statistics.median(theirs):,.0f}/s", f"{statistics.median(ours):,.0f}/s")

    def cores(self):
        if len(os.sched_getaffinity(0)) < 2:
            print("two cores: this machine has one")
            return
        pairs = []
        for _ in range(11):  # 0.2 s each: shorter ones measure how soon the machine lends its second core
            pairs.append((self.rate("rate", "jets.yml", 3_000_000, 1), self.rate("rate", "jets.yml", 3_000_000, 2)))
        a, b = (statistics.median(c) for c in zip(*pairs))
        self.row("two cores against one, jets", [b / a for a, b in pairs], f"one {a:,.0f}/s", f"two {b:,.0f}/s")

    def memory(self):
        y = self.folder / "y.npy"
        p = start(self.bin / "hlsgo", "predict", "jets.yml", "-i", self.folder / "million.npy", "-o", y, cores=2)
        _, status, usage = os.wait4(p.pid, 0)
        if status:
            sys.exit("hlsgo predict failed")
        peak = usage.ru_maxrss / 1024
        self.rows.append({"work": "peak memory, a million jets from .npy to .npy", "median": peak, "unit": "MB"})
        print(f"peak memory, a million jets from .npy to .npy: {peak:.0f} MB", flush=True)


def has_avx2():
    return " avx2 " in pathlib.Path("/proc/cpuinfo").read_text()


def times(v):
    return f"{v:,.0f}" if v >= 100 else f"{v:.3g}"


def machine():
    cpu = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    return f"On {cpu.group(1) if cpu else 'this machine'}, {time.strftime('%Y-%m-%d')}:\n\n"


def markdown(rows):
    lines = ["| work | ratio (median) | min | max | compared with | hlsgo |", "|---|---|---|---|---|---|"]
    for r in rows:
        if "unit" in r:
            lines.append(f"| {r['work']} | {r['median']:.0f} {r['unit']} | | | | |")
        else:
            mid, low, high = (times(r[k]) for k in ("median", "min", "max"))
            lines.append(f"| {r['work']} | {mid}x | {low} | {high} | {r['theirs']} | {r['ours']} |")
    return "\n".join(lines) + "\n"


def main():
    args = sys.argv[1:]
    out = None
    if "--out" in args:
        i = args.index("--out")
        out = pathlib.Path(args[i + 1])
        del args[i:i + 2]
    binaries, rounds = pathlib.Path(args[0]).resolve(), int((args + ["", "7"])[1] or 7)
    with tempfile.TemporaryDirectory() as name:
        b = Bench(binaries, rounds, pathlib.Path(name))
        b.layers()
        b.memory()
        b.cores()
        b.da4ml()
        b.first("jets", "jets.yml", (16,), 5)
        b.first("SVHN CNN", "svhn.yml", PICTURE, 1)
        for n in NETWORKS:
            b.network(*n)
    if out:
        (out / "results.json").write_text(json.dumps(b.rows, indent=1) + "\n")
        page = HERE.parent / "docs" / "performance.md"
        head, _, rest = page.read_text().partition(BEGIN)
        page.write_text(head + BEGIN + machine() + markdown(b.rows) + END + rest.partition(END)[2])


if __name__ == "__main__":
    main()
