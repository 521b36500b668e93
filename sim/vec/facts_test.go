package vec_test

import (
	"math"
	"math/rand/v2"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo/sim/vec"
)

// TestFacts compares the loops that look at planes with plain ones.
func TestFacts(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, set := range vec.Sets() {
		for range 200 {
			n := 64 * (1 + r.IntN(150))
			checkFacts[int8](t, &set, r, n)
			checkFacts[int16](t, &set, r, n)
			checkFacts[int32](t, &set, r, n)
			checkFloats(t, &set, r, n)
		}
	}
}

func checkFacts[T int8 | int16 | int32](t *testing.T, set *vec.Set, r *rand.Rand, n int) {
	bits := 8 * int(unsafe.Sizeof(T(0)))
	x := make([]T, n)
	mask := T(r.Uint64()) | 1
	for i := range x {
		if x[i] = T(r.Uint64()) & mask; r.IntN(4) == 0 {
			x[i] = 0
		}
	}
	want := vec.Facts{Low: int64(x[0]), High: int64(x[0])}
	low, high, beyond := r.Int64N(1<<33)-1<<32, r.Int64N(1<<33)-1<<32, 0
	if bits < 32 {
		low, high = int64(T(low)), int64(T(high))
	}
	for _, v := range x {
		want.Low, want.High, want.Or = min(want.Low, int64(v)), max(want.High, int64(v)), want.Or|uint64(v)
		if v == 0 {
			want.Zeros++
		}
		if int64(v) < low || int64(v) > high {
			beyond++
		}
	}
	if got, ok := set.FactsOf(unsafe.Pointer(&x[0]), n, bits); ok {
		require.Equal(t, want, got, "%s, %d bits, %d values", set.Name, bits, n)
	}
	if got, ok := set.Beyond(unsafe.Pointer(&x[0]), n, bits, low, high); ok {
		require.Equal(t, beyond, got, "%s, %d bits, beyond %d..%d", set.Name, bits, low, high)
	}
}

func checkFloats(t *testing.T, set *vec.Set, r *rand.Rand, n int) {
	x := make([]float32, n)
	l := vec.Limits{Low: -2, High: 1.5, TinyLow: -0.25, TinyHigh: 0.25}
	odd := []float32{0, float32(math.Copysign(0, -1)), float32(math.NaN()), -2, 1.5, 0.25, -0.25, 1e-45}
	var want vec.FloatFacts
	for i := range x {
		if x[i] = float32(r.NormFloat64()); r.IntN(4) == 0 {
			x[i] = odd[r.IntN(len(odd))]
		}
		v := x[i]
		if v == v {
			want.Low, want.High = min(want.Low, v), max(want.High, v)
		}
		if v == 0 {
			want.Zeros++
		}
		if v < l.Low || v >= l.High {
			want.Beyond++
		}
		if v >= l.TinyLow && v < l.TinyHigh {
			want.Tiny++
		}
	}
	if got, k := set.FloatsOf(x, l); k > 0 {
		require.Equal(t, n, k)
		require.Equal(t, want, got, "%s, %d values", set.Name, n)
	}
}
