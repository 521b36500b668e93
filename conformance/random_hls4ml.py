#!/usr/bin/env python3
"""Random networks of every layer, answered by the real hls4ml 1.3.0.

    random_hls4ml.py OUT --count N --seed S [--family FAMILY] [--models]

writes OUT/<seed>_<number>/ with model.h5, hls4ml_config.yml, inputs and answers for each network that hls4ml
converts, compiles and runs, and OUT/<seed>_<number>.refused with the reason for each that it does not. Inputs
are X.npy, or X_0.npy, X_1.npy, ... where there are several; answers are y.npy or y_0.npy, y_1.npy, ... alike.
FAMILY is dense, recurrent, mixed, qkeras, hgq, garnet, or "all", which draws one of these for each network; steps,
for layers over the pictures of a film; or keras3, for the layers of Keras 3, with keras==3.15.1 in the place of
Keras 2. That one writes model.keras, Keras' own answers as float.npy or float_0.npy, ..., and as configs.json what
hls4ml generates for the model by granularity.
`HLSGO_RANDOM=OUT go test -run TestRandomAgainstHLS4ML ./conformance` then predicts them all and compares
every bit. With --models nothing is compiled and no y.npy written, for
`HLSGO_RANDOM=OUT go test -run TestRandomModelsFirmware ./conformance`, which compares with our own firmware. Needs Python 3.11 with hls4ml==1.3.0, tensorflow-cpu==2.14.1, keras==2.14.0 and g++.

The compiler runs with -O1 in place of -O3, once for a network, and reads the headers of the numbers and the standard
library from a compiled copy: IEEE arithmetic is the same, and it takes a fourth of the time.
"""
import argparse
import ctypes
import json
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

os.environ.setdefault('TF_CPP_MIN_LOG_LEVEL', '3')
os.environ.setdefault('CUDA_VISIBLE_DEVICES', '-1')

import numpy as np  # noqa: E402
from random_draw import pick, precision, recurrent_layer  # noqa: E402

PLAIN = ['relu', 'tanh', 'sigmoid', 'softplus', 'softsign', 'selu', 'elu', 'hard_sigmoid', 'linear']


def activation_layer(rng, L, name):
    kind = pick(rng, ['plain', 'plain', 'plain', 'leaky', 'elu', 'thresholded', 'prelu', 'relu', 'softmax'])
    if kind == 'plain':
        return L.Activation(pick(rng, PLAIN), name=name)
    if kind == 'leaky':
        return L.LeakyReLU(alpha=float(np.round(rng.uniform(0.01, 0.9), 3)), name=name)
    if kind == 'elu':
        return L.ELU(alpha=float(np.round(rng.uniform(0.1, 1.5), 2)), name=name)
    if kind == 'thresholded':
        return L.ThresholdedReLU(theta=float(np.round(rng.uniform(0.1, 2), 2)), name=name)
    if kind == 'prelu':
        return L.PReLU(name=name)
    if kind == 'relu':
        return L.ReLU(name=name)
    return L.Softmax(name=name)


def network(rng):
    import tensorflow as tf

    L = tf.keras.layers
    rank = 1 if rng.random() < 0.85 else int(rng.integers(2, 4))
    shape = [int(rng.integers(1, 5)) for _ in range(rank - 1)] + [int(rng.integers(1, 17))]
    layers = [L.InputLayer(input_shape=shape, name='inp')]
    for k in range(int(rng.integers(1, 4))):
        inline = pick(rng, ['relu', 'tanh', 'sigmoid', 'softmax']) if rng.random() < 0.3 else None
        layers.append(L.Dense(int(rng.integers(1, 14)), use_bias=bool(rng.random() < 0.8), activation=inline, name=f'fc{k}'))
        if rng.random() < 0.3:
            layers.append(L.BatchNormalization(name=f'bn{k}', scale=bool(rng.random() < 0.8), center=bool(rng.random() < 0.8)))
        if rng.random() < 0.2:
            layers.append(L.Dropout(0.2, name=f'drop{k}'))
        if rng.random() < 0.7:
            layers.append(activation_layer(rng, L, f'act{k}'))
        if rank > 1 and k == 0 and rng.random() < 0.7:
            layers.append(L.Flatten(name='flat'))
    return with_weights(rng, layers)


