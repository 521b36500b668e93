package clean

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/frontend/onnx/graph"
)

// moveTransposes lets transposes to and from channels last meet. It goes on until nothing changes, in qonnx's
// order, which decides where those end up that stay.
func moveTransposes(g *graph.Graph) error {
	if !slices.ContainsFunc(g.Nodes, func(n *graph.Node) bool { return n.Domain == graph.ChannelsLast }) {
		return nil
	}
	steps := []func(*graph.Graph) (bool, error){
		removePairs, moveUp, foldIntoQuantizers, removePairs, moveDown, copyAtForks, removePairs, absorbIntoMatMul,
		lastAtInput, removePairs,
	}
	// Over one axis of pixels a transpose is its own inverse, and what one step moves up another moves down:
	// only a look at the whole says whether anything has changed.
	for {
		before := shapeOfGraph(g)
		for _, step := range steps {
			if err := repeat(g, step); err != nil {
				return err
			}
		}
		now := shapeOfGraph(g)
		if err := inferShapes(g); err != nil {
			return err
		}
		if err := foldConstants(g); err != nil {
			return err
		}
		if now == before {
			return nil
		}
	}
}

// shapeOfGraph tells graphs with other nodes, or other connections, apart.
func shapeOfGraph(g *graph.Graph) string {
	var b strings.Builder
	for _, n := range g.Nodes {
		fmt.Fprintln(&b, n.Op, n.Inputs, n.Outputs)
	}
	return b.String()
}

// repeat applies a step until it changes nothing.
func repeat(g *graph.Graph, step func(*graph.Graph) (bool, error)) error {
	for {
		changed, err := step(g)
		if err != nil {
			return err
		}
		if !changed {
			return tidy(g)
		}
	}
}

func foldIntoQuantizers(g *graph.Graph) (bool, error) {
	return false, foldTransposeIntoQuantizer(g)
}

// neighbours knows who makes and who reads tensors, as long as the graph stays as it is.
type neighbours struct {
	g         *graph.Graph
	producers map[string]*graph.Node
	readers   map[string][]*graph.Node
}

func around(g *graph.Graph) neighbours {
	v := neighbours{g, g.Producers(), map[string][]*graph.Node{}}
	for _, n := range g.Nodes {
		for _, in := range n.Inputs {
			v.readers[in] = append(v.readers[in], n)
		}
	}
	return v
}

// before is the first node that makes an input of n, or nil.
func (v neighbours) before(n *graph.Node) *graph.Node {
	for _, in := range n.Inputs {
		if p := v.producers[in]; p != nil {
			return p
		}
	}
	return nil
}

// behind lists the nodes that read what n makes.
func (v neighbours) behind(n *graph.Node) []*graph.Node {
	var out []*graph.Node
	for _, o := range n.Outputs {
		out = append(out, v.readers[o]...)
	}
	return out
}

// isEnd reports whether the network gives what n makes.
func (v neighbours) isEnd(n *graph.Node) bool { return slices.Contains(v.g.Outputs, n.Outputs[0]) }

// forks reports whether more than one wants what n makes.
func (v neighbours) forks(n *graph.Node) bool {
	count := len(v.behind(n))
	if v.isEnd(n) {
		return count > 0
	}
	return count > 1
}

// removePairs takes out a transpose to channels first with the one to channels last behind it.
func removePairs(g *graph.Graph) (bool, error) {
	v := around(g)
	for _, n := range g.Nodes {
		if !isTranspose(g, n, toFirst) || v.isEnd(n) {
			continue
		}
		behind := v.behind(n)
		if len(behind) != 1 || !isTranspose(g, behind[0], toLast) || v.isEnd(behind[0]) {
			continue
		}
		if len(v.behind(behind[0])) == 0 {
			continue
		}
		g.Redirect(behind[0].Outputs[0], n.Input(0))
		g.Remove(n, behind[0])
		return true, tidy(g)
	}
	return false, nil
}

// Nodes that do the same to all values, always or where their second input is one number.
var (
	alike         = []string{"Quant", "Relu", "Selu", "LeakyRelu", "Sigmoid", "Tanh"}
	alikeByNumber = []string{"Mul", "Div", "Sub", "Add"}
)

// moveUp moves a transpose to channels last in front of a node that does the same to all values.
func moveUp(g *graph.Graph) (bool, error) {
	v := around(g)
	for _, n := range g.Nodes {
		p := v.before(n)
		if p == nil || !isTranspose(g, n, toLast) || v.forks(p) || g.Init(p.Input(0)) != nil {
			continue
		}
		ok := slices.Contains(alike, p.Op)
		if slices.Contains(alikeByNumber, p.Op) {
			d := g.Shape(p.Input(1))
			ok = d != nil && (len(d) == 0 || len(d) == 1 && d[0] == 1)
		}
		if !ok {
			continue
		}
		between, out := n.Input(0), n.Outputs[0]
		n.Inputs[0], n.Outputs[0] = p.Input(0), between
		p.Inputs[0], p.Outputs[0] = between, out
		g.SetValue(between, g.Value(out))
		return true, nil
	}
	return false, nil
}

