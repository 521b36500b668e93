#!/usr/bin/env python3
"""Writes what hls4ml 1.3.0 itself predicts for the built-in example; a test compares hlsgo's answer with it.

    answer.py OUT.npy    (needs hls4ml==1.3.0, tensorflow-cpu==2.14.1 and g++; run by hand)
"""
import os
import pathlib
import sys
import tempfile

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import hls4ml
import numpy as np
import yaml


def main():
    out = pathlib.Path(sys.argv[1]).resolve()
    os.chdir(pathlib.Path(__file__).parent)
    config = yaml.safe_load(pathlib.Path("digits.yml").read_text())
    x, labels = np.load("digits_X.npy"), np.load("digits_labels.npy")
    with tempfile.TemporaryDirectory() as folder:
        config["OutputDir"] = folder
        model = hls4ml.converters.convert_from_config(config)
        model.compile()
        y = model.predict(x)
    print(f"accuracy {np.mean(y.argmax(1) == labels):.4f} on {len(x)} images")
    np.save(out, y)


if __name__ == "__main__":
    main()