def recurrent_network(rng):
    import tensorflow as tf

    L = tf.keras.layers
    layers = [L.InputLayer(input_shape=[int(rng.integers(1, 7)), int(rng.integers(1, 7))], name='inp')]
    for k in range(int(rng.integers(1, 3))):
        layers.append(recurrent_layer(rng, L, f'rnn{k}'))
        inner = getattr(layers[-1], 'forward_layer', layers[-1])
        if not inner.return_sequences:
            break
    if rng.random() < 0.3:
        layers.append(activation_layer(rng, L, 'act'))
    if rng.random() < 0.6:
        if inner.return_sequences:
            layers.append(L.Flatten(name='flat'))
        layers.append(L.Dense(int(rng.integers(1, 8)), name='fc'))
    return with_weights(rng, layers)


def with_weights(rng, layers):
    import tensorflow as tf

    return fill(rng, tf.keras.Sequential(layers, name='random'))


def fill(rng, model):
    """Random weights; those of quantizers and tables stay."""
    for layer in model.layers:
        if type(layer).__name__ in ('FixedPointQuantizer', 'UnaryLUT'):
            continue
        values = []
        for w in layer.weights:
            v = rng.normal(0, 0.6, w.shape)
            if 'variance' in w.name:
                v = np.abs(v) + 0.3
            if 'kernel' in w.name and rng.random() < 0.3:
                v *= rng.random(w.shape) < 0.5
            values.append(v.astype(np.float32))
        layer.set_weights(values)
    return model


def layer_settings(rng, name, entry, io):
    types = entry.get('Precision', {})
    if isinstance(types, str):
        return
    for role in types:
        if role in ('table', 'exp_table', 'inv_table', 'inv_inp') or rng.random() < 0.5:
            continue
        signed = True if name == 'inp' or role.endswith(('accum', 'weight', 'bias', 'scale')) else None
        types[role] = precision(rng, signed=signed, low=2 if role == 'weight' else 4)
    if 'RecurrentReuseFactor' in entry or 'ForwardReuseFactor' in entry:
        entry['Static'] = bool(rng.random() < 0.6)
        if rng.random() < 0.9:  # else an LSTM of another result than accumulator does not compile
            types['result'] = types['accum']
        if rng.random() < 0.3:
            entry['Strategy'], entry['ReuseFactor'] = pick(rng, ['Latency', 'Resource']), int(rng.integers(1, 20))
    if rng.random() < 0.2:
        entry['TableSize'] = int(2 ** rng.integers(4, 12))
    if rng.random() < 0.15:
        entry['table_t'] = precision(rng, signed=True, low=8)
    if 'Implementation' in entry:
        entry['Implementation'] = pick(rng, ['stable', 'stable', 'latency', 'legacy', 'argmax'])


def settings(rng, model, backend, io, granularities=('name', 'name', 'name', 'type', 'model')):
    import hls4ml

    granularity = pick(rng, granularities)
    cfg = hls4ml.utils.config_from_keras_model(
        model, granularity=granularity, backend=backend, default_precision=precision(rng, signed=True, low=8, modes=0.2),
        default_reuse_factor=int(rng.integers(1, 9)),
    )
    cfg['Model']['Strategy'] = pick(rng, ['Latency', 'Latency', 'Resource', 'Resource_Unrolled'])
    for level in ('LayerName', 'LayerType'):
        for name, entry in cfg.get(level, {}).items():
            layer_settings(rng, name if level == 'LayerName' else '', entry, io)
    return cfg


