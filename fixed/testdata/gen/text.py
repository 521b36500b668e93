"""The answers of hls4ml itself, without C++: what it reads in a precision string, how it spells the type,
and the decimal text it prints for a weight."""

import random
import struct

import numpy as np
from hls4ml.backends.fpga.fpga_backend import FPGABackend
from hls4ml.backends.fpga.fpga_types import ACTypeConverter, APTypeConverter
from hls4ml.model.types import ExponentPrecisionType, WeightVariable, XnorPrecisionType

SPELLINGS = """
fixed<16,6> ap_fixed<16,6> ufixed<16,6> ap_ufixed<16,6> fixed<16,6,RND> fixed<16,6,AP_RND,AP_SAT>
ap_ufixed<8,0,AP_RND_CONV,AP_SAT_SYM,0> fixed<8,-2,TRN_ZERO,SAT_ZERO> ufixed<3,9,RND_INF,WRAP,2>
fixed<8,4,RND_MIN_INF,WRAP,1> fixed<8,4,rnd,sat> fixed<8,4,RND_ZERO> fixed<1,1> ufixed<1,1> fixed<64,32>
ufixed<128,-5> int<8> uint<1> ap_int<12> ap_uint<5> int<64> int<8,RND,SAT> ac_fixed<16,6>
ac_fixed<16,6,true> ac_fixed<16,6,false> ac_fixed<16,6,0> ac_fixed<16,6,1,AC_RND> ac_fixed<1,1,false>
ac_fixed<9,3,false,AC_RND_CONV,AC_SAT> ac_fixed<9,3,true,RND_INF,SAT_SYM>
ac_fixed<9,3,true,AC_TRN,AC_WRAP> ac_int<8> ac_int<8,true> ac_int<8,false> ac_int<1,false>
fixed<16,6,AC_RND,AC_SAT> float double half bfloat16 ap_float<16,6> ac_std_float<32,8> std_float<24,7>
ac_float<25,2,8> ac_float<25,2,8,AC_RND> auto Auto
""".split()

# What hls4ml refuses.
BAD = """
foo fixed fixed<8> fixed<a,b> fixed<8,4,FOO> fixed<8,4,RND,FOO> int xint<8> std_float<8> ac_float<1,2> uauto
""".split()


def spelling(convert, precision):
    if not hasattr(precision, 'width'):
        return '-'
    try:
        return convert().convert(precision).definition_cpp().replace(' ', '_')
    except Exception:
        return '-'


def parsed():
    for s in SPELLINGS:
        read = FPGABackend.convert_precision_string
        text = 'auto' if s.lower() == 'auto' else str(read(s))
        yield f'parse {s} {text} {spelling(APTypeConverter, read(s))} {spelling(ACTypeConverter, read(s))}'
    for s in BAD:
        try:
            FPGABackend.convert_precision_string(s)
        except Exception:
            yield f'bad {s}'


def special():
    for name, make in [('xnor', XnorPrecisionType), ('exponent<4>', lambda: ExponentPrecisionType(4, True)),
                       ('uexponent<4>', lambda: ExponentPrecisionType(4, False))]:
        yield f'parse {name} {make()} {spelling(APTypeConverter, make())} {spelling(ACTypeConverter, make())}'


def weights():
    rnd = random.Random('hlsgo fixed text')
    formats = ['fixed<4,2>', 'fixed<8,8>', 'fixed<8,10>', 'fixed<16,6>', 'ufixed<3,0>', 'fixed<18,8,RND,SAT>',
               'int<6>', 'fixed<40,2>', 'fixed<128,64>', 'float', 'xnor', 'exponent<4>']
    for f in formats:
        for k in range(60):
            v = rnd.choice([rnd.uniform(-3, 3), rnd.gauss(0, 0.3), rnd.randint(-40, 40) / 8,
                            rnd.randint(-9, 9) / 2, rnd.uniform(-1, 1) * 10.0 ** rnd.randint(-12, 12), -0.0])
            if k % 2:
                v = float(np.float32(v))
            dtype = np.float32 if k % 2 else np.float64
            if f == 'xnor':
                precision = XnorPrecisionType()
            elif f.startswith('exponent'):
                precision = ExponentPrecisionType(4, True)
            else:
                precision = FPGABackend.convert_precision_string(f)
            text = next(iter(WeightVariable('w', 'w_t', precision, np.array([v], dtype=dtype))))
            yield f'weight {f} {struct.unpack("<Q", struct.pack("<d", v))[0]:x} {text}'


def body():
    return '\n'.join([*parsed(), *special(), *weights()]) + '\n'
