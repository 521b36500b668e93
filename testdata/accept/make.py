"""Writes the cases of this folder: configurations and files as people have them, answered by hls4ml 1.3.0.

Needs hls4ml 1.3.0, tensorflow 2.14, QKeras 0.9 and g++. Run by hand: python make.py [case...]
"""
import copy
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

import hls4ml
import numpy as np
import qkeras
import yaml
from hls4ml.converters.keras_v2_to_hls import keras_v2_to_hls
from qkeras.utils import _add_supported_quantized_objects
from tensorflow import keras
from tensorflow.keras import layers as L

HERE = Path(__file__).parent
N = 12


def sixteenths(model, seed):
    """Gives the model weights that are small multiples of 1/16."""
    rng = np.random.default_rng(seed)
    model.set_weights([(rng.integers(-16, 17, w.shape) / 16).astype(w.dtype) for w in model.get_weights()])
    return model


def mlp(seed, first="fc1", **names):
    return sixteenths(keras.Sequential([
        keras.Input((5,), name=first + "_input"), L.Dense(4, activation="relu", name=first), L.Dense(3, name="fc2")],
        name="mlp"), seed)


def samples(shape, seed):
    rng = np.random.default_rng(seed)
    return rng.uniform(-2, 2, (N, *shape)).astype(np.float32)


def answer(config, model, x):
    """What hls4ml predicts with a configuration whose model is an object, or, without one, is in its files."""
    own = copy.deepcopy({k: v for k, v in config.items() if not model or not k.startswith("Keras")})
    with tempfile.TemporaryDirectory() as folder:
        own["OutputDir"] = folder + "/prj"
        if model:
            own["KerasModel"] = model
        hls = keras_v2_to_hls(own)
        hls.compile()
        return hls.predict(np.ascontiguousarray(x)).reshape(len(x), -1)


def base(model, granularity="name", backend="Vitis", **top):
    settings = hls4ml.utils.config_from_keras_model(
        model, granularity=granularity, backend=backend, default_precision="fixed<16,6>")
    return {"Backend": backend, "ClockPeriod": 5, "IOType": "io_parallel", "Part": "xcvu13p-flga2577-2-e",
            "ProjectName": "myproject", "OutputDir": "prj", "HLSConfig": settings} | top


def plain(config):
    """The configuration as text, its settings without the classes of Python."""
    return yaml.safe_dump(yaml.safe_load(yaml.dump(config)), sort_keys=False)


def moved(folder):
    """A configuration of a project, which names the model from the folder where the script ran."""
    model = mlp(1)
    config = base(model)
    (folder / "prj").mkdir()
    model.save(folder / "prj/keras_model.h5")
    text = plain(config) + "KerasModel: !keras_model 'prj/keras_model.h5'\n"
    (folder / "prj/hls4ml_config.yml").write_text(text)
    return model, config, "y.npy"


def archive(folder):
    """A project as hls4ml itself writes it, its model a .keras file."""
    model = mlp(2)
    config = base(model)
    with tempfile.TemporaryDirectory() as there:
        before = os.getcwd()
        os.chdir(there)
        hls = hls4ml.converters.convert_from_keras_model(
            model, hls_config=config["HLSConfig"], output_dir="prj", backend="Vitis")
        hls.write()
        os.chdir(before)
        (folder / "prj").mkdir()
        for name in ("hls4ml_config.yml", "keras_model.keras"):
            shutil.copy(Path(there) / "prj" / name, folder / "prj" / name)
    return model, config, "y.npy"


def old_json(folder):
    """An architecture without an input layer, as Keras before 2.4 wrote them, and the key of the input's layer."""
    model = mlp(3, "dense")
    text = model.to_json()
    top = json.loads(text)
    layers = top["config"]["layers"]
    layers.pop(0)
    layers[0]["config"]["batch_input_shape"] = [None, 5]
    (folder / "model.json").write_text(json.dumps(top))
    model.save_weights(folder / "weights.h5")
    config = base(model)
    names = config["HLSConfig"]["LayerName"]
    names["dense_input"]["Precision"]["result"] = "fixed<10,4>"
    files = "KerasJson: model.json\nKerasH5: weights.h5\n"
    (folder / "hls4ml_config.yml").write_text(plain(config) + files)
    changed = copy.deepcopy(config)
    changed["HLSConfig"]["LayerName"]["input1"] = changed["HLSConfig"]["LayerName"].pop("dense_input")
    (folder / "with_input1.yml").write_text(plain(changed) + files)
    # hls4ml's reader calls the input of such a file input1: the first key has no effect, the second one has.
    x = samples((5,), 3)
    np.save(folder / "X.npy", x)
    files = {"KerasJson": str(folder / "model.json"), "KerasH5": str(folder / "weights.h5")}
    for c, y in ((config, "y.npy"), (changed, "y_with_input1.npy")):
        np.save(folder / y, answer(c | files, None, x))


