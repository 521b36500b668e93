package sim_test

import (
	"context"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo/sim"
)

// BenchmarkHealth compares a run that counts with one that does not, on data that overflows nowhere (calm)
// and in nearly every block (wild). The runs take turns: the metric "times" is the median of the ratios of
// two that follow each other, "best" the ratio of the fastest.
func BenchmarkHealth(b *testing.B) {
	for _, c := range []struct{ name, model string }{
		{"jets", "doc_keras_3layer_json_yaml_vivado_parallel"},
		{"jets, inferred types", "doc_jets_namegran_vitis_stream"},
		{"64x64", "keras2_dense_big_64x64_fixed16_6_vitis_parallel"},
		{"conv", "keras2_conv2d_modelgran_pool_dense_vitis_parallel"},
		{"LSTM", "keras2_rnn_lstm_vitis_parallel"},
	} {
		for _, data := range []struct {
			name  string
			scale float32
		}{{"calm", 0.05}, {"wild", 30}} {
			b.Run(c.name+"/"+data.name, func(b *testing.B) {
				g := loadGraph(b, filepath.Join(oracle, "cases", c.model))
				plain, err := sim.Compile(g, view(b), sim.Options{})
				require.NoError(b, err)
				counting, err := sim.Compile(g, view(b), sim.Options{Health: true})
				require.NoError(b, err)
				const samples = 20_000
				rng := rand.New(rand.NewPCG(1, 2))
				in := make([]float32, samples*plain.Inputs[0].Size())
				for i := range in {
					in[i] = data.scale * float32(rng.NormFloat64())
				}
				run := func(p *sim.Program) {
					src, err := sim.NewSlices(p, [][]float32{in})
					require.NoError(b, err)
					_, err = sim.Run(context.Background(), p, sim.Job[float32]{Source: src, Workers: 1})
					require.NoError(b, err)
				}
				run(plain)
				run(counting)
				b.ResetTimer()
				var ratios, with, without []float64
				for range b.N {
					without = append(without, seconds(func() { run(plain) }))
					with = append(with, seconds(func() { run(counting) }))
					ratios = append(ratios, with[len(with)-1]/without[len(without)-1])
				}
				slices.Sort(ratios)
				b.ReportMetric(ratios[len(ratios)/2], "times")
				b.ReportMetric(slices.Min(with)/slices.Min(without), "best")
			})
		}
	}
}
