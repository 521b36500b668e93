package keras

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/frontend"
	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/internal/hdf5"
	"github.com/hlsgo/hlsgo/ir"
)

// Reader reads models of Keras 2 and 3. It is a value that nothing changes once it is made.
type Reader struct {
	handlers map[string]build.Handler
	keras3   map[string]build.Handler // those that stand in the places of others for Keras 3
	custom   []string                 // the classes of handlers that With added
	three    bool                     // handlers are those for Keras 3
}

var (
	_ frontend.Extensible = (*Reader)(nil)
	_ frontend.Paired     = (*Reader)(nil)
)

// New returns a reader of all built-in layers.
func New() (*Reader, error) {
	three, err := (&Reader{}).with(builtinOfKeras3())
	if err != nil {
		return nil, err
	}
	return (&Reader{keras3: three.handlers}).with(builtin())
}

// of returns the reader of models of one generation of Keras.
func (r *Reader) of(keras3 bool) *Reader {
	if !keras3 {
		return r
	}
	three := &Reader{handlers: maps.Clone(r.handlers), custom: r.custom, three: true}
	maps.Copy(three.handlers, r.keras3)
	return three
}

// With implements frontend.Extensible. A class handled already is an error that names it.
func (r *Reader) With(handlers ...build.Handler) (frontend.Extensible, error) {
	c, err := r.with(handlers)
	if err != nil {
		return nil, err
	}
	for _, h := range handlers {
		c.custom = append(c.custom, h.Classes...)
	}
	return c, nil
}

func (r *Reader) with(handlers []build.Handler) (*Reader, error) {
	c := &Reader{handlers: map[string]build.Handler{}, keras3: r.keras3, custom: slices.Clone(r.custom)}
	maps.Copy(c.handlers, r.handlers)
	for _, h := range handlers {
		if h.Read == nil && !h.Skip && !slices.Contains(h.Classes, timeDistributed) {
			return nil, fmt.Errorf("keras layers %q: got a handler without Read, want one, or Skip", h.Classes)
		}
		for _, class := range h.Classes {
			if _, twice := c.handlers[class]; twice {
				return nil, fmt.Errorf("keras layer %q: got a second handler, want one", class)
			}
			c.handlers[class] = h
		}
	}
	return c, nil
}

// handler finds the handler of a class. A class that was registered under the name of a package stands in
// files as "package>Class", and without the package in those of programs that named it when they loaded the
// model: handlers that were added are found by either name. Those of this package are not: "mine>Dense" is
// another layer than Dense.
func (r *Reader) handler(class string) (build.Handler, bool) {
	if h, ok := r.handlers[class]; ok {
		return h, true
	}
	found := ""
	pack, name := splitClass(class)
	for _, c := range r.custom {
		p, n := splitClass(c)
		if n != name || p != "" && pack != "" {
			continue
		}
		if found != "" {
			return build.Handler{}, false // classes of two packages: the file does not say which
		}
		found = c
	}
	h, ok := r.handlers[found]
	return h, ok
}

// splitClass splits "package>Class"; the package is "" where there is none.
func splitClass(class string) (pack, name string) {
	if i := strings.LastIndex(class, ">"); i >= 0 {
		return class[:i], class[i+1:]
	}
	return "", class
}

// Name implements frontend.Reader.
func (r *Reader) Name() string { return "keras" }

// Framework implements frontend.Extensible.
func (r *Reader) Framework() string { return "keras" }

// Keys implements frontend.Reader.
func (r *Reader) Keys() []string { return []string{"KerasH5", "KerasJson", "KerasModel"} }

// Extensions implements frontend.Reader.
func (r *Reader) Extensions() map[string]string {
	return map[string]string{".h5": "KerasH5", ".hdf5": "KerasH5", ".keras": "KerasModel"}
}

// Pairs implements frontend.Paired.
func (r *Reader) Pairs() []frontend.Pair {
	return []frontend.Pair{{
		Extension: ".json", Key: "KerasJson", Weights: "KerasH5", Ends: []string{".h5", ".hdf5"},
	}}
}

// Classes implements frontend.Extensible; classes that are skipped are among them.
func (r *Reader) Classes() []string {
	return slices.Sorted(maps.Keys(r.handlers))
}

