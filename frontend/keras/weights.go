package keras

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"slices"

	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/internal/hdf5"
	"github.com/hlsgo/hlsgo/ir"
)

// weights are those of the layers of one model in a file.
type weights struct {
	store
	name string // of the file, for messages
}

// A store knows where the weights of one model stand in a form of files.
type store interface {
	// find returns the weight called name of a layer, of the part of it called part unless that is ""; nil when
	// there is none.
	find(layer, part, name string) (*hdf5.Dataset, error)
	// variables lists all that stands below a layer, where it stands under numbers.
	variables(layer string) ([]build.Variable, error)
	// variableAt returns one of them; nil when there is none.
	variableAt(layer, path string) (*hdf5.Dataset, error)
	// nested returns the store of a model that stands in the place of a layer.
	nested(layer string) store
	// below returns the store of a model that a wrapper repeats.
	below(wrapper string) store
}

var (
	_ build.Weights = (*weights)(nil)
	_ build.Below   = (*weights)(nil)
)

// newWeights looks at the weights of a whole model, or at a file of weights alone, for the layers of m.
func (r *Reader) newWeights(f *hdf5.File, name string, m *model) (*weights, error) {
	root := f.Root()
	_, err := root.Attr("layer_names")
	switch {
	case root.Has(numberedLayers) || root.Has(numberedLayers3) && errors.Is(err, fs.ErrNotExist):
		s, err := r.numberedStore(f, m, "")
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		return &weights{s, name}, nil
	case root.Has("model_weights"):
		return &weights{&namedStore{file: f, group: "/model_weights"}, name}, nil
	}
	return &weights{&namedStore{file: f}, name}, nil
}

func (w *weights) nested(layer string) *weights  { return &weights{w.store.nested(layer), w.name} }
func (w *weights) below(wrapper string) *weights { return &weights{w.store.below(wrapper), w.name} }

// Find implements build.Weights.
func (w *weights) Find(layer, part, name string) (shape []int, ok bool, err error) {
	d, err := w.find(layer, part, name)
	if d == nil || err != nil {
		return nil, false, err
	}
	return d.Shape(), true, nil
}

// Tensor implements build.Weights.
func (w *weights) Tensor(layer, part, name string, shape []int) (*ir.Tensor, error) {
	d, err := w.find(layer, part, name)
	if err != nil {
		return nil, err
	}
	if part != "" {
		name = part + "/" + name
	}
	if d == nil {
		return nil, fmt.Errorf("weight %q: got none in %s, want one of shape %v", name, w.name, shape)
	}
	if got := d.Shape(); !slices.Equal(got, shape) {
		return nil, fmt.Errorf("weight %q: got shape %v in %s, want %v", name, got, w.name, shape)
	}
	return floats(d, name)
}

// Below implements build.Below.
func (w *weights) Below(layer string) ([]build.Variable, error) {
	return w.variables(layer)
}

// Variable implements build.Below.
func (w *weights) Variable(layer, path string) (*ir.Tensor, error) {
	d, err := w.variableAt(layer, path)
	if err != nil {
		return nil, err
	}
	if d == nil {
		return nil, fmt.Errorf("variable %q: got none in %s, want one", path, w.name)
	}
	if d.Type().Class == hdf5.Float {
		return floats(d, path)
	}
	whole, err := d.ReadInt64()
	if err != nil {
		return nil, fmt.Errorf("variable %q: %w", path, err)
	}
	t := &ir.Tensor{Shape: d.Shape(), Data: make([]float64, len(whole))}
	for i, v := range whole {
		t.Data[i] = float64(v)
	}
	return t, nil
}

// Integers implements build.Weights.
func (w *weights) Integers(layer, part, name string) ([]int, error) {
	d, err := w.find(layer, part, name)
	if err != nil {
		return nil, err
	}
	if d == nil {
		return nil, fmt.Errorf("weight %q: got none in %s, want one", name, w.name)
	}
	whole, err := d.ReadInt64()
	if err != nil {
		return nil, fmt.Errorf("weight %q: %w", name, err)
	}
	out := make([]int, len(whole))
	for i, v := range whole {
		out[i] = int(v)
	}
	return out, nil
}

// File implements build.Weights.
func (w *weights) File() string { return w.name }

func floats(d *hdf5.Dataset, name string) (*ir.Tensor, error) {
	t := &ir.Tensor{Shape: d.Shape()}
	if typ := d.Type(); typ.Class == hdf5.Float && typ.Size == 8 {
		t.DType = ir.Float64
	}
	var err error
	if t.Data, err = d.ReadFloat64(); err != nil {
		return nil, err
	}
	for i, v := range t.Data {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, fmt.Errorf("weight %q: got %v at flat index %d, want finite numbers", name, v, i)
		}
	}
	return t, nil
}
