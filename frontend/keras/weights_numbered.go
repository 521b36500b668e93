package keras

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/internal/hdf5"
)

// The group that holds one group per layer in the form that .keras and .weights.h5 files have from Keras 2.12
// on, and from Keras 3 on.
const (
	numberedLayers  = "_layer_checkpoint_dependencies"
	numberedLayers3 = "layers"
)

// numberedStore is that form: groups stand under the names of attributes and classes, never of layers, and
// weights have numbers. Which is which follows from the model.
type numberedStore struct {
	r      *Reader
	file   *hdf5.File
	places map[string]place // of the layers, by name
}

// place is where the weights of a layer are.
type place struct {
	path  string // of its group
	layer node
	inner *numberedStore // of the model that stands in the layer's place, or that it repeats
}

// numberedStore finds the groups of the layers of a model, whose own group has the path.
func (r *Reader) numberedStore(f *hdf5.File, m *model, path string) (*numberedStore, error) {
	container, err := f.Root().Group(path + "/" + numberedLayers)
	if errors.Is(err, fs.ErrNotExist) {
		container, err = f.Root().Group(path + "/" + numberedLayers3)
	}
	if err != nil {
		return nil, fmt.Errorf("weights of the model %q: %w", m.name, err)
	}
	path = container.Path()
	s := &numberedStore{r: r, file: f, places: map[string]place{}}
	for i, group := range groupsOf(m, container) {
		if group == "" {
			continue // find says so of layers that have weights
		}
		n := m.layers[i]
		p := place{path: path + "/" + group, layer: n}
		if p.inner, err = r.innerStore(f, n, p.path); err != nil {
			return nil, err
		}
		s.places[n.name] = p
	}
	return s, nil
}

// groupsOf lists the group of each layer of a model, "" where there is none: the first of the class for the
// first layer of the class, and so on. Where groups say whose they are, as from Keras 3.6 on, and all layers
// of a class are among them, that counts.
func groupsOf(m *model, container *hdf5.Group) []string {
	groups := groupsOfClasses(container.Names())
	layers := map[string][]int{}
	for i, n := range m.layers {
		if !strings.HasPrefix(n.class, operationPrefix) { // which are no layers for Keras
			layers[groupName(n.class)] = append(layers[groupName(n.class)], i)
		}
	}
	out := make([]string, len(m.layers))
	for class, list := range layers {
		named := map[string]string{}
		for _, group := range groups[class] {
			named[ownerOf(container, group)] = group
		}
		all := !slices.ContainsFunc(list, func(i int) bool { return named[m.layers[i].name] == "" })
		for k, i := range list {
			switch {
			case all:
				out[i] = named[m.layers[i].name]
			case k < len(groups[class]):
				out[i] = groups[class][k]
			}
		}
	}
	return out
}

// ownerOf is the name of the layer whose weights a group has; "" where it does not say.
func ownerOf(container *hdf5.Group, group string) string {
	g, err := container.Group(group + "/vars")
	if err != nil {
		return ""
	}
	a, err := g.Attr("name")
	if err != nil {
		return ""
	}
	name, _ := a.Text()
	return name
}

// innerStore is the store of a model that stands in the place of a layer or is repeated by it; nil for
// others.
func (r *Reader) innerStore(f *hdf5.File, n node, path string) (*numberedStore, error) {
	switch {
	case n.inner != nil:
		return r.numberedStore(f, n.inner, path)
	case n.wrapped != nil && n.wrapped.inner != nil:
		return r.numberedStore(f, n.wrapped.inner, path+"/"+wrappedAttribute)
	}
	return nil, nil
}

// wrappedAttribute is under which a wrapper has the layer inside.
const wrappedAttribute = "layer"

// nested implements store.
func (s *numberedStore) nested(layer string) store {
	if inner := s.places[layer].inner; inner != nil {
		return inner
	}
	return &numberedStore{} // without weights
}

// below implements store.
func (s *numberedStore) below(wrapper string) store { return s.nested(wrapper) }

// find implements store.
func (s *numberedStore) find(layer, part, name string) (*hdf5.Dataset, error) {
	p, ok := s.places[layer]
	if !ok {
		return nil, nil
	}
	path, class, config := p.path, p.layer.class, p.layer.config
	if w := p.layer.wrapped; w != nil {
		path, class, config = path+"/"+wrappedAttribute, w.class, w.config
	}
	if part != "" {
		direction, _, _ := strings.Cut(part, "_")
		w, ok := wrappedLayer(config, direction+"_layer")
		if !ok {
			w, _ = wrappedLayer(config, "layer")
		}
		path, class, config = path+"/"+direction+"_layer", w.class, w.config
	}
	return s.variable(path, class, config, name)
}

// maxVariables bounds what stands below a layer, and maxVariableDepth how deep: groups may hold each other.
const (
	maxVariables     = 10_000
	maxVariableDepth = 16
)

