package keras

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/hlsgo/hlsgo/frontend"
	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/internal/hdf5"
	"github.com/hlsgo/hlsgo/ir"
)

// maxJSON bounds an architecture file; the largest of real models have a few megabytes.
const maxJSON = 256 << 20

// Reader reads Keras models. Its table of handlers is a value: two readers never touch.
type Reader struct {
	handlers map[string]build.Handler
}

var _ frontend.Reader = (*Reader)(nil)

// New returns a reader of all built-in layers and those that extra handles. A class handled twice is an error
// that names it.
func New(extra ...build.Handler) (*Reader, error) {
	r := &Reader{handlers: map[string]build.Handler{}}
	for _, h := range slices.Concat(builtin(), extra) {
		for _, class := range h.Classes {
			if _, twice := r.handlers[class]; twice {
				return nil, fmt.Errorf("keras layer %q: got a second handler, want one", class)
			}
			r.handlers[class] = h
		}
	}
	return r, nil
}

// Keys implements frontend.Reader.
func (r *Reader) Keys() []string { return []string{"KerasH5", "KerasJson", "KerasModel"} }

// Extensions implements frontend.Reader.
func (r *Reader) Extensions() map[string]string {
	return map[string]string{".h5": "KerasH5", ".hdf5": "KerasH5"}
}

// Classes lists the Keras classes that can be read, sorted, those that are skipped included.
func (r *Reader) Classes() []string {
	return slices.Sorted(maps.Keys(r.handlers))
}

// Read implements frontend.Reader. KerasModel and KerasH5 name a whole model; with KerasJson, KerasH5 holds
// the weights alone.
func (r *Reader) Read(src frontend.Source, schema ir.Schema) (*ir.Parsed, error) {
	weights, err := weightsFile(src)
	if err != nil {
		return nil, err
	}
	h5, err := hdf5.OpenFile(weights)
	if err != nil {
		return nil, fmt.Errorf("weights: %w", err)
	}
	defer h5.Close()
	if path := src.Files["KerasJson"]; path != "" && src.Files["KerasModel"] == "" {
		text, err := readBounded(path)
		if err != nil {
			return nil, fmt.Errorf("architecture: %w", err)
		}
		return r.parts(text, h5, names{path, weights}, src.Stream, schema)
	}
	return r.whole(weights, h5, src.Stream, schema)
}

// ReadH5 reads a whole model for io_parallel; name stands for the file in messages.
func (r *Reader) ReadH5(name string, h5 *hdf5.File, schema ir.Schema) (*ir.Parsed, error) {
	return r.whole(name, h5, false, schema)
}

// ReadParts reads an architecture in JSON with weights from h5 for io_parallel; the names stand for the files
// in messages.
func (r *Reader) ReadParts(
	name string, text []byte, h5 *hdf5.File, weights string, schema ir.Schema,
) (*ir.Parsed, error) {
	return r.parts(text, h5, names{name, weights}, false, schema)
}

func (r *Reader) whole(name string, h5 *hdf5.File, stream bool, schema ir.Schema) (*ir.Parsed, error) {
	text, err := architecture(h5)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return r.parts(text, h5, names{name, name}, stream, schema)
}

// names stand for files in messages.
type names struct{ architecture, weights string }

func (r *Reader) parts(
	text []byte, h5 *hdf5.File, name names, stream bool, schema ir.Schema,
) (*ir.Parsed, error) {
	m, err := decodeModel(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name.architecture, err)
	}
	if list := r.unsupported(m, nil); len(list) > 0 {
		return nil, &build.UnsupportedError{File: name.architecture, Layers: list}
	}
	w, err := newWeights(h5, name.weights)
	if err != nil {
		return nil, err
	}
	net, err := r.read(m, w, build.NewScope(schema, stream, w))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name.architecture, err)
	}
	return net.parsed(), nil
}

func weightsFile(src frontend.Source) (string, error) {
	if path := src.Files["KerasModel"]; path != "" {
		if ext := filepath.Ext(path); ext != ".h5" && ext != ".hdf5" {
			return "", fmt.Errorf("KerasModel %q: got a file that is not HDF5, want the model saved as .h5", path)
		}
		return path, nil
	}
	if path := src.Files["KerasH5"]; path != "" {
		return path, nil
	}
	if path := src.Files["KerasJson"]; path != "" {
		return "", fmt.Errorf("KerasJson %q: got no KerasH5, want the weights too", path)
	}
	return "", fmt.Errorf("configuration: got no Keras model, want KerasH5, KerasJson with KerasH5, " +
		"or KerasModel")
}

// architecture returns the model_config attribute of a whole model.
func architecture(h5 *hdf5.File) ([]byte, error) {
	if a, err := h5.Root().Attr("keras_version"); err == nil {
		if v, err := a.Text(); err == nil && len(v) > 0 && v[0] >= '3' {
			return nil, fmt.Errorf("model: got one written by Keras %s, want one of Keras 2 "+
				"(save it with tf-keras)", v)
		}
	}
	a, err := h5.Root().Attr("model_config")
	if err != nil {
		return nil, fmt.Errorf("model_config: %w: got weights without an architecture, want a whole model, "+
			"or KerasJson beside KerasH5", err)
	}
	text, err := a.Text()
	return []byte(text), err
}

func readBounded(path string) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s: not a regular file", path)
	case info.Size() > maxJSON:
		return nil, fmt.Errorf("%s: got %d bytes, want at most %d", path, info.Size(), maxJSON)
	}
	return os.ReadFile(path)
}
