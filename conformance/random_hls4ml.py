#!/usr/bin/env python3
"""Random networks, dense or recurrent ones or those of QKeras, answered by the real hls4ml 1.3.0.

    random_hls4ml.py OUT --count N --seed S [--family dense|recurrent|qkeras] [--models]

writes OUT/<seed>_<number>/ with model.h5, hls4ml_config.yml, X.npy, y.npy for each network that hls4ml
converts, compiles and runs, and OUT/<seed>_<number>.refused with the reason for each that it does not.
`HLSGO_RANDOM=OUT go test -run TestRandomAgainstHLS4ML ./conformance` then predicts them all and compares
every bit. With --models nothing is compiled and no y.npy written, for
`HLSGO_RANDOM=OUT go test -run TestRandomModelsFirmware ./conformance`, which compares with our own firmware. Needs Python 3.11 with hls4ml==1.3.0, tensorflow-cpu==2.14.1, keras==2.14.0 and g++.

The compiler runs with -O1 in place of -O3: IEEE arithmetic is the same, and it takes half the time.
"""
import argparse
import multiprocessing
import os
import shutil
import sys
import tempfile
from pathlib import Path

os.environ.setdefault('TF_CPP_MIN_LOG_LEVEL', '3')
os.environ.setdefault('CUDA_VISIBLE_DEVICES', '-1')

import numpy as np  # noqa: E402

ROUNDING = ['TRN', 'TRN_ZERO', 'RND', 'RND_ZERO', 'RND_INF', 'RND_MIN_INF', 'RND_CONV']
OVERFLOW = ['WRAP', 'WRAP', 'SAT', 'SAT_ZERO', 'SAT_SYM']
PLAIN = ['relu', 'tanh', 'sigmoid', 'softplus', 'softsign', 'selu', 'elu', 'hard_sigmoid', 'linear']


def pick(rng, items):
    return items[int(rng.integers(len(items)))]


def precision(rng, signed=None, low=4, high=20, modes=0.4):
    """A random type: mostly everyday formats, now and then an odd one."""
    w = int(rng.integers(low, high + 1))
    i = int(rng.integers(1, w + 1)) if rng.random() < 0.85 else int(rng.integers(-2, w + 3))
    if signed is None:
        signed = rng.random() < 0.85
    text = f'{"" if signed else "u"}fixed<{w},{i}'
    if rng.random() < modes:
        text += f',{pick(rng, ROUNDING)},{pick(rng, OVERFLOW)}'
    return text + '>'


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


def recurrent_layer(rng, L, name):
    """LSTM, GRU or both directions of them; 1.3.0 has no SimpleRNN and other ways to merge for these tools."""

    def cell(name, sequences):
        kind = pick(rng, [L.LSTM, L.GRU])
        more = {'reset_after': bool(rng.random() < 0.93)} if kind is L.GRU else {}
        return kind(
            int(rng.integers(1, 6)), return_sequences=sequences, name=name, go_backwards=bool(rng.random() < 0.1),
            activation=pick(rng, ['tanh', 'tanh', 'relu', 'sigmoid']),
            recurrent_activation=pick(rng, ['sigmoid', 'sigmoid', 'relu', 'tanh']), **more,
        )

    sequences = bool(rng.random() < 0.5)
    layer = cell(name, sequences)
    if rng.random() < 0.3:
        if rng.random() < 0.5:
            return L.Bidirectional(layer, name=f'bi_{name}')
        other = cell(f'{name}_back', sequences)
        other.go_backwards = not layer.go_backwards
        return L.Bidirectional(layer, backward_layer=other, name=f'bi_{name}')
    return layer


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

    model = tf.keras.Sequential(layers, name='random')
    for layer in model.layers:
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


def settings(rng, model, backend, io):
    import hls4ml

    granularity = pick(rng, ['name', 'name', 'name', 'type', 'model'])
    cfg = hls4ml.utils.config_from_keras_model(
        model, granularity=granularity, backend=backend, default_precision=precision(rng, signed=True, low=8, modes=0.2),
        default_reuse_factor=int(rng.integers(1, 9)),
    )
    cfg['Model']['Strategy'] = pick(rng, ['Latency', 'Latency', 'Resource', 'Resource_Unrolled'])
    for level in ('LayerName', 'LayerType'):
        for name, entry in cfg.get(level, {}).items():
            layer_settings(rng, name if level == 'LayerName' else '', entry, io)
    return cfg


