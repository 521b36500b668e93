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
	for _, set := range append(vec.Sets(), vec.Set{}) {
		for i := range 400 {
			n := 1 + r.IntN(i/2+1)*(1+r.IntN(40))
			checkFacts[int8](t, &set, r, n)
			checkFacts[int16](t, &set, r, n)
			checkFacts[int32](t, &set, r, n)
			checkFacts[int64](t, &set, r, n)
			checkFloats(t, &set, r, n)
		}
	}
}

func checkFacts[T int8 | int16 | int32 | int64](t *testing.T, set *vec.Set, r *rand.Rand, n int) {
	bits := 8 * int(unsafe.Sizeof(T(0)))
	x := make([]T, n+2)
	mask := (T(r.Uint64()) | 1) << r.IntN(bits) >> r.IntN(bits)
	for i := range x {
		if x[i] = T(r.Uint64()) & mask; r.IntN(4) == 0 {
			x[i] = T(r.IntN(5) - 2)
		}
	}
	x[0], x[n+1] = T(1)<<(bits-1), ^(T(1) << (bits - 1)) // beside those to look at
	all := x[1 : n+1]
	want := vec.Facts{Low: int64(all[0]), High: int64(all[0])}
	low, high := limit[T](r), limit[T](r)
	within, tiny := 0, 0
	for _, v := range all {
		want.Low, want.High, want.Or = min(want.Low, int64(v)), max(want.High, int64(v)), want.Or|uint64(v)
		if v == 0 {
			want.Zeros++
		}
		if int64(v) >= low && int64(v) <= high {
			if within++; v != 0 {
				tiny++
			}
		}
	}
	src := unsafe.Pointer(&all[0])
	var got vec.Facts
	set.Facts(src, n, bits, &got)
	require.Equal(t, want, got, "%s, %d bits, %d values", set.Name, bits, n)
	set.Ends(src, n, bits, &got)
	require.Equal(t, [2]int64{want.Low, want.High}, [2]int64{got.Low, got.High}, "%s, %d values", set.Name, n)
	what := []any{"%s, %d bits, %d values: from %d to %d", set.Name, bits, n, low, high}
	require.Equal(t, within, set.Within(src, n, bits, low, high), what...)
	require.Equal(t, tiny, set.Tiny(src, n, bits, low, high), what...)
}

// limit is a number near zero, one of the lane, or one beyond it.
func limit[T int8 | int16 | int32 | int64](r *rand.Rand) int64 {
	switch r.IntN(4) {
	case 0:
		return int64(r.IntN(5) - 2)
	case 1:
		return int64(r.Uint64())
	}
	return int64(T(r.Uint64()))
}

func checkFloats(t *testing.T, set *vec.Set, r *rand.Rand, n int) {
	x := make([]float32, n)
	odd := []float32{0, float32(math.Copysign(0, -1)), float32(math.NaN()), -2, 1.5, 0.25, -0.25, 1e-45}
	var want vec.FloatFacts
	beyond := 0
	for i := range x {
		if x[i] = float32(r.NormFloat64()); r.IntN(4) == 0 {
			x[i] = odd[r.IntN(len(odd))]
		}
		v := x[i]
		if v == v {
			want.Low, want.High = min(want.Low, v), max(want.High, v)
		}
		if v < -2 || v >= 1.5 {
			beyond++
		}
		if v >= -0.25 && v < 0.25 && v != 0 {
			want.Tiny++
		}
	}
	var got vec.FloatFacts
	set.Floats(x, -0.25, 0.25, &got)
	require.Equal(t, want, got, "%s, %d values", set.Name, n)
	require.Equal(t, beyond, set.FloatsBeyond(x, -2, 1.5), "%s, %d values", set.Name, n)
}
