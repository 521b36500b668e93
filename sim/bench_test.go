package sim_test

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/sim"
)

// BenchmarkJets runs the jets network, 16-64-32-32-5 with relu and softmax, at fixed<16,6> throughout: every
// product is cut to the accumulator's grid.
func BenchmarkJets(b *testing.B) {
	benchmarkCase(b, "doc_keras_3layer_json_yaml_vivado_parallel")
}

// BenchmarkJetsAuto is the same network with inferred types: sums are exact.
func BenchmarkJetsAuto(b *testing.B) { benchmarkCase(b, "doc_jets_namegran_vitis_stream") }

// BenchmarkOrdered has saturating accumulators.
func BenchmarkOrdered(b *testing.B) { benchmarkCase(b, "keras2_types_accum_rounding_vitis_parallel") }

// BenchmarkDense64 is one layer of 64 by 64.
func BenchmarkDense64(b *testing.B) {
	benchmarkCase(b, "keras2_dense_big_64x64_fixed16_6_vitis_parallel")
}

func benchmarkCase(b *testing.B, name string) {
	g := loadGraph(b, filepath.Join(oracle, "cases", name))
	for _, workers := range []int{1, runtime.GOMAXPROCS(0)} {
		b.Run(fmt.Sprintf("workers=%d", workers), func(b *testing.B) {
			p, err := sim.Compile(g, view(b), sim.Options{})
			require.NoError(b, err)
			benchmarkProgram(b, p, macs(g), workers)
		})
	}
}

// macs counts the multiplications of a sample.
func macs(g *ir.Graph) int {
	n := 0
	for _, node := range g.Nodes {
		if w := node.Weight("weight"); w != nil {
			n += len(w.Data.Data)
		}
	}
	return n
}

func benchmarkProgram(b *testing.B, p *sim.Program, macs, workers int) {
	const samples = 50_000
	rng := rand.New(rand.NewPCG(1, 2))
	in := make([][]float32, len(p.Inputs))
	for i, t := range p.Inputs {
		in[i] = make([]float32, samples*t.Size())
		for k := range in[i] {
			in[i][k] = float32(rng.NormFloat64())
		}
	}
	b.ReportAllocs()
	b.ResetTimer()
	for b.Loop() {
		src, err := sim.NewSlices(p, in)
		require.NoError(b, err)
		_, err = sim.Run(b.Context(), p, sim.Job[float32]{Source: src, Sink: discard{}, Workers: workers})
		require.NoError(b, err)
	}
	rate := float64(samples) * float64(b.N) / b.Elapsed().Seconds()
	b.ReportMetric(rate, "samples/s")
	b.ReportMetric(rate*float64(macs)/1e9, "GMAC/s")
}

type discard struct{}

func (discard) Write(int, [][]float32) error { return nil }
