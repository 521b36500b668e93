package clean

import (
	"slices"

	"github.com/hlsgo/hlsgo/frontend/onnx/graph"
)

// inferShapes works out what is known of every tensor, in the order of nodes.
func inferShapes(g *graph.Graph) error {
	if err := Sort(g); err != nil {
		return err
	}
	for _, n := range g.Nodes {
		inferNode(g, n)
	}
	return nil
}

// known reports whether a shape is known on all axes.
func known(dims []int) bool {
	return dims != nil && !slices.ContainsFunc(dims, func(d int) bool { return d < 0 })
}

// inferNode works out what is known of a node's outputs; true when that is news. Where nothing can be worked
// out, what the file says stays.
func inferNode(g *graph.Graph, n *graph.Node) bool {
	s := shaper{g, n}
	news := false
	for i, v := range s.outputs() {
		if i >= len(n.Outputs) || n.Outputs[i] == "" {
			continue
		}
		old := g.Value(n.Outputs[i])
		if v.Type == graph.Unknown {
			v.Type = old.Type
		}
		if v.Dims == nil || !known(v.Dims) && known(old.Dims) {
			v.Dims = old.Dims
		}
		if v.Type != old.Type || !slices.Equal(v.Dims, old.Dims) {
			g.SetValue(n.Outputs[i], v)
			news = true
		}
	}
	return news
}

// shaper works out the shapes of one node.
type shaper struct {
	g *graph.Graph
	n *graph.Node
}

func (s shaper) dims(i int) []int        { return s.g.Shape(s.n.Input(i)) }
func (s shaper) dtype(i int) graph.DType { return s.g.Value(s.n.Input(i)).Type }

// like is a value of the first input's type.
func (s shaper) like(dims []int) []graph.Value { return []graph.Value{{Type: s.dtype(0), Dims: dims}} }

// ints reads whole numbers from an input, or from an attribute of older versions.
func (s shaper) ints(i int, attr string) ([]int, bool) {
	if t := s.g.Init(s.n.Input(i)); t != nil && i > 0 {
		v, err := t.Ints()
		return v, err == nil
	}
	if attr == "" || !s.n.Has(attr) {
		return nil, false
	}
	v, err := s.n.Ints(attr)
	return v, err == nil
}

// same are operators whose answer has the shape of their first input.
var same = []string{
	"Relu", "Tanh", "Sigmoid", "LeakyRelu", "ThresholdedRelu", "Elu", "Selu", "Celu", "PRelu",
	"Softmax", "LogSoftmax", "Softsign", "Softplus", "HardSigmoid", "HardSwish", "Gelu", "Erf", "Clip",
	"Abs", "Neg", "Sqrt", "Exp", "Log", "Reciprocal", "Floor", "Ceil", "Round", "Sign", "Identity",
	"Dropout", "BatchNormalization", "InstanceNormalization", "LayerNormalization", "RMSNormalization",
	"LpNormalization", "Mish", "Swish", "Not", "Sin", "Cos", "CumSum", "Quant", "IntQuant",
	"BipolarQuant", "Trunc", "FloatQuant",
}

// spreading are operators of several inputs that spread over each other.
var spreading = []string{
	"Add", "Sub", "Mul", "Div", "Max", "Min", "Sum", "Mean", "Pow", "Mod", "And", "Or", "Xor", "PRelu",
}

var comparing = []string{"Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual"}

func (s shaper) outputs() []graph.Value {
	n := s.n
	switch {
	case slices.Contains(same, n.Op):
		return s.like(s.dims(0))
	case n.Is(spreading...):
		return s.like(s.spread(0))
	case n.Is(comparing...):
		return []graph.Value{{Type: graph.Bool, Dims: s.spread(0)}}
	case n.Is("Where"):
		return []graph.Value{{Type: s.dtype(1), Dims: s.spread(0)}}
	}
	if rule := s.rule(); rule != nil {
		return rule()
	}
	return nil
}

// spread is the shape over which the inputs from the first on spread.
func (s shaper) spread(first int) []int {
	var out []int
	for i := first; i < len(s.n.Inputs); i++ {
		d := s.dims(i)
		if d == nil {
			return nil
		}
		if i == first {
			out = slices.Clone(d)
			continue
		}
		if out = spreadShapes(out, d); out == nil {
			return nil
		}
	}
	return out
}

// spreadShapes is the shape over which both spread; nil where they do not.
func spreadShapes(a, b []int) []int {
	if len(a) < len(b) {
		a, b = b, a
	}
	out := slices.Clone(a)
	for i, d := range b {
		at := len(a) - len(b) + i
		switch {
		case out[at] == 1:
			out[at] = d
		case d != 1 && d != out[at]:
			return nil
		}
	}
	if out == nil {
		return []int{}
	}
	return out
}

// last reports whether the node has its channels last.
func (s shaper) last() bool { return s.n.Domain == graph.ChannelsLast }

// pixels splits a shape into batch, axes of pixels and channels.
func (s shaper) pixels(dims []int) (batch int, axes []int, chans int, ok bool) {
	if len(dims) < 3 {
		return 0, nil, 0, false
	}
	if s.last() {
		return dims[0], dims[1 : len(dims)-1], dims[len(dims)-1], true
	}
	return dims[0], dims[2:], dims[1], true
}

// picture puts them together again.
func (s shaper) picture(batch int, axes []int, chans int) []graph.Value {
	if s.last() {
		return s.like(slices.Concat([]int{batch}, axes, []int{chans}))
	}
	return s.like(slices.Concat([]int{batch, chans}, axes))
}

// axis counts an axis from the front.
func axisOf(axis, rank int) (int, bool) {
	if axis < 0 {
		axis += rank
	}
	return axis, axis >= 0 && axis < rank
}
