package sim

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/sim/health"
	"github.com/hlsgo/hlsgo/sim/vec"
)

// anyFormat draws a format of a kind that numbers have, of up to 80 bits.
func anyFormat(r *rand.Rand) fixed.Format {
	w := 1 + r.IntN(24)
	if r.IntN(4) == 0 {
		w = 1 + r.IntN(80)
	}
	f := fixed.Format{W: w, I: w + r.IntN(2*w+8) - w - 4, Signed: r.IntN(3) > 0}
	if r.IntN(5) == 0 {
		f.Kind, f.I = fixed.KindInt, w
	}
	f = f.With(fixed.Q(r.IntN(int(fixed.RNDConv)+1)), fixed.O(r.IntN(int(fixed.WRAPSM)+1)))
	if r.IntN(8) == 0 {
		f.Family = fixed.AC
	}
	return f
}

// numberNear draws a number: one of the ends of a format, of its steps, or any.
func numberNear(r *rand.Rand, f fixed.Format) float32 {
	step := math.Ldexp(1, -f.F())
	v := step * r.NormFloat64() * math.Ldexp(1, r.IntN(f.W+3))
	switch r.IntN(4) {
	case 0:
		v = step * float64(r.IntN(9)-4) / 4
	case 1:
		v = math.Ldexp(1, f.I-r.IntN(2)) + step*float64(r.IntN(9)-4)/4
	}
	if r.IntN(2) == 0 {
		v = -v
	}
	x := float32(v)
	if r.IntN(3) == 0 {
		x = math.Nextafter32(x, float32(r.IntN(3)-1)*math.MaxFloat32)
	}
	if math.IsInf(float64(x), 0) {
		return 0
	}
	return x
}

// TestInputCounts: numbers counted many at once are counted as one by one.
func TestInputCounts(t *testing.T) {
	best := vec.Best()
	for seed := range uint64(4000) {
		r := rand.New(rand.NewPCG(seed, 5))
		f := anyFormat(r)
		src := make([]float32, 1+r.IntN(70))
		want, got := health.NewTally(), health.NewTally()
		for i := range src {
			src[i] = numberNear(r, f)
			want.Input(float64(src[i]), f)
		}
		how := newInputCount(0, f)
		m := &memory{loops: &best, health: &healthMemory{}}
		if !how.oneByOne {
			require.True(t, inputFloats(m, &got, f, &how, src))
			require.Equal(t, want, got, "seed %d: %s, numbers %v", seed, f, src)
		}
		one := health.NewTally()
		inputOneByOne(&one, f, src)
		require.Equal(t, want, one, "seed %d: %s, numbers %v", seed, f, src)
	}
}
