package sim_test

import (
	"context"
	"errors"
	"io"
	"math"
	"math/rand/v2"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo/sim"
)

func jets(t testing.TB, opts sim.Options) *sim.Program {
	g := loadGraph(t, filepath.Join(oracle, "cases", "doc_keras_3layer_json_yaml_vivado_parallel"))
	p, err := sim.Compile(g, view(t), opts)
	require.NoError(t, err)
	return p
}

func normal(n int) []float32 {
	rng := rand.New(rand.NewPCG(3, 4))
	out := make([]float32, n)
	for i := range out {
		out[i] = float32(4 * rng.NormFloat64())
	}
	return out
}

// TestAnswersDoNotDependOnBlocksAndWorkers runs the same samples in many ways.
func TestAnswersDoNotDependOnBlocksAndWorkers(t *testing.T) {
	in := normal(1001 * 16)
	want, err := jets(t, sim.Options{}).Predict32([][]float32{in})
	require.NoError(t, err)
	for _, block := range []int{1, 64, 100, 4096} {
		p := jets(t, sim.Options{Block: block})
		require.Zero(t, p.BlockSize()%64)
		for _, workers := range []int{1, 2, 7} {
			src, err := sim.NewSlices(p, [][]float32{in})
			require.NoError(t, err)
			var out sim.Collect[float32]
			report, err := sim.Run(t.Context(), p, sim.Job[float32]{Source: src, Sink: &out, Workers: workers})
			require.NoError(t, err)
			require.Equal(t, sim.Report{Samples: 1001}, report)
			require.NoError(t, sim.FirstDiff(p.Outputs[0], out.Data[0], want[0]))
		}
	}
}

// TestDoubleInput gives the same numbers in double precision.
func TestDoubleInput(t *testing.T) {
	p := jets(t, sim.Options{})
	in := normal(33 * 16)
	wide := make([]float64, len(in))
	for i, v := range in {
		wide[i] = float64(v)
	}
	a, err := p.Predict32([][]float32{in})
	require.NoError(t, err)
	b, err := p.Predict64([][]float64{wide})
	require.NoError(t, err)
	for i := range a[0] {
		require.Equal(t, float64(a[0][i]), b[0][i])
	}
}

// TestBadInputsAreCounted: NaN and infinities get the value of the headers' rule, which for WRAP is zero.
func TestBadInputsAreCounted(t *testing.T) {
	p := jets(t, sim.Options{})
	in := make([]float32, 3*16)
	want, err := p.Predict32([][]float32{in})
	require.NoError(t, err)
	in[5], in[17], in[40] = float32(math.NaN()), float32(math.Inf(1)), float32(math.Inf(-1))
	src, err := sim.NewSlices(p, [][]float32{in})
	require.NoError(t, err)
	var out sim.Collect[float32]
	report, err := sim.Run(t.Context(), p, sim.Job[float32]{Source: src, Sink: &out})
	require.NoError(t, err)
	require.Equal(t, sim.Report{Samples: 3, BadInputs: 3}, report)
	require.Equal(t, want, out.Data)
}

// endless gives samples until it is told to fail.
type endless struct {
	left int
	err  error
}

func (e *endless) Read(in [][]float32) (int, error) {
	if e.left == 0 {
		return 0, e.err
	}
	e.left--
	return len(in[0]) / 16, nil
}

type failing struct{ err error }

func (f failing) Write(int, [][]float32) error { return f.err }

func TestErrorsEndARun(t *testing.T) {
	p := jets(t, sim.Options{Block: 64})
	boom := errors.New("boom")
	before := runtime.NumGoroutine()
	run := func(ctx context.Context, job sim.Job[float32]) (sim.Report, error) { return sim.Run(ctx, p, job) }

	report, err := run(t.Context(), sim.Job[float32]{Source: &endless{left: 3, err: boom}, Sink: discard{}})
	require.ErrorIs(t, err, boom)
	require.Equal(t, 3*64, report.Samples)

	_, err = run(t.Context(), sim.Job[float32]{Source: &endless{left: 1 << 40}, Sink: failing{boom}})
	require.ErrorIs(t, err, boom)

	ctx, cancel := context.WithCancel(t.Context())
	_, err = run(ctx, sim.Job[float32]{
		Source: &endless{left: 1 << 40}, Progress: func(n int) {
			if n >= 640 {
				cancel()
			}
		},
	})
	require.ErrorIs(t, err, context.Canceled)

	_, err = run(t.Context(), sim.Job[float32]{Source: &endless{}})
	require.ErrorContains(t, err, "neither samples nor an end")

	report, err = run(t.Context(), sim.Job[float32]{Source: &endless{err: io.EOF}})
	require.NoError(t, err)
	require.Zero(t, report.Samples)
	require.Eventually(t, func() bool { return runtime.NumGoroutine() <= before+1 }, 5e9, 1e7)
}

func TestWrongData(t *testing.T) {
	p := jets(t, sim.Options{})
	_, err := p.Predict32([][]float32{make([]float32, 17)})
	require.EqualError(t, err, "input 0: got 17 values, want a multiple of 16")
	_, err = p.Predict32(nil)
	require.EqualError(t, err, "inputs: got 0, want 1")
	y, err := p.Predict32([][]float32{{}})
	require.NoError(t, err)
	require.Equal(t, [][]float32{{}}, y)
}

// totalAlloc is how many bytes a function asks for.
func totalAlloc(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// TestMemoryDoesNotGrow: what a run allocates does not depend on the number of samples.
func TestMemoryDoesNotGrow(t *testing.T) {
	p := jets(t, sim.Options{Block: 64})
	allocated := func(blocks int) uint64 {
		return totalAlloc(func() {
			_, err := sim.Run(t.Context(), p, sim.Job[float32]{
				Source: &endless{left: blocks, err: io.EOF}, Sink: discard{}, Workers: 1,
			})
			require.NoError(t, err)
		})
	}
	allocated(10)
	short, long := allocated(10), allocated(2000)
	require.Less(t, long, short+2000*200, "a block may cost a few bytes, not its data")
}

func TestFirstDiff(t *testing.T) {
	p := sim.Port{Name: "fc1", Shape: []int{2, 3}}
	a := []float32{0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5}
	b := append([]float32(nil), a...)
	require.NoError(t, sim.FirstDiff(p, a, b))
	b[10], b[11] = 7, 7
	require.EqualError(t, sim.FirstDiff(p, a, b), `layer "fc1", sample 1, value [1 1]: `+
		`got 4 (bits 0x40800000), want 7 (bits 0x40e00000) (2 of 12 values differ)`)
	b[0] = float32(math.Copysign(0, -1))
	require.ErrorContains(t, sim.FirstDiff(p, a, b), "sample 0, value [0 0]")
	require.EqualError(t, sim.FirstDiff(p, a, b[:6]), `layer "fc1": got 12 values, want 6`)
	require.ErrorContains(t, sim.FirstRawDiff(p, sim.Raw{Narrow: []int64{1, 2}}, sim.Raw{Narrow: []int64{1, 3}}),
		"got raw 2, want raw 3")
}
