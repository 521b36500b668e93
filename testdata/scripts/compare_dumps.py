"""Records hls4ml 1.3.0's comparison of fixed-point and Keras models, for the tests of comparisons.

Run by hand, from the root of the repository, with a Python that has hls4ml 1.3.0, tensorflow 2.14 and qkeras
0.9 (plotting libraries are not needed: nothing is drawn):

    python testdata/scripts/compare_dumps.py

Writes testdata/compare.json.gz: for each of CASES in testdata/oracle/cases and each layer of hls4ml's trace that
its profiling.compare can look up in the Keras model, the norm_diff and a summary of the dist_diff, as the
functions of hls4ml.model.profiling hand them to the plots. The answers of the firmware are those of trace.npz.
"""

import gzip
import io
import json
import os
import sys
from contextlib import redirect_stdout
from unittest.mock import MagicMock

os.environ['TF_CPP_MIN_LOG_LEVEL'] = '3'
for name in ('matplotlib', 'matplotlib.pyplot', 'seaborn', 'pandas'):
    sys.modules[name] = MagicMock()

sys.modules['pandas'].DataFrame = sys.modules['pandas'].Series = type('Series', (), {})

import numpy as np
import qkeras
import tensorflow as tf
from hls4ml.model import profiling

ORACLE = 'testdata/oracle/cases'
CASES = [
    'doc_jets_namegran_vitis_stream',
    'keras2_bn_dense_fused_vitis_parallel',
    'keras2_branch_conv_add_vitis_parallel',
    'keras2_conv1d_same_stride2_vitis_parallel',
    'keras2_conv2d_modelgran_pool_dense_vitis_parallel',
    'keras2_conv2d_pool_dense_vitis_stream',
    'keras2_dense_latency_fixed16_6_vitis_parallel',
    'qkeras_conv2d_pool_dense_vitis_stream',
    'qkeras_dense_bits4_relu_vitis_parallel',
]


def load(path):
    custom = {}
    qkeras.utils._add_supported_quantized_objects(custom)
    h5 = os.path.join(path, 'model.h5')
    if os.path.exists(h5):
        return tf.keras.models.load_model(h5, custom_objects=custom, compile=False)
    with open(os.path.join(path, 'model.json')) as f:
        model = tf.keras.models.model_from_json(f.read(), custom_objects=custom)
    model.load_weights(os.path.join(path, 'weights.h5'))
    return model


def inputs(path, n):
    one = os.path.join(path, 'X.npy')
    if os.path.exists(one):
        return np.load(one)[:n]
    out = []
    while os.path.exists(name := os.path.join(path, f'X_{len(out)}.npy')):
        out.append(np.load(name)[:n])
    return out


def compare(path):
    trace = np.load(os.path.join(path, 'trace.npz'))
    n = len(trace[trace.files[0]])
    x = inputs(path, n)
    model = load(path)
    shapes = [tuple(t.shape[1:]) for t in model.inputs]
    x = [v.reshape((n,) + s) for v, s in zip(x if isinstance(x, list) else [x], shapes)]
    with redirect_stdout(io.StringIO()):
        ymodel = profiling.get_ymodel_keras(model, x if len(x) > 1 else x[0])
    # A name may stand for two tensors: a layer whose activation is its own in hls4ml.
    ysim = {k: trace[k] for k in trace.files if k in ymodel and trace[k].size == ymodel[k].size}
    plt = MagicMock()
    plt.subplots.return_value = (MagicMock(), MagicMock())
    profiling.plt = plt
    profiling._norm_diff(ymodel, ysim)
    names, norms = plt.bar.call_args.args
    ax = MagicMock()
    plt.subplots.return_value = (MagicMock(), ax)
    profiling._dist_diff(ymodel, ysim)
    dists = (ax.boxplot.call_args or plt.boxplot.call_args).args[0]
    out = {'samples': n, 'layers': []}
    for name, norm, dist in zip(names, norms, dists):
        q1, median, q3 = np.percentile(dist, [25, 50, 75])
        out['layers'].append({
            'layer': name, 'norm_diff': float(norm), 'dist_diff': {
                'mean': float(np.mean(dist)), 'q1': q1, 'median': median, 'q3': q3, 'max': float(np.max(dist)),
            },
        })
    return out


with gzip.GzipFile('testdata/compare.json.gz', 'w', mtime=0) as f:
    f.write(json.dumps({c: compare(os.path.join(ORACLE, c)) for c in CASES}).encode())
