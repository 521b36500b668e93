"""Records what hls4ml 1.3.0 makes of Keras 2 models, for the tests of frontend/keras and of the configuration.

Run by hand, from the root of the repository, with a Python that has hls4ml 1.3.0 and tensorflow 2.14:

    python testdata/scripts/keras_dumps.py

Writes frontend/keras/testdata/models/*.h5 (small models of every form the reader must know),
frontend/keras/testdata/layerlists.json.gz (hls4ml's layer list of these and of the cases of testdata/oracle) and
testdata/config_from_keras.json.gz (config_from_keras_model at each granularity, as ordered pairs), and
testdata/pyyaml.json.gz (what PyYAML reads from texts, and what it writes again).
"""

import gzip
import hashlib
import json
import os

os.environ['TF_CPP_MIN_LOG_LEVEL'] = '3'

import h5py
import numpy as np
import tensorflow as tf
import yaml
from tensorflow.keras import Input, Model, Sequential
from tensorflow.keras import layers as L

import hls4ml
from extra_layers import custom
from hls4ml.converters.keras_v2_to_hls import get_model_arch, parse_keras_model

CASES = 'testdata/oracle/cases'
MODELS = 'frontend/keras/testdata/models'


# --- small models ---------------------------------------------------------------------------------------


def dropouts():
    x = Input((6,), name='inp')
    a = L.Dense(5, activation='relu', name='a')(x)
    a = L.Dropout(0.1, name='drop1')(a)
    a = L.Dropout(0.1, name='drop2')(a)
    b = L.Dense(4, name='b')(a)
    c = L.Dense(3, activation='softmax', name='c')(a)
    return Model(x, [c, b])


def sequential_dropout():
    return Sequential([L.Dense(5, activation='tanh', name='a', input_shape=(6,)), L.Dropout(0.3), L.Dense(2, name='b')])


def nested():
    i = Input((4,), name='deep_in')
    deep = Model(i, L.Dense(3, activation='relu', name='deep_d')(i), name='deep')
    i = Input((4,), name='mid_in')
    mid = Model(i, L.Dense(2, activation='elu', name='mid_d')(deep(i)), name='mid')
    seq = Sequential([L.Dense(3, activation='relu', name='seq_d'), L.Dropout(0.2)], name='seq')
    x = Input((6,), name='inp')
    y = L.Dense(4, activation='tanh', name='first')(x)
    return Model(x, L.Dense(2, name='last')(seq(mid(y))))


def activations():
    x = Input((4, 3), name='inp')
    y = x
    for k, layer in enumerate(
        [
            L.Activation('elu'),
            L.ELU(alpha=0.7),
            L.LeakyReLU(alpha=0.2),
            L.LeakyReLU(),
            L.ThresholdedReLU(theta=0.4),
            L.PReLU(alpha_initializer='random_uniform'),
            L.ReLU(max_value=6, negative_slope=0.1, threshold=0.2),
            L.ReLU(),
            L.Softmax(axis=1),
            L.Softmax(),
            L.Activation('hard_sigmoid'),
            L.Activation('selu'),
            L.Activation('softplus'),
            L.Activation('softsign'),
            L.Activation('tanh'),
            L.Activation('sigmoid'),
            L.Activation('linear'),
            L.Activation('softmax'),
        ]
    ):
        layer._name = f'l{k}'
        y = layer(y)
    for k, name in enumerate(['elu', 'leaky_relu', 'softmax', 'hard_sigmoid', 'selu', 'linear', 'relu6']):
        y = L.Dense(3, activation=tf.nn.relu6 if name == 'relu6' else name, name=f'd{k}')(y)
    return Model(x, y)


def norms():
    x = Input((4, 5, 3), name='inp')
    y = L.BatchNormalization(name='bn4', beta_initializer='random_uniform', moving_mean_initializer='random_normal')(x)
    y = L.Reshape((5, 12), name='r')(y)
    y = L.BatchNormalization(scale=False, epsilon=0.01, name='bn3')(y)
    y = L.Permute((2, 1), name='p')(y)
    y = L.Flatten(name='f')(y)
    y = L.BatchNormalization(center=False, name='bn2')(y)
    return Model(x, L.Reshape((5, -1), name='open')(y))


