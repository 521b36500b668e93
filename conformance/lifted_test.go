package conformance_test

import (
	"context"
	"math"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo"
)

// liftedTrials loads the networks of testdata/lifted.
func liftedTrials(t *testing.T) []trial {
	t.Helper()
	tk := toolkit(t)
	configs, err := filepath.Glob("../testdata/lifted/*/hls4ml_config.yml")
	require.NoError(t, err)
	require.Len(t, configs, 18)
	var out []trial
	for _, config := range configs {
		dir := filepath.Dir(config)
		m, err := tk.Load(config, hlsgo.Overrides{})
		require.NoError(t, err, dir)
		x := readArray(t, filepath.Join(dir, "X.npy"))
		out = append(out, trial{filepath.Base(dir), m, []*hlsgo.Array{x}})
	}
	return out
}

// TestLifted takes networks that hls4ml does not convert: their float reference is the framework's answer,
// their prediction is near it, and the firmware answers as predicted.
func TestLifted(t *testing.T) {
	trials := liftedTrials(t)
	for _, c := range trials {
		t.Run(c.name, func(t *testing.T) {
			want := readArray(t, filepath.Join("../testdata/lifted", c.name, "y_float.npy"))
			ref, err := c.model.Reference(context.Background(), c.inputs...)
			require.NoError(t, err)
			got, err := c.model.Predict(context.Background(), c.inputs...)
			require.NoError(t, err)
			largest := 1.0
			for _, v := range want.F32 {
				largest = max(largest, math.Abs(float64(v)))
			}
			for i, v := range want.F32 {
				require.InDelta(t, v, ref[0].F64[i], 1e-5*largest, "reference: value %d", i)
				// The types have 20 fractional bits, of which a value loses less than 8 on its way.
				require.InDelta(t, v, got[0].F32[i], math.Ldexp(largest, 8-20), "prediction: value %d", i)
			}
		})
	}
	verifyAll(t, trials, hlsgo.FirmwareOptions{})
}
