"""da4ml's side of the comparison: its interpreter on a network of dense layers with fixed weights.

    da4ml_side.py MODEL.npz SAMPLES ROUNDS

MODEL.npz holds arrays w0, b0, w1, b1, ... da4ml traces the network once, as one exact adder graph: inputs of
16 bits, weights and biases on a grid of 1/64, relu to 6 integer and 8 fractional bits between the layers,
no softmax. Prints samples per second of one thread, a line per round.
"""
import sys
import time

import numpy as np
from da4ml.trace import FixedVariableArrayInput, comb_trace
from da4ml.trace.ops import relu


def trace(layers):
    start = FixedVariableArrayInput((len(layers[0][0]),))
    x = start.quantize(1, 5, 10)
    for i, (w, b) in enumerate(layers):
        x = x @ (np.round(w * 64) / 64) + np.round(b * 64) / 64
        if i + 1 < len(layers):
            x = relu(x, i=np.full(len(b), 6), f=np.full(len(b), 8))
    return comb_trace(start, x)


def main():
    arrays, samples, rounds = np.load(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    layers = [(arrays[f"w{i}"], arrays[f"b{i}"]) for i in range(len(arrays.files) // 2)]
    graph = trace([(w.astype(np.float64), b.astype(np.float64)) for w, b in layers])
    data = np.random.default_rng(16).normal(0, 1, (samples, len(layers[0][0])))
    for _ in range(rounds):
        begin = time.perf_counter()
        graph.predict(data, n_threads=1)
        print(samples / (time.perf_counter() - begin), flush=True)


if __name__ == "__main__":
    main()