def integers():
    a = Input((3, 2), name='a', dtype='int8')
    b = Input((6,), name='b', dtype='uint16')
    return Model([b, a], [L.Flatten(name='fa')(a), L.Reshape((2, 3), name='rb')(b)])


def doubles():
    return Sequential(
        [
            L.InputLayer((4,), dtype='float64', name='inp'),
            L.Dense(3, dtype='float64', use_bias=False, name='d'),
            L.BatchNormalization(dtype='float64', name='bn'),
        ]
    )


SMALL = [dropouts, sequential_dropout, nested, activations, norms, integers, doubles]


def make_models():
    os.makedirs(MODELS, exist_ok=True)
    for make in SMALL:
        tf.keras.backend.clear_session()
        tf.keras.utils.set_random_seed(7)
        model = make()
        model.save(f'{MODELS}/{make.__name__}.h5', include_optimizer=False)
        if make is nested:
            model.save_weights(f'{MODELS}/nested_weights.h5')
            model.save_weights(f'{MODELS}/nested.weights.h5')  # another form, by its name
            with open(f'{MODELS}/nested.json', 'w') as f:
                f.write(model.to_json())


# --- layer lists ----------------------------------------------------------------------------------------


def tensor(v):
    a = np.asarray(v)
    if a.dtype.kind != 'f':
        a = a.astype('float32')
    text = a.astype('<f8').tobytes()
    return {'shape': list(a.shape), 'dtype': str(a.dtype), 'sha256': hashlib.sha256(text).hexdigest()}


def plain(v):
    if isinstance(v, (np.integer, np.floating)):
        return v.item()
    if isinstance(v, (list, tuple)):
        return [plain(x) for x in v]
    if v is None or isinstance(v, (bool, int, float, str)):
        return v
    return str(v)


def layer(d):
    out = {'attrs': {}, 'tensors': {}}
    for key, value in d.items():
        if key in ('name', 'class_name', 'inputs'):
            out[key] = value
        elif key == 'layer_list':
            out['inner'] = [layer(x) for x in value]
        elif key == 'data_reader' or key.endswith('_quantizer'):
            continue
        elif key.endswith('_data'):
            if value is not None:
                out['tensors'][key] = tensor(value)
        else:
            out['attrs'][key] = plain(value)
    kind = hls4ml.model.layers.layer_map[d['class_name']]
    out['kind'] = kind.__name__
    return out


def layer_list(config):
    arch, reader = get_model_arch(config)
    layers, inputs, outputs, _ = parse_keras_model(arch, reader)
    return {
        'layers': [layer(x) for x in layers],
        'inputs': inputs if inputs is not None else [layers[0]['name']],
        'outputs': outputs if outputs is not None else [layers[-1]['name']],
    }


def case_names(lists=('main',)):
    names = []
    for kind in lists:
        with open(f'testdata/oracle/{kind}.txt') as f:
            names += f.read().split()
    return names


def sources(case):
    with open(f'{CASES}/{case}/hls4ml_config.yml') as f:
        config = yaml.safe_load(f)
    return config, {k: f'{CASES}/{case}/{config[k]}' for k in ('KerasH5', 'KerasJson') if k in config}


def write(path, value):
    text = json.dumps(value, separators=(',', ':')).encode()
    with open(path, 'wb') as f:
        f.write(gzip.compress(text, 9, mtime=0))


def dump_layers():
    dumps = {f'{MODELS}/{m.__name__}.h5': layer_list({'KerasH5': f'{MODELS}/{m.__name__}.h5'}) for m in SMALL}
    for case in case_names():
        dumps[case] = layer_list(sources(case)[1])
    write('frontend/keras/testdata/layerlists.json.gz', dumps)


# --- configurations -------------------------------------------------------------------------------------


def pairs(v):
    """An ordered dictionary as a list of pairs, so that the order survives JSON."""
    if isinstance(v, dict):
        return {'pairs': [[k, pairs(x)] for k, x in v.items()]}
    if isinstance(v, list):
        return [pairs(x) for x in v]
    return v


