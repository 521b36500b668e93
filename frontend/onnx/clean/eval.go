package clean

import (
	"fmt"
	"math"
	"slices"

	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/frontend/onnx/graph"
	"github.com/hlsgo/hlsgo/ir"
)

// evaluate computes a node whose inputs are constants; nil where nobody here can.
func evaluate(g *graph.Graph, n *graph.Node) ([]*graph.Tensor, error) {
	if n.Domain != "" {
		return nil, nil
	}
	e := evaluator{shaper{g, n}}
	for i, v := range e.outputs() { // what is too large is no constant of a network
		if i < len(n.Outputs) && known(v.Dims) && !slices.Contains(v.Dims, 0) {
			if err := build.CheckSize(v.Dims, build.MaxValues); err != nil && !e.moves() {
				return nil, err
			}
		}
	}
	switch {
	case n.Op == "Shape":
		return e.shapeOf()
	case n.Op == "Constant":
		return e.value()
	case n.Op == "Split":
		return e.parts()
	}
	if f := unary(n.Op); f != nil {
		return e.each(f)
	}
	if f := binary(n.Op); f != nil && len(n.Inputs) == 2 {
		return e.pairs(f)
	}
	switch n.Op {
	case "Identity", "Dropout", "Reshape", "Flatten", "Squeeze", "Unsqueeze":
		return e.reshaped()
	case "Cast":
		return e.converted()
	case "Transpose":
		return e.transposed()
	case "Concat":
		return e.joined()
	case "Slice":
		return e.sliced()
	case "Gather":
		return e.gathered()
	case "Expand":
		return e.expanded()
	case "Where":
		return e.chosen()
	case "ConstantOfShape":
		return e.filled()
	case "Range":
		return e.counted()
	case "ReduceProd", "ReduceSum", "ReduceMax", "ReduceMin", "ReduceMean":
		return e.reduced()
	case "MatMul":
		return e.product()
	}
	return nil, nil
}

// evaluator computes one node.
type evaluator struct{ shaper }

// moves reports whether the node only moves values of large constants, such as weights.
func (e evaluator) moves() bool {
	return slices.Contains([]string{
		"Transpose", "Reshape", "Flatten", "Identity", "Constant", "Squeeze", "Unsqueeze", "Cast", "Split", "Slice",
		"Concat",
	}, e.n.Op)
}

// input reads a constant; a missing one is nil.
func (e evaluator) input(i int) (*graph.Tensor, []float64, error) {
	t := e.g.Init(e.n.Input(i))
	if t == nil {
		return nil, nil, fmt.Errorf("input %d: got none, want a constant", i)
	}
	data, err := t.Data()
	return t, data, err
}

// one is the answer of nodes with one output.
func (e evaluator) one(t graph.DType, dims []int, data []float64) ([]*graph.Tensor, error) {
	if dims == nil {
		dims = []int{}
	}
	if data == nil {
		data = []float64{}
	}
	return []*graph.Tensor{graph.NewTensor(e.n.Outputs[0], t, dims, data)}, nil
}

// dimsOut is the shape of the answer.
func (e evaluator) dimsOut() ([]int, error) {
	out := e.outputs()
	if len(out) == 0 || !known(out[0].Dims) {
		return nil, fmt.Errorf("inputs: got shapes that do not fit each other, want ones that do")
	}
	return out[0].Dims, nil
}

func (e evaluator) shapeOf() ([]*graph.Tensor, error) {
	in := e.dims(0)
	first, last := shapePart(e.n, len(in))
	data := []float64{}
	for i := first; i < last; i++ {
		data = append(data, float64(max(in[i], 0)))
	}
	return e.one(graph.Int64, []int{len(data)}, data)
}

// value is what a Constant holds.
func (e evaluator) value() ([]*graph.Tensor, error) {
	for name, a := range e.n.Attrs {
		switch name {
		case "value":
			if a.Tensor == nil {
				return nil, fmt.Errorf("value: got %s, want a tensor", a.Type)
			}
			return []*graph.Tensor{a.Tensor.Renamed(e.n.Outputs[0])}, nil
		case "value_float":
			return e.one(graph.Float, nil, []float64{float64(a.Float)})
		case "value_int":
			return e.one(graph.Int64, nil, []float64{float64(a.Int)})
		case "value_floats":
			return e.one(graph.Float, []int{len(a.Floats)}, asFloats(a.Floats))
		case "value_ints":
			return e.one(graph.Int64, []int{len(a.Ints)}, asFloats(a.Ints))
		}
	}
	return nil, fmt.Errorf("value: got none of numbers, want one")
}

