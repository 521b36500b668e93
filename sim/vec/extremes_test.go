package vec_test

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo/sim/vec"
)

// TestSumsOfExtremes multiplies the ends of the ranges, which random bytes hardly ever hit: instructions that
// saturate or round differ from the twins only there.
func TestSumsOfExtremes(t *testing.T) {
	for _, s := range vec.Sets() {
		for _, c := range sums(s) {
			if !c.fast.Ready() {
				continue
			}
			t.Run(s.Name+"/"+c.name, func(t *testing.T) {
				for seed := range 40 {
					checkExtremes(t, c, uint64(seed))
				}
			})
		}
	}
}

func checkExtremes(t *testing.T, c sumCase, seed uint64) {
	r := rand.New(rand.NewPCG(seed, 9))
	const k = 5
	bits := 32 // of an operand
	if c.acc == 2 || c.name == "Dot16" {
		bits = 16
	}
	x := extremes(r, k*c.fast.Samples, c.in, bits)
	w := extremes(r, k*c.fast.Outputs, c.unit, bits)
	acc := make([]byte, c.fast.Outputs*c.fast.Samples*c.acc)
	if c.fast.Twice() {
		for i := 0; i < len(w); i += 4 {
			copy(w[i+2:i+4], w[i:i+2])
		}
	}
	offs := make([]int64, k)
	for i := range offs {
		offs[i] = int64(i * c.fast.Samples * c.in)
	}
	p := c.params(r)
	want := append([]byte{}, acc...)
	c.twin.Run(vec.Bytes(x), offs, vec.Bytes(w), vec.Bytes(want), p)
	c.fast.Run(vec.Bytes(x), offs, vec.Bytes(w), vec.Bytes(acc), p)
	require.Equal(t, want, acc, "seed %d", seed)
}

// extremes are n units of values at and beside the ends of their range and zero: values of `bits` bits, as
// many as fit a unit, or one sign-extended to it if it has 8 bytes.
func extremes(r *rand.Rand, n, unit, bits int) []byte {
	low, high := int64(math.MinInt64)>>(64-bits), int64(math.MaxInt64)>>(64-bits)
	values := []int64{low, low, low + 1, -1, 0, 1, high, high}
	each := bits / 8
	if unit == 8 {
		each = 8
	}
	var out []byte
	for len(out) < n*unit {
		v := values[r.IntN(len(values))]
		out = append(out, binary.LittleEndian.AppendUint64(nil, uint64(v))[:each]...)
	}
	return out
}

// TestExactSums: products that nothing is cut from may have a loop of their own.
func TestExactSums(t *testing.T) {
	for _, s := range vec.Sets() {
		for _, c := range sums(s) {
			if c.fast.Ready() && (c.name == "Cut32" || c.name == "Cut64") {
				c.params = func(*rand.Rand) *vec.Params { return &vec.Params{} }
				for k := range 9 {
					checkSum(t, c, k, k%3)
				}
			}
		}
	}
}

// TestCastsRoundToEven converts values that no limit touches, so that the last bit of the result shows.
func TestCastsRoundToEven(t *testing.T) {
	for _, s := range vec.Sets() {
		for _, c := range planes(s) {
			if c.bits == 0 || c.keep != c.bits || !c.fast.Ready() {
				continue
			}
			for even := range int64(2) {
				r := rand.New(rand.NewPCG(uint64(even), 11))
				src, _ := guarded(r, 8*c.fast.Block*c.in, 0)
				p := vec.Neutral(c.bits)
				p.Add, p.Even, p.Shift = 3, even, 3
				got, want := make([]byte, 8*c.fast.Block*c.out), make([]byte, 8*c.fast.Block*c.out)
				c.twin.Run(vec.Bytes(want), vec.Bytes(src), 8, &p)
				c.fast.Run(vec.Bytes(got), vec.Bytes(src), 8, &p)
				require.Equal(t, want, got, "%s %s, even %d", s.Name, c.name, even)
			}
		}
	}
}
