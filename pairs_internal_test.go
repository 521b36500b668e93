package hlsgo

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestWeightsBeside finds the weights of architectures by their names.
func TestWeightsBeside(t *testing.T) {
	for _, row := range []struct {
		architecture string
		there        []string
		want, err    string
	}{
		{"model.json", []string{"weights.h5"}, "weights.h5", ""},
		{"model.json", []string{"model.weights.h5", "other.h5"}, "model.weights.h5", ""},
		{"a_arch.json", []string{"a_weights.h5", "ab_weights.h5"}, "a_weights.h5", ""},
		{"KERAS_3layer.json", []string{"KERAS_3layer_weights.h5", "KERAS_1layer_weights.h5"},
			"KERAS_3layer_weights.h5", ""},
		{"a.json", []string{"b.HDF5", "b.keras", "b.txt"}, "b.HDF5", ""},
		{"model_1.json", []string{"model_1_weights.h5", "model_1_2_weights.h5"}, "model_1_weights.h5", ""},
		{
			"a.json", []string{"b.h5", "c.h5"},
			"", "weights: got b.h5, c.h5 beside it, want one, which --weights names",
		},
		{"a.json", []string{"a.h5", "a_weights.h5", "b.h5"}, "", "weights: got a.h5, a_weights.h5 beside it"},
		{"a.json", []string{"1.h5", "2.h5", "3.h5", "4.h5", "5.h5", "6.h5", "7.h5", "8.h5", "9.h5", "b.h5", "c.h5"},
			"", "9.h5, b.h5 and 1 more beside it"},
		{"a.json", nil, "", "weights: got no file that ends in .h5 or .hdf5 beside it, want one, or --weights"},
	} {
		dir := t.TempDir()
		require.NoError(t, os.Mkdir(filepath.Join(dir, "folder.h5"), 0o777))
		for _, name := range append(row.there, row.architecture) {
			require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte("{}"), 0o600))
		}
		path := filepath.Join(dir, row.architecture)
		got, err := weightsBeside(path, []string{".h5", ".hdf5"})
		if row.err != "" {
			require.ErrorContains(t, err, path+": ")
			require.ErrorContains(t, err, row.err)
			continue
		}
		require.NoError(t, err, row.architecture)
		require.Equal(t, filepath.Join(dir, row.want), got)
	}
	_, err := weightsBeside("none.json", []string{".h5"})
	require.EqualError(t, err, "none.json: no such file or directory")
}