// eachValue are the operators that compute each value from those at its place.
var eachValue = []string{
	"Identity", "Relu", "LeakyRelu", "Clip", "Selu", "Celu", "Elu", "Sigmoid", "HardSigmoid", "Tanh", "Softplus",
	"Exp", "Log", "Sqrt", "Erf", "Floor", "Ceil", "Round", "Sign", "Quant", "Mul", "Div", "Sub", "Add", "Mod",
	"And", "Or", "Xor", "Equal", "Less", "LessOrEqual", "Greater", "GreaterOrEqual", "Pow",
}

// moveDown moves a transpose to channels first behind a node that works value by value: its other inputs are
// turned the other way.
func moveDown(g *graph.Graph) (bool, error) {
	v := around(g)
	for _, n := range g.Nodes {
		if !isTranspose(g, n, toFirst) || v.before(n) == nil {
			continue
		}
		behind := v.behind(n)
		if len(behind) == 0 || !slices.Contains(eachValue, behind[0].Op) {
			continue
		}
		if err := moveBehind(v, n, behind[0]); err != nil {
			return false, err
		}
		if err := tidy(g); err != nil {
			return false, err
		}
		return true, foldConstants(g)
	}
	return false, nil
}

// moveBehind puts the transpose t behind the node n that reads it. Where others read it too they keep it.
func moveBehind(v neighbours, t, n *graph.Node) error {
	g := v.g
	turned, rank := t.Outputs[0], len(g.Shape(t.Input(0)))
	done := false
	for i, in := range n.Inputs {
		if in == turned && !done {
			done = true
			continue
		}
		name, more, err := turnBack(g, n, in, rank)
		if err != nil {
			return n.Errorf("input %d: %w", i, err)
		}
		g.Nodes = append(g.Nodes, more...)
		n.Inputs[i] = name
	}
	n.Inputs[slices.Index(n.Inputs, turned)] = t.Input(0)
	out := n.Outputs[0]
	inner := turned
	moved := t
	if v.forks(t) {
		inner = g.Fresh()
		moved = transposeOf(g, n, inner, toFirst(rank))
		g.Nodes = append(g.Nodes, moved)
	}
	n.Outputs[0] = inner
	moved.Inputs[0], moved.Outputs[0] = inner, out
	if dims := g.Shape(out); len(dims) == rank {
		g.SetValue(inner, graph.Value{Type: g.Value(out).Type, Dims: permuted(dims, toLast(rank))})
	}
	return nil
}

// turnBack gives a tensor of channels first channels last, by nodes that come with it. One of fewer axes gets
// more in front.
func turnBack(g *graph.Graph, n *graph.Node, in string, rank int) (string, []*graph.Node, error) {
	dims := g.Shape(in)
	if len(dims) == 0 && dims != nil {
		return in, nil, nil // one number spreads over anything
	}
	if dims == nil || len(dims) > rank {
		return "", nil, fmt.Errorf("got shape %v, want at most %d axes", dims, rank)
	}
	var more []*graph.Node
	if len(dims) < rank {
		var axes []float64
		var front []int
		for i := range rank - len(dims) {
			axes, front = append(axes, float64(i)), append(front, 1)
		}
		name, out := g.Fresh(), g.Fresh()
		g.SetInit(graph.NewTensor(name, graph.Int64, []int{len(axes)}, axes))
		more = append(more, &graph.Node{
			Op: "Unsqueeze", Inputs: []string{in, name}, Outputs: []string{out}, Origin: n.Label(),
		})
		g.SetValue(out, graph.Value{Type: g.Value(in).Type, Dims: append(front, dims...)})
		in = out
	}
	t := transposeOf(g, n, in, toLast(rank))
	return t.Outputs[0], append(more, t), nil
}

// copyAtForks gives each reader of a transpose one of its own.
func copyAtForks(g *graph.Graph) (bool, error) {
	changed := false
	nodes := slices.Clone(g.Nodes)
	at := 0
	for _, n := range nodes {
		at++
		readers := g.Readers(n.Outputs[0])
		if !n.Is("Transpose") || len(readers) < 2 || len(slices.Compact(slices.Clone(readers))) < 2 {
			continue
		}
		for _, r := range readers[1:] {
			c := &graph.Node{
				Op: n.Op, Domain: n.Domain, Inputs: slices.Clone(n.Inputs), Outputs: []string{g.Fresh()}, Attrs: n.Attrs,
				Origin: n.Origin,
			}
			g.SetValue(c.Outputs[0], g.Value(n.Outputs[0]))
			g.Insert(at, c)
			at++
			g.Remove(r)
			r.Inputs[slices.Index(r.Inputs, n.Outputs[0])] = c.Outputs[0]
			g.Insert(at, r)
		}
		changed = true
	}
	return changed, tidy(g)
}

