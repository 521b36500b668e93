package hlsgo_test

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo"
)

// TestFloatFiles wants the answers of Reference in files of every format: of layers rounded to float32, so
// that they are equal to what float32 resolves.
func TestFloatFiles(t *testing.T) {
	tk, err := hlsgo.New()
	require.NoError(t, err)
	m, err := tk.Load("examples/digits/digits.yml", hlsgo.Overrides{})
	require.NoError(t, err)
	_, digits, err := tk.LoadExample("digits", hlsgo.Overrides{})
	require.NoError(t, err)
	want, err := m.Reference(t.Context(), digits.X)
	require.NoError(t, err)
	dir, done := t.TempDir(), 0
	csv := filepath.Join(dir, "y.csv")
	report, err := m.PredictFiles(t.Context(), hlsgo.PredictJob{
		Outputs: []string{csv}, Float: true, Progress: func(n, total int) {
			require.Equal(t, 360, total)
			done = n
		},
	})
	require.NoError(t, err)
	require.Equal(t, 360, report.Samples)
	require.Equal(t, 360, done)
	// Six roundings to float32 on the way, of sums of at most 64 terms.
	const resolved = 6 * 64.0 / (1 << 23)
	for i, v := range numbers(t, csv) {
		require.InDelta(t, want[0].F64[i], v, resolved)
	}

	_, err = m.PredictFiles(t.Context(), hlsgo.PredictJob{Float: true, Health: true})
	require.ErrorContains(t, err, "floating point has none")
	_, err = m.PredictFiles(t.Context(), hlsgo.PredictJob{Outputs: []string{"y.json"}})
	require.ErrorContains(t, err, `y.json: the name's ending tells the format: got ".json", want .npy`)
}

// numbers reads a CSV.
func numbers(t *testing.T, file string) []float64 {
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	var out []float64
	for word := range strings.FieldsFuncSeq(string(text), func(r rune) bool { return r == ',' || r == '\n' }) {
		v, err := strconv.ParseFloat(word, 64)
		require.NoError(t, err)
		out = append(out, v)
	}
	require.Len(t, out, 3600)
	return out
}
