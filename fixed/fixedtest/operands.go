package fixedtest

import (
	"math"
	"math/big"
	"math/rand/v2"

	"github.com/hlsgo/hlsgo/fixed"
)

// Corners are the raws of f at which mistakes show: around zero, around both ends, and powers of two with
// their neighbours. cuts names bits that a conversion drops, to have ties among them.
func Corners(f fixed.Format, cuts ...int) []*big.Int {
	var all []*big.Int
	lo, hi := f.Range()
	add := func(x *big.Int, d int64) {
		x = new(big.Int).Add(x, big.NewInt(d))
		if x.Cmp(lo) >= 0 && x.Cmp(hi) <= 0 {
			all = append(all, x)
		}
	}
	for d := int64(-2); d <= 2; d++ {
		add(lo, d)
		add(hi, d)
		add(new(big.Int), d)
	}
	for _, c := range append(cuts, f.W/2) {
		for k := max(c-1, 0); k <= c && k <= f.W; k++ {
			p := new(big.Int).Lsh(big.NewInt(1), uint(k))
			for _, m := range []int64{-3, -1, 1, 3} {
				x := new(big.Int).Mul(p, big.NewInt(m))
				add(x, -1)
				add(x, 0)
				add(x, 1)
			}
		}
	}
	return all
}

// RandomRaw is a raw of f: uniform, or small, or near a corner.
func RandomRaw(r *rand.Rand, f fixed.Format) *big.Int {
	lo, hi := f.Range()
	switch r.IntN(4) {
	case 0:
		c := Corners(f, r.IntN(f.W+1))
		return c[r.IntN(len(c))]
	case 1: // few significant bits
		hi = new(big.Int).Rsh(hi, uint(r.IntN(f.W)))
		if f.Signed {
			lo = new(big.Int).Not(hi)
		}
	}
	span := new(big.Int).Sub(hi, lo)
	x := new(big.Int)
	for i := 0; i < f.W; i += 64 {
		x.Or(x.Lsh(x, 64), new(big.Int).SetUint64(r.Uint64()))
	}
	x.Mod(x, span.Add(span, big.NewInt(1)))
	return x.Add(x, lo)
}

// RandomNarrow is RandomRaw of a narrow format.
func RandomNarrow(r *rand.Rand, f fixed.Format) int64 { return RandomRaw(r, f).Int64() }

// RandomFormat is a fixed-point or, one time in eight, an integer format of at most maxW bits, with any of
// the modes of a random family.
func RandomFormat(r *rand.Rand, maxW int) fixed.Format {
	f := fixed.Format{W: 1 + r.IntN(maxW), Signed: r.IntN(3) > 0}
	if r.IntN(2) == 0 {
		f.W = 1 + r.IntN(min(maxW, 20))
	}
	f.I = r.IntN(f.W+13) - 6
	f.Family = fixed.Family(r.IntN(4) / 3)
	if r.IntN(8) == 0 {
		f.Kind, f.I = fixed.KindInt, f.W
		return f
	}
	f.Q = fixed.Q(r.IntN(int(fixed.RNDConv) + 1))
	f.O = fixed.O(r.IntN(int(fixed.SATSym) + 1))
	if f.O == fixed.WRAPSM && (f.Family == fixed.AC || !f.Signed) {
		f.O = fixed.WRAP
	}
	if f.Family == fixed.AP && r.IntN(2) == 0 {
		f.N = r.IntN(min(f.W, 5) + 1)
	}
	return f
}

// RandomTarget is RandomFormat with its step near that of from, so that a conversion has bits to drop and
// to keep.
func RandomTarget(r *rand.Rand, from fixed.Format, maxW int) fixed.Format {
	to := RandomFormat(r, maxW)
	if to.Kind == fixed.KindFixed && r.IntN(4) > 0 {
		to.I = to.W - from.F() + r.IntN(from.W+6) - 3
	}
	return to
}

// RandomFloat64 is a finite double around the numbers of f, often a tie, sometimes far away.
func RandomFloat64(r *rand.Rand, f fixed.Format) float64 {
	switch r.IntN(8) {
	case 0:
		return math.Float64frombits(r.Uint64() &^ (1 << 62)) // any with a magnitude below 2
	case 1:
		return math.Ldexp(float64(r.IntN(9)-4), r.IntN(200)-100)
	}
	quarters := new(big.Int).Lsh(RandomRaw(r, f), 2)
	quarters.Add(quarters, big.NewInt(int64(r.IntN(9)-4)))
	v, _ := new(big.Float).SetInt(quarters).Float64()
	return math.Ldexp(v, -f.F()-2)
}