// absorbIntoMatMul drops a transpose to channels first in front of a flatten and a product: the rows of its
// matrix change places instead.
func absorbIntoMatMul(g *graph.Graph) (bool, error) {
	v := around(g)
	for i, n := range g.Nodes {
		in, out := g.Shape(n.Input(0)), g.Shape(n.Outputs[0])
		t := v.producers[n.Input(0)]
		readers := v.behind(n)
		if !n.Is("Flatten", "Reshape") || len(in) < 3 || len(out) != 2 || in[0] != out[0] || t == nil ||
			!isTranspose(g, t, toFirst) || len(readers) != 1 || v.isEnd(n) || v.forks(t) {
			continue
		}
		product := readers[0]
		if !product.Is("MatMul", "Gemm") || product.Input(0) != n.Outputs[0] {
			continue
		}
		done, err := permuteRows(v, product, g.Shape(t.Input(0)))
		if err != nil {
			return false, product.Errorf("%w", err)
		}
		if !done {
			continue
		}
		flat := &graph.Node{
			Op: "Flatten", Inputs: []string{t.Input(0)}, Outputs: []string{g.Fresh()}, Origin: n.Origin,
			Attrs: map[string]graph.Attr{"axis": graph.IntOf(1)},
		}
		g.SetValue(flat.Outputs[0], g.Value(n.Outputs[0]))
		product.Inputs[0] = flat.Outputs[0]
		g.Remove(n, t)
		g.Insert(i+1, flat)
		return true, tidy(g)
	}
	return false, nil
}

// permuteRows changes the rows of a product's matrix from channels first to the order of dims, which has them
// last. The matrix may be quantized.
func permuteRows(v neighbours, product *graph.Node, dims []int) (bool, error) {
	g := v.g
	matrix := g.Init(product.Input(1))
	if q := v.producers[product.Input(1)]; q != nil {
		if q.Op != "Quant" && q.Op != "IntQuant" && q.Op != "BipolarQuant" {
			return false, nil
		}
		matrix = g.Init(q.Input(0))
		for _, in := range q.Inputs[1:] {
			if d := g.Shape(in); len(d) == 2 && d[0] != 1 {
				return false, nil // a scale per row would have to follow
			}
		}
	}
	if matrix == nil || len(matrix.Dims) != 2 {
		return false, nil
	}
	turned, err := product.Int("transB", 0)
	if err != nil {
		return false, err
	}
	first := permuted(dims, toFirst(len(dims)))[1:] // channels, then pixels
	rows := 1
	for _, d := range first {
		rows *= d
	}
	at := 0 // the axis of the rows
	if product.Is("Gemm") && turned != 0 {
		at = 1
	}
	if matrix.Dims[at] != rows {
		return false, nil
	}
	data, err := matrix.Data()
	if err != nil {
		return false, err
	}
	// The rows' axis, seen as channels and pixels, is read with the channels last.
	strides, outer := stridesOf(first), stridesOf(matrix.Dims)
	for i := range strides {
		strides[i] *= outer[at]
	}
	last, sizes := channelsBehind(strides), channelsBehind(first)
	if at == 0 {
		last, sizes = append(last, outer[1]), append(sizes, matrix.Dims[1])
	} else {
		last, sizes = append([]int{outer[0]}, last...), append([]int{matrix.Dims[0]}, sizes...)
	}
	g.SetInit(graph.NewTensor(matrix.Name, matrix.Type, matrix.Dims, pick(data, 0, last, sizes)))
	return true, nil
}

func channelsBehind(list []int) []int { return append(slices.Clone(list[1:]), list[0]) }

// lastAtInput lets the first input come with channels last, as the data of most who use hls4ml have them.
func lastAtInput(g *graph.Graph) (bool, error) {
	if len(g.Inputs) == 0 || g.LastAtInput {
		return false, nil
	}
	in := g.Inputs[0]
	dims := g.Shape(in)
	rank := len(dims)
	if rank < 3 {
		return false, nil
	}
	g.LastAtInput = true
	perm := append([]int{0, rank - 1}, count(1, rank-1)...)
	back := g.Fresh()
	g.Redirect(in, back)
	g.SetValue(back, g.Value(in))
	channels := append(slices.Clone(dims[:1]), append(slices.Clone(dims[2:]), dims[1])...)
	g.SetValue(in, graph.Value{Type: g.Value(in).Type, Dims: channels})
	t := &graph.Node{
		Op: "Transpose", Inputs: []string{in}, Outputs: []string{back}, Origin: in,
		Attrs: map[string]graph.Attr{"perm": graph.IntsOf(perm...)},
	}
	g.Insert(0, t)
	g.Notes = append(g.Notes, fmt.Sprintf("input %q: its channels come last here: %v, and not %v as in the file",
		in, channels[1:], dims[1:]))
	return true, tidy(g)
}

func count(from, to int) []int {
	var out []int
	for i := from; i < to; i++ {
		out = append(out, i)
	}
	return out
}