def samples(rng, shape, count=48):
    x = rng.normal(0, 1.5, (count, *shape))
    x[0] = 0
    x[1] = np.round(x[1] * 1024) / 1024 + 2.0**-11
    x[-4:] *= 30
    return x.astype(np.float64 if rng.random() < 0.1 else np.float32)


def inputs(rng, model, net):
    """Samples for each input; indices of words and numbers of vertices stay in range."""
    X = [samples(rng, i.shape[1:], 32) for i in model.inputs]
    for k, i in enumerate(model.inputs):
        name = i.name.split(':')[0]
        if net.indices.get(name):
            X[k] = rng.integers(0, net.indices[name], X[k].shape)
    if getattr(net, 'vertices', None):
        X[1] = rng.integers(1, net.vertices + 1, X[1].shape)
        X[1][:None if net.full else 4] = net.vertices
    return [x.astype(X[0].dtype if X[0].dtype.kind == 'f' else np.float32) for x in X]


BATCH = 100  # networks of a process
FAMILIES = ['mixed'] * 11 + ['recurrent'] * 2 + ['qkeras'] * 3 + ['hgq'] * 3 + ['garnet', 'dense']  # of "all"


def drawn(rng, family, backend, io):
    """A model of the family, its HLSConfig and its inputs."""
    import random_layers
    import random_qkeras
    import random_special

    if family == 'keras3':
        return of_keras3(rng, backend, io)
    if family == 'qkeras':
        model = random_qkeras.network(rng)
        hls = random_qkeras.settings(rng, model, backend, precision)
        return model, hls, [samples(rng, model.input_shape[1:])]
    if family in ('dense', 'recurrent'):
        model = {'dense': network, 'recurrent': recurrent_network}[family](rng)
        hls = settings(rng, model, backend, io)
        return model, hls, [samples(rng, model.input_shape[1:])]
    grow = {'mixed': random_layers.network, 'steps': random_layers.film, 'hgq': random_special.quantized, 'garnet': random_special.graph}[family]
    model, net = grow(rng, backend, io)
    fill(rng, model)
    if family in ('hgq', 'garnet'):
        random_special.on_grid(rng, model)
    plain = not net.indices and family in ('mixed', 'steps')  # words and vertices need an input type of their own
    hls = settings(rng, model, backend, io, ('name', 'name', 'name', 'type', 'model') if plain else ('name', 'name', 'type'))
    random_layers.adapt(rng, net, hls, precision)
    if family == 'steps':
        random_layers.one_type(hls)
    if family == 'garnet':
        random_special.graph_settings(rng, net, hls, precision)
    return model, hls, inputs(rng, model, net)


def of_keras3(rng, backend, io):
    import random_keras3
    import random_layers

    model, net = random_keras3.network(rng, backend, io)
    fill(rng, model)
    hls = settings(rng, model, backend, io, ('name', 'name', 'name', 'type', 'model') if not net.indices else ('name', 'name', 'type'))
    random_layers.adapt(rng, net, hls, precision)
    return model, hls, inputs(rng, model, net)


def generated(model, backend):
    """What hls4ml generates for a model at each granularity, as lists of pairs."""
    import hls4ml

    def pairs(v):
        return [[k, pairs(x)] for k, x in v.items()] if isinstance(v, dict) else v

    return {g: pairs(hls4ml.utils.config_from_keras_model(model, granularity=g, backend=backend)) for g in ('model', 'type', 'name')}


HEADERS = ['algorithm', 'array', 'cmath', 'cstdio', 'cstdlib', 'fstream', 'iostream', 'iterator', 'map', 'sstream',
           'string', 'vector', 'ap_fixed.h', 'ap_int.h', 'hls_stream.h']


OPTIONS = '-O1 -w -fPIC -std=c++11 -fno-gnu-unique'


