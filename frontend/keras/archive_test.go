package keras_test

import (
	"archive/zip"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo/frontend"
	"github.com/hlsgo/hlsgo/layers/builtin"
)

// archiveOf writes a .keras file with the members that are not "".
func archiveOf(t testing.TB, metadata, config, weights string) frontend.Source {
	path := filepath.Join(t.TempDir(), "m.keras")
	f, err := os.Create(path)
	require.NoError(t, err)
	w := zip.NewWriter(f)
	for _, m := range []struct{ name, text string }{
		{"metadata.json", metadata}, {"config.json", config}, {"model.weights.h5", weights},
	} {
		if m.text == "" {
			continue
		}
		out, err := w.CreateHeader(&zip.FileHeader{Name: m.name, Method: zip.Store})
		require.NoError(t, err)
		_, err = out.Write([]byte(m.text))
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	require.NoError(t, f.Close())
	return frontend.Source{Files: map[string]string{"KerasModel": path}}
}

// TestArchiveErrors pins what is said of .keras files that cannot be read.
func TestArchiveErrors(t *testing.T) {
	const two = `{"keras_version": "2.14.0"}`
	named, err := os.ReadFile("testdata/models/dropouts.h5") // weights under names, not numbers
	require.NoError(t, err)
	for name, c := range map[string]struct {
		metadata, config, weights, want string
	}{
		"Keras 3": {
			`{"keras_version": "3.3.3"}`, "{}", string(named),
			`: architecture: class_name: got "", want Sequential or Functional`,
		},
		"no version":  {`{}`, "{}", "x", ": metadata.json: keras_version: got none, want the version of "},
		"no metadata": {"", "{}", "x", ": got a zip archive without metadata.json, want the file that"},
		"no config":   {two, "", "x", ": got a zip archive without config.json"},
		"no weights":  {two, sequential(), "", ": got a zip archive without model.weights.h5"},
		"not HDF5":    {two, sequential(), "x", `: model.weights.h5: HDF5 object "/": not an HDF5 file`},
		"no JSON":     {two, "[", string(named), ": architecture: "},
		"other weights": {
			two, sequential(layer("Dense", `{"name": "d", "units": 5}`)), string(named),
			`: Dense "d": weight "kernel": got none in `,
		},
	} {
		t.Run(name, func(t *testing.T) {
			src := archiveOf(t, c.metadata, c.config, c.weights)
			_, err := reader(t).Read(src, builtin.Registry())
			require.ErrorContains(t, err, src.Files["KerasModel"]+c.want)
			require.NotContains(t, err.Error(), "\n")
		})
	}
	require.NoError(t, reader(t).Accepts(archiveOf(t, `{"keras_version": "3.3.3"}`, "{}", "x")))
	require.NoError(t, reader(t).Accepts(archiveOf(t, two, "{}", "x")))
}

// TestActivationObjects names what stands in the place of an activation's name in the words of its author.
func TestActivationObjects(t *testing.T) {
	for object, want := range map[string]string{
		`{"class_name": "LeakyReLU", "config": {}}`: `activation: got a layer of class LeakyReLU, want the name ` +
			`of a function: put the layer itself behind this one`,
		`{"class_name": "ReLU", "config": {}}`:          `activation: got a layer of class ReLU`,
		`{"class_name": "function", "config": "swish"}`: `activation: got the function "swish", which is neither`,
		`{"class_name": "Mine", "config": {}}`: `activation: got an object of class "Mine", which is neither a ` +
			`function of Keras with firmware`,
		`{"class_name": "quantized_bits", "config": {"wrong": 1}}`: `quantizer "quantized_bits": got an unknown`,
		`5`: "activation: got neither a name nor an object",
	} {
		_, err := parse(t, sequential(layer("Dense", `{"name": "a", "units": 5, "activation": `+object+`}`)))
		require.ErrorContains(t, err, want)
		_, err = parse(t, sequential(layer("Activation", `{"name": "a", "activation": {"class_name": "Mine"}}`)))
		require.ErrorContains(t, err, `activation: got an object of class "Mine", want the name of a function`)
	}
}
