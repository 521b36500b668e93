"""Writes the projects of projects.json with the real hls4ml 1.3.0, for TestProjectsHaveTheFactsOfHLS4ML.

    python projects.py OUT [name ...]        # projects go to OUT/<name>
    go test ./codegen/xilinx -run Facts -record OUT

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
        return HERE / 'dumps' / entry['dump']
    return HERE / 'models' / entry['model']


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
        conf[key] = str(where / conf[key]) if entry.get('data') else None
    return conf


def write(entry, root):
    from hls4ml.converters.keras_v2_to_hls import keras_v2_to_hls

    keras_v2_to_hls(configuration(entry, root / entry['name'])).write()


def models():
    """A network with a reshape, a transpose, a flatten and a tensor that is read twice."""
    import numpy as np
    import tensorflow as tf
    from tensorflow.keras import layers as L

    tf.keras.utils.set_random_seed(7)
    x = L.Input((6,), name='inp')
    h = L.Dense(12, name='fc1')(x)
    r = L.Activation('relu', name='act')(h)
    s = L.Reshape((3, 4), name='fold')(r)
    p = L.Permute((2, 1), name='turn')(s)
    f = L.Flatten(name='flat')(p)
    a = L.Dense(4, name='fc2')(f)
    b = L.Dense(3, name='fc3')(r)
    m = tf.keras.Model(x, [a, b])
    out = HERE / 'models' / 'shapes'
    out.mkdir(parents=True, exist_ok=True)
    m.save(out / 'model.h5')
    rng = np.random.default_rng(7)
    data = (rng.normal(size=(8, 6)) * 10.0 ** rng.integers(-6, 18, (8, 6))).astype(np.float32)
    np.save(out / 'X.npy', data)
    np.save(out / 'y_float.npy', np.concatenate(m.predict(data, verbose=0), axis=1).astype(np.float64))
    for k, y in enumerate(predict(data)):
        np.save(out / f'y_{k}.npy', y)


def predict(data):
    """What hls4ml answers for the model."""
    import tempfile

    from hls4ml.converters.keras_v2_to_hls import keras_v2_to_hls

    with tempfile.TemporaryDirectory() as tmp:
        g = keras_v2_to_hls(configuration({'model': 'shapes'}, Path(tmp)))
        g.compile()
        return [y.reshape(len(data), -1) for y in g.predict(data)]


def main(args):
    if args == ['models']:
        return models()
    root, names = Path(args[0]), args[1:]
    for entry in json.loads((HERE / 'projects.json').read_text()):
        if not names or entry['name'] in names:
            write(entry, root)
            print('wrote', entry['name'], flush=True)


if __name__ == '__main__':
    main(sys.argv[1:])