def compiled_headers(folder):
    """Options of g++ that use a compiled copy of the headers of every project, which is made in the folder."""
    import hls4ml

    include = Path(hls4ml.__file__).parent / 'templates' / 'vivado' / 'ap_types'
    header = Path(folder) / 'common.h'
    header.write_text(''.join(f'#include <{h}>\n' for h in HEADERS))
    subprocess.run(['g++', *OPTIONS.split(), f'-I{include}', '-x', 'c++-header', str(header), '-o', f'{header}.gch'], check=True)
    return f'{OPTIONS} -include {header}'


def shorten(script, options):
    """Makes one call of the compiler of the three in a project's build_lib.sh."""
    lines = [line for line in script.read_text().splitlines() if not line.startswith('${CC} ')]
    sources = "'#include \"firmware/myproject.cpp\"\n#include \"myproject_bridge.cpp\"\n'"
    lines.append(f'printf {sources} > whole.cpp')
    lines.append('${CC} ' + options + ' ${INCFLAGS} -D WEIGHTS_DIR="${WEIGHTS_DIR}" -shared whole.cpp '
                 '-o firmware/${PROJECT}-${LIB_STAMP}.so')
    script.write_text('\n'.join(lines) + '\n')


def answer(out, family, ask, seed, number, options=OPTIONS):
    import yaml
    import keras

    rng = np.random.default_rng([seed, number])
    keras.backend.clear_session()
    three = family == 'keras3'
    file, key = ('model.keras', 'KerasModel') if three else ('model.h5', 'KerasH5')
    if family == 'all':
        family = pick(rng, FAMILIES)
    backend, io = pick(rng, ['Vitis', 'Vitis', 'Vivado']), pick(rng, ['io_parallel', 'io_parallel', 'io_stream'])
    if family in ('garnet', 'steps'):
        io = 'io_parallel'
    model, hls, X = drawn(rng, family, backend, io)
    target = Path(out) / f'{seed}_{number}'
    shutil.rmtree(target, ignore_errors=True)
    work = Path(tempfile.mkdtemp())
    try:
        model.save(work / file)
        cfg = {
            'OutputDir': 'prj', 'ProjectName': 'myproject', 'Backend': backend, 'Version': '1.0.0',
            'Part': 'xcvu13p-flga2577-2-e', 'ClockPeriod': 5, 'IOType': io, 'HLSConfig': hls, key: file,
            'WriterConfig': {'Namespace': None, 'WriteWeightsTxt': True, 'WriteTar': False, 'TBOutputStream': 'both'},
        }
        text = yaml.dump(cfg, sort_keys=False)
        run = yaml.safe_load(text)
        run.update({'OutputDir': str(work / 'prj'), key: model if three else str(work / file)})
        if three:
            floats(model, X, work)
            (work / 'configs.json').write_text(json.dumps({'backend': backend, 'configs': generated(model, backend)}))
        if ask:
            graph = converted(run, three)
            reason = unusable(graph, len(model.outputs))
            if reason:
                raise RuntimeError(f'not asked: {reason}')
            graph.write()
            shorten(work / 'prj' / 'build_lib.sh', options)
            graph._compile()
            in_child(lambda: predict(graph, X, work))
        save(target, work, text, X)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def converted(run, three):
    if three:
        from hls4ml.converters.keras_v3_to_hls import keras_v3_to_hls

        return keras_v3_to_hls(run, True, True)
    from hls4ml.converters.keras_v2_to_hls import keras_v2_to_hls

    return keras_v2_to_hls(run)


def floats(model, X, work):
    """What Keras answers."""
    y = model([np.asarray(x, np.float32) for x in X] if len(X) > 1 else np.asarray(X[0], np.float32))
    y = y if isinstance(y, list) else [y]
    for k, v in enumerate(y):
        np.save(work / numbered('float', k, len(y)), np.asarray(v))


