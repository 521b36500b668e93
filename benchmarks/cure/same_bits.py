#!/usr/bin/env python3
"""Asks the real hls4ml 1.3.0 whether it runs written configurations, and answers the same bits as hlsgo.

    same_bits.py HLSGO CONFIG.yml...

HLSGO is the binary. The samples are those of x_test in data.npz beside the model that a configuration names. One
line for each, and exit code 1 when a bit differs or hls4ml fails. Needs hls4ml==1.3.0, tensorflow-cpu==2.14.1,
QKeras==0.9.0 and g++, which runs as conformance/random_hls4ml.py runs it.
"""
import os
import pathlib
import subprocess
import sys
import tempfile

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import yaml

sys.path.append(str(pathlib.Path(__file__).resolve().parents[2] / "conformance"))
import random_hls4ml

SAMPLES = 200


def answer(path, x, work, options):
    import hls4ml
    import networks
    import qkeras.utils

    config = yaml.safe_load(path.read_text())
    model = path.parent / config["KerasModel"]
    # hls4ml itself loads files without QKeras' layers only
    config["KerasModel"] = networks.tf.keras.models.load_model(
        model, compile=False, custom_objects=qkeras_objects(qkeras.utils))
    config.update(OutputDir=str(work / "project"), ProjectName="myproject")  # the name that shorten knows
    graph = hls4ml.converters.convert_from_config(config)
    graph.write()
    random_hls4ml.shorten(work / "project" / "build_lib.sh", options)
    graph._compile()
    return graph.predict(np.ascontiguousarray(x))


def qkeras_objects(utils):
    objects = {}
    utils._add_supported_quantized_objects(objects)
    return objects


def check(hlsgo, path, work, options):
    model = path.parent / yaml.safe_load(path.read_text())["KerasModel"]
    x = np.load(model.parent / "data.npz")["x_test"][:SAMPLES]
    np.save(work / "x.npy", x)
    subprocess.run([hlsgo, "predict", path, "-i", work / "x.npy", "-o", work / "y.npy"], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    want = answer(path, x, work, options).reshape(len(x), -1)
    got = np.load(work / "y.npy").reshape(len(x), -1)
    return int(np.sum(want.view(np.uint32) != got.view(np.uint32))), want.size


def main():
    hlsgo, failed = pathlib.Path(sys.argv[1]).resolve(), 0
    with tempfile.TemporaryDirectory() as folder:
        options = random_hls4ml.compiled_headers(folder)
        for path in map(pathlib.Path, sys.argv[2:]):
            work = pathlib.Path(tempfile.mkdtemp(dir=folder))
            try:
                bad, values = check(hlsgo, path.resolve(), work, options)
                text = f"{bad} of {values} values differ"
            except Exception as e:  # whatever hls4ml or its compiler throw
                bad, text = 1, " ".join(str(e).split())[-300:]
            failed += bad > 0
            print(path, text, flush=True)
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