def functional(folder):
    """A network with a layer for its input: there the name that the key has is the input's."""
    model = mlp(9, "dense")
    (folder / "model.json").write_text(model.to_json())
    model.save_weights(folder / "weights.h5")
    config = base(model)
    config["HLSConfig"]["LayerName"]["dense_input"]["Precision"]["result"] = "fixed<9,3>"
    (folder / "hls4ml_config.yml").write_text(plain(config) + "KerasJson: model.json\nKerasH5: weights.h5\n")
    return model, config, "y.npy"


def adders(folder):
    """Strategy distributed_arithmetic: weights as they are stored, whatever their types say; needs da4ml."""
    rows = keras.Sequential([
        keras.Input((9, 3), name="inp"), L.Conv1D(4, 3, padding="same", activation="relu", name="conv"),
        L.Conv1D(3, 1, name="point"), L.Flatten(name="flat"), L.Dense(3, activation="relu", name="fc"),
        L.Dense(2, use_bias=False, name="out")])
    picture = keras.Sequential([
        keras.Input((5, 6, 2), name="inp"), L.Conv2D(3, (3, 2), strides=2, activation="relu", name="conv"),
        L.Conv2D(2, 1, name="point"), L.SeparableConv2D(2, 2, padding="same", name="sep"), L.Flatten(name="flat"),
        L.Dense(2, name="out")])
    for name, model in (("rows", rows), ("picture", picture)):
        sixteenths(model, 8)
        model.save(folder / f"{name}.h5")
        x = samples(model.input_shape[1:], 8)
        np.save(folder / f"X_{name}.npy", x)
        for io in ("io_parallel", "io_stream"):
            config = base(model, IOType=io)
            config["HLSConfig"]["Model"]["Strategy"] = "distributed_arithmetic"
            config["HLSConfig"]["Model"]["Precision"] = {"default": "fixed<14,6>"}
            layers = config["HLSConfig"]["LayerName"]
            layers["conv"]["Precision"] |= {"weight": "fixed<3,1>", "accum": "fixed<6,3>", "result": "fixed<11,5>"}
            layers["out"]["Precision"] |= {"weight": "fixed<4,2>", "result": "fixed<9,4,RND,SAT>"}
            if name == "rows":
                layers["fc"] |= {"Strategy": "da"}
            stem = f"{name}_{io[3:]}"
            (folder / f"{stem}.yml").write_text(plain(config | {"KerasModel": f"{name}.h5"}))
            np.save(folder / f"y_{stem}.npy", answer(config, model, x))


def no_effect(folder):
    """Keys at places where hls4ml does not look, keys of a fork, and capitals."""
    model = mlp(4)
    model.save(folder / "keras_model.h5")
    config = base(model, "model", "Vivado")
    settings = config["HLSConfig"]
    settings["Model"] |= {"Strategy": "resource", "ReuseFactor": 4, "IOType": "io_stream", "ClockPeriod": 7}
    settings["LayerName"] = {
        "fc1_input": {"Precision": "ap_ufixed<8,1>"},
        "fc1": {"Precision": {"weight": "ap_fixed<8,2>", "result": "auto", "accum": "auto"}, "Strategy": "LATENCY",
                "force_dsp": 0},
    }
    (folder / "hls4ml_config.yml").write_text(plain(config | {"KerasH5": "keras_model.h5"}))
    return model, config, "y.npy"


def parts(folder):
    """An architecture with its weights, without a configuration."""
    model = mlp(5)
    (folder / "model.json").write_text(model.to_json())
    model.save_weights(folder / "model_weights.h5")
    return model, base(model, "model", "Vivado"), "y.npy"


def separable(folder):
    """A type that hls4ml's tools of Xilinx never ask for."""
    q = qkeras.quantized_bits(8, 3, alpha=1)
    x = y = keras.Input((9, 4), name="inp")
    y = qkeras.QSeparableConv1D(3, 3, depthwise_quantizer=q, pointwise_quantizer=q, bias_quantizer=q, name="sep")(y)
    model = sixteenths(keras.Model(x, y), 6)
    model.save(folder / "model.h5")
    config = base(model, backend="Vivado", IOType="io_stream")
    config["HLSConfig"]["LayerName"]["inp"]["Precision"]["result"] = "fixed<8,3>"
    (folder / "without.yml").write_text(plain(config | {"KerasModel": "model.h5"}))
    config["HLSConfig"]["LayerName"]["sep"]["Precision"]["dw_output"] = "fixed<5,2>"
    (folder / "hls4ml_config.yml").write_text(plain(config | {"KerasModel": "model.h5"}))
    return model, config, "y.npy"


