package sim_test

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo/frontend/keras"
	"github.com/hlsgo/hlsgo/internal/oracletest"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/builtin"
	"github.com/hlsgo/hlsgo/sim"
)

// TestReferenceInBlocks compares blocks on several goroutines with one sample at a time, in float64 and
// rounded to float32 layer by layer.
func TestReferenceInBlocks(t *testing.T) {
	reg := builtin.Registry()
	reader, err := keras.New()
	require.NoError(t, err)
	names := []string{"keras2_conv2d_pool_dense_vitis_stream", "keras2_branch_conv_add_vitis_parallel"}
	for _, name := range names {
		dir := filepath.Join(oracle, "cases", name)
		parsed, err := reader.Read(kerasFiles(dir), reg)
		require.NoError(t, err)
		g, err := ir.Build(parsed, anyTypes(), reg)
		require.NoError(t, err)
		ref, err := sim.NewReference(g, reg)
		require.NoError(t, err)
		p, err := sim.Compile(loadGraph(t, dir), view(t), sim.Options{Block: 64})
		require.NoError(t, err)
		in := float(oracletest.Arrays[array](t, dir, "X"))
		for _, single := range []bool{false, true} {
			src, err := sim.NewSlices(p, in)
			require.NoError(t, err)
			var all sim.Collect[float64]
			require.NoError(t, sim.RunReference(context.Background(), ref, sim.RefJob[float64]{
				Source: src, Sink: &all, Single: single, Workers: 3,
			}))
			checkBlocks(t, ref, in, all.Data, single)
		}
	}
}

func checkBlocks(t *testing.T, ref *sim.Reference, in, got [][]float64, single bool) {
	v, row := ref.NewValues(), make([][]float64, len(in))
	sizes := ref.InputSizes()
	for s := range len(in[0]) / sizes[0] {
		for i, size := range sizes {
			row[i] = in[i][s*size:][:size]
		}
		require.NoError(t, ref.Run(v, row))
		for k, y := range v {
			for i, want := range y {
				if x := got[k][s*len(y)+i]; single {
					require.Equal(t, x, float64(float32(x)), "layer %s", ref.Layers[k].Name)
					require.InDelta(t, want, x, 1e-5*(1+max(want, -want)), "layer %s", ref.Layers[k].Name)
				} else {
					require.Equal(t, want, x, "layer %s, sample %d, value %d", ref.Layers[k].Name, s, i)
				}
			}
		}
	}
}