// variables implements store.
func (s *numberedStore) variables(layer string) ([]build.Variable, error) {
	p, ok := s.places[layer]
	if !ok {
		return nil, nil
	}
	g, err := s.file.Root().Group(p.path)
	if err != nil {
		return nil, err
	}
	var list []build.Variable
	err = appendVariables(&list, g, "", 0)
	return list, err
}

func appendVariables(list *[]build.Variable, g *hdf5.Group, path string, depth int) error {
	if depth > maxVariableDepth || len(*list) > maxVariables {
		return fmt.Errorf("weights: got more than %d groups deep, or more than %d, below %s", maxVariableDepth,
			maxVariables, g.Path())
	}
	for _, name := range g.Names() {
		obj, err := g.Open(name)
		if err != nil {
			return err
		}
		switch obj := obj.(type) {
		case *hdf5.Group:
			err = appendVariables(list, obj, path+name+"/", depth+1)
		case *hdf5.Dataset:
			*list = append(*list, build.Variable{
				Path: path + name, Shape: obj.Shape(), Integer: obj.Type().Class != hdf5.Float,
			})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// variableAt implements store.
func (s *numberedStore) variableAt(layer, path string) (*hdf5.Dataset, error) {
	p, ok := s.places[layer]
	if !ok {
		return nil, nil
	}
	obj, err := s.file.Root().Open(strings.TrimPrefix(p.path, "/") + "/" + path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	d, _ := obj.(*hdf5.Dataset)
	return d, err
}

// variable finds a weight of the object that has the path.
func (s *numberedStore) variable(path, class string, config Config, name string) (*hdf5.Dataset, error) {
	h, _ := s.r.handler(class)
	if h.Variables == nil {
		return nil, fmt.Errorf("weight %q: got numbers for names in this form of files, and nothing says the "+
			"order of the weights of class %s: want the model saved as .h5", name, class)
	}
	for _, v := range h.Variables(class, config) {
		i := slices.Index(v.Names, name)
		if i < 0 {
			continue
		}
		if v.Of != "" {
			path += "/" + v.Of
		}
		return s.number(path+"/vars", v.Names, i)
	}
	return nil, nil
}

// number is the weight i of those called names, which must be all that the group of the path has: with one
// more or less another one might be meant.
func (s *numberedStore) number(path string, names []string, i int) (*hdf5.Dataset, error) {
	g, err := s.file.Root().Group(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if got := len(g.Names()); got != len(names) {
		return nil, fmt.Errorf("weights: got %d in %s, want %d: %s", got, path, len(names),
			strings.Join(names, ", "))
	}
	obj, err := g.Open(strconv.Itoa(i))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	d, ok := obj.(*hdf5.Dataset)
	if err == nil && !ok {
		err = fmt.Errorf("weight %q: got a group at %s/%d, want numbers", names[i], path, i)
	}
	return d, err
}

// The two steps in which Keras makes snake case of the names of classes.
var (
	beforeWord    = regexp.MustCompile(`(.)([A-Z][a-z]+)`)
	beforeCapital = regexp.MustCompile(`([a-z])([A-Z])`)
)

// groupName is the name of the group of the first layer of a class.
func groupName(class string) string {
	if isModel(class) && class != "Sequential" {
		class = "Functional"
	}
	_, name := splitClass(class)
	for _, before := range []*regexp.Regexp{beforeWord, beforeCapital} {
		name = before.ReplaceAllString(name, "${1}_$2")
	}
	name = strings.ToLower(name)
	if strings.HasPrefix(name, "_") {
		return "private" + name
	}
	return name
}

// groupsOfClasses lists the groups of each class in the order of the layers: dense, dense_1, dense_2. Keras
// 2.12 leaves numbers out, so that it is the order that counts.
func groupsOfClasses(names []string) map[string][]string {
	type numbered struct {
		name   string
		number int
	}
	classes := map[string][]numbered{}
	for _, name := range names {
		class, number := name, 0
		if i := strings.LastIndex(name, "_"); i > 0 {
			if k, err := strconv.Atoi(name[i+1:]); err == nil {
				class, number = name[:i], k
			}
		}
		classes[class] = append(classes[class], numbered{name, number})
	}
	out := map[string][]string{}
	for class, list := range classes {
		slices.SortFunc(list, func(a, b numbered) int { return cmp.Compare(a.number, b.number) })
		for _, n := range list {
			out[class] = append(out[class], n.name)
		}
	}
	return out
}

// variables is the Variables of layers whose own weights have these names, in the order. Behind a ? stands
// the setting without which there is no such weight.
func variables(names ...string) func(string, build.Attributes) []build.Variables {
	return variablesOf("", names...)
}

// variablesOf is variables for layers with an attribute that has the weights.
func variablesOf(attribute string, names ...string) func(string, build.Attributes) []build.Variables {
	return func(_ string, c build.Attributes) []build.Variables {
		v := build.Variables{Of: attribute}
		for _, name := range names {
			name, flag, optional := strings.Cut(name, "?")
			if on, err := c.Bool(flag, true); !optional || on && err == nil {
				v.Names = append(v.Names, name)
			}
		}
		return []build.Variables{v}
	}
}
