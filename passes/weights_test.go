package passes_test

import (
	"math/big"
	"strconv"
	"strings"
	"testing"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/internal/oracletest"
	"github.com/hlsgo/hlsgo/internal/tabletest"
	"github.com/stretchr/testify/require"
)

// TestWeightsEqualHLS4ML holds the final weights of every case against hls4ml's: the floats in every bit, in
// their layout and precision, and the raw integers that hls4ml's own text of them gives.
func TestWeightsEqualHLS4ML(t *testing.T) {
	total := 0
	rows := tabletest.New(t)
	for _, name := range oracletest.Names(t) {
		rows.Run(name, func(t *tabletest.T) {
			c := oracletest.Load(t, name)
			g := prepare(t, c.Dir)
			seen := 0
			for _, l := range c.Model.Layers {
				for role, dump := range l.Weights {
					want := c.Weights[l.Name+"/"+role]
					got := g.Node(l.Name).Weight(role)
					require.NotNil(t, got, "%s/%s", l.Name, role)
					require.Equal(t, want.Shape, got.Data.Shape, "%s/%s", l.Name, role)
					require.Equal(t, want.DType, got.Data.DType, "%s/%s", l.Name, role)
					require.Equal(t, want.Data, got.Data.Data, "%s/%s", l.Name, role)
					f, err := fixed.Parse(dump.Type.Precision)
					require.NoError(t, err)
					for i, v := range want.Data {
						raw := fixed.QuantizeWeightBig(new(big.Int), got.Data.Data[i], got.Type.Text())
						require.Equal(t, printed(t, v, dump.PrecisionFmt, f), raw, "%s/%s[%d]", l.Name, role, i)
						total++
					}
					seen++
				}
			}
			require.Equal(t, len(c.Weights), seen)
		})
	}
	require.Greater(t, total, 10_000)
}

// printed is the raw integer of the text that hls4ml prints with a format such as "{:.10f}".
func printed(t testing.TB, v float64, format string, f fixed.Format) *big.Int {
	t.Helper()
	digits, err := strconv.Atoi(strings.TrimSuffix(strings.TrimPrefix(format, "{:."), "f}"))
	require.NoError(t, err, format)
	raw, err := fixed.FromTextBig(new(big.Int), strconv.FormatFloat(v, 'f', digits, 64), f)
	require.NoError(t, err)
	return raw
}