def unusable(graph, outputs):
    """Why a network has no answer: hls4ml reads behind its arrays, as docs/quirks.md says, or does not compile."""
    if len(graph.get_output_variables()) != outputs:
        return 'an output is lost'
    if any(v.name in [o.name for o in graph.get_output_variables()] for v in graph.get_input_variables()):
        return 'an input is an output'
    read = [i for n in graph.get_layers() if n.class_name != 'Input' for i in n.inputs]
    if graph.config.get_config_value('IOType') == 'io_stream' and len(set(read)) < len(read):
        return 'a stream has two readers'
    for n in graph.get_layers():
        reason = RULES.get(n.class_name, window)(n)
        if reason:
            return f'{n.name}: {reason}'
    return None


def broken_words(n):
    words = sorted([n.get_input_variable().shape[-1], n.get_output_variable().shape[-1]])
    return f'words of {words[0]} and {words[1]} values' if words[1] % words[0] else None


def window(n):
    size = n.get_attr('n_chan', 0) * n.get_attr('filt_width', 0) * n.get_attr('filt_height', 1)
    if n.get_attr('strategy') == 'resource' and 0 < size < n.get_attr('reuse_factor', 1):
        return f'a reuse factor over the {size} values of a window'
    return None


def recurrent_limits(n):
    """States have the type of the input when there is one copy of the weights for all steps; both products of a step
    are of one form."""
    source, result = n.get_input_variable().type.precision, n.get_output_variable().type.precision
    if not n.get_attr('static') and str(source) != str(result):
        return f'not static, with an input of {source} and states of {result}'
    if n.class_name == 'LSTM' and str(n.get_attr('accum_t').precision) != str(result):
        return f'an accumulator of {n.get_attr("accum_t").precision} and states of {result}'
    if n.get_attr('apply_reset_gate') == 'before':
        return 'one row of biases, where two are read'
    factor, terms = n.get_attr('reuse_factor'), [n.get_attr('n_in'), n.get_attr('n_out')]
    if n.get_attr('strategy') == 'resource' and min(terms) < factor <= max(terms):
        return f'a reuse factor of {factor} for products of {terms} terms'
    return None


def scales(n):
    """One scale for each channel, where the firmware counts all values."""
    short = n.weights['bias'].shape[0] < n.get_attr('n_in') and n.get_attr('n_filt') == -1
    return 'scales behind their array' if short else None


def steps_lost(n):
    """hls4ml takes the steps of a wrapped layer over one axis for those of the time."""
    source, result = n.get_input_variable().shape, n.get_output_variable().shape
    times = n.get_attr('n_time_steps')
    there = times * int(np.prod(source)) if n.name.endswith('_end') else int(np.prod(source))
    written = int(np.prod(result)) if n.name.endswith('_end') else times * int(np.prod(result))
    return f'{written} values for {there}' if written != there else None


def narrow_index(n):
    """An index or a number of vertices that its type cuts."""
    source = n.get_input_variable(n.inputs[-1]).type.precision
    largest = n.get_attr('vocab_size', 0) - 1 if n.class_name == 'Embedding' else n.get_attr('n_vertices')
    return f'{largest} in {source}' if 2 ** (source.integer - source.signed) <= largest else None


def no_code(n):
    return 'no code is written for it'


RULES = {'Repack': broken_words, 'LSTM': recurrent_limits, 'GRU': recurrent_limits, 'ApplyAlpha': scales, 'TernaryTanh': no_code,
         'TimeDistributed': steps_lost, 'Embedding': narrow_index, 'GarNet': narrow_index, 'GarNetStack': narrow_index}


def predict(graph, X, work):
    """The answers, in files; twice, with other numbers in the memory that is handed out in between."""
    X = [np.ascontiguousarray(x) for x in X]
    runs = []
    for pattern in (0x00, 0x5A):
        ctypes.CDLL(None).mallopt(-6, pattern)
        y = graph.predict(X[0] if len(X) == 1 else X)
        runs.append([np.asarray(v).reshape(len(X[0]), -1) for v in (y if isinstance(y, list) else [y])])
    if not all(np.array_equal(a, b, equal_nan=True) for a, b in zip(*runs)):
        raise RuntimeError('not reproducible: the same input gave other numbers on another call')
    for k, y in enumerate(runs[0]):
        np.save(work / numbered('y', k, len(runs[0])), y)


