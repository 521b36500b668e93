"""QKeras cases of testdata/oracle/extra.txt: stochastic quantizers and recurrent layers, answered by hls4ml 1.3.0.

    python testdata/scripts/extra_qkeras.py GEN --root testdata/oracle run [NAME...]

See extra_cases.py.
"""
import os
import sys

os.environ.setdefault('TF_CPP_MIN_LOG_LEVEL', '3')
if 'ORACLE_GEN' not in os.environ:  # processes that it starts inherit the folder
    os.environ['ORACLE_GEN'] = sys.argv.pop(1)
sys.path.insert(0, os.environ['ORACLE_GEN'])

import gen  # noqa: E402
import numpy as np  # noqa: E402
from gen import qd, qk_case  # noqa: E402

gen.REG.clear()  # its own cases are made elsewhere
dump_weights = gen.dump_weights
gen.dump_weights = lambda g: {k: v if v.dtype.kind == 'f' else v.astype(np.float64) for k, v in dump_weights(g).items()}


def bits(n=8):
    return f'quantized_bits({n},0,alpha=1)'


def cell(Q, kind, units=4, activation='tanh', recurrent='sigmoid', state=True, **kw):
    """A recurrent layer; hls4ml compiles an LSTM only where input, accumulator and result have one type."""
    import tensorflow as tf
    from qkeras import get_quantizer
    from tensorflow.python.ops import array_ops

    array_ops.unstack = tf.unstack  # QKeras 0.9 asks for it there
    args = dict(kernel_quantizer=bits(), recurrent_quantizer=bits(), bias_quantizer=bits(), name='rnn', **kw)
    if state:
        args['state_quantizer'] = bits()
    pick = lambda a: get_quantizer(a) if '(' in a else a  # noqa: E731
    return getattr(Q, kind)(units, activation=pick(activation), recurrent_activation=pick(recurrent), **args)


def one_type(t='ap_fixed<24,8>'):
    return {'LayerName': {'rnn': {'Precision': {'accum': t, 'result': t}}}}


qk_case('dense_stochastic_ternary_auto', lambda L, Q: [qd(Q, 8, 'stochastic_ternary(alpha="auto")'), Q.QActivation('quantized_relu(6,2)', name='qr'),
                                                       qd(Q, 4, 'stochastic_ternary(alpha=1)', name='qd2')], (10,))
qk_case('dense_stochastic_binary', lambda L, Q: [qd(Q, 8, 'stochastic_binary(alpha=1)'), L.BatchNormalization(name='bn'),
                                                 Q.QActivation('binary(alpha=1)', name='qa'), qd(Q, 4, 'stochastic_binary(alpha="auto_po2")', name='qd2')], (10,))
qk_case('conv2d_stochastic', lambda L, Q: [Q.QConv2D(3, 3, kernel_quantizer='stochastic_ternary(alpha="auto_po2")', bias_quantizer=bits(6), name='qc'),
                                           Q.QActivation('quantized_relu(6,2)', name='qr'), L.Flatten(name='f'), qd(Q, 4, 'stochastic_binary(alpha="auto")')],
        (6, 6, 2), n=16)
qk_case('lstm', lambda L, Q: [cell(Q, 'QLSTM')], (5, 3), n=24, edit=one_type())
qk_case('lstm_quantized', lambda L, Q: [cell(Q, 'QLSTM', activation='quantized_tanh(8,use_real_tanh=True)', return_sequences=True,
                                             recurrent='quantized_sigmoid(8,use_real_sigmoid=True)')], (5, 3), n=24, backend='Vivado', edit=one_type())
qk_case('lstm_dense', lambda L, Q: [cell(Q, 'QLSTM', state=False), qd(Q, 3, bits(5))], (4, 2), n=24, io='io_stream', edit=one_type())
qk_case('gru_reset_after', lambda L, Q: [cell(Q, 'QGRU', reset_after=True), qd(Q, 3, bits(5))], (5, 3), n=24)
qk_case('conv2dbn_resource', lambda L, Q: [Q.QConv2DBatchnorm(3, kernel_size=(2, 2), kernel_quantizer=bits(), bias_quantizer=bits(), name='qc')],
        (4, 4, 2), n=16, backend='Vivado', strategy='Resource', rf=4)

if __name__ == '__main__':
    gen.main(__file__)
