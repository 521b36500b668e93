"""Records what hls4ml 1.3.0's profiling sees in models, for the tests of profiles.

Run by hand, from the root of the repository, with a Python that has hls4ml 1.3.0, tensorflow 2.14 and qkeras
0.9 (plotting libraries are not needed: nothing is drawn), and g++:

    python testdata/scripts/profiling_dumps.py [CASE...]

Writes testdata/profiling.json.gz: for each of CASES in testdata/oracle/cases, the data behind the figures of
hls4ml.model.profiling.numerical. Its weights "before optimization" are those of a graph without any flow
(Flows: []), because the function that should make one runs all flows in 1.3.0. Given cases alone are replaced.
"""

import gzip
import io
import json
import os
import sys
import tempfile
from contextlib import redirect_stdout
from unittest.mock import MagicMock

os.environ['TF_CPP_MIN_LOG_LEVEL'] = '3'
for name in ('matplotlib', 'matplotlib.pyplot', 'seaborn', 'pandas'):
    sys.modules[name] = MagicMock()


class Frame(dict):
    """Stands in for pandas' tables, of which only the columns are read."""


sys.modules['pandas'].DataFrame = Frame
sys.modules['pandas'].Series = type('Series', (), {})

import numpy as np
import qkeras
import tensorflow as tf
import yaml
from hls4ml.converters.keras_v2_to_hls import keras_v2_to_hls
from hls4ml.model import profiling

ORACLE = 'testdata/oracle/cases'
CASES = sys.argv[1:] or [
    'doc_jets_namegran_vitis_stream',
    'keras2_act_chain_modelgran_vitis_parallel',
    'keras2_act_prelu_vitis_parallel',
    'keras2_bn_2d_input_notfused_vitis_parallel',
    'keras2_bn_alone_vivado_stream',
    'keras2_bn_conv2d_fused_vitis_stream',
    'keras2_bn_dense_fused_vitis_parallel',
    'keras2_branch_conv_add_vitis_parallel',
    'keras2_conv1d_same_stride2_vitis_parallel',
    'keras2_conv2d_pool_dense_vitis_stream',
    'keras2_dense_int_types_vitis_parallel',
    'keras2_dense_unrolled_rf2_vitis_parallel',
    'keras2_types_odd_formats_vitis_parallel',
    'qkeras_conv1d_vivado_parallel',
    'qkeras_conv2d_pool_dense_vitis_stream',
    'qkeras_dense_alpha_auto_vitis_parallel',
    'qkeras_dense_bits4_relu_vitis_parallel',
    'qkeras_dense_ternary_vitis_parallel',
    'qkeras_qbatchnorm_vitis_parallel',
]


def graph(conf, work, **hls):
    conf = json.loads(json.dumps(conf))
    conf['OutputDir'] = os.path.join(work, 'prj')
    for name in ('InputData', 'OutputPredictions'):
        conf.pop(name, None)
    conf['HLSConfig'].update(hls)
    return keras_v2_to_hls(conf)


def plain(data):
    """The summaries as JSON; histograms as counts by the exponent of the bin's lower edge."""
    out = []
    for d in data:
        row = {}
        for k, v in d.items():
            row[k] = v.tolist() if isinstance(v, np.ndarray) else v if isinstance(v, str) else float(v)
        out.append(row)
    return out


def both(f, *args):
    boxes = plain(f(*args, fmt='summary', plot='boxplot'))
    for row, h in zip(boxes, plain(f(*args, fmt='summary', plot='histogram'))):
        row['share'], row['edges'] = h['h'], h['b']
    return boxes


def keras_weights(model):
    try:
        return both(profiling.weights_keras, model)
    except IndexError:  # a batch normalization without scale or center
        return []


def keras_activations(model, x):
    if sum(not isinstance(layer, tf.keras.layers.InputLayer) for layer in model.layers) == 1:
        return []  # hls4ml takes the samples of a single layer for layers, and shows the first
    return both(profiling.activations_keras, model, x)


def types(data):
    return {l: [int(a), int(b)] for l, a, b in zip(data['layer'], data['low'], data['high'])}


def dump(case):
    here = os.getcwd()
    os.chdir(os.path.join(ORACLE, case))
    try:
        with tempfile.TemporaryDirectory() as work:
            conf = yaml.safe_load(open('hls4ml_config.yml'))
            objects = {}
            qkeras.utils._add_supported_quantized_objects(objects)
            model = tf.keras.models.load_model('model.h5', custom_objects=objects, compile=False)
            x = np.load('X.npy')
            after = graph(conf, work)
            for layer in after.get_layers():
                layer.set_attr('trace', True)
            after.config.trace_output = True
            after.compile()
            after.compile = lambda: None  # trace would do it again
            before = graph(conf, work, Flows=[])
            return {
                'weights_before': both(profiling.weights_hlsmodel, before),
                'weights_after': both(profiling.weights_hlsmodel, after),
                'weights_keras': keras_weights(model),
                'activations_keras': keras_activations(model, x),
                'activations_after': both(profiling.activations_hlsmodel, after, x),
                'types_after': types(profiling.types_hlsmodel(after)),
                'activation_types_after': types(profiling.activation_types_hlsmodel(after)),
                'longform': longform(after),
            }
    finally:
        os.chdir(here)


def longform(model):
    """How many values hls4ml's long form holds, and their sum, by weight."""
    data = profiling.weights_hlsmodel(model, fmt='longform')
    out = {}
    for x, w in zip(data['x'], data['weight']):
        n, total = out.get(w, (0, 0.0))
        out[w] = (n + 1, total + x)
    return out


OUT = 'testdata/profiling.json.gz'


def main():
    out = json.loads(gzip.open(OUT).read()) if sys.argv[1:] else {}
    for case in CASES:
        quiet = io.StringIO()
        with redirect_stdout(quiet):
            out[case] = dump(case)
        print(case, {k: len(v) for k, v in out[case].items()}, flush=True)
        with open(OUT, 'wb') as f:
            f.write(gzip.compress(json.dumps(out, sort_keys=True).encode(), 9, mtime=0))


main()
