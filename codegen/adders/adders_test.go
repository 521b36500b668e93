package adders_test

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo/codegen/adders"
)

// exactly is v as a number that loses nothing in what follows.
func exactly(v float64) *big.Float { return new(big.Float).SetPrec(2000).SetFloat64(v) }

// values runs a graph on a vector.
func values(g adders.Graph, x []float64) []*big.Float {
	var all []*big.Float
	for _, v := range x {
		all = append(all, exactly(v))
	}
	for _, o := range g.Ops {
		b := new(big.Float).SetMantExp(all[o.B], o.Shift)
		sum := new(big.Float).SetPrec(2000)
		if o.Sub {
			sum.Sub(all[o.A], b)
		} else {
			sum.Add(all[o.A], b)
		}
		all = append(all, sum)
	}
	return all
}

func output(all []*big.Float, t adders.Term) *big.Float {
	if t.Value == adders.None {
		return exactly(0)
	}
	v := new(big.Float).SetMantExp(all[t.Value], t.Shift)
	if t.Neg {
		v.Neg(v)
	}
	return v
}

// requireProduct holds the graph against the matrix on vectors of one 1, which decide a linear map, and on a
// drawn one.
func requireProduct(t *testing.T, m adders.Matrix, g adders.Graph, r *rand.Rand) {
	t.Helper()
	require.NoError(t, g.Check(m))
	for i := range m.Ins + 1 {
		x := make([]float64, m.Ins)
		if i < m.Ins {
			x[i] = 1
		} else {
			for k := range x {
				x[k] = math.Ldexp(float64(r.IntN(2001)-1000), -r.IntN(9))
			}
		}
		all := values(g, x)
		for j, term := range g.Outputs {
			want := exactly(0)
			for k, v := range x {
				want.Add(want, new(big.Float).SetPrec(2000).Mul(exactly(v), exactly(m.W[k*m.Outs+j])))
			}
			require.Zero(t, want.Cmp(output(all, term)), "vector %d, output %d", i, j)
		}
	}
}

func drawn(r *rand.Rand, ins, outs int, draw func() float64) adders.Matrix {
	m := adders.Matrix{Ins: ins, Outs: outs, W: make([]float64, ins*outs)}
	for i := range m.W {
		if r.IntN(4) > 0 {
			m.W[i] = draw()
		}
	}
	return m
}

// TestPairs solves matrices of whole numbers, of full mantissas, of numbers far apart, and of nothing.
func TestPairs(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for name, draw := range map[string]func() float64{
		"whole":      func() float64 { return float64(r.IntN(31) - 15) },
		"fractions":  func() float64 { return float64(r.IntN(255)-127) / 64 },
		"mantissas":  func() float64 { return float64(float32(r.NormFloat64())) },
		"far apart":  func() float64 { return math.Ldexp(float64(r.IntN(7)-3), r.IntN(200)-100) },
		"zero":       func() float64 { return 0 },
		"one number": func() float64 { return 5 },
	} {
		for range 8 {
			m := drawn(r, 1+r.IntN(9), 1+r.IntN(9), draw)
			t.Run(fmt.Sprintf("%s %dx%d", name, m.Ins, m.Outs), func(t *testing.T) {
				g := adders.Pairs{}.Solve(m)
				requireProduct(t, m, g, r)
				count, _ := m.Digits()
				require.LessOrEqual(t, len(g.Ops), count, "no more than without sharing")
				require.Equal(t, g, adders.Pairs{}.Solve(m), "the same again")
			})
		}
	}
}

// TestPairsShare counts adders of drawn matrices: sharing saves about half of them, and a change that costs
// adders shall show.
func TestPairsShare(t *testing.T) {
	for _, c := range []struct{ size, bits, most int }{{16, 4, 230}, {16, 6, 320}, {16, 8, 400}, {32, 4, 870}} {
		r := rand.New(rand.NewPCG(uint64(c.size), uint64(c.bits)))
		m := adders.Matrix{Ins: c.size, Outs: c.size}
		for range c.size * c.size {
			m.W = append(m.W, float64(r.IntN(1<<c.bits)-1<<(c.bits-1)))
		}
		g := adders.Pairs{}.Solve(m)
		requireProduct(t, m, g, r)
		digits, _ := m.Digits()
		t.Logf("%dx%d of %d bits: %d adders, %d without sharing, depth %d",
			c.size, c.size, c.bits, len(g.Ops), digits-c.size, g.Depth())
		require.LessOrEqual(t, len(g.Ops), c.most)
	}
}

// TestLongSums cuts sums into pieces whose pairs can be counted.
func TestLongSums(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	m := adders.Matrix{Ins: 3000, Outs: 2}
	for range m.Ins * m.Outs {
		m.W = append(m.W, float64(float32(r.NormFloat64())))
	}
	g := adders.Pairs{}.Solve(m)
	require.NoError(t, g.Check(m))
	x := make([]float64, m.Ins)
	want := exactly(0)
	for i := range x {
		x[i] = float64(r.IntN(9) - 4)
		want.Add(want, new(big.Float).SetPrec(2000).Mul(exactly(x[i]), exactly(m.W[i*2+1])))
	}
	require.Zero(t, want.Cmp(output(values(g, x), g.Outputs[1])))
}

// TestRanges holds types against the numbers at the ends of ranges.
func TestRanges(t *testing.T) {
	of := func(lo, hi int64, f int) adders.Range {
		return adders.Range{Lo: big.NewInt(lo), Hi: big.NewInt(hi), F: f}
	}
	for _, c := range []struct {
		r      adders.Range
		w, i   int
		signed bool
	}{
		{of(-8, 7, 0), 4, 4, true}, {of(0, 7, 2), 3, 1, false}, {of(0, 0, 3), 1, -2, false},
		{of(-1, 0, 0), 1, 1, true}, {of(-9, 1, 1), 5, 4, true}, {of(-9, -3, 1), 5, 4, true},
		{of(0, 8, -2), 4, 6, false},
	} {
		w, i, signed := c.r.Bits()
		require.Equal(t, []any{c.w, c.i, c.signed}, []any{w, i, signed}, c.r)
	}
	// x - 4y for x in -8..7 by one, y in 0..7 by a quarter
	g := adders.Graph{Inputs: 2, Ops: []adders.Op{{A: 0, B: 1, Shift: 2, Sub: true}}}
	r := g.Ranges([]adders.Range{of(-8, 7, 0), of(0, 7, 2)})[2]
	require.Equal(t, []any{int64(-15), int64(7), 0}, []any{r.Lo.Int64(), r.Hi.Int64(), r.F})
}

// TestCheck refuses graphs that read what is not there.
func TestCheck(t *testing.T) {
	m := adders.Matrix{Ins: 1, Outs: 1, W: []float64{3}}
	ahead := adders.Graph{Inputs: 1, Ops: []adders.Op{{A: 0, B: 1}}, Outputs: []adders.Term{{Value: 0}}}
	require.ErrorContains(t, ahead.Check(m), "operation 0: got values 0 and 1, want those before 1")
	none := adders.Graph{Inputs: 1, Outputs: []adders.Term{{Value: 1}}}
	require.ErrorContains(t, none.Check(m), "output 0: got value 1, want one before 1")
	require.ErrorContains(t, (&adders.Graph{Inputs: 2}).Check(m), "2 inputs and 0 outputs, want 1 and 1")
}
