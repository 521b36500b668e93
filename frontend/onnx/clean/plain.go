package clean

import (
	"math"
	"slices"

	"github.com/hlsgo/hlsgo/frontend/onnx/graph"
)

// plainOperators puts operators that are read in the place of some that are not. What stays is for the reader
// to refuse.
func plainOperators(g *graph.Graph) error {
	for i := 0; i < len(g.Nodes); i++ {
		n := g.Nodes[i]
		with, err := plainOf(g, n)
		if err != nil {
			return n.Errorf("%w", err)
		}
		if len(with) > 0 {
			g.Nodes = slices.Replace(g.Nodes, i, i+1, with...)
			i += len(with) - 1
		}
	}
	if err := inferShapes(g); err != nil {
		return err
	}
	return removeDead(g)
}

// plainOf lists the nodes that take the place of n; none where it stays.
func plainOf(g *graph.Graph, n *graph.Node) ([]*graph.Node, error) {
	if n.Domain != "" {
		return nil, nil
	}
	p := plainer{g: g, n: n}
	switch n.Op {
	case "Squeeze", "Unsqueeze", "Flatten":
		return p.reshaped()
	case "ReduceMean", "ReduceMax":
		return p.pooled()
	case "Gather", "Slice", "Split":
		return p.selected()
	case "Neg":
		return p.scaled(-1)
	case "HardSwish":
		return p.gated(&graph.Node{Op: "HardSigmoid", Attrs: map[string]graph.Attr{
			"alpha": graph.FloatOf(1.0 / 6), "beta": graph.FloatOf(0.5),
		}})
	case "Swish":
		if alpha, err := n.Float("alpha", 1); err != nil || alpha != 1 {
			return nil, err
		}
		return p.gated(&graph.Node{Op: "Sigmoid"})
	case "Max":
		return p.clipped()
	case "Pow":
		return p.squared()
	case "Div":
		return p.softsign()
	case "Where":
		return p.softplus()
	case "Einsum":
		return p.product()
	}
	return nil, nil
}

// plainer makes nodes for one.
type plainer struct {
	g    *graph.Graph
	n    *graph.Node
	made []*graph.Node
}

// add makes a node with one output of the name; "" is a fresh one.
func (p *plainer) add(n *graph.Node, out string, inputs ...string) string {
	if out == "" {
		out = p.g.Fresh()
	}
	n.Inputs, n.Outputs, n.Origin = inputs, []string{out}, p.n.Label()
	p.made = append(p.made, n)
	return out
}

// constant adds a constant.
func (p *plainer) constant(t graph.DType, dims []int, data ...float64) string {
	name := p.g.Fresh()
	p.g.SetInit(graph.NewTensor(name, t, dims, data))
	return name
}

// reshapeTo is a reshape to a shape whose first axis, that of the batch, stays.
func reshapeTo(g *graph.Graph, n *graph.Node, in string, dims []int) *graph.Node {
	target := []float64{0}
	for _, d := range dims[1:] {
		target = append(target, float64(d))
	}
	name := g.Fresh()
	g.SetInit(graph.NewTensor(name, graph.Int64, []int{len(target)}, target))
	return &graph.Node{
		Op: "Reshape", Inputs: []string{in, name}, Outputs: []string{g.Fresh()}, Origin: n.Label(),
	}
}

// keepsBatch reports whether the node's answer begins with the batch axis of its input.
func (p *plainer) keepsBatch() bool {
	in, out := p.g.Shape(p.n.Input(0)), p.g.Shape(p.n.Outputs[0])
	return len(in) > 1 && len(out) > 1 && in[0] == out[0] && known(in[1:]) && known(out[1:])
}

// reshaped makes a reshape of what adds or drops axes of one value.
func (p *plainer) reshaped() ([]*graph.Node, error) {
	if !p.keepsBatch() || p.n.Op == "Flatten" {
		return nil, nil
	}
	r := reshapeTo(p.g, p.n, p.n.Input(0), p.g.Shape(p.n.Outputs[0]))
	r.Outputs[0] = p.n.Outputs[0]
	return []*graph.Node{r}, nil
}

