"""Makes ../vectors/*.txt.gz: answers of the vendor headers that ship inside hls4ml. See README.md.

usage: python gen.py [ap|ac|text|casts|floats|operators]...   (default: all; needs g++ and hls4ml)
"""

import gzip
import os
import random
import subprocess
import sys
import tempfile

import hls4ml

HERE = os.path.dirname(os.path.abspath(__file__))
OUT = os.path.join(HERE, '..', 'vectors')
TEMPLATES = os.path.join(os.path.dirname(hls4ml.__file__), 'templates')
INCLUDE = {
    'ap': os.path.join(TEMPLATES, 'vivado', 'ap_types'),
    'ac': os.path.join(TEMPLATES, 'quartus', 'ac_types'),
}
BULK = {'narrow': 1500, 'wide': 150}  # seeded operands per group
PER_UNIT = 90  # groups per C++ translation unit

QS = ['TRN', 'TRN_ZERO', 'RND', 'RND_ZERO', 'RND_INF', 'RND_MIN_INF', 'RND_CONV']
OS = [('WRAP', 0), ('WRAP', 1), ('WRAP', 3), ('WRAP_SM', 0), ('WRAP_SM', 1), ('WRAP_SM', 3),
      ('SAT', 0), ('SAT_ZERO', 0), ('SAT_SYM', 0)]


class Type:
    """A number format, with its spelling in C++ and in package fixed."""

    def __init__(self, family, w, i, signed, q='TRN', o='WRAP', n=0, integer=False):
        self.family, self.w, self.i, self.signed, self.integer = family, w, i, signed, integer
        self.q, self.o, self.n = q, o, n

    def cpp(self):
        s = 'true' if self.signed else 'false'
        u = '' if self.signed else 'u'
        if self.family == 'ap':
            if self.integer:
                return f'ap_{u}int<{self.w}>'
            return f'ap_{u}fixed<{self.w}, {self.i}, AP_{self.q}, AP_{self.o}, {self.n}>'
        if self.integer:
            return f'ac_int<{self.w}, {s}>'
        return f'ac_fixed<{self.w}, {self.i}, {s}, AC_{self.q}, AC_{self.o}>'

    def text(self):
        plain = self.cpp().replace('ap_', '')
        return plain.replace(', AP_', ',').replace(', AC_', ',').replace(' ', '')

    def frac(self):
        return self.w - self.i


