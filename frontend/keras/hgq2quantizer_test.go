package keras

import (
	"compress/gzip"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"math"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo/ir"
)

// hgqVectors are answers of HGQ2's quantizers; numbers are float32 in base64.
type hgqVectors struct {
	Shape []int
	X     string
	Cases []struct {
		Config map[string]any
		Vars   []struct {
			Shape []int
			Whole bool
			X     string
		}
		Y string
	}
}

func readHGQVectors(t testing.TB) (v hgqVectors) {
	t.Helper()
	f, err := os.Open("testdata/hgq2_quantizers.json.gz")
	require.NoError(t, err)
	defer f.Close()
	z, err := gzip.NewReader(f)
	require.NoError(t, err)
	require.NoError(t, json.NewDecoder(z).Decode(&v))
	return v
}

func unpack32(t testing.TB, text string) []float64 {
	t.Helper()
	raw, err := base64.StdEncoding.DecodeString(text)
	require.NoError(t, err)
	out := make([]float64, len(raw)/4)
	for i := range out {
		out[i] = float64(math.Float32frombits(binary.LittleEndian.Uint32(raw[4*i:])))
	}
	return out
}

// TestQuantizersEqualHGQ2 compares quantizers of every kind, mode and place with what HGQ2 answered.
func TestQuantizersEqualHGQ2(t *testing.T) {
	v := readHGQVectors(t)
	require.NotEmpty(t, v.Cases)
	x := &ir.Tensor{Shape: v.Shape, Data: unpack32(t, v.X)}
	for _, c := range v.Cases {
		var vars []hgqVariable
		for _, s := range c.Vars {
			vars = append(vars, hgqVariable{shape: s.Shape, whole: s.Whole, values: unpack32(t, s.X)})
		}
		q, err := newHGQQuantizer(c.Config, vars)
		require.NoError(t, err, "%v", c.Config)
		y, err := q.quantize(x)
		require.NoError(t, err, "%v", c.Config)
		want := unpack32(t, c.Y)
		for i := range want {
			if y.Data[i] != want[i] {
				n := i
				if len(q.k) < len(x.Data) {
					n = i % len(q.k)
				}
				t.Fatalf("%v\n%v with k %d, i %d, f %d: got %v, want %v", c.Config["config"], x.Data[i], q.k[n], q.i[n],
					q.f[n], y.Data[i], want[i])
			}
		}
	}
}
