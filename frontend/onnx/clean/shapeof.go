package clean

import (
	"slices"

	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/frontend/onnx/graph"
	"github.com/hlsgo/hlsgo/ir"
)

// rule is that of an operator which has one of its own, or nil. What it does not know is nil.
func (s shaper) rule() func() []graph.Value {
	switch s.n.Op {
	case "MatMul":
		return s.matMul
	case "Gemm":
		return s.gemm
	case "Conv":
		return s.conv
	case "MaxPool", "AveragePool", "LpPool":
		return s.pool
	case "GlobalMaxPool", "GlobalAveragePool":
		return s.globalPool
	case "Reshape":
		return s.reshape
	case "Flatten":
		return s.flatten
	case "Transpose":
		return s.transpose
	case "Concat":
		return s.concat
	case "Split":
		return s.split
	case "Slice":
		return s.slice
	case "Gather":
		return s.gather
	case "Squeeze":
		return s.squeeze
	case "Unsqueeze":
		return s.unsqueeze
	case "Pad":
		return s.pad
	case "Resize", "Upsample":
		return s.resize
	case "Expand":
		return s.expand
	case "Cast":
		return s.cast
	case "Shape":
		return s.shape
	case "Constant":
		return s.constant
	case "ConstantOfShape":
		return s.constantOfShape
	case "QuantizeLinear":
		return s.quantize
	case "DequantizeLinear":
		return s.dequantize
	case "LSTM", "GRU", "RNN":
		return s.recurrent
	case "ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin", "ReduceProd":
		return s.reduce
	}
	return nil
}

func (s shaper) matMul() []graph.Value {
	a, b := s.dims(0), s.dims(1)
	switch {
	case len(a) < 1 || len(b) < 1:
		return nil
	case len(b) == 1:
		return s.like(a[:len(a)-1])
	case len(a) == 1:
		return s.like(append(slices.Clone(b[:len(b)-2]), b[len(b)-1]))
	}
	batch := spreadShapes(a[:len(a)-2], b[:len(b)-2])
	if batch == nil {
		return nil
	}
	return s.like(append(batch, a[len(a)-2], b[len(b)-1]))
}

func (s shaper) gemm() []graph.Value {
	a, b := s.dims(0), s.dims(1)
	if len(a) != 2 || len(b) != 2 {
		return nil
	}
	rows, columns := a[0], b[1]
	if t, _ := s.n.Int("transA", 0); t != 0 {
		rows = a[1]
	}
	if t, _ := s.n.Int("transB", 0); t != 0 {
		columns = b[0]
	}
	return s.like([]int{rows, columns})
}

func (s shaper) conv() []graph.Value {
	kernel := s.dims(1)
	batch, axes, _, ok := s.pixels(s.dims(0))
	if !ok || len(kernel) != len(axes)+2 {
		return nil
	}
	size := kernel[2:]
	if s.last() {
		size = kernel[1 : len(kernel)-1]
	}
	if axes = s.windows(axes, size); axes == nil {
		return nil
	}
	return s.picture(batch, axes, kernel[0])
}

func (s shaper) pool() []graph.Value {
	size, err := s.n.Ints("kernel_shape")
	batch, axes, chans, ok := s.pixels(s.dims(0))
	if err != nil || !ok || len(size) != len(axes) {
		return nil
	}
	if axes = s.windows(axes, size); axes == nil {
		return nil
	}
	return s.picture(batch, axes, chans)
}

// windows counts windows on axes of pixels.
func (s shaper) windows(axes, size []int) []int {
	strides := s.perAxis("strides", len(axes), 1)
	dilations := s.perAxis("dilations", len(axes), 1)
	pads := s.perAxis("pads", 2*len(axes), 0)
	if strides == nil || dilations == nil || pads == nil || !known(axes) {
		return nil
	}
	auto, err := s.n.Text("auto_pad", "NOTSET")
	if err != nil {
		return nil
	}
	ceil, _ := s.n.Int("ceil_mode", 0)
	out := make([]int, len(axes))
	for i := range axes {
		w := build.Window{In: axes[i], Size: size[i], Stride: strides[i], Dilation: dilations[i]}
		switch auto {
		case "SAME_UPPER", "SAME_LOWER":
			w, err = w.Pad(build.Same)
		case "VALID":
			w, err = w.PadBy(0, 0)
		default:
			if w, err = w.PadBy(pads[i], pads[len(axes)+i]); err == nil && ceil != 0 {
				w, err = w.Ceil()
			}
		}
		if err != nil {
			return nil
		}
		out[i] = w.Out
	}
	return out
}

// perAxis is an attribute of one number for each; nil where it is none.
func (s shaper) perAxis(name string, count, def int) []int {
	list, err := s.n.Ints(name)
	if err != nil {
		return nil
	}
	if len(list) == 0 {
		return slices.Repeat([]int{def}, count)
	}
	if len(list) != count || slices.Min(list) < def || slices.Max(list) > 1<<30 {
		return nil
	}
	return list
}

