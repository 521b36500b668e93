package layerstest

import (
	"fmt"
	"math/rand/v2"

	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
	"github.com/hlsgo/hlsgo/layers/io"
)

// Net is a network under construction, and the source of everything that is drawn for it.
type Net struct {
	*rand.Rand
	// IOType is what the network is converted for; some kinds take other shapes in streams.
	IOType ir.IOType

	registry *layers.Registry
	parsed   ir.Parsed
	shapes   map[string][]int // of inputs
	problem  error
}

// Attrs are attributes by their keys, such as "n_in".
type Attrs map[string]any

// Tensors are weights by the names that the kind reads them under, such as "weight_data".
type Tensors map[string]*ir.Tensor

// Between draws a whole number from low to high, both included.
func (n *Net) Between(low, high int) int { return low + n.IntN(high-low+1) }

// Input appends an input of the network; shape is that of a sample, channels last.
func (n *Net) Input(shape ...int) string {
	name := fmt.Sprintf("x%d", len(n.parsed.Inputs))
	n.parsed.Inputs = append(n.parsed.Inputs, name)
	if n.shapes == nil {
		n.shapes = map[string][]int{}
	}
	n.shapes[name] = shape
	return n.add(name, "Input", "InputLayer", Attrs{"input_shape": shape}, nil)
}

// Shape is the shape of an input.
func (n *Net) Shape(input string) []int { return n.shapes[input] }

// Size is the number of values of an input.
func (n *Net) Size(input string) int { return ir.Size(n.shapes[input]) }

// Layer appends a layer that reads the tensors named, and returns the name of its own. Unless Outputs says
// otherwise the tensor of the last layer leaves the network.
func (n *Net) Layer(kind string, a Attrs, w Tensors, inputs ...string) string {
	name := fmt.Sprintf("layer%c", 'a'+len(n.parsed.Layers))
	return n.add(name, kind, kind, a, w, inputs...)
}

// Constant appends a tensor of constant numbers.
func (n *Net) Constant(t *ir.Tensor) string {
	name := n.Layer("Constant", nil, nil)
	if a, ok := n.Last().Attrs.(*io.ConstantAttrs); ok {
		a.Value = t
	}
	return name
}

// Outputs names the tensors that leave the network.
func (n *Net) Outputs(names ...string) { n.parsed.Outputs = names }

// Last is the layer appended last, for what Layer cannot say: the class of the framework, quantizers,
// outputs.
func (n *Net) Last() *ir.Layer { return n.parsed.Layers[len(n.parsed.Layers)-1] }

// Inside returns the layers that build appends to a network of its own: those of a model in the model.
func (n *Net) Inside(build func(n *Net)) []*ir.Layer {
	inner := &Net{Rand: n.Rand, IOType: n.IOType, registry: n.registry}
	build(inner)
	for i, l := range inner.parsed.Layers {
		l.Name = "in_" + l.Name
		for k, name := range l.Inputs {
			inner.parsed.Layers[i].Inputs[k] = "in_" + name
		}
	}
	n.fail(inner.problem)
	return inner.parsed.Layers
}

// Tensor draws weights: multiples of 1/16 between -1 and 1, which every wide type holds exactly.
func (n *Net) Tensor(shape ...int) *ir.Tensor {
	return n.Drawn(func() float64 { return float64(n.Between(-16, 16)) / 16 }, shape...)
}

// Drawn is a tensor of float32 values, each drawn by a function.
func (n *Net) Drawn(draw func() float64, shape ...int) *ir.Tensor {
	t := ir.NewTensor(ir.Float32, shape...)
	for i := range t.Data {
		t.Data[i] = float64(float32(draw()))
	}
	return t
}

func (n *Net) add(name, kind, class string, a Attrs, w Tensors, inputs ...string) string {
	k, ok := n.registry.Kind(kind)
	if !ok {
		n.fail(fmt.Errorf("layer %q: kind %q: got none, want it built in or among the family's", name, kind))
		return name
	}
	l := &ir.Layer{
		Name: name, Kind: kind, ClassName: class, Inputs: inputs, Attrs: k.NewAttrs(), Source: name,
		Data: ir.Data{Tensors: w},
	}
	if _, ok := ir.GetAttr(l.Attrs, "data_format"); ok {
		_, err := ir.SetAttr(l.Attrs, "data_format", "channels_last")
		n.fail(err)
	}
	for key, v := range a {
		known, err := ir.SetAttr(l.Attrs, key, v)
		if err == nil && !known {
			err = fmt.Errorf("%s %q: attribute %q: got none of that name, want one of the kind's", kind, name, key)
		}
		n.fail(err)
	}
	n.parsed.Layers = append(n.parsed.Layers, l)
	return name
}

// fail keeps the first error.
func (n *Net) fail(err error) {
	if n.problem == nil {
		n.problem = err
	}
}

// network is what was built: a copy for every model, since attributes change on the way.
func (n *Net) network() *ir.Parsed {
	p := n.parsed.Clone()
	if len(p.Outputs) == 0 {
		p.Outputs = []string{p.Layers[len(p.Layers)-1].Name}
	}
	return p
}