def in_child(work):
    """Runs work in a copy of this process: live assertions of the firmware end it."""
    reason = tempfile.TemporaryFile()
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            signal.alarm(120)
            work()
            code = 0
        except BaseException as e:  # noqa: B902
            os.pwrite(reason.fileno(), f'{type(e).__name__}: {e}'.encode(), 0)
        finally:
            os._exit(code)
    _, status = os.waitpid(pid, 0)
    if status != 0:
        text = os.pread(reason.fileno(), 4000, 0).decode()
        raise RuntimeError(text or f'the firmware ended its process: status {os.waitstatus_to_exitcode(status)}')


def numbered(stem, k, of):
    return f'{stem}.npy' if of == 1 else f'{stem}_{k}.npy'


def save(target, work, text, X):
    target.mkdir(parents=True)
    for name in ('model.h5', 'model.keras', 'configs.json', *(f.name for f in work.glob('float*.npy'))):
        if (work / name).exists():
            shutil.copy(work / name, target)
    (target / 'hls4ml_config.yml').write_text(text)
    for k, x in enumerate(X):
        np.save(target / numbered('X', k, len(X)), x)
    for y in work.glob('y*.npy'):
        shutil.copy(y, target)


def batch(out, family, ask, seed, numbers, started):
    """Runs in a child process, which does not last: tensorflow grows."""
    log = tempfile.TemporaryFile()
    os.dup2(log.fileno(), 1)
    os.dup2(log.fileno(), 2)
    with tempfile.TemporaryDirectory() as folder:
        options = compiled_headers(folder) if ask else ''
        for n in numbers:
            started.value = n
            log.truncate(0)
            log.seek(0)
            refused = Path(out) / f'{seed}_{n}.refused'
            try:
                answer(out, family, ask, seed, n, options)
            except BaseException as e:  # noqa: B902
                refused.write_text(f'{type(e).__name__}: {e}\n' + compiler_error(log))


def compiler_error(log):
    """The first error that the compiler wrote, or an assertion of the firmware."""
    log.seek(0)
    errors = [line for line in log.read().decode(errors='replace').splitlines() if 'error: ' in line or 'Assertion' in line]
    return errors[0][:400] + '\n' if errors else ''


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument('out')
    p.add_argument('--count', type=int, default=200)
    p.add_argument('--seed', type=int, default=1)
    p.add_argument('--first', type=int, default=0)
    p.add_argument('--family', choices=['all', 'steps', 'keras3', *sorted(set(FAMILIES))], default='all')
    p.add_argument('--models', action='store_true', help='write the networks without an answer of hls4ml')
    a = p.parse_args()
    Path(a.out).mkdir(parents=True, exist_ok=True)
    todo = list(range(a.first, a.first + a.count))
    todo = [n for n in todo if not (Path(a.out) / f'{a.seed}_{n}').exists() and not (Path(a.out) / f'{a.seed}_{n}.refused').exists()]
    context = multiprocessing.get_context('spawn')
    while todo:
        started = context.Value('i', -1)
        child = context.Process(target=batch, args=(a.out, a.family, not a.models, a.seed, todo[:BATCH], started))
        child.start()
        child.join()
        last = started.value
        done = [n for n in todo[:BATCH] if n <= last] if last >= 0 else todo[:1]
        if child.exitcode != 0:
            (Path(a.out) / f'{a.seed}_{done[-1]}.refused').write_text(f'the process died: exit code {child.exitcode}\n')
        todo = todo[len(done):]
        print(f'{len(todo)} to go', file=sys.stderr, flush=True)


if __name__ == '__main__':
    main()
