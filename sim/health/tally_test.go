package health_test

import (
	"math"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/sim/health"
)

// TestTallyOfInputs: numbers on their way into fixed<4,2>, of -2 to 1.75 in quarters, and what its row says.
func TestTallyOfInputs(t *testing.T) {
	f, one := fixed.Fixed(4, 2), health.NewTally()
	for _, v := range []float64{0, 0.25, 0.1, -0.1, 1.75, 3, -5, math.Inf(1), math.NaN()} {
		one.Values++
		one.Input(v, f)
	}
	row := one.Row("fc1", "Dense", health.RoleInput, f)
	// 0.1 becomes zero; -0.1 is rounded down to -0.25, which is no zero. 3 and -5 wrap.
	require.Equal(t, health.Tensor{
		Layer: "fc1", Kind: "Dense", Role: "input", Key: "result_t", Type: "fixed<4,2>", Format: f,
		Values: 9, Wrapped: 2, Vanished: 1, Lowest: -5, Highest: 3, IntegerBits: 4, Missing: 2,
		UnusedFraction: 2,
	}, row)
}

// TestTallyNotes: conversions of any width, a product among them, which leaves no trace of its small bits.
func TestTallyNotes(t *testing.T) {
	from, to := fixed.Fixed(80, 40), fixed.UFixed(8, 4).With(fixed.TRN, fixed.SAT)
	tally, product := health.NewTally(), health.NewTally()
	for _, raw := range []int64{1, 1 << 40, 1 << 44, -1 << 40} {
		x := big.NewInt(raw)
		y := fixed.CastBig(new(big.Int), x, from, to)
		tally.Note(health.RoleResult, x, from, y, to)
		product.Note(health.RoleProduct, x, from, y, to)
	}
	row := tally.Row("a", "Activation", health.RoleResult, to)
	require.Equal(t, []int64{4, 2, 1}, []int64{row.Values, row.Saturated, row.Vanished})
	require.True(t, row.NeedsSign)
	require.Equal(t, []float64{-1, 16}, []float64{row.Lowest, row.Highest})
	require.Zero(t, product.Vanished)
	sum := health.NewTally()
	sum.Merge(&tally)
	sum.Merge(&product)
	require.Equal(t, int64(8), sum.Values)
	require.Equal(t, int64(4), sum.Saturated)
}

// TestAddress: of a table of 1024 places that the top bits of ufixed<23,13> address, in steps of 8, values up
// to 20 reach the first three.
func TestAddress(t *testing.T) {
	row := health.Tensor{Role: "index", Key: "inp_norm_t", Format: fixed.UFixed(23, 13), Highest: 20}
	row.Address(health.Table{Places: 1024})
	require.Equal(t, []any{1024, 8.0, 3}, []any{row.Places, row.Step, row.Reached})
	row = health.Tensor{Role: "index", Key: "inp_norm_t", Format: fixed.UFixed(10, 3), Highest: 500}
	row.Address(health.Table{Places: 1024})
	require.Equal(t, []any{1.0 / 128, 1024}, []any{row.Step, row.Reached})
	row = health.Tensor{Role: "index", Format: fixed.Int(32), Lowest: -70, Highest: 40}
	row.Address(health.Table{Places: 64, Low: -8, High: 8, Open: true})
	require.Equal(t, []any{64, 0.25, 41, -8.0, 8.0, true},
		[]any{row.Places, row.Step, row.Reached, row.TableLow, row.TableHigh, row.Open})
	row = health.Tensor{Role: "result", Format: fixed.UFixed(10, 3)}
	row.Address(health.Table{Places: 1024})
	require.Zero(t, row.Places)
}