func (s shaper) globalPool() []graph.Value {
	batch, axes, chans, ok := s.pixels(s.dims(0))
	if !ok {
		return nil
	}
	return s.picture(batch, slices.Repeat([]int{1}, len(axes)), chans)
}

func (s shaper) reshape() []graph.Value {
	in := s.dims(0)
	target, ok := s.ints(1, "shape")
	if !ok || in == nil {
		return nil
	}
	zero, _ := s.n.Int("allowzero", 0)
	out, open, rest := slices.Clone(target), -1, 1
	for i, d := range out {
		switch {
		case d == 0 && zero == 0:
			if i >= len(in) {
				return nil
			}
			out[i] = in[i]
		case d == -1:
			open = i
			continue
		}
		rest *= max(out[i], 0)
	}
	if open >= 0 {
		if size := ir.Size(in); known(in) && rest > 0 && size%rest == 0 {
			out[open] = size / rest
		}
	}
	return s.like(out)
}

func (s shaper) flatten() []graph.Value {
	in := s.dims(0)
	axis, err := s.n.Int("axis", 1)
	if err != nil || !known(in) {
		return nil
	}
	if axis < 0 {
		axis += len(in)
	}
	if axis < 0 || axis > len(in) {
		return nil
	}
	return s.like([]int{ir.Size(in[:axis]), ir.Size(in[axis:])})
}

// Permutation is the order of axes of a Transpose of that rank; without one it turns them round. ok is false
// where it is none.
func Permutation(n *graph.Node, rank int) (perm []int, ok bool) {
	perm, err := n.Ints("perm")
	if err != nil {
		return nil, false
	}
	if perm == nil {
		for i := range rank {
			perm = append(perm, rank-1-i)
		}
	}
	for i, p := range slices.Sorted(slices.Values(perm)) {
		if p != i {
			return nil, false
		}
	}
	return perm, len(perm) == rank
}

func (s shaper) transpose() []graph.Value {
	in := s.dims(0)
	perm, ok := Permutation(s.n, len(in))
	if !ok || in == nil {
		return nil
	}
	return s.like(permuted(in, perm))
}

func permuted(list, perm []int) []int {
	out := make([]int, len(perm))
	for i, p := range perm {
		out[i] = list[p]
	}
	return out
}

func (s shaper) concat() []graph.Value {
	first := s.dims(0)
	axis, err := s.n.Int("axis", 1)
	axis, ok := axisOf(axis, len(first))
	if err != nil || !ok {
		return nil
	}
	out := slices.Clone(first)
	for i := 1; i < len(s.n.Inputs); i++ {
		d := s.dims(i)
		if len(d) != len(first) || d[axis] < 0 || out[axis] < 0 {
			return nil
		}
		out[axis] += d[axis]
	}
	return s.like(out)
}

func (s shaper) gather() []graph.Value {
	in, at := s.dims(0), s.dims(1)
	axis, err := s.n.Int("axis", 0)
	axis, ok := axisOf(axis, len(in))
	if err != nil || !ok || at == nil {
		return nil
	}
	return s.like(append(append(slices.Clone(in[:axis]), at...), in[axis+1:]...))
}

func (s shaper) squeeze() []graph.Value {
	in := s.dims(0)
	axes, ok := s.ints(1, "axes")
	if in == nil || !ok && s.n.Input(1) != "" {
		return nil
	}
	out := []int{}
	for i, d := range in {
		gone := !ok && d == 1
		for _, a := range axes {
			if a, _ := axisOf(a, len(in)); a == i {
				gone = true
			}
		}
		if !gone {
			out = append(out, d)
		}
	}
	return s.like(out)
}

func (s shaper) unsqueeze() []graph.Value {
	in := s.dims(0)
	axes, ok := s.ints(1, "axes")
	if in == nil || !ok {
		return nil
	}
	rank := len(in) + len(axes)
	out := slices.Repeat([]int{0}, rank)
	for _, a := range axes {
		a, ok := axisOf(a, rank)
		if !ok || out[a] == 1 {
			return nil
		}
		out[a] = 1
	}
	rest := in
	for i := range out {
		if out[i] == 0 {
			out[i], rest = rest[0], rest[1:]
		}
	}
	return s.like(out)
}

func (s shaper) pad() []graph.Value {
	in := s.dims(0)
	pads, ok := s.ints(1, "pads")
	if s.n.Input(3) != "" {
		axes, known := s.ints(3, "")
		if !known || len(pads) != 2*len(axes) {
			return nil
		}
		all := make([]int, 2*len(in))
		for i, a := range axes {
			a, in := axisOf(a, len(in))
			if !in {
				return nil
			}
			all[a], all[len(all)/2+a] = pads[i], pads[len(axes)+i]
		}
		pads = all
	}
	if !ok || !known(in) || len(pads) != 2*len(in) {
		return nil
	}
	out := slices.Clone(in)
	for i := range out {
		out[i] += pads[i] + pads[len(in)+i]
		if out[i] < 0 {
			return nil
		}
	}
	return s.like(out)
}

