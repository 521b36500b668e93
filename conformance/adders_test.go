package conformance_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/quant"
)

// mixed appends a quantizer with other bits for each channel, none for one of them.
func mixed(b *builder, rnd, sat string) string { return mixedAs(b, "mixed", rnd, sat) }

func mixedAs(b *builder, name, rnd, sat string) string {
	l := b.add("FixedPointQuantizer", "FixedPointQuantizer", name, map[string]any{"RND": rnd, "SAT": sat})
	a, channels := l.Attrs.(*quant.FixedPointAttrs), b.channels()
	for range b.shape[1:] {
		a.Mask.Shape = append(a.Mask.Shape, 1)
	}
	a.Mask.Shape = append(a.Mask.Shape, channels)
	for c := range channels {
		bits := []int{6, 4, 0, 5, 3, 8}[c%6]
		a.K, a.B, a.I = append(a.K, 1-c%2), append(a.B, bits), append(a.I, min(bits, 1+c%3))
	}
	a.K[2] = 0
	return l.Name
}

// gridDense appends a Dense whose weights have few digits.
func gridDense(b *builder, name, from string, out int) {
	in := b.channels()
	l := b.add("Dense", "Dense", name, map[string]any{"n_in": in, "n_out": out})
	l.Inputs = []string{from}
	grid := func() float64 { return float64(b.IntN(31)-15) / 8 }
	l.Data.Tensors["weight_data"] = b.tensor(grid, in, out)
	l.Data.Tensors["bias_data"] = b.tensor(grid, out)
}

// TestQuantizersInAdders gives quantizers of mixed bits to the adders behind them. All types follow from the
// quantizers and lose nothing, so that the answers are those of Latency with the quantizer as a layer, in
// io_stream too, where that is refused.
func TestQuantizersInAdders(t *testing.T) {
	one := func(rnd, sat string) func(b *builder) {
		return func(b *builder) { gridDense(b, "fc", mixed(b, rnd, sat), 4) }
	}
	var trials []trial
	for _, c := range []kindCase{
		{"vector", []int{6}, one("RND", "WRAP"), nil},
		{"saturated", []int{6}, one("RND_CONV", "SAT"), nil},
		{"symmetric", []int{6}, one("TRN", "SAT_SYM"), nil},
		{"pixels", []int{3, 6}, one("TRN", "SAT"), nil},
		{"picture", []int{2, 2, 6}, one("RND", "SAT"), nil},
		{"two quantizers", []int{6}, func(b *builder) {
			mixedAs(b, "before", "RND_CONV", "SAT_SYM")
			b.add("Activation", "Activation", "tanh", map[string]any{"activation": "tanh"})
			mixedAs(b, "stays", "RND", "SAT")
			gridDense(b, "fc", mixed(b, "RND_CONV", "SAT_SYM"), 4)
		}, nil},
		{"two readers", []int{6}, func(b *builder) {
			q := mixed(b, "RND", "WRAP")
			gridDense(b, "first", q, 3)
			gridDense(b, "second", q, 2)
			b.out.parsed.Outputs = []string{"first", "second"}
		}, nil},
	} {
		want := adderAnswers(t, c, on("Vitis", array, "Latency", 1), nil)
		for _, backend := range []string{"Vitis", "Vivado"} {
			for _, io := range ir.IOTypes() {
				if strings.HasPrefix(c.name, "two") && io == stream {
					continue // a clone stands between, or a quantizer
				}
				u := on(backend, io, "distributed_arithmetic", 1)
				require.Equal(t, want, adderAnswers(t, c, u, &trials), "%s %s", c.name, u)
			}
		}
	}
	verifyAll(t, trials, hlsgo.FirmwareOptions{})
}

// adderAnswers predicts a case, and lists it where its quantizer has gone into adders.
func adderAnswers(t *testing.T, c kindCase, u setup, list *[]trial) [][]float64 {
	t.Helper()
	n := c.network(t, u)
	m, err := toolkit(t).NewModel(n.parsed, n.config)
	require.NoError(t, err)
	x := n.samples(samplesPerNetwork)
	y, err := m.Predict(context.Background(), x...)
	require.NoError(t, err, "%s %s", c.name, u)
	g, err := m.Graph()
	require.NoError(t, err)
	if list != nil {
		require.Nil(t, g.Node("mixed"), "%s %s", c.name, u)
		*list = append(*list, trial{c.name + " " + u.String(), m, x})
	}
	var out [][]float64
	for _, a := range y {
		values := a.F64
		for _, v := range a.F32 {
			values = append(values, float64(v))
		}
		out = append(out, values)
	}
	return out
}