class Cases:
    """Draws formats and collects one line of C++ per group."""

    def __init__(self, family):
        self.family, self.lines = family, []
        self.rnd = random.Random(f'hlsgo fixed {family}')

    def modes(self):
        overflow = OS if self.family == 'ap' else [o for o in OS if o[0] != 'WRAP_SM' and o[1] == 0]
        return [(q, o, n) for q in QS for o, n in overflow]

    def width(self, wide):
        r = self.rnd
        if wide:
            edge = r.choice([65, 96, 127, 128, 129, 192, 256])
            return r.choice([r.randint(65, 140), edge, r.randint(200, 1024)])
        edge = r.choice([1, 2, 31, 32, 33, 63, 64])
        return r.choice([r.randint(1, 12), r.randint(1, 24), r.randint(20, 64), edge])

    def fixed(self, wide=False, near=None, mode=('TRN', 'WRAP', 0), top=None, width=None):
        r = self.rnd
        w = width or min(self.width(wide), top or 1024)
        signed = r.random() < 0.65 or mode[1] == 'WRAP_SM'
        if near:  # a target whose fractional bits leave something to quantize
            drop = r.choice([-3, 0, 1, 1, 2, 3, 4, 6, near.w // 2, near.w, near.w + 1, near.w + 3])
            i = w - (near.frac() - drop)
        else:
            i = r.choice([r.randint(-6, w + 6), r.randint(1, w), w // 2])
        return Type(self.family, w, i, signed, mode[0], mode[1], min(mode[2], w))

    def integer(self, wide=False):
        w = self.width(wide)
        return Type(self.family, w, w, self.rnd.random() < 0.65, integer=True)

    def size(self, wide):
        n = BULK['wide' if wide else 'narrow']
        return f'{n}, {len(self.lines) + 1}'

    def cast(self, src, dst, wide):
        if self.family == 'ap' and dst.integer and src.i < 0:
            return  # reads an uninitialized integer
        args = f'{src.frac() - dst.frac()}, {self.size(wide)}'
        self.add(f'run_cast<{src.cpp()}, {dst.cpp()} >', f'cast {src.text()} {dst.text()}', args)

    def add(self, function, header, args):
        self.lines.append(f'{function}("{header}", {args});')

    def from_float(self, ctype, dst, wide):
        self.add(f'run_from_float<{ctype}, {dst.cpp()} >', f'{ctype} {dst.text()}', self.size(wide))

    def to_float(self, kind, src, wide):
        function = f'run_to_float<{src.cpp()}, as_{kind}<{src.cpp()} > >'
        self.add(function, f'to_{kind} {src.text()}', self.size(wide))

    def binary(self, op, a, b, wide):
        divides = 'true' if op == 'Div' else 'false'
        header = f'{op.lower()} {a.text()} {b.text()}'
        self.add(f'run_binary<Op{op}, {a.cpp()}, {b.cpp()} >', header, f'{divides}, {self.size(wide)}')

    def unary(self, op, a, wide):
        self.add(f'run_{op}<{a.cpp()} >', f'{op} {a.text()}', self.size(wide))

    def compare(self, a, b, wide):
        if self.family == 'ac' and a.integer != b.integer:
            return  # no such operator
        self.add(f'run_compare<{a.cpp()}, {b.cpp()} >', f'compare {a.text()} {b.text()}', self.size(wide))


def casts(c):
    for mode in c.modes():
        for k in range(5):
            src = c.fixed()
            c.cast(src, c.fixed(near=src, mode=mode), False)
        src = c.fixed(wide=c.rnd.random() < 0.7)
        c.cast(src, c.fixed(wide=c.rnd.random() < 0.7, near=src, mode=mode), True)
    for w in (63, 64):  # all bits of a machine word dropped, or nearly
        for drop in (61, 62, 63, 64, 65):
            for q in QS:
                src, mode = c.fixed(width=w), (q,) + c.rnd.choice(c.modes())[1:]
                signed = src.signed or mode[1] == 'WRAP_SM'
                dst = Type(c.family, 6, 6 - src.frac() + drop, signed, *mode)
                c.cast(src, dst, w == 64 and not src.signed)
    for k in range(24):
        wide = k % 6 == 5
        c.cast(c.fixed(wide), c.integer(), wide)
        c.cast(c.integer(wide), c.fixed(mode=c.rnd.choice(c.modes())), wide)
        c.cast(c.integer(wide), c.integer(wide), wide)
    zero = [Type(c.family, w, 0, s) for w in (1, 8, 33, 80) for s in (True, False)]
    for src in zero:  # no integer bits at all
        c.cast(src, c.integer(), src.w > 64)


def floats(c):
    for mode in c.modes():
        for k in range(2):
            c.from_float('double', c.fixed(mode=mode), False)
        c.from_float('double', c.fixed(wide=True, mode=mode), True)
        if c.family == 'ac':  # formats that fill their words
            w = c.rnd.choice([32, 64, 96])
            c.from_float('double', Type('ac', w, c.rnd.randint(-5, w), True, *mode), w > 64)
    for k in range(16):
        wide = k % 4 == 3
        c.from_float('double', c.integer(wide), wide)
        c.from_float('float', c.integer(wide), wide)
        c.from_float('float', c.fixed(wide), wide)
    for k in range(40):
        wide = k % 4 == 3
        c.to_float('double', c.fixed(wide), wide)
        c.to_float('float', c.fixed(wide, top=140), wide)
        if k % 4 == 0:
            c.to_float('double', c.integer(k % 8 == 4), k % 8 == 4)
            c.to_float('float', c.integer(k % 8 == 4), k % 8 == 4)


def operators(c):
    for op in ['Mul', 'Add', 'Sub', 'Div', 'And', 'Or', 'Xor']:
        for k in range(5 if op in ('And', 'Or', 'Xor') else 14):
            wide = k % 4 == 3
            top = None if wide else 29  # keeps most results below 64 bits
            a, b = c.fixed(wide, top=top), c.fixed(wide and k % 8 == 3, top=top)
            if k % 5 == 4:
                b = c.integer()
            if op == 'Div' and wide:  # see README.md: long division by more than 32 bits is wrong
                b = c.fixed(top=32)
            c.binary(op, a, b, wide)
        for k in range(8):
            wide = k % 4 == 3
            a, b = c.integer(wide), c.integer()
            if op == 'Div' and wide:
                b.w = b.i = min(b.w, 31)
            c.binary(op, a, b, wide)
    for k in range(40):
        wide = k % 5 == 4
        a = c.fixed(wide) if k % 4 else c.integer(wide)
        b = c.fixed() if k % 8 else c.integer()
        if k % 3 == 0 and k % 8:
            b.i = b.w - a.frac()
        c.compare(a, b, wide)
    for wa in (8, 30, 31, 32, 33, 48, 62, 63, 64, 65, 80):  # of different sign, about as wide once aligned
        for dw in (-1, 0, 1, 2):
            d = c.rnd.choice([-5, -1, 0, 0, 3])  # how many more fractional bits the right one has
            signed = c.rnd.random() < 0.5
            a = Type(c.family, wa, c.rnd.randint(0, wa), signed)
            wb = max(wa + d + dw, 1)
            c.compare(a, Type(c.family, wb, wb - a.frac() - d, not signed), wa > 60)
    for k in range(20):
        wide = k % 4 == 3
        c.unary('shift', c.fixed(wide, mode=c.rnd.choice(c.modes())), wide)
        c.unary('negate', c.fixed(wide), wide)
        a = c.fixed(wide)
        undefined, unbuildable = c.family == 'ap' and a.i < 0, c.family == 'ac' and a.i > 64
        if not undefined and not unbuildable:
            c.unary('to_int', a, wide)
    c.unary('shift', c.integer(), False)
    c.unary('negate', Type(c.family, 1, 1, True, integer=True), False)
    c.unary('negate', Type(c.family, 1, 1, False, integer=True), False)
    c.unary('negate', c.integer(), False)
    for w in (5, 31, 32, 33, 63):  # integers of different sign and about the same width
        for dw in (-1, 0, 1):
            signed = c.rnd.random() < 0.5
            a = Type(c.family, w, w, signed, integer=True)
            c.binary('Div', a, Type(c.family, w + dw, w + dw, not signed, integer=True), False)


PROLOGUE = {
    'ap': '#define AP_INT_MAX_W 4\n#include "ap.h"\n#define DOUBLE(v) double(v)\n#define FLOAT(v) float(v)\n',
    'ac': '#include "ac.h"\n#define DOUBLE(v) ((v).to_double())\n#define FLOAT(v) float((v).to_double())\n',
}


def run_unit(family, lines, work, k):
    source = os.path.join(work, f'{family}{k}.cpp')
    program = os.path.join(work, f'{family}{k}')
    with open(source, 'w') as f:
        f.write(PROLOGUE[family] + '#include "ops.h"\nint main() {\n' + '\n'.join(lines) + '\n}\n')
    subprocess.run(['nice', 'g++', '-std=c++14', '-O1', '-DNDEBUG', '-w', '-I', HERE,
                    '-isystem', INCLUDE[family], source, '-o', program], check=True)
    quiet = dict(stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return subprocess.run([program], check=True, **quiet).stdout.decode()


def write(name, what, body):
    os.makedirs(OUT, exist_ok=True)
    version = subprocess.run(['g++', '-dumpfullversion'], check=True, stdout=subprocess.PIPE)
    versions = f'hls4ml {hls4ml.__version__}, g++ {version.stdout.decode().strip()}'
    first = f'# {what}, from {versions}; made by fixed/testdata/gen/gen.py\n'
    with open(os.path.join(OUT, name), 'wb') as f:
        with gzip.GzipFile(fileobj=f, mode='wb', mtime=0, filename='') as z:
            z.write((first + body).encode())


def headers(family, parts):
    what = {'ap': 'answers of ap_fixed.h and ap_int.h', 'ac': 'answers of ac_fixed.h and ac_int.h'}[family]
    for part in parts:
        c = Cases(family + part.__name__)
        c.family = family
        part(c)
        with tempfile.TemporaryDirectory() as work:
            units = [c.lines[i:i + PER_UNIT] for i in range(0, len(c.lines), PER_UNIT)]
            body = ''.join(run_unit(family, lines, work, k) for k, lines in enumerate(units))
        write(f'{family}_{part.__name__}.txt.gz', what + ' with -DNDEBUG', body)
        print(family, part.__name__, len(c.lines), 'groups')


def main(which):
    every = [casts, floats, operators]
    parts = [part for part in every if part.__name__ in which] or every
    for family in ('ap', 'ac'):
        if family in which:
            headers(family, parts)
    if 'text' in which:
        import text

        write('text.txt.gz', 'answers of hls4ml precision parsing and weight printing', text.body())


if __name__ == '__main__':
    main(sys.argv[1:] or ['ap', 'ac', 'text'])
