package conformance_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/internal/oracletest"
	"github.com/hlsgo/hlsgo/internal/tabletest"
)

// TestConvolutionQuirks predicts networks on which hls4ml does the unexpected, compares every bit with its
// answers, and wants a warning where the answer is not the network's.
func TestConvolutionQuirks(t *testing.T) {
	warnings := map[string]string{
		"conv1d_dilated":             "dilation_rate: got [2], which hls4ml 1.3.0 reads past",
		"conv2d_dilated_valid":       "dilation_rate: got [2 2], which hls4ml 1.3.0 reads past",
		"conv1d_dilated_output":      "dilation_rate: got [3], which hls4ml 1.3.0 reads past",
		"conv2d_row_filter_stride":   "strides: got 2 over rows with a filter of one row",
		"depthwise_batchnorm_folded": "mixes up the channels' scales",
	}
	tk := toolkit(t)
	folders, err := os.ReadDir("../testdata/quirks")
	require.NoError(t, err)
	seen := 0
	rows := tabletest.New(t)
	for _, f := range folders {
		if !f.IsDir() {
			continue
		}
		seen++
		rows.Run(f.Name(), func(t *tabletest.T) {
			dir := filepath.Join("../testdata/quirks", f.Name())
			m, err := tk.Load(filepath.Join(dir, "hls4ml_config.yml"), hlsgo.Overrides{})
			require.NoError(t, err)
			got, err := m.Predict(context.Background(), oracletest.Arrays[hlsgo.Array](t, dir, "X")...)
			require.NoError(t, err)
			require.Len(t, got, 1)
			compareBits(t, oracletest.Arrays[hlsgo.Array](t, dir, "y")[0], got[0])
			g, err := m.Graph()
			require.NoError(t, err)
			want, warned := warnings[f.Name()]
			require.Equal(t, warned, slices.ContainsFunc(g.Warnings, func(w string) bool {
				return warned && strings.Contains(w, want)
			}), g.Warnings)
		})
	}
	require.Equal(t, 10, seen)
}
