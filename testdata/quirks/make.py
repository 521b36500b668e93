"""Writes the cases of this folder: small convolutions on which hls4ml 1.3.0 does the unexpected, answered by it.

Needs hls4ml 1.3.0, tensorflow 2.14 and g++. Run by hand: python make.py [case...]
"""
import shutil
import sys
import tempfile
from pathlib import Path

import hls4ml
import numpy as np
import yaml
from hls4ml.converters.keras_v2_to_hls import keras_v2_to_hls
from tensorflow import keras
from tensorflow.keras import layers as L

SATURATING = "fixed<9,3,TRN,SAT>"

# name: (layers, input shape, backend, io type, strategy, reuse factor, implementation, precision of the accumulator)
CASES = {
    "depthwise_batchnorm_folded": (
        lambda: [L.DepthwiseConv1D(3, name="conv"), L.BatchNormalization(name="bn")],
        (7, 3), "Vitis", "io_parallel", "Latency", 1, "LineBuffer", None),
    "depthwise_resource_saturating": (
        lambda: [L.DepthwiseConv2D(3, padding="same", name="conv")],
        (5, 5, 4), "Vivado", "io_stream", "Resource", 6, "LineBuffer", SATURATING),
    "conv2d_row_filter_stride": (
        lambda: [L.Conv2D(3, (1, 3), strides=(2, 1), name="conv")],
        (6, 5, 2), "Vitis", "io_stream", "Latency", 1, "LineBuffer", None),
    "conv2d_unrolled_saturating": (
        lambda: [L.Conv2D(3, (2, 3), padding="same", name="conv")],
        (5, 5, 2), "Vitis", "io_stream", "Resource_Unrolled", 4, "LineBuffer", SATURATING),
    "conv1d_encoded_stride": (
        lambda: [L.Conv1D(3, 3, strides=2, name="conv")],
        (10, 2), "Vivado", "io_stream", "Latency", 1, "Encoded", None),
    "conv2d_encoded_stride": (
        lambda: [L.Conv2D(3, 3, strides=2, name="conv")],
        (9, 8, 2), "Vivado", "io_stream", "Resource", 3, "Encoded", None),
    "conv1d_dilated": (
        lambda: [L.Conv1D(3, 3, dilation_rate=2, padding="same", name="conv")],
        (8, 2), "Vitis", "io_parallel", "Latency", 1, "LineBuffer", None),
    "cropping_auto_type": (
        lambda: [L.Conv1D(3, 3, name="conv"), L.Cropping1D(1, name="crop"), L.UpSampling1D(2, name="up"),
                 L.ZeroPadding1D(1, name="pad")],
        (8, 2), "Vitis", "io_stream", "Latency", 1, "LineBuffer", None),
    "conv2d_dilated_valid": (
        lambda: [L.Conv2D(3, (2, 3), dilation_rate=(2, 1), name="conv"), L.ReLU(name="relu"),
                 L.Conv2D(2, 2, dilation_rate=2, name="next"), L.GlobalMaxPooling2D(name="pool"), L.Dense(2, name="fc")],
        (6, 7, 2), "Vivado", "io_parallel", "Resource", 2, "LineBuffer", None),
    "conv1d_dilated_output": (
        lambda: [L.DepthwiseConv1D(3, dilation_rate=3, name="conv")],
        (9, 2), "Vitis", "io_parallel", "Latency", 1, "LineBuffer", None),
}


def network(make, shape, rng):
    x = y = keras.Input(shape, name="inp")
    for layer in make():
        y = layer(y)
    model = keras.Model(x, y)
    model.set_weights([rng.normal(0, 0.8, w.shape).astype("float32") for w in model.get_weights()])
    for layer in model.layers:
        if isinstance(layer, L.BatchNormalization):
            layer.moving_variance.assign(rng.uniform(0.2, 2, layer.moving_variance.shape))
    return model


def settings(model, backend, io, strategy, reuse, implementation, accum):
    hls = hls4ml.utils.config_from_keras_model(
        model, granularity="name", default_precision="fixed<16,6>", default_reuse_factor=reuse, backend=backend)
    hls["Model"].update(Strategy=strategy, ConvImplementation=implementation)
    for name, layer in hls["LayerName"].items():
        if "ConvImplementation" in layer:
            layer["ConvImplementation"] = implementation
        if name == "conv" and accum:
            layer["Precision"]["accum"] = accum
    return {
        "OutputDir": "prj", "ProjectName": "myproject", "Backend": backend, "Version": "1.0.0",
        "Part": "xcvu13p-flga2577-2-e", "ClockPeriod": 5, "ClockUncertainty": "27%", "IOType": io,
        "HLSConfig": yaml.safe_load(yaml.safe_dump(hls)), "KerasH5": "model.h5",
        "WriterConfig": {"Namespace": None, "WriteWeightsTxt": True, "WriteTar": False, "TBOutputStream": "both"},
    }


def make(number, name, case):
    layers, shape, *rest = case
    folder = Path(__file__).parent / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    rng = np.random.RandomState(100 + number)
    keras.backend.clear_session()
    model = network(layers, shape, rng)
    model.save(folder / "model.h5", save_format="h5", include_optimizer=False)
    config = settings(model, *rest)
    (folder / "hls4ml_config.yml").write_text(yaml.safe_dump(config, sort_keys=False))
    x = rng.normal(0, 2, (10, *shape)).astype("float32")
    x[-1] *= 20
    np.save(folder / "X.npy", x)
    with tempfile.TemporaryDirectory() as project:
        hls = keras_v2_to_hls(dict(config, KerasH5=str(folder / "model.h5"), OutputDir=project))
        hls.compile()
        np.save(folder / "y.npy", hls.predict(x))


for number, (name, case) in enumerate(CASES.items()):
    if len(sys.argv) == 1 or name in sys.argv[1:]:
        make(number, name, case)
