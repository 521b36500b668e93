package keras

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/internal/hdf5"
	"github.com/hlsgo/hlsgo/ir"
)

// maxWeightDepth bounds how deep below its layer's group a weight is looked for; a wrapped cell of a
// bidirectional layer in a nested model lies four groups deep.
const maxWeightDepth = 8

// weights finds the weights of the layers of one model in an HDF5 file.
type weights struct {
	file  *hdf5.File
	name  string // of the file, for messages
	group string // path of the group that holds one group per layer
	inner bool   // group is that of a nested model
}

// newWeights looks at the layers of a whole model, or of a file of weights alone.
func newWeights(f *hdf5.File, name string) (*weights, error) {
	w := &weights{file: f, name: name}
	if f.Root().Has("_layer_checkpoint_dependencies") {
		return nil, fmt.Errorf("%s: got weights in the form of Keras 3, which names ending in .weights.h5 get, "+
			"want them saved under another name", name)
	}
	if f.Root().Has("model_weights") {
		w.group = "/model_weights"
	}
	return w, nil
}

// nested returns the weights of a model inside. However deep it lies, Keras stores its layers in the group of
// the outermost of the nested models.
func (w *weights) nested(name string) *weights {
	if w.inner {
		return w
	}
	return &weights{file: w.file, name: w.name, group: w.group + "/" + name, inner: true}
}

// below returns the weights of a model that a wrapper repeats.
func (w *weights) below(wrapper string) *weights {
	return &weights{file: w.file, name: w.name, group: w.group + "/" + wrapper, inner: true}
}

// find returns the dataset called "name:0" of the layer, inside the group called part unless that is ""; nil
// when there is none.
func (w *weights) find(layer, part, name string) (*hdf5.Dataset, error) {
	path := w.group + "/" + layer
	g, err := w.file.Root().Group(path)
	if err == nil && part != "" {
		g, err = searchGroup(g, part, 0)
	}
	if g == nil && err == nil || errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return search(g, name, 0)
}

// searchGroup finds a group inside another; nil when there is none.
func searchGroup(g *hdf5.Group, name string, depth int) (*hdf5.Group, error) {
	if depth > maxWeightDepth {
		return nil, nil
	}
	for _, link := range g.Names() {
		obj, err := g.Open(link)
		if err != nil {
			return nil, err
		}
		sub, ok := obj.(*hdf5.Group)
		if !ok {
			continue
		}
		if link == name {
			return sub, nil
		}
		if found, err := searchGroup(sub, name, depth+1); found != nil || err != nil {
			return found, err
		}
	}
	return nil, nil
}

// search prefers a dataset of the group itself to one of a group inside.
func search(g *hdf5.Group, name string, depth int) (*hdf5.Dataset, error) {
	if depth > maxWeightDepth {
		return nil, nil
	}
	var inside []*hdf5.Group
	for _, link := range g.Names() {
		obj, err := g.Open(link)
		if err != nil {
			return nil, err
		}
		switch obj := obj.(type) {
		case *hdf5.Dataset:
			if base, _, _ := strings.Cut(link, ":"); base == name {
				return obj, nil
			}
		case *hdf5.Group:
			inside = append(inside, obj)
		}
	}
	for _, sub := range inside {
		if d, err := search(sub, name, depth+1); d != nil || err != nil {
			return d, err
		}
	}
	return nil, nil
}

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