func asFloats[T float32 | int64](list []T) []float64 {
	out := make([]float64, len(list))
	for i, v := range list {
		out[i] = float64(v)
	}
	return out
}

// unary are functions of each value.
func unary(op string) func(float64) float64 {
	switch op {
	case "Neg":
		return func(x float64) float64 { return -x }
	case "Abs":
		return math.Abs
	case "Sqrt":
		return math.Sqrt
	case "Reciprocal":
		return func(x float64) float64 { return 1 / x }
	case "Floor":
		return math.Floor
	case "Ceil":
		return math.Ceil
	case "Round":
		return math.RoundToEven
	case "Exp":
		return math.Exp
	case "Log":
		return math.Log
	case "Relu":
		return func(x float64) float64 { return max(x, 0) }
	case "Not":
		return func(x float64) float64 { return 1 - x }
	}
	return nil
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// binary are functions of two values.
func binary(op string) func(a, b float64) float64 {
	switch op {
	case "Add", "Sum":
		return func(a, b float64) float64 { return a + b }
	case "Sub":
		return func(a, b float64) float64 { return a - b }
	case "Mul":
		return func(a, b float64) float64 { return a * b }
	case "Div":
		return func(a, b float64) float64 { return a / b }
	case "Pow":
		return math.Pow
	case "Max":
		return func(a, b float64) float64 { return max(a, b) }
	case "Min":
		return func(a, b float64) float64 { return min(a, b) }
	case "Mod":
		return func(a, b float64) float64 { return a - b*math.Floor(a/b) }
	case "Equal":
		return func(a, b float64) float64 { return truth(a == b) }
	case "Greater":
		return func(a, b float64) float64 { return truth(a > b) }
	case "GreaterOrEqual":
		return func(a, b float64) float64 { return truth(a >= b) }
	case "Less":
		return func(a, b float64) float64 { return truth(a < b) }
	case "LessOrEqual":
		return func(a, b float64) float64 { return truth(a <= b) }
	case "And":
		return func(a, b float64) float64 { return a * b }
	case "Or":
		return func(a, b float64) float64 { return max(a, b) }
	}
	return nil
}

func (e evaluator) each(f func(float64) float64) ([]*graph.Tensor, error) {
	t, data, err := e.input(0)
	if err != nil {
		return nil, err
	}
	out := make([]float64, len(data))
	for i, v := range data {
		out[i] = t.Type.Round(f(v))
	}
	return e.one(t.Type, t.Dims, out)
}

func (e evaluator) pairs(f func(a, b float64) float64) ([]*graph.Tensor, error) {
	dims, err := e.dimsOut()
	if err != nil {
		return nil, err
	}
	a, err := e.spreadInput(0, dims)
	if err != nil {
		return nil, err
	}
	b, err := e.spreadInput(1, dims)
	if err != nil {
		return nil, err
	}
	dtype := e.dtype(0)
	out := make([]float64, len(a))
	for i := range a {
		if dtype.Integer() && e.n.Op == "Div" && b[i] == 0 {
			return nil, fmt.Errorf("got a division by zero")
		}
		out[i] = dtype.Round(f(a[i], b[i]))
	}
	if slices.Contains(comparing, e.n.Op) {
		dtype = graph.Bool
	}
	return e.one(dtype, dims, out)
}

// spreadInput reads a constant spread over a shape.
func (e evaluator) spreadInput(i int, dims []int) ([]float64, error) {
	t, data, err := e.input(i)
	if err != nil {
		return nil, err
	}
	if slices.Equal(t.Dims, dims) {
		return data, nil
	}
	strides := make([]int, len(dims))
	step := 1
	for k := len(t.Dims) - 1; k >= 0; k-- {
		at := len(dims) - len(t.Dims) + k
		if at < 0 {
			return nil, fmt.Errorf("input %d: got shape %v, want one that spreads over %v", i, t.Dims, dims)
		}
		if t.Dims[k] != 1 {
			strides[at] = step
		}
		step *= t.Dims[k]
	}
	return pick(data, 0, strides, dims), nil
}

// pick lists values by steps along the axes of a shape, from a place on.
func pick(data []float64, from int, strides, dims []int) []float64 {
	out := make([]float64, ir.Size(dims))
	at, index := from, make([]int, len(dims))
	for i := range out {
		out[i] = data[at]
		for k := len(dims) - 1; k >= 0; k-- {
			index[k]++
			at += strides[k]
			if index[k] < dims[k] {
				break
			}
			at -= strides[k] * dims[k]
			index[k] = 0
		}
	}
	return out
}

// stridesOf are the steps from one value to the next along each axis.
func stridesOf(dims []int) []int {
	out := make([]int, len(dims))
	step := 1
	for i := len(dims) - 1; i >= 0; i-- {
		out[i] = step
		step *= dims[i]
	}
	return out
}

// reshaped keeps the values, and reads none.
func (e evaluator) reshaped() ([]*graph.Tensor, error) {
	t := e.g.Init(e.n.Input(0))
	dims, err := e.dimsOut()
	if err != nil {
		return nil, err
	}
	if ir.Size(dims) != t.Size() {
		return nil, fmt.Errorf("shape: got %v, want one of %d values", dims, t.Size())
	}
	c := t.Renamed(e.n.Outputs[0])
	c.Dims = dims
	return []*graph.Tensor{c}, nil
}

func (e evaluator) converted() ([]*graph.Tensor, error) {
	t, data, err := e.input(0)
	if err != nil {
		return nil, err
	}
	to, err := e.n.Int("to", 0)
	dtype := graph.DType(to)
	if err != nil || dtype.Bits() == 0 {
		return nil, nil
	}
	out := make([]float64, len(data))
	for i, v := range data {
		out[i] = dtype.Round(v)
		if dtype == graph.Bool {
			out[i] = truth(v != 0)
		}
	}
	return e.one(dtype, t.Dims, out)
}

func (e evaluator) transposed() ([]*graph.Tensor, error) {
	t, data, err := e.input(0)
	if err != nil {
		return nil, err
	}
	perm, ok := Permutation(e.n, len(t.Dims))
	if !ok {
		return nil, fmt.Errorf("perm: got one that is none for shape %v", t.Dims)
	}
	dims := permuted(t.Dims, perm)
	return e.one(t.Type, dims, pick(data, 0, permuted(stridesOf(t.Dims), perm), dims))
}

func (e evaluator) joined() ([]*graph.Tensor, error) {
	dims, err := e.dimsOut()
	if err != nil {
		return nil, err
	}
	axis, _ := e.n.Int("axis", 1)
	axis, _ = axisOf(axis, len(dims))
	outer := ir.Size(dims[:axis])
	rows := make([][]float64, len(e.n.Inputs))
	widths := make([]int, len(rows))
	for i := range rows {
		t, data, err := e.input(i)
		if err != nil {
			return nil, err
		}
		rows[i], widths[i] = data, ir.Size(t.Dims[axis:])
		if len(data) != outer*widths[i] {
			return nil, fmt.Errorf("input %d: got shape %v, want one that fits %v", i, t.Dims, dims)
		}
	}
	out := make([]float64, 0, ir.Size(dims))
	for o := range outer {
		for i, row := range rows {
			out = append(out, row[o*widths[i]:(o+1)*widths[i]]...)
		}
	}
	return e.one(e.dtype(0), dims, out)
}

func (e evaluator) sliced() ([]*graph.Tensor, error) {
	t, data, err := e.input(0)
	cuts := Cuts(e.g, e.n)
	if err != nil || cuts == nil {
		return nil, err
	}
	strides, dims, from := stridesOf(t.Dims), make([]int, len(cuts)), 0
	for i, c := range cuts {
		from += c.First * strides[i]
		strides[i] *= c.Step
		dims[i] = c.Count
	}
	return e.one(t.Type, dims, pick(data, from, strides, dims))
}

func (e evaluator) parts() ([]*graph.Tensor, error) {
	t, data, err := e.input(0)
	axis, sizes := Parts(e.g, e.n)
	if err != nil || sizes == nil {
		return nil, err
	}
	strides := stridesOf(t.Dims)
	var out []*graph.Tensor
	from := 0
	for i, size := range sizes {
		dims := slices.Clone(t.Dims)
		dims[axis] = size
		if e.n.Outputs[i] != "" {
			out = append(out, graph.NewTensor(e.n.Outputs[i], t.Type, dims, pick(data, from, strides, dims)))
		}
		from += size * strides[axis]
	}
	return out, nil
}

func (e evaluator) gathered() ([]*graph.Tensor, error) {
	t, data, err := e.input(0)
	if err != nil {
		return nil, err
	}
	dims, err := e.dimsOut()
	if err != nil {
		return nil, err
	}
	index, err := e.g.Init(e.n.Input(1)).Ints()
	if err != nil {
		return nil, err
	}
	axis, _ := e.n.Int("axis", 0)
	axis, _ = axisOf(axis, len(t.Dims))
	outer, inner := ir.Size(t.Dims[:axis]), ir.Size(t.Dims[axis+1:])
	out := make([]float64, 0, ir.Size(dims))
	for o := range outer {
		for _, k := range index {
			k, ok := axisOf(k, t.Dims[axis])
			if !ok {
				return nil, fmt.Errorf("indices: got %v, want some of %d", index, t.Dims[axis])
			}
			at := (o*t.Dims[axis] + k) * inner
			out = append(out, data[at:at+inner]...)
		}
	}
	return e.one(t.Type, dims, out)
}

func (e evaluator) expanded() ([]*graph.Tensor, error) {
	dims, err := e.dimsOut()
	if err != nil {
		return nil, err
	}
	data, err := e.spreadInput(0, dims)
	if err != nil {
		return nil, err
	}
	return e.one(e.dtype(0), dims, data)
}

func (e evaluator) chosen() ([]*graph.Tensor, error) {
	dims, err := e.dimsOut()
	if err != nil {
		return nil, err
	}
	var in [3][]float64
	for i := range in {
		if in[i], err = e.spreadInput(i, dims); err != nil {
			return nil, err
		}
	}
	out := make([]float64, len(in[0]))
	for i, c := range in[0] {
		if out[i] = in[2][i]; c != 0 {
			out[i] = in[1][i]
		}
	}
	return e.one(e.dtype(1), dims, out)
}

func (e evaluator) filled() ([]*graph.Tensor, error) {
	out := e.constantOfShape()
	if out == nil {
		return nil, nil
	}
	fill := 0.0
	if a := e.n.Attrs["value"].Tensor; a != nil {
		v, err := a.Scalar()
		if err != nil {
			return nil, err
		}
		fill = v
	}
	return e.one(out[0].Type, out[0].Dims, slices.Repeat([]float64{fill}, ir.Size(out[0].Dims)))
}

func (e evaluator) counted() ([]*graph.Tensor, error) {
	var v [3]float64
	for i := range v {
		t := e.g.Init(e.n.Input(i))
		if t == nil {
			return nil, nil
		}
		var err error
		if v[i], err = t.Scalar(); err != nil {
			return nil, err
		}
	}
	size := max(0, math.Ceil((v[1]-v[0])/v[2]))
	if !(size <= build.MaxValues) {
		return nil, fmt.Errorf("got %v to %v in steps of %v, want at most %d numbers", v[0], v[1], v[2],
			build.MaxValues)
	}
	out := make([]float64, int(size))
	for i := range out {
		out[i] = e.dtype(0).Round(v[0] + float64(i)*v[2])
	}
	return e.one(e.dtype(0), []int{len(out)}, out)
}

// reduced goes over all values: over some axes nothing of constants is wanted.
func (e evaluator) reduced() ([]*graph.Tensor, error) {
	t, data, err := e.input(0)
	if err != nil {
		return nil, err
	}
	dims, err := e.dimsOut()
	if err != nil || ir.Size(dims) != 1 || len(data) == 0 {
		return nil, err
	}
	all := data[0]
	for _, v := range data[1:] {
		switch e.n.Op {
		case "ReduceProd":
			all *= v
		case "ReduceMax":
			all = max(all, v)
		case "ReduceMin":
			all = min(all, v)
		default:
			all += v
		}
	}
	if e.n.Op == "ReduceMean" {
		all /= float64(len(data))
	}
	return e.one(t.Type, dims, []float64{t.Type.Round(all)})
}

// product is that of two matrices.
func (e evaluator) product() ([]*graph.Tensor, error) {
	a, left, err := e.input(0)
	if err != nil {
		return nil, err
	}
	b, right, err := e.input(1)
	if err != nil || len(a.Dims) != 2 || len(b.Dims) != 2 || a.Dims[1] != b.Dims[0] {
		return nil, err
	}
	rows, inner, columns := a.Dims[0], a.Dims[1], b.Dims[1]
	if rows*inner*columns > 1<<28 {
		return nil, nil
	}
	out := make([]float64, rows*columns)
	for i := range rows {
		for k := range inner {
			v := left[i*inner+k]
			for j := range columns {
				out[i*columns+j] += v * right[k*columns+j]
			}
		}
	}
	for i := range out {
		out[i] = a.Type.Round(out[i])
	}
	return e.one(a.Type, []int{rows, columns}, out)
}
