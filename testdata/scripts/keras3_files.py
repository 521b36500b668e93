"""Saves the same networks in every form of the Keras 3 that runs it, for TestVersionsOfKeras3.

Run by hand, from the root of the repository, once with each of the versions 3.0.5, 3.3.3, 3.6.0, 3.9.2 and 3.15.1, any
backend:

    KERAS_BACKEND=jax python testdata/scripts/keras3_files.py

Writes frontend/keras/testdata/keras3/VERSION/: NETWORK.keras, and with the oldest and the newest NETWORK.h5 and
NETWORK.json with NETWORK.weights.h5, for the networks mixed and chain, and what Keras answers: NETWORK_X.npy,
NETWORK_y.npy. Weights are the same for all.
"""

import json
import os
import zlib

import keras
import numpy as np
from keras import Input, Model, Sequential, ops
from keras import layers as L


def pair():
    """A model of two inputs and two outputs, which gives the second first."""
    a, b = Input((3,), name='pair_a'), Input((3,), name='pair_b')
    s = L.Add(name='pair_sum')([a, b])
    return Model([a, b], [L.Dense(2, name='pair_d')(b), L.Dense(2, activation='tanh', name='pair_e')(s)], name='pair')


def mixed():
    x = Input((6, 4), name='inp')
    y = L.Conv1D(3, 3, padding='same', activation='relu', name='conv')(x)
    y = L.BatchNormalization(name='bn', scale=False)(y)
    y = L.LayerNormalization(axis=2, name='ln')(y)
    y = L.PReLU(shared_axes=[1], name='prelu')(y)
    y = L.Bidirectional(L.LSTM(2, return_sequences=True), name='bi')(y)
    y = L.TimeDistributed(L.Dense(3, activation='relu'), name='td')(y)
    y = L.GRU(3, name='gru')(y)
    shared = L.Dense(3, activation='tanh', name='shared')
    y = shared(shared(y))
    inner = Sequential([Input((3,)), L.Dense(3, activation='elu', name='inner')], name='chained')
    y = inner(inner(y))
    p, q = pair()([y, L.Softmax(name='soft')(y)])
    y = ops.add(ops.multiply(p, 0.5), q)
    y = L.RepeatVector(3, name='repeat')(y)
    return Model(x, [L.Flatten(name='flat')(y), q])


def chain():
    """Layers of one class in an order that is not that of their names, and training's layers between them."""
    return Sequential([
        Input((5,), name='start'),
        L.Dense(4, name='z', use_bias=False),
        L.Dropout(0.2, name='drop'),
        L.ReLU(negative_slope=0.25, name='slope'),
        L.Dense(4, name='y', activation='hard_sigmoid'),
        L.LeakyReLU(name='leaky'),
        L.ReLU(threshold=0.125, name='threshold'),
        L.ELU(alpha=0.5, name='elu'),
        L.Dense(3, name='x', activation='softmax'),
    ], name='chain')


def values(name, w):
    """Numbers of a sixteenth that go by the name and the place of a weight."""
    rng = np.random.default_rng(zlib.crc32(name.encode()))
    v = np.round(rng.normal(0, 0.5, w.shape) * 16) / 16
    return np.abs(v) + 0.5 if 'variance' in name else v


def fill(model):
    for i, w in enumerate(model.weights):
        w.assign(values(f'{i} {w.path.split("/")[-1]}', w))
    return model


def other_forms(model, name):
    try:
        model.save(f'{name}.h5')
    except ValueError:  # 3.0 calls weights of one layer by one name
        os.remove(f'{name}.h5')
    model.save_weights(f'{name}.weights.h5')
    with open(f'{name}.json', 'w') as f:
        json.dump(json.loads(model.to_json()), f)


def main():
    folder = f'frontend/keras/testdata/keras3/{keras.__version__}'
    os.makedirs(folder, exist_ok=True)
    for make in (mixed, chain):
        keras.backend.clear_session()
        model, name = fill(make()), f'{folder}/{make.__name__}'
        model.save(f'{name}.keras')
        if keras.__version__ in ('3.0.5', '3.15.1'):  # the oldest and the newest
            other_forms(model, name)
        x = np.round(np.random.default_rng(3).normal(0, 1, (8, *model.inputs[0].shape[1:])) * 64) / 64
        y = model(x.astype(np.float32))
        y = y if isinstance(y, (list, tuple)) else [y]
        np.save(f'{name}_X.npy', x.astype(np.float32))
        for k, v in enumerate(y):
            np.save(f'{name}_y.npy' if len(y) == 1 else f'{name}_y_{k}.npy', np.asarray(v))


if __name__ == '__main__':
    main()
