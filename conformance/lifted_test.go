package conformance_test

import (
	"context"
	"math"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/internal/oracletest"
	"github.com/hlsgo/hlsgo/internal/tabletest"
)

// liftedTrials loads the networks of testdata/lifted.
func liftedTrials(t *testing.T) []trial {
	t.Helper()
	tk := toolkit(t)
	configs, err := filepath.Glob("../testdata/lifted/*/hls4ml_config.yml")
	require.NoError(t, err)
	require.Len(t, configs, 37)
	var out []trial
	for _, config := range configs {
		dir := filepath.Dir(config)
		m, err := tk.Load(config, hlsgo.Overrides{})
		require.NoError(t, err, dir)
		out = append(out, trial{filepath.Base(dir), m, oracletest.Arrays[hlsgo.Array](t, dir, "X")})
	}
	return out
}

// TestLifted takes networks that hls4ml does not convert: their float reference is the framework's answer,
// their prediction is near it, and the firmware answers as predicted.
func TestLifted(t *testing.T) {
	trials := liftedTrials(t)
	rows := tabletest.New(t)
	for _, c := range trials {
		rows.Run(c.name, func(t *tabletest.T) {
			want := oracletest.Arrays[hlsgo.Array](t, filepath.Join("../testdata/lifted", c.name), "y_float")
			ref, err := c.model.Reference(context.Background(), c.inputs...)
			require.NoError(t, err)
			got, err := c.model.Predict(context.Background(), c.inputs...)
			require.NoError(t, err)
			require.Len(t, got, len(want))
			for k, y := range want {
				largest := 1.0
				for _, v := range y.F32 {
					largest = max(largest, math.Abs(float64(v)))
				}
				for i, v := range y.F32 {
					require.InDelta(t, v, ref[k].F64[i], 1e-5*largest, "reference: output %d, value %d", k, i)
					// The types have 20 fractional bits, of which a value loses less than 8 on its way.
					require.InDelta(t, v, got[k].F32[i], math.Ldexp(largest, 8-20), "prediction: output %d, value %d", k, i)
				}
			}
		})
	}
	verifyAll(t, trials, hlsgo.FirmwareOptions{})
}

// TestDilationInParallel wants the reason where a dilation that hls4ml passes over leaves shapes that do not
// fit the layers behind.
func TestDilationInParallel(t *testing.T) {
	_, err := toolkit(t).Load("../testdata/lifted/dilated_rows_vitis_stream/hls4ml_config.yml",
		hlsgo.Overrides{IOType: string(array)})
	require.ErrorContains(t, err, `Dense "fc": weight "kernel": got shape [27 2]`)
	require.ErrorContains(t, err, `hls4ml 1.3.0 reads past the dilation_rate of "third"`)
	require.ErrorContains(t, err, "use io_stream")
}
