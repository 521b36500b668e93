package conformance_test

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/internal/oracletest"
	"github.com/hlsgo/hlsgo/internal/tabletest"
)

// TestQuantizedModels predicts quantized models whose scales are powers of two with types that lose nothing,
// and wants what the models themselves answer, in every bit: QONNX as qonnx runs it, QCDQ and operators on
// whole numbers as onnxruntime does. The float reference must give the same.
func TestQuantizedModels(t *testing.T) {
	dirs := answered(t, "../testdata/quantized")
	require.GreaterOrEqual(t, len(dirs), 40)
	tk := toolkit(t)
	rows := tabletest.New(t)
	for _, dir := range dirs {
		rows.Run(filepath.Base(dir), func(t *tabletest.T) {
			m, err := tk.Load(filepath.Join(dir, "hls4ml_config.yml"), hlsgo.Overrides{})
			require.NoError(t, err)
			x, want := oracletest.Arrays[hlsgo.Array](t, dir, "X"), oracletest.Arrays[hlsgo.Array](t, dir, "y")
			got, err := m.Predict(context.Background(), x...)
			require.NoError(t, err)
			compareBits(t, want[0], got[0])
			float, err := m.Reference(context.Background(), x...)
			require.NoError(t, err)
			require.Equal(t, want[0].Len(), float[0].Len())
			for i := range want[0].Len() {
				require.Equal(t, value(want[0], i), value(float[0], i), "float reference, flat index %d", i)
			}
		})
	}
}
