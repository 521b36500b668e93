"""hls4ml's side of the comparison; compare.py starts it.

    hls4ml_side.py first CONFIG X.npy FOLDER    convert, compile and predict the first sample; the caller times it
    hls4ml_side.py rate CONFIG X.npy y.npy FOLDER    the same, then serve: per line on stdin one timed predict(X)
"""
import os
import sys
import time

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import hls4ml
import numpy as np
import yaml
from hls4ml.converters.keras_v2_to_hls import keras_v2_to_hls


def load(config, folder):
    with open(config) as f:
        config = yaml.safe_load(f)
    config["OutputDir"] = folder
    model = keras_v2_to_hls(config)
    model.compile()
    return model


def first(config, x, folder):
    load(config, folder).predict(np.load(x)[:1])


def rate(config, x, y, folder):
    model, x = load(config, folder), np.load(x)
    np.save(y, model.predict(x))
    print("ready", flush=True)
    for _ in sys.stdin:
        begin = time.perf_counter()
        model.predict(x)
        print(f"seconds {time.perf_counter() - begin}", flush=True)


if __name__ == "__main__":
    {"first": first, "rate": rate}[sys.argv[1]](*sys.argv[2:])
