package keras

import (
	"errors"
	"io/fs"
	"strings"

	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/internal/hdf5"
)

// maxWeightDepth bounds how deep below its layer's group a weight is looked for; a wrapped cell of a
// bidirectional layer in a nested model lies four groups deep.
const maxWeightDepth = 8

// namedStore is the form of .h5 files: a group for each layer, under its name, and in it, at any depth, the
// weights under theirs.
type namedStore struct {
	file  *hdf5.File
	group string // path of the group that holds one group per layer
	inner bool   // group is that of a nested model
}

// nested implements store. However deep it lies, Keras stores its layers in the group of
// the outermost of the nested models.
func (w *namedStore) nested(name string) store {
	if w.inner {
		return w
	}
	return &namedStore{file: w.file, group: w.group + "/" + name, inner: true}
}

// below implements store.
func (w *namedStore) below(wrapper string) store {
	return &namedStore{file: w.file, group: w.group + "/" + wrapper, inner: true}
}

// find implements store: it looks for the dataset called "name:0".
func (w *namedStore) find(layer, part, name string) (*hdf5.Dataset, error) {
	g, err := w.file.Root().Group(w.group + "/" + layer)
	if errors.Is(err, fs.ErrNotExist) && w.inner { // Keras 3 puts groups of models inside between
		if g, err = w.file.Root().Group(w.group); err == nil {
			g, err = searchGroup(g, layer, 0)
		}
	}
	if err == nil && g != nil && part != "" {
		layer := g
		g, err = searchGroup(layer, part, 0)
		if _, own, ok := strings.Cut(part, "_"); ok && g == nil && err == nil {
			g, err = searchGroup(layer, own, 0) // a layer of Keras 3 has its direction in its name
		}
	}
	if g == nil && err == nil || errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return search(g, name, 0)
}

// variables implements store: names tell nothing of the objects that have the weights.
func (w *namedStore) variables(string) ([]build.Variable, error) { return nil, nil }

// variableAt implements store.
func (w *namedStore) variableAt(string, string) (*hdf5.Dataset, error) { return nil, nil }

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
