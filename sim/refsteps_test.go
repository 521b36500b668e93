package sim_test

import (
	"errors"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo/frontend/keras"
	"github.com/hlsgo/hlsgo/internal/oracletest"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/builtin"
	"github.com/hlsgo/hlsgo/sim"
)

// TestReferenceSteps computes references layer by layer, in buffers that go round, and wants the values of
// those that have all layers at once: of whole blocks, twice, and of blocks left half-way.
func TestReferenceSteps(t *testing.T) {
	reg := builtin.Registry()
	reader, err := keras.New()
	require.NoError(t, err)
	done := 0
	for _, name := range caseNames(t) {
		dir := filepath.Join(oracle, "cases", name)
		parsed, err := reader.Read(kerasFiles(dir), reg)
		if err != nil {
			continue
		}
		g, err := ir.Build(parsed, anyTypes(), reg)
		if err != nil {
			continue // it needs settings of its own
		}
		ref, err := sim.NewReference(g, reg)
		require.NoError(t, err, name)
		checkSteps(t, name, ref, float(oracletest.Arrays[array](t, dir, "X")))
		done++
	}
	require.Greater(t, done, 150)
}

func checkSteps(t *testing.T, name string, ref *sim.Reference, in [][]float64) {
	const samples = 3
	for i, size := range ref.InputSizes() {
		in[i] = in[i][:min(samples*size, len(in[i]))]
	}
	want, err := sim.RunBlock(ref.NewBlock(samples, 1), in, true)
	require.NoError(t, err, name)
	// Every third layer twice, every fourth not at all.
	var wanted []int
	for k := range ref.Layers {
		for range []int{1, 0, 1, 2}[k%4] {
			wanted = append(wanted, k)
		}
	}
	steps := ref.Steps(true, wanted)
	for _, share := range []int{len(wanted), len(wanted) / 2, len(wanted)} {
		require.NoError(t, sim.BeginSteps(steps, in), name)
		for _, k := range wanted[:share] {
			require.Equal(t, want[k], steps.Layer(k), "%s: layer %s", name, ref.Layers[k].Name)
			steps.Done(k)
		}
	}
}

var errLayers = errors.New("no more")

// TestLayersOfARun wants each layer as a trace has it, and an error of who takes them to end the run.
func TestLayersOfARun(t *testing.T) {
	dir := filepath.Join(oracle, "cases", "keras2_branch_conv_add_vitis_parallel")
	in := float(oracletest.Arrays[array](t, dir, "X"))
	for _, o := range []sim.Options{{Block: 64}, {Grid: sim.GridAlways}} {
		p, err := sim.Compile(loadGraph(t, dir), view(t), o)
		require.NoError(t, err)
		source := func() sim.Source[float64] {
			src, err := sim.NewSlices(p, in)
			require.NoError(t, err)
			return src
		}
		var want, y sim.Collect[float64]
		_, err = sim.Run(t.Context(), p, sim.Job[float64]{Source: source(), Trace: &want})
		require.NoError(t, err)
		got, next := make([][]float64, len(p.Traced)), 0
		_, err = sim.Run(t.Context(), p, sim.Job[float64]{
			Source: source(), Sink: &y, Workers: 3,
			Layers: func(k, n int, values []float64) error {
				require.Equal(t, next, k)
				require.Len(t, values, n*p.Traced[k].Size())
				next = (k + 1) % len(p.Traced)
				got[k] = append(got[k], values...)
				return nil
			},
		})
		require.NoError(t, err)
		require.Equal(t, want.Data, got)
		require.NotEmpty(t, y.Data[0])
		_, err = sim.Run(t.Context(), p, sim.Job[float64]{
			Source: source(), Layers: func(k, _ int, _ []float64) error {
				if k == 2 {
					return errLayers
				}
				return nil
			},
		})
		require.ErrorIs(t, err, errLayers)
	}
}