// pooled makes a global pooling of a mean or maximum over all pixels.
func (p *plainer) pooled() ([]*graph.Node, error) {
	in := p.g.Shape(p.n.Input(0))
	rank := len(in)
	axes, ok := shaper{p.g, p.n}.ints(1, "axes")
	if !ok || rank != 3 && rank != 4 || !p.keepsBatch() {
		return nil, nil
	}
	axes = slices.Clone(axes)
	for i, a := range axes {
		axes[i], _ = axisOf(a, rank)
	}
	slices.Sort(axes)
	op := map[string]string{"ReduceMean": "GlobalAveragePool", "ReduceMax": "GlobalMaxPool"}[p.n.Op]
	data := p.n.Input(0)
	switch {
	case slices.Equal(axes, count(2, rank)):
	case slices.Equal(axes, count(1, rank-1)): // channels last
		data = p.add(transposeOf(p.g, p.n, data, toFirst(rank)), "", data)
	default:
		return nil, nil
	}
	pooled := p.add(&graph.Node{Op: op}, "", data)
	r := reshapeTo(p.g, p.n, pooled, p.g.Shape(p.n.Outputs[0]))
	p.add(r, p.n.Outputs[0], r.Inputs...)
	return p.made, nil
}

// selected makes a product with a matrix of zeros and ones of what takes some values along the last axis.
func (p *plainer) selected() ([]*graph.Node, error) {
	in := p.g.Shape(p.n.Input(0))
	if len(in) < 2 || p.g.Init(p.n.Input(0)) != nil || !known(in[1:]) {
		return nil, nil
	}
	size := in[len(in)-1]
	for k, out := range p.n.Outputs {
		list := p.picks(k)
		if out == "" || list == nil {
			continue
		}
		if size*len(list) > 1<<22 {
			return nil, nil
		}
		matrix := make([]float64, size*len(list))
		for column, row := range list {
			matrix[row*len(list)+column] = 1
		}
		p.add(&graph.Node{Op: "MatMul"}, out, p.n.Input(0),
			p.constant(graph.Float, []int{size, len(list)}, matrix...))
	}
	if len(p.made) < len(p.n.Outputs) {
		return nil, nil
	}
	return p.made, nil
}

// picks lists what output k takes along the last axis; nil where it takes anything of another.
func (p *plainer) picks(k int) []int {
	in := p.g.Shape(p.n.Input(0))
	last := len(in) - 1
	switch p.n.Op {
	case "Split":
		axis, sizes := Parts(p.g, p.n)
		if axis != last || sizes == nil {
			return nil
		}
		return count(sum(sizes[:k]), sum(sizes[:k+1]))
	case "Slice":
		cuts := Cuts(p.g, p.n)
		for i, c := range cuts {
			if i != last && c != (Cut{0, 1, in[i]}) {
				return nil
			}
		}
		if cuts == nil {
			return nil
		}
		var list []int
		for i := range cuts[last].Count {
			list = append(list, cuts[last].First+i*cuts[last].Step)
		}
		return list
	}
	axis, err := p.n.Int("axis", 0)
	axis, ok := axisOf(axis, len(in))
	t := p.g.Init(p.n.Input(1))
	if err != nil || !ok || axis != last || t == nil || len(t.Dims) != 1 {
		return nil
	}
	list, err := t.Ints()
	if err != nil {
		return nil
	}
	list = slices.Clone(list)
	for i, v := range list {
		if list[i], ok = axisOf(v, in[last]); !ok {
			return nil
		}
	}
	return list
}

func (p *plainer) scaled(by float64) ([]*graph.Node, error) {
	p.add(&graph.Node{Op: "Mul"}, p.n.Outputs[0], p.n.Input(0), p.constant(graph.Float, []int{}, by))
	return p.made, nil
}

// gated makes a product of the input and a function of it.
func (p *plainer) gated(function *graph.Node) ([]*graph.Node, error) {
	gate := p.add(function, "", p.n.Input(0))
	p.add(&graph.Node{Op: "Mul"}, p.n.Outputs[0], p.n.Input(0), gate)
	return p.made, nil
}

// clipped makes a Relu of a maximum with zero.
func (p *plainer) clipped() ([]*graph.Node, error) {
	if len(p.n.Inputs) != 2 {
		return nil, nil
	}
	for i, in := range p.n.Inputs {
		t := p.g.Init(in)
		if t == nil || t.Size() != 1 {
			continue
		}
		if v, err := t.Scalar(); err != nil || v != 0 || math.Signbit(v) {
			return nil, err
		}
		p.add(&graph.Node{Op: "Relu"}, p.n.Outputs[0], p.n.Inputs[1-i])
		return p.made, nil
	}
	return nil, nil
}

