package sim_test

import (
	"context"
	"math"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/sim"
)

// piped hides that samples are in memory, so that they travel through units.
type piped struct{ *sim.Slices[float32] }

// small is a network with three inputs, so that few samples end on a whole block of any loop.
func small(t *testing.T) *sim.Program {
	in := fixed.Fixed(16, 6)
	g := chain(t, ir.Parallel, []int{3}, in, denseOf([]float64{1.25, -0.5, 0.3}, in, in, in))
	p, err := sim.Compile(g, view(t), sim.Options{Block: 64})
	require.NoError(t, err)
	return p
}

// TestDirectEqualsPiped runs samples in memory to memory and through units, outputs and trace, for numbers of
// samples that end anywhere in a block.
func TestDirectEqualsPiped(t *testing.T) {
	for _, p := range []*sim.Program{small(t), jets(t, sim.Options{Block: 64})} {
		for _, n := range []int{1, 2, 3, 5, 63, 64, 65, 127, 191, 500} {
			in := [][]float32{normal(n * p.Inputs[0].Size())}
			for i := 7; i < len(in[0]); i += 101 {
				in[0][i] = float32(math.Inf(1))
			}
			var want sim.Report
			var y, trace sim.Collect[float32]
			for i, workers := range []int{0, 1, 2, 5} {
				src, err := sim.NewSlices(p, in)
				require.NoError(t, err)
				job := sim.Job[float32]{Source: src, Workers: workers}
				if workers == 0 {
					job.Source = piped{src}
				}
				out, tr := sim.Collect[float32]{Data: [][]float32{{42}}}, sim.Collect[float32]{}
				job.Sink, job.Trace = &out, &tr
				report, err := sim.Run(t.Context(), p, job)
				require.NoError(t, err)
				if i == 0 {
					want, y, trace = report, out, tr
					require.Len(t, y.Data[0], 1+n*p.Outputs[0].Size())
				}
				require.Equal(t, want, report)
				require.Equal(t, y.Data, out.Data, "%d samples, %d workers", n, workers)
				require.Equal(t, trace.Data, tr.Data, "%d samples, %d workers", n, workers)
				left, err := src.Read([][]float32{make([]float32, 64*16)})
				require.Error(t, err, "the source is at its end")
				require.Zero(t, left)
			}
		}
	}
}

// TestDirectCanBeCanceled: the workers end soon, and what was there before stays.
func TestDirectCanBeCanceled(t *testing.T) {
	p := small(t)
	ctx, cancel := context.WithCancel(t.Context())
	src, err := sim.NewSlices(p, [][]float32{normal(3 * 64 * 1000)})
	require.NoError(t, err)
	out := sim.Collect[float32]{Data: [][]float32{{42}}}
	var calls atomic.Int64
	report, err := sim.Run(ctx, p, sim.Job[float32]{Source: src, Sink: &out, Workers: 2, Progress: func(n int) {
		require.EqualValues(t, 64*calls.Add(1), n)
		if n == 640 {
			cancel()
		}
	}})
	require.ErrorIs(t, err, context.Canceled)
	require.GreaterOrEqual(t, report.Samples, 640)
	require.Less(t, report.Samples, 64*1000)
	require.Equal(t, [][]float32{{42}}, out.Data)
}

// TestDirectDoesNotAllocatePerSample: a run allocates the same number of times for one block and for many.
func TestDirectDoesNotAllocatePerSample(t *testing.T) {
	p := small(t)
	allocs := func(n int) float64 {
		in := [][]float32{normal(3 * n)}
		out := sim.Collect[float32]{Data: [][]float32{make([]float32, 0, n)}}
		return testing.AllocsPerRun(10, func() {
			src, err := sim.NewSlices(p, in)
			require.NoError(t, err)
			out.Data[0] = out.Data[0][:0]
			_, err = sim.Run(t.Context(), p, sim.Job[float32]{Source: src, Sink: &out, Workers: 1})
			require.NoError(t, err)
		})
	}
	require.InDelta(t, allocs(64), allocs(64*200), 50) // a pool may lose its memory to the collector
}