def load(source):
    if 'KerasJson' in source:
        with open(source['KerasJson']) as f:
            model = tf.keras.models.model_from_json(f.read())
        model.load_weights(source['KerasH5'])
        return model
    return tf.keras.models.load_model(source['KerasH5'], compile=False)


def read(source):
    """The architecture in the files, and a reader in the place of the one for models, which needs layers' classes."""
    arch, reader = get_model_arch(source)
    hls4ml.converters.KerasModelReader = lambda _: reader
    return arch


def configs(model, backend):
    out = []
    for granularity in ('model', 'type', 'name'):
        for kwargs in (
            {},
            {'default_precision': 'ap_fixed<12,4>', 'default_reuse_factor': 4, 'max_precision': 'fixed<20,8>'},
        ):
            config = hls4ml.utils.config_from_keras_model(model, granularity=granularity, backend=backend, **kwargs)
            out.append({'granularity': granularity, 'backend': backend, 'args': kwargs, 'config': pairs(config)})
    return out


def dump_configs():
    dumps = {}
    for case in case_names():
        config, source = sources(case)
        dumps[case] = configs(load(source), config['Backend'])
    of_models = hls4ml.converters.KerasModelReader
    for case in case_names(('layers', 'extra')):
        config, source = sources(case)
        dumps[case] = configs(read(source), config['Backend'])
    hls4ml.converters.KerasModelReader = of_models
    for make in SMALL:
        path = f'{MODELS}/{make.__name__}.h5'
        model = load({'KerasH5': path})
        dumps[path] = configs(model, 'Vivado') + configs(model, None) + configs(model, 'Quartus')
    starts = []
    for backend in ('Vivado', 'Vitis', 'VivadoAccelerator', 'Quartus', 'oneAPI', 'Catapult'):
        starts.append(pairs(hls4ml.utils.config.create_config(backend=backend)))
    write('testdata/config_from_keras.json.gz', {'configs': dumps, 'create_config': starts})


# --- YAML -----------------------------------------------------------------------------------------------

SCALARS = """
1 -1 +3 0 012 0x1F 0b101 1_000 1:30 1e3 1E3 1.5 1.5e3 1.5e+3 1.5e-3 .5 -.5 5. 1:30.5 .inf -.inf yes No on OFF true
False null ~ Null fixed<16,6> ap_fixed<16,6,AP_RND,AP_SAT> 12.5% 1.0.0 5ns io_parallel my-hls-test a-b 2024x 09
"""


def dump_yaml():
    """What PyYAML reads from a text, and what it writes for the same value."""
    texts = ['v: ' + s + '\n' for s in SCALARS.split()]
    texts += ['v:\n', "v: 'yes'\n", 'v: "1"\n', "v: ' a'\n", 'v: a b\n', "v: 'a: b'\n", "v: 'a #b'\n", 'v: [1, a, [2]]\n']
    texts += ['v: {a: 1, b: {c: x}}\n', 'v: []\n', 'v: {}\n', "v: ''\n", 'a: &x {k: 1}\nb: *x\n']
    texts += ['a: &x {k: 1, l: 2}\nb:\n  <<: *x\n  k: 3\n', 'v:\n- a: 1\n  b: 2\n- [3, 4]\n', 'v: "it\'s"\n', 'a: 1\na: 2\n']
    texts += ["v: '-'\n", "v: '- a'\n", "v: '12'\n", "v: 'null'\n", "v: '#x'\n", 'v: 1.0e-5\n', 'v: 123456789.25\n']
    for case in case_names():
        with open(f'{CASES}/{case}/hls4ml_config.yml') as f:
            texts.append(f.read())
    out = []
    for t in texts:
        value = yaml.safe_load(t)
        if isinstance(value.get('v'), float) and abs(value['v']) == float('inf'):
            kept = str(value['v'])
        else:
            kept = pairs(value)

        class Plain(yaml.SafeDumper):
            def ignore_aliases(self, data):
                return True

        dump = yaml.dump(value, Dumper=Plain, default_flow_style=False, sort_keys=False)
        out.append({'text': t, 'value': kept, 'dump': dump})
    write('testdata/pyyaml.json.gz', out)


if __name__ == '__main__':
    custom()  # registers the reader of BiasAdd
    make_models()
    dump_layers()
    dump_configs()
    dump_yaml()
