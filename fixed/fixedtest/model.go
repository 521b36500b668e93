// Package fixedtest judges package fixed and everything that does arithmetic with it: a slow model of the
// conversions and operators, written down from their definition on rational numbers, and a generator of
// formats and operands in which corners are common.
package fixedtest

import (
	"math/big"

	"github.com/hlsgo/hlsgo/fixed"
)

// Value is the number that raw x of format f stands for: x * 2^-F.
func Value(x *big.Int, f fixed.Format) *big.Rat { return scale(new(big.Rat).SetInt(x), -f.F()) }

// scale is v * 2^n.
func scale(v *big.Rat, n int) *big.Rat {
	p := new(big.Int).Lsh(big.NewInt(1), uint(max(n, -n)))
	if n < 0 {
		return new(big.Rat).Quo(v, new(big.Rat).SetInt(p))
	}
	return new(big.Rat).Mul(v, new(big.Rat).SetInt(p))
}

// Cast is fixed.Cast by definition: the number at x is quantized to steps of the target, and what lies
// outside its range is brought into it.
func Cast(x *big.Int, from, to fixed.Format) *big.Int {
	q := to.Q
	over := to
	if to.Kind == fixed.KindInt {
		q, over = intMode(from, to), to.Plain()
	}
	steps := Quantize(scale(Value(x, from), to.F()), q)
	deleted := false
	if i := from.F() - to.F() + to.W; i >= 0 && i < from.W {
		deleted = bit(x, i)
	}
	return Overflow(steps, over, deleted)
}

// intMode is how a conversion to an integer quantizes: ac_int down, ap_int toward zero, with the exception
// of sources that have no integer bits.
func intMode(from, to fixed.Format) fixed.Q {
	if to.Family == fixed.AC || from.I == 0 {
		return fixed.TRN
	}
	return fixed.TRNZero
}

// Quantize is the integer that mode q makes of v.
func Quantize(v *big.Rat, q fixed.Q) *big.Int {
	floor := new(big.Int).Div(v.Num(), v.Denom()) // Euclidean: the denominator is positive, so this is the floor
	rest := new(big.Rat).Sub(v, new(big.Rat).SetInt(floor))
	ceil := new(big.Int).Set(floor)
	if rest.Sign() != 0 {
		ceil.Add(ceil, big.NewInt(1))
	}
	half := rest.Cmp(big.NewRat(1, 2))
	switch {
	case q == fixed.TRN:
		return floor
	case q == fixed.TRNZero:
		return pick(v.Sign() < 0, ceil, floor)
	case half != 0:
		return pick(half > 0, ceil, floor)
	}
	switch q { // a tie
	case fixed.RND:
		return ceil
	case fixed.RNDMinInf:
		return floor
	case fixed.RNDZero:
		return pick(v.Sign() < 0, ceil, floor)
	case fixed.RNDInf:
		return pick(v.Sign() < 0, floor, ceil)
	}
	return pick(floor.Bit(0) == 1, ceil, floor)
}

func pick(first bool, a, b *big.Int) *big.Int {
	if first {
		return a
	}
	return b
}

// Overflow is the raw of f that its overflow mode makes of q. deleted is the bit of the source that stands
// one above the highest bit of f, if it has one; only WRAP_SM looks at it.
func Overflow(q *big.Int, f fixed.Format, deleted bool) *big.Int {
	lo, hi := f.Range()
	low := new(big.Int).Set(lo)
	if f.O == fixed.SATSym && f.Signed && f.W > 1 {
		low.Neg(hi)
	}
	inside := q.Cmp(lo) >= 0 && q.Cmp(hi) <= 0
	switch {
	case f.O == fixed.SAT || f.O == fixed.SATSym:
		return clamp(q, low, hi)
	case inside:
		return new(big.Int).Set(q)
	case f.O == fixed.SATZero:
		return new(big.Int)
	}
	bits := bitsOf(q, f.W)
	if f.O == fixed.WRAPSM {
		signMagnitude(bits, f, q.Sign() < 0, deleted)
	} else if f.N > 0 {
		saturateTop(bits, f, q.Sign() < 0)
	}
	return number(bits, f.Signed)
}

