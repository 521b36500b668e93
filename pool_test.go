package hlsgo_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/sim"
)

// TestSlidingMaxima compares maxima of windows that overlap, of every size up to far more than the picture,
// with those taken pixel by pixel, and with the plain evaluators.
func TestSlidingMaxima(t *testing.T) {
	for _, c := range []struct {
		h, w, chans, poolH, poolW, strideH, strideW int
		padding                                     string
	}{
		{9, 8, 2, 6, 5, 1, 1, "same"}, {9, 8, 1, 7, 7, 1, 1, "valid"}, {12, 10, 2, 8, 9, 2, 1, "same"},
		{6, 7, 3, 500, 400, 1, 1, "same"}, {1, 40, 1, 1, 33, 1, 1, "same"}, {40, 1, 1, 20, 1, 1, 1, "valid"},
		{13, 11, 1, 10, 10, 1, 2, "same"},
	} {
		m := pooling(t, fmt.Sprintf(`"pool_size": [%d, %d], "strides": [%d, %d], "padding": "%s"`,
			c.poolH, c.poolW, c.strideH, c.strideW, c.padding), c.h, c.w, c.chans)
		x := make([]float32, 3*c.h*c.w*c.chans)
		for i := range x {
			x[i] = float32(rand.IntN(1<<14)-1<<13) / 1024 // as the type holds it
		}
		fast, err := m.Compile(sim.Options{})
		require.NoError(t, err)
		plain, err := m.Compile(sim.Options{Plain: true})
		require.NoError(t, err)
		got, err := fast.Predict32([][]float32{x})
		require.NoError(t, err)
		same, err := plain.Predict32([][]float32{x})
		require.NoError(t, err)
		require.Equal(t, same, got, "%+v", c)

		size, shape := c.h*c.w*c.chans, fast.Outputs[0].Shape
		var want []float32
		for s := range 3 {
			for row := range shape[0] {
				for col := range shape[1] {
					for ch := range c.chans {
						top, left := row*c.strideH, col*c.strideW
						if c.padding == "same" {
							top -= max((shape[0]-1)*c.strideH+c.poolH-c.h, 0) / 2
							left -= max((shape[1]-1)*c.strideW+c.poolW-c.w, 0) / 2
						}
						y := float32(math.Inf(-1))
						for i := max(top, 0); i < min(top+c.poolH, c.h); i++ {
							for j := max(left, 0); j < min(left+c.poolW, c.w); j++ {
								y = max(y, x[s*size+(i*c.w+j)*c.chans+ch])
							}
						}
						want = append(want, y)
					}
				}
			}
		}
		require.Equal(t, want, got[0], "%+v", c)
	}
}

// pooling is a network of one MaxPooling2D with these settings.
func pooling(t *testing.T, settings string, h, w, channels int) *hlsgo.Model {
	t.Helper()
	dir := t.TempDir()
	tk, err := hlsgo.New()
	require.NoError(t, err)
	files, err := tk.ExampleFiles("digits")
	require.NoError(t, err)
	network := fmt.Sprintf(`{"class_name": "Sequential", "config": {"name": "m", "layers": [
		{"class_name": "InputLayer", "config": {"name": "x", "batch_input_shape": [null, %d, %d, %d]}},
		{"class_name": "MaxPooling2D", "config": {"name": "y", %s, "data_format": "channels_last"}}]}}`,
		h, w, channels, settings)
	for name, content := range map[string]string{
		"m.json": network, "w.h5": string(files["digits.h5"]),
		"m.yml": "KerasJson: m.json\nKerasH5: w.h5\nOutputDir: prj\nHLSConfig:\n  Model:\n" +
			"    Precision: fixed<16,6>\n    ReuseFactor: 1\n",
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600))
	}
	m, err := tk.Load(filepath.Join(dir, "m.yml"), hlsgo.Overrides{})
	require.NoError(t, err)
	return m
}
