package quant_test

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"math"
	"os"
	"testing"

	"github.com/hlsgo/hlsgo/layers/quant"
	"github.com/stretchr/testify/require"
)

// load reads a gzipped JSON file of testdata; numbers stay json.Number.
func load(t *testing.T, path string, into any) {
	t.Helper()
	packed, err := os.ReadFile(path)
	require.NoError(t, err)
	r, err := gzip.NewReader(bytes.NewReader(packed))
	require.NoError(t, err)
	d := json.NewDecoder(r)
	d.UseNumber()
	require.NoError(t, d.Decode(into))
}

// floats decodes float32 in base64.
func floats(t *testing.T, text string) []float32 {
	t.Helper()
	raw, err := base64.StdEncoding.DecodeString(text)
	require.NoError(t, err)
	out := make([]float32, len(raw)/4)
	for i := range out {
		out[i] = math.Float32frombits(binary.LittleEndian.Uint32(raw[4*i:]))
	}
	return out
}

type vector struct {
	Class      string
	Config     map[string]any
	Input      int
	Y          string
	Number     *float64
	Scale      string
	ScaleShape []int `json:"scale_shape"`
	Error      string
}

// TestEqualsQKeras compares every quantizer with what QKeras 0.9 answered: values and scales, bit for bit.
func TestEqualsQKeras(t *testing.T) {
	var file struct {
		Inputs []struct {
			Shape []int
			X     string
		}
		Cases []vector
	}
	load(t, "testdata/vectors.json.gz", &file)
	require.Greater(t, len(file.Cases), 1000)
	values, failed := 0, 0
	for _, c := range file.Cases {
		config, err := quant.FromDict(map[string]any{"class_name": c.Class, "config": c.Config})
		x, shape := floats(t, file.Inputs[c.Input].X), file.Inputs[c.Input].Shape
		var f *quant.Func
		if err == nil {
			f, err = quant.New(config)
		}
		var y []float32
		var s quant.Scale
		if err == nil {
			y, s, err = f.Quantize(x, shape)
		}
		if c.Error != "" {
			require.Error(t, err, "%s %v: QKeras says %s", c.Class, c.Config, c.Error)
			failed++
			continue
		}
		require.NoError(t, err, "%s %v", c.Class, c.Config)
		same(t, c, shape, x, floats(t, c.Y), y)
		if c.Number != nil {
			require.Nil(t, s.Values)
			require.Equal(t, *c.Number, s.Number, "%s", config)
		} else if c.Scale != "" {
			want := floats(t, c.Scale)
			same(t, c, c.ScaleShape, want, want, s.Values)
		}
		values += len(y)
	}
	require.Greater(t, values, 400_000)
	require.Greater(t, failed, 10)
}

// same wants equal numbers in every bit, but for the sign of zero.
func same(t *testing.T, c vector, shape []int, x, want, got []float32) {
	t.Helper()
	require.Equal(t, len(want), len(got), "%s %v of %v", c.Class, c.Config, shape)
	for i := range want {
		w, g := want[i], got[i]
		if w != g && !(w != w && g != g) {
			t.Fatalf("%s %v of %v: value %d, %g: got %x, want %x", c.Class, c.Config, shape, i, x[i], g, w)
		}
	}
}