def accelerator(folder):
    """A design for a board: the network's answers come and go over a bus of float or double."""
    model = mlp(10)
    model.save(folder / "model.h5")
    x = samples((5,), 10)
    np.save(folder / "X_float.npy", x)
    np.save(folder / "X_double.npy", x + np.random.default_rng(10).uniform(-1e-9, 1e-9, x.shape))
    for bus in ("float", "double"):
        config = base(model, backend="VivadoAccelerator", Part="xc7z020clg400-1", AcceleratorConfig={
            "Board": "pynq-z2", "Driver": "python", "Interface": "axi_stream",
            "Precision": {"Input": bus, "Output": bus}})
        config["HLSConfig"]["LayerName"]["fc1_input"]["Precision"]["result"] = "fixed<36,3>"
        config["HLSConfig"]["LayerName"]["fc2"]["Precision"]["result"] = "fixed<40,8>"
        config["HLSConfig"]["LayerName"]["fc1_relu"]["Precision"]["result"] = "fixed<40,8>"
        config["HLSConfig"]["LayerName"]["fc2_linear"]["Precision"]["result"] = "fixed<40,8>"
        (folder / f"{bus}.yml").write_text(plain(config | {"KerasModel": "model.h5"}))
        np.save(folder / f"y_{bus}.npy", answer(config, model, np.load(folder / f"X_{bus}.npy")))


def numbered(folder):
    """Every layer whose weights have numbers in .keras files, saved so and as .h5."""
    q = qkeras.quantized_bits(6, 2, alpha=1)
    quantized = {"kernel_quantizer": q, "bias_quantizer": q}

    def save(name, model):
        rng = np.random.default_rng(7)
        values = []
        for v, w in zip(model.weights, model.get_weights()):
            low = 1 if "variance" in v.name else -64
            values.append(w if "iteration" in v.name else (rng.integers(low, 65, w.shape) / 64).astype(w.dtype))
        model.set_weights(values)
        model.save(folder / f"{name}.keras")
        model.save(folder / f"{name}.h5")

    x = keras.Input((6, 6, 2))
    y = L.PReLU()(L.Conv2D(2, 3, use_bias=False, name="b")(x))
    y = L.Conv2D(2, 2, name="a")(L.DepthwiseConv2D(2)(L.SeparableConv2D(3, 1)(y)))
    y = L.Flatten()(L.BatchNormalization(scale=False)(y))
    save("plain", keras.Model(x, L.Add()([L.Dense(3)(y), L.Dense(3, activation="relu", use_bias=False)(y)])))
    x = keras.Input((6,))
    y = L.LayerNormalization(center=False)(L.Embedding(8, 3)(x))
    save("embedded", keras.Model(x, L.Dense(2)(L.Flatten()(y))))
    save("recurrent", keras.Sequential([
        keras.Input((4, 3)), L.LSTM(3, return_sequences=True), L.Bidirectional(L.GRU(2, return_sequences=True)),
        L.SimpleRNN(3, return_sequences=True, use_bias=False), L.TimeDistributed(L.Dense(2)), L.LSTM(2)]))
    inner = keras.Sequential([keras.Input((3,)), L.Dense(4), L.Dense(3)], name="inner")
    x = keras.Input((3,))
    around = keras.Model(x, L.Dense(2)(inner(x)), name="around")
    save("nested", keras.Sequential([keras.Input((3,)), L.Dense(3), around, L.Dense(2)]))
    save("quantized", keras.Sequential([
        keras.Input((6, 6, 2)), qkeras.QConv2D(2, 2, **quantized), qkeras.QActivation("quantized_relu(6,2)"),
        qkeras.QConv2DBatchnorm(2, 2, **quantized),
        qkeras.QDepthwiseConv2D(2, depthwise_quantizer=q, bias_quantizer=q),
        qkeras.QBatchNormalization(gamma_quantizer=q, beta_quantizer=q, mean_quantizer=q, variance_quantizer=q),
        L.Flatten(), qkeras.QDense(2, activation=qkeras.quantized_relu(5, 1), **quantized)]))


CASES = {f.__name__: f for f in (moved, archive, functional, no_effect, parts, separable)}
WHOLE = {f.__name__: f for f in (old_json, adders, accelerator, numbered)}  # which write their answers, if any


def main(names):
    for name in names or [*CASES, *WHOLE]:
        folder = HERE / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        if name in WHOLE:
            WHOLE[name](folder)
            continue
        model, config, y = CASES[name](folder)
        x = samples(model.input_shape[1:], sum(map(ord, name)))
        np.save(folder / "X.npy", x)
        np.save(folder / y, answer(config, model, x))


if __name__ == "__main__":
    main(sys.argv[1:])