def samples(rng, model, count=48):
    x = rng.normal(0, 1.5, (count, *model.input_shape[1:]))
    x[0] = 0
    x[1] = np.round(x[1] * 1024) / 1024 + 2.0**-11
    x[-4:] *= 30
    return x.astype(np.float64 if rng.random() < 0.1 else np.float32)


def drawn(rng, family, backend, io):
    """A model of the family and its HLSConfig."""
    if family == 'qkeras':
        import random_qkeras

        model = random_qkeras.network(rng)
        return model, random_qkeras.settings(rng, model, backend, precision)
    model = {'dense': network, 'recurrent': recurrent_network}[family](rng)
    return model, settings(rng, model, backend, io)


def answer(out, family, ask, seed, number):
    import yaml
    from hls4ml.converters.keras_v2_to_hls import keras_v2_to_hls
    import tensorflow as tf

    rng = np.random.default_rng([seed, number])
    tf.keras.backend.clear_session()
    backend, io = pick(rng, ['Vitis', 'Vitis', 'Vivado']), pick(rng, ['io_parallel', 'io_parallel', 'io_stream'])
    model, hls = drawn(rng, family, backend, io)
    x = samples(rng, model)
    target = Path(out) / f'{seed}_{number}'
    shutil.rmtree(target, ignore_errors=True)
    work = Path(tempfile.mkdtemp())
    try:
        model.save(work / 'model.h5')
        cfg = {
            'OutputDir': 'prj', 'ProjectName': 'myproject', 'Backend': backend, 'Version': '1.0.0',
            'Part': 'xcvu13p-flga2577-2-e', 'ClockPeriod': 5, 'IOType': io, 'HLSConfig': hls, 'KerasH5': 'model.h5',
            'WriterConfig': {'Namespace': None, 'WriteWeightsTxt': True, 'WriteTar': False, 'TBOutputStream': 'both'},
        }
        text = yaml.dump(cfg, sort_keys=False)
        run = yaml.safe_load(text)
        run.update(OutputDir=str(work / 'prj'), KerasH5=str(work / 'model.h5'))
        if not ask:
            save(target, work, text, x)
            return
        graph = keras_v2_to_hls(run)
        graph.write()
        script = work / 'prj' / 'build_lib.sh'
        script.write_text(script.read_text().replace('-O3', '-O1'))
        graph._compile()
        y = graph.predict(np.ascontiguousarray(x))
        y = np.asarray(y).reshape(len(x), -1)
        again = np.asarray(graph.predict(np.ascontiguousarray(x))).reshape(len(x), -1)
        if not np.array_equal(y, again, equal_nan=True):
            raise RuntimeError('not reproducible: the same input gave other numbers on another call')
        save(target, work, text, x)
        np.save(target / 'y.npy', y)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def save(target, work, text, x):
    target.mkdir(parents=True)
    shutil.copy(work / 'model.h5', target)
    (target / 'hls4ml_config.yml').write_text(text)
    np.save(target / 'X.npy', x)


def batch(out, family, ask, seed, numbers, started):
    """Runs in a child process: hls4ml's live assertions abort the process."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.dup2(null, 2)
    for n in numbers:
        started.value = n
        refused = Path(out) / f'{seed}_{n}.refused'
        try:
            answer(out, family, ask, seed, n)
        except BaseException as e:  # noqa: B902
            refused.write_text(f'{type(e).__name__}: {e}\n')


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument('out')
    p.add_argument('--count', type=int, default=200)
    p.add_argument('--seed', type=int, default=1)
    p.add_argument('--first', type=int, default=0)
    p.add_argument('--family', choices=['dense', 'recurrent', 'qkeras'], default='dense')
    p.add_argument('--models', action='store_true', help='write the networks without an answer of hls4ml')
    a = p.parse_args()
    Path(a.out).mkdir(parents=True, exist_ok=True)
    todo = list(range(a.first, a.first + a.count))
    todo = [n for n in todo if not (Path(a.out) / f'{a.seed}_{n}').exists() and not (Path(a.out) / f'{a.seed}_{n}.refused').exists()]
    context = multiprocessing.get_context('spawn')
    while todo:
        started = context.Value('i', -1)
        child = context.Process(target=batch, args=(a.out, a.family, not a.models, a.seed, todo[:40], started))
        child.start()
        child.join()
        last = started.value
        done = [n for n in todo[:40] if n <= last] if last >= 0 else todo[:1]
        if child.exitcode != 0:
            (Path(a.out) / f'{a.seed}_{done[-1]}.refused').write_text(f'the process died: exit code {child.exitcode}\n')
        todo = todo[len(done):]
        print(f'{len(todo)} to go', file=sys.stderr, flush=True)


if __name__ == '__main__':
    main()