// squared makes a product of a power of two.
func (p *plainer) squared() ([]*graph.Node, error) {
	t := p.g.Init(p.n.Input(1))
	if t == nil || t.Size() != 1 {
		return nil, nil
	}
	if v, err := t.Scalar(); err != nil || v != 2 {
		return nil, err
	}
	p.add(&graph.Node{Op: "Mul"}, p.n.Outputs[0], p.n.Input(0), p.n.Input(0))
	return p.made, nil
}

// softsign makes one of x / (1 + |x|), as which exporters of PyTorch write it.
func (p *plainer) softsign() ([]*graph.Node, error) {
	x, sum := p.n.Input(0), p.g.Producer(p.n.Input(1))
	if sum == nil || !sum.Is("Add") || len(sum.Inputs) != 2 {
		return nil, nil
	}
	for i, in := range sum.Inputs {
		size, one := p.g.Producer(in), p.g.Init(sum.Inputs[1-i])
		if size == nil || one == nil || !size.Is("Abs") || size.Input(0) != x || one.Size() != 1 {
			continue
		}
		if v, err := one.Scalar(); err != nil || v != 1 {
			return nil, err
		}
		p.add(&graph.Node{Op: "Softsign"}, p.n.Outputs[0], x)
		return p.made, nil
	}
	return nil, nil
}

// softplus takes one for a softplus that goes over to the straight line where both are as good as equal.
func (p *plainer) softplus() ([]*graph.Node, error) {
	where, x, curve := p.g.Producer(p.n.Input(0)), p.n.Input(1), p.g.Producer(p.n.Input(2))
	if where == nil || curve == nil || !where.Is("Greater") || !curve.Is("Softplus") ||
		where.Input(0) != x || curve.Input(0) != x || p.g.Init(where.Input(1)) == nil {
		return nil, nil
	}
	const equal = 15 // from there on they are within 3e-7
	if v, err := p.g.Init(where.Input(1)).Scalar(); err != nil || v < equal {
		return nil, err
	}
	p.add(&graph.Node{Op: "Softplus"}, p.n.Outputs[0], x)
	return p.made, nil
}

// product makes a MatMul of the sum that is one: all axes of the first but the last stay, and the last goes
// against the first of a matrix, or its last.
func (p *plainer) product() ([]*graph.Node, error) {
	equation, err := p.n.Text("equation", "")
	if err != nil || len(p.n.Inputs) != 2 || p.g.Init(p.n.Input(1)) == nil {
		return nil, err
	}
	a, b, out, ok := terms(equation)
	if !ok || len(b) != 2 || len(a) < 2 || len(out) != len(a) || a[:len(a)-1] != out[:len(a)-1] {
		return nil, nil
	}
	inner, outer, matrix := a[len(a)-1], out[len(a)-1], p.n.Input(1)
	switch {
	case inner == outer || slices.Contains([]byte(a), outer):
		return nil, nil
	case b[0] == outer && b[1] == inner:
		t := p.g.Init(matrix)
		data, err := t.Data()
		if err != nil {
			return nil, err
		}
		dims := permuted(t.Dims, []int{1, 0})
		matrix = p.constant(t.Type, dims, pick(data, 0, permuted(stridesOf(t.Dims), []int{1, 0}), dims)...)
	case b[0] != inner || b[1] != outer:
		return nil, nil
	}
	p.add(&graph.Node{Op: "MatMul"}, p.n.Outputs[0], p.n.Input(0), matrix)
	return p.made, nil
}

// terms takes "ab,bc->ac" apart.
func terms(equation string) (a, b, out string, ok bool) {
	var part [3]string
	at := 0
	for i := 0; i < len(equation); i++ {
		switch c := equation[i]; {
		case c == ' ' || c == '>':
		case c == ',' && at == 0, c == '-' && at == 1:
			at++
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
			part[at] += string(c)
		default:
			return "", "", "", false
		}
	}
	return part[0], part[1], part[2], at == 2
}
