package fixed

import (
	"math/big"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

// resultOf reads the "-> W I signed" that the header found for the result type.
func (g *group) resultOf(t *testing.T, at int) (w, i int, signed bool) {
	require.Equal(t, "->", g.header[at])
	w, err1 := strconv.Atoi(g.header[at+1])
	i, err2 := strconv.Atoi(g.header[at+2])
	require.NoError(t, err1)
	require.NoError(t, err2)
	return w, i, g.header[at+3] == "1"
}

func (g *group) binaryTest(t *testing.T) {
	op, a, b := g.header[0], mustParse(t, g.header[1]), mustParse(t, g.header[2])
	f := binaryFormat(op, a, b)
	w, i, signed := g.resultOf(t, 3)
	if f.W != w || f.I != i || f.Signed != signed {
		t.Errorf("%s: got result format %s, want W %d I %d signed %t", g.header, f, w, i, signed)
	}
	for _, c := range g.corners {
		x, y := hexRaw(c[0], a), hexRaw(c[1], b)
		sameRaw(t, f, c[2], anyBinary(t, op, x, a, y, b), g.header, c)
	}
	g.check(t, func(r *random, h *fnv) {
		x, y := r.operand(a), r.operand(b)
		if op == "div" && y.Sign() == 0 {
			y = lowRaw(one, b) // -1 where b has one signed bit
		}
		h.add(anyBinary(t, op, x, a, y, b), f.W)
	})
}

func binaryFormat(op string, a, b Format) Format {
	switch op {
	case "mul":
		return Mul(a, b)
	case "add":
		return Add(a, b)
	case "sub":
		return Sub(a, b)
	case "div":
		return Div(a, b)
	}
	return Logic(a, b)
}

// anyBinary computes by the wide path, and by the narrow one where all formats allow.
func anyBinary(t *testing.T, op string, x *big.Int, a Format, y *big.Int, b Format) *big.Int {
	z := wideBinary(op, x, a, y, b)
	f := binaryFormat(op, a, b)
	if a.Narrow() && b.Narrow() && f.Narrow() {
		if n := narrowBinary(op, x.Int64(), a, y.Int64(), b); n != z.Int64() {
			t.Fatalf("%s %s %s of %d, %d: narrow path %d, wide path %d", op, a, b, x, y, n, z)
		}
	}
	return z
}

func wideBinary(op string, x *big.Int, a Format, y *big.Int, b Format) *big.Int {
	z := new(big.Int)
	switch op {
	case "mul":
		return MulBig(z, x, y)
	case "add":
		return AddBig(z, x, a, y, b)
	case "sub":
		return SubBig(z, x, a, y, b)
	case "div":
		return DivBig(z, x, a, y, b)
	case "and":
		return AndBig(z, x, a, y, b)
	case "or":
		return OrBig(z, x, a, y, b)
	}
	return XorBig(z, x, a, y, b)
}

func narrowBinary(op string, x int64, a Format, y int64, b Format) int64 {
	switch op {
	case "mul":
		return MulRaw(x, y)
	case "add":
		return AddRaw(x, a, y, b)
	case "sub":
		return SubRaw(x, a, y, b)
	case "div":
		return DivRaw(x, a, y, b)
	case "and":
		return AndRaw(x, a, y, b)
	case "or":
		return OrRaw(x, a, y, b)
	}
	return XorRaw(x, a, y, b)
}

func (g *group) negateTest(t *testing.T) {
	a := mustParse(t, g.header[1])
	f := Neg(a)
	w, i, signed := g.resultOf(t, 2)
	if f.W != w || f.I != i || f.Signed != signed {
		t.Errorf("%s: got result format %s, want W %d I %d signed %t", g.header, f, w, i, signed)
	}
	for _, c := range g.corners {
		x := hexRaw(c[0], a)
		sameRaw(t, f, c[1], x.Neg(x), g.header, c)
	}
	g.check(t, func(r *random, h *fnv) {
		x := r.operand(a)
		h.add(x.Neg(x), f.W)
	})
}

// relations is the six comparisons as six bits: < > <= >= == !=.
func relations(t *testing.T, x *big.Int, a Format, y *big.Int, b Format) uint64 {
	c, equal := CmpBig(x, a, y, b), EqualBig(x, a, y, b)
	if a.Narrow() && b.Narrow() {
		if n, e := Cmp(x.Int64(), a, y.Int64(), b), Equal(x.Int64(), a, y.Int64(), b); n != c || e != equal {
			t.Fatalf("compare %s %s of %d, %d: narrow path %d %t, wide path %d %t", a, b, x, y, n, e, c, equal)
		}
	}
	var bits uint64
	for i, holds := range []bool{c < 0, c > 0, c <= 0, c >= 0, equal, !equal} {
		if holds {
			bits |= 1 << i
		}
	}
	return bits
}

func (g *group) compareTest(t *testing.T) {
	a, b := mustParse(t, g.header[1]), mustParse(t, g.header[2])
	for _, c := range g.corners {
		x, y := hexRaw(c[0], a), hexRaw(c[1], b)
		want, err := strconv.ParseUint(c[2], 16, 64)
		require.NoError(t, err)
		if got := relations(t, x, a, y, b); got != want {
			t.Errorf("%s of %d, %d: got %06b, want %06b", g.header, x, y, got, want)
		}
	}
	g.check(t, func(r *random, h *fnv) {
		x := r.operand(a)
		h.word(relations(t, x, a, r.operand(b), b))
	})
}

func anyShift(t *testing.T, x *big.Int, n int, f Format) (l, r *big.Int) {
	l, r = ShlBig(new(big.Int), x, n, f), ShrBig(new(big.Int), x, n, f)
	if f.Narrow() {
		if nl, nr := Shl(x.Int64(), n, f), Shr(x.Int64(), n, f); nl != l.Int64() || nr != r.Int64() {
			t.Fatalf("shift %s of %d by %d: narrow path %d %d, wide path %d %d", f, x, n, nl, nr, l, r)
		}
	}
	return l, r
}

func (g *group) shiftTest(t *testing.T) {
	f := mustParse(t, g.header[1])
	for _, c := range g.corners {
		n, err := strconv.ParseUint(c[1], 16, 64)
		require.NoError(t, err)
		l, r := anyShift(t, hexRaw(c[0], f), int(int64(n)), f)
		sameRaw(t, f, c[2], l, g.header, c)
		sameRaw(t, f, c[3], r, g.header, c)
	}
	g.check(t, func(r *random, h *fnv) {
		x := r.operand(f)
		left, right := anyShift(t, x, int(r.next()%uint64(f.W+6))-3, f)
		h.add(left, f.W)
		h.add(right, f.W)
	})
}

func (g *group) toIntTest(t *testing.T) {
	f := mustParse(t, g.header[1])
	toInt := func(x *big.Int) int64 {
		i := int64(ToCIntBig(x, f))
		if f.Narrow() {
			require.Equal(t, i, int64(ToCInt(x.Int64(), f)))
		}
		return i
	}
	for _, c := range g.corners {
		sameRaw(t, Int(64), c[1], big.NewInt(toInt(hexRaw(c[0], f))), g.header, c)
	}
	g.check(t, func(r *random, h *fnv) { h.word(uint64(toInt(r.operand(f)))) })
}