func clamp(q, lo, hi *big.Int) *big.Int {
	switch {
	case q.Cmp(lo) < 0:
		q = lo
	case q.Cmp(hi) > 0:
		q = hi
	}
	return new(big.Int).Set(q)
}

// saturateTop gives the top N bits the value that says "too large" or, in a signed format, "too small".
func saturateTop(bits []bool, f fixed.Format, negative bool) {
	for i := f.W - f.N; i < f.W; i++ {
		bits[i] = !f.Signed || !negative
	}
	if f.Signed {
		bits[f.W-1] = negative
	}
}

func signMagnitude(bits []bool, f fixed.Format, negative, deleted bool) {
	sign := bits[f.W-1]
	switch {
	case f.N == 0 && deleted != sign, f.N == 1 && negative != sign, f.N > 1 && bits[f.W-f.N] == negative:
		for i := range bits {
			bits[i] = !bits[i]
		}
	}
	if f.N == 0 {
		if deleted != sign {
			bits[f.W-1] = deleted
		}
		return
	}
	saturateTop(bits, f, negative)
}

// bitsOf is the low w bits of x in two's complement, the lowest first.
func bitsOf(x *big.Int, w int) []bool {
	bits := make([]bool, w)
	for i := range bits {
		bits[i] = bit(x, i)
	}
	return bits
}

// bit is bit i of x in two's complement: whether floor(x / 2^i) is odd.
func bit(x *big.Int, i int) bool {
	q := new(big.Int).Div(x, new(big.Int).Lsh(big.NewInt(1), uint(i)))
	return q.Bit(0) == 1
}

func number(bits []bool, signed bool) *big.Int {
	x := new(big.Int)
	for i, b := range bits {
		weight := new(big.Int).Lsh(big.NewInt(1), uint(i))
		switch {
		case b && signed && i == len(bits)-1:
			x.Sub(x, weight)
		case b:
			x.Add(x, weight)
		}
	}
	return x
}

// FromFloat64 is the raw of the fixed-point format to for a finite v that is not subnormal.
func FromFloat64(v float64, to fixed.Format) *big.Int {
	r := new(big.Rat).SetFloat64(v)
	return Overflow(Quantize(scale(r, to.F()), to.Q), to, false)
}

// Raw is the raw of f for the number v, which f must hold exactly.
func Raw(v *big.Rat, f fixed.Format) *big.Int {
	steps := scale(v, f.F())
	if !steps.IsInt() {
		panic("BUG: fixedtest: " + f.String() + " does not hold " + v.String())
	}
	return new(big.Int).Set(steps.Num())
}

// Mul is the raw of x*y in fixed.Mul(a, b).
func Mul(x *big.Int, a fixed.Format, y *big.Int, b fixed.Format) *big.Int {
	return Raw(new(big.Rat).Mul(Value(x, a), Value(y, b)), fixed.Mul(a, b))
}

// Add is the raw of x+y in fixed.Add(a, b).
func Add(x *big.Int, a fixed.Format, y *big.Int, b fixed.Format) *big.Int {
	return Raw(new(big.Rat).Add(Value(x, a), Value(y, b)), fixed.Add(a, b))
}

// Sub is the raw of x-y in fixed.Sub(a, b).
func Sub(x *big.Int, a fixed.Format, y *big.Int, b fixed.Format) *big.Int {
	return Raw(new(big.Rat).Sub(Value(x, a), Value(y, b)), fixed.Sub(a, b))
}

// Div is the raw of x/y in fixed.Div(a, b), cut toward zero. AP's one overflow, of the least dividend by raw
// -1, is not in it.
func Div(x *big.Int, a fixed.Format, y *big.Int, b fixed.Format) *big.Int {
	v := new(big.Rat).Quo(Value(x, a), Value(y, b))
	return Quantize(scale(v, fixed.Div(a, b).F()), fixed.TRNZero)
}