func (s shaper) resize() []graph.Value {
	in := s.dims(0)
	if !known(in) {
		return nil
	}
	if sizes, ok := s.ints(3, ""); ok && len(sizes) == len(in) {
		return s.like(sizes)
	}
	at := 2
	if s.n.Op == "Upsample" || len(s.n.Inputs) == 2 {
		at = 1
	}
	var factors []float64
	if t := s.g.Init(s.n.Input(at)); t != nil {
		factors, _ = t.Data()
	} else {
		for _, v := range s.n.Attrs["scales"].Floats {
			factors = append(factors, float64(v))
		}
	}
	if len(factors) != len(in) {
		return nil
	}
	out := make([]int, len(in))
	for i, d := range in {
		if v := float64(d) * factors[i]; v >= 1 && v < 1<<30 {
			out[i] = int(v)
		} else {
			return nil
		}
	}
	return s.like(out)
}

func (s shaper) expand() []graph.Value {
	target, ok := s.ints(1, "")
	if !ok || s.dims(0) == nil {
		return nil
	}
	return s.like(spreadShapes(s.dims(0), target))
}

func (s shaper) cast() []graph.Value {
	to, err := s.n.Int("to", 0)
	if err != nil {
		return nil
	}
	return []graph.Value{{Type: graph.DType(to), Dims: s.dims(0)}}
}

func (s shaper) shape() []graph.Value {
	first, last := shapePart(s.n, len(s.dims(0)))
	if s.dims(0) == nil {
		return nil
	}
	return []graph.Value{{Type: graph.Int64, Dims: []int{max(0, last-first)}}}
}

// shapePart is the part of a shape that Shape gives, from opset 15 on.
func shapePart(n *graph.Node, rank int) (first, last int) {
	first, _ = n.Int("start", 0)
	last, _ = n.Int("end", rank)
	if first < 0 {
		first += rank
	}
	if last < 0 {
		last += rank
	}
	return min(max(first, 0), rank), min(max(last, 0), rank)
}

func (s shaper) constant() []graph.Value {
	if a, ok := s.n.Attrs["value"]; ok && a.Tensor != nil {
		return []graph.Value{{Type: a.Tensor.Type, Dims: a.Tensor.Dims}}
	}
	return nil
}

func (s shaper) constantOfShape() []graph.Value {
	target, ok := s.ints(0, "")
	if t := s.g.Init(s.n.Input(0)); t != nil {
		v, err := t.Ints()
		target, ok = v, err == nil
	}
	if !ok {
		return nil
	}
	dtype := graph.Float
	if a, has := s.n.Attrs["value"]; has && a.Tensor != nil {
		dtype = a.Tensor.Type
	}
	return []graph.Value{{Type: dtype, Dims: target}}
}

func (s shaper) quantize() []graph.Value {
	dtype := graph.Uint8
	if s.n.Input(2) != "" {
		dtype = s.dtype(2)
	} else if d, _ := s.n.Int("output_dtype", 0); d != 0 {
		dtype = graph.DType(d)
	}
	return []graph.Value{{Type: dtype, Dims: s.dims(0)}}
}

func (s shaper) dequantize() []graph.Value {
	return []graph.Value{{Type: graph.Float, Dims: s.dims(0)}}
}

// recurrent gives the sequence, with an axis of directions, and the last states.
func (s shaper) recurrent() []graph.Value {
	in, r := s.dims(0), s.dims(2)
	if len(in) != 3 || len(r) != 3 {
		return nil
	}
	dirs, units := r[0], r[2]
	if batchFirst, _ := s.n.Int("layout", 0); batchFirst != 0 {
		state := []int{in[0], dirs, units}
		return slices.Concat(s.like([]int{in[0], in[1], dirs, units}), s.like(state), s.like(state))
	}
	state := []int{dirs, in[1], units}
	return slices.Concat(s.like([]int{in[0], dirs, in[1], units}), s.like(state), s.like(state))
}

func (s shaper) reduce() []graph.Value {
	in := s.dims(0)
	axes, ok := s.ints(1, "axes")
	if in == nil || !ok && s.n.Input(1) != "" {
		return nil
	}
	keep, _ := s.n.Int("keepdims", 1)
	noop, _ := s.n.Int("noop_with_empty_axes", 0)
	if len(axes) == 0 && noop != 0 {
		return s.like(in)
	}
	out := []int{}
	for i, d := range in {
		gone := len(axes) == 0
		for _, a := range axes {
			if a, _ := axisOf(a, len(in)); a == i {
				gone = true
			}
		}
		switch {
		case !gone:
			out = append(out, d)
		case keep != 0:
			out = append(out, 1)
		}
	}
	return s.like(out)
}