// Accepts implements frontend.Reader: it wants HDF5 or a .keras archive.
func (r *Reader) Accepts(src frontend.Source) error {
	weights, err := weightsFile(src)
	if err != nil {
		return err
	}
	if !architectureApart(src) && build.IsArchive(weights) {
		a, err := build.OpenArchive(weights)
		if err != nil {
			return err
		}
		defer a.Close()
		_, err = archiveOfKeras3(a)
		return err
	}
	h5, err := openH5(weights)
	if err != nil {
		return err
	}
	return h5.Close()
}

// architectureApart says whether the architecture is in a file of its own.
func architectureApart(src frontend.Source) bool {
	return src.Files["KerasJson"] != "" && src.Files["KerasModel"] == ""
}

// Read implements frontend.Reader. KerasModel and KerasH5 name a whole model; with KerasJson, KerasH5 holds
// the weights alone.
func (r *Reader) Read(src frontend.Source, schema ir.Schema) (*ir.Parsed, error) {
	weights, err := weightsFile(src)
	if err != nil {
		return nil, err
	}
	path, parts := src.Files["KerasJson"], architectureApart(src)
	if !parts && build.IsArchive(weights) {
		return r.archive(weights, src.Stream, schema)
	}
	if parts {
		text, err := build.ReadText(path)
		if err != nil {
			return nil, fmt.Errorf("architecture: %w", err)
		}
		h5, err := openH5(weights)
		if err != nil {
			return nil, fmt.Errorf("weights: %w", err)
		}
		defer h5.Close()
		return r.parts(text, h5, names{path, weights}, src.Stream, schema)
	}
	h5, err := openH5(weights)
	if err != nil {
		return nil, err
	}
	defer h5.Close()
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
	return r.model(text, h5OfKeras3(h5), h5, names{name, name}, stream, schema)
}

// names stand for files in messages.
type names struct{ architecture, weights string }

// parts reads an architecture that says itself which Keras wrote it.
func (r *Reader) parts(
	text []byte, h5 *hdf5.File, name names, stream bool, schema ir.Schema,
) (*ir.Parsed, error) {
	return r.model(text, jsonOfKeras3(text), h5, name, stream, schema)
}

func (r *Reader) model(
	text []byte, keras3 bool, h5 *hdf5.File, name names, stream bool, schema ir.Schema,
) (*ir.Parsed, error) {
	m, err := decodeModel(text, keras3)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name.architecture, err)
	}
	r = r.of(keras3)
	if list := r.unsupported(m, nil); len(list) > 0 {
		return nil, &build.UnsupportedError{File: name.architecture, Layers: list}
	}
	w, err := r.newWeights(h5, name.weights, m)
	if err != nil {
		return nil, err
	}
	net, err := r.outermost(m, w, schema, stream)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name.architecture, err)
	}
	return net.parsed(), nil
}

func openH5(path string) (*hdf5.File, error) {
	h5, err := hdf5.OpenFile(path)
	if err != nil {
		return nil, build.FileError(path, "an HDF5 file", err)
	}
	return h5, nil
}

func weightsFile(src frontend.Source) (string, error) {
	if path := src.Files["KerasModel"]; path != "" {
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

// h5OfKeras3 says whether Keras 3 wrote a whole model. The first versions of Keras wrote none.
func h5OfKeras3(h5 *hdf5.File) bool {
	a, err := h5.Root().Attr("keras_version")
	if err != nil {
		return false
	}
	v, err := a.Text()
	return err == nil && laterKeras(v)
}

func laterKeras(version string) bool { return version != "" && version[0] >= '3' }

// jsonOfKeras3 says whether Keras 3 wrote an architecture: it names the module of each class, and no version.
func jsonOfKeras3(text []byte) bool {
	var top struct {
		Module  string `json:"module"`
		Version string `json:"keras_version"`
	}
	if json.Unmarshal(strictJSON(text), &top) != nil {
		return false // decoding says why
	}
	return laterKeras(top.Version) || top.Version == "" && top.Module != ""
}

// architecture returns the model_config attribute of a whole model.
func architecture(h5 *hdf5.File) ([]byte, error) {
	a, err := h5.Root().Attr("model_config")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errors.New("model_config: got weights without an architecture, want a whole model, " +
			"or the architecture with them: model.json with --weights, or KerasJson beside KerasH5")
	}
	if err != nil {
		return nil, fmt.Errorf("model_config: %w", err)
	}
	text, err := a.Text()
	return []byte(text), err
}
