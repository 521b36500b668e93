"""Writes the projects of projects.json with the real hls4ml 1.3.0, for TestProjectsHaveTheFactsOfHLS4ML.

    python projects.py OUT [name ...]        # projects go to OUT/<name>
    go test ./backend/xilinx -run Facts -record OUT

The second command takes facts out of the projects and keeps them in facts.json.gz; the projects themselves
are not kept. Needs an environment with hls4ml 1.3.0, tensorflow 2.14 and qkeras. `python projects.py models`
makes the models under models/ again.
"""

import copy
import json
import os
import sys
from pathlib import Path

os.environ.setdefault('TF_CPP_MIN_LOG_LEVEL', '3')
os.environ.setdefault('CUDA_VISIBLE_DEVICES', '-1')

HERE = Path(__file__).resolve().parent
CASES = HERE.parents[2] / 'testdata' / 'oracle' / 'cases'


def folder(entry):
    if 'case' in entry:
        return CASES / entry['case']
    if 'dump' in entry:
        return CASES / entry['dump']
    return HERE / 'models' / entry['model']


def entries():
    """The projects of projects.json; one with a list of io types stands for one of each with Vivado and with Vitis."""
    out = []
    for entry in json.loads((HERE / 'projects.json').read_text()):
        if 'io' not in entry:
            out.append(entry)
            continue
        for backend in ('Vivado', 'Vitis'):
            for io in entry['io']:
                place = {'Backend': backend, 'IOType': 'io_' + io}
                name = f'{entry["name"]}_{backend.lower()}_{io}'
                out.append(dict(entry, name=name, set=dict(entry.get('set', {}), **place)))
    return out


def put(conf, path, value):
    *parents, last = path.split('.')
    for key in parents:
        conf = conf.setdefault(key, {})
    conf[last] = value


def configuration(entry, out):
    import yaml

    where = folder(entry)
    conf = yaml.safe_load((where / 'hls4ml_config.yml').read_text())
    for path, value in entry.get('set', {}).items():
        put(conf, path, copy.deepcopy(value))
    conf['OutputDir'] = str(out)
    for key in ('KerasH5', 'KerasJson'):
        if key in conf:
            conf[key] = str(where / conf[key])
    for key in ('InputData', 'OutputPredictions'):
        conf[key] = str(where / conf[key]) if entry.get('data') and conf.get(key) else None
    return conf


def write(entry, root):
    from hls4ml.converters.keras_v2_to_hls import keras_v2_to_hls

    keras_v2_to_hls(configuration(entry, root / entry['name'])).write()


def models():
    import numpy as np
    import tensorflow as tf

    for make in (shapes, two_inputs):
        tf.keras.utils.set_random_seed(7)
        model, widths = make()
        rng = np.random.default_rng(7)
        data = [draw(rng, (8, n)) for n in widths]
        keep(make.__name__, model, data)


def draw(rng, shape):
    """Numbers of all magnitudes, so that every way of printing one is seen."""
    import numpy as np

    return (rng.normal(size=shape) * 10.0 ** rng.integers(-6, 18, shape)).astype(np.float32)


def shapes():
    """A reshape, a transpose, a flatten and a tensor that is read twice."""
    import tensorflow as tf
    from tensorflow.keras import layers as L

    x = L.Input((6,), name='inp')
    h = L.Dense(12, name='fc1')(x)
    r = L.Activation('relu', name='act')(h)
    s = L.Reshape((3, 4), name='fold')(r)
    p = L.Permute((2, 1), name='turn')(s)
    f = L.Flatten(name='flat')(p)
    a = L.Dense(4, name='fc2')(f)
    b = L.Dense(3, name='fc3')(r)
    return tf.keras.Model(x, [a, b]), [6]


def two_inputs():
    """Two inputs and two outputs, each with its own layer."""
    import tensorflow as tf
    from tensorflow.keras import layers as L

    x, y = L.Input((5,), name='left'), L.Input((3,), name='right')
    return tf.keras.Model([x, y], [L.Dense(4, name='fc1')(x), L.Dense(2, name='fc2')(y)]), [5, 3]


def keep(name, model, data):
    """Stores the model, its inputs, and what the framework and hls4ml answer."""
    import numpy as np

    out = HERE / 'models' / name
    out.mkdir(parents=True, exist_ok=True)
    model.save(out / 'model.h5')
    for k, x in enumerate(data):
        np.save(out / ('X.npy' if len(data) == 1 else f'X_{k}.npy'), x)
    if len(data) == 1:
        y = model.predict(data[0], verbose=0)
        np.save(out / 'y_float.npy', np.concatenate(y, axis=1).astype(np.float64))
    for k, y in enumerate(predict(name, data)):
        np.save(out / f'y_{k}.npy', y)


def predict(name, data):
    """What hls4ml answers for the model."""
    import tempfile

    from hls4ml.converters.keras_v2_to_hls import keras_v2_to_hls

    with tempfile.TemporaryDirectory() as tmp:
        g = keras_v2_to_hls(configuration({'model': name}, Path(tmp)))
        g.compile()
        answer = g.predict(data[0] if len(data) == 1 else data)
        return [y.reshape(len(data[0]), -1) for y in answer]


def main(args):
    if args == ['models']:
        return models()
    root, names = Path(args[0]), args[1:]
    sys.path.insert(0, str(HERE.parents[2] / 'testdata' / 'scripts'))
    from extra_layers import custom

    custom()  # registers the reader of BiasAdd
    for entry in entries():
        if not names or entry['name'] in names:
            write(entry, root)
            print('wrote', entry['name'], flush=True)


if __name__ == '__main__':
    main(sys.argv[1:])
