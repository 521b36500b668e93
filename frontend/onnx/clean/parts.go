package clean

import (
	"slices"

	"github.com/hlsgo/hlsgo/frontend/onnx/graph"
)

// Parts are the sizes of the outputs of a Split along its axis; nil where they are not known.
func Parts(g *graph.Graph, n *graph.Node) (axis int, sizes []int) {
	s := shaper{g, n}
	in := s.dims(0)
	axis, err := n.Int("axis", 0)
	axis, ok := axisOf(axis, len(in))
	if err != nil || !ok || in[axis] < 0 {
		return 0, nil
	}
	if sizes, ok = s.ints(1, "split"); ok {
		if len(sizes) != len(n.Outputs) || slices.Min(sizes) < 0 || sum(sizes) != in[axis] {
			return 0, nil
		}
		return axis, sizes
	}
	parts := len(n.Outputs)
	each := (in[axis] + parts - 1) / parts
	for left := in[axis]; parts > 0; parts-- {
		sizes = append(sizes, min(each, left))
		left -= min(each, left)
	}
	return axis, sizes
}

func sum(list []int) int {
	all := 0
	for _, v := range list {
		all += v
	}
	return all
}

func (s shaper) split() []graph.Value {
	axis, sizes := Parts(s.g, s.n)
	var out []graph.Value
	for _, size := range sizes {
		d := slices.Clone(s.dims(0))
		d[axis] = size
		out = append(out, s.like(d)...)
	}
	return out
}

// Cut is what a Slice takes of one axis: from the first value on, every step-th.
type Cut struct{ First, Step, Count int }

// Cuts are those of all axes of a Slice; nil where they are not known.
func Cuts(g *graph.Graph, n *graph.Node) []Cut {
	s := shaper{g, n}
	in := s.dims(0)
	starts, ok := s.ints(1, "starts")
	ends, also := s.ints(2, "ends")
	if !ok || !also || len(starts) != len(ends) || in == nil {
		return nil
	}
	out := make([]Cut, len(in))
	for i, d := range in {
		out[i] = Cut{0, 1, d}
	}
	axes, ok := s.ints(3, "axes")
	if !ok {
		for i := range starts {
			axes = append(axes, i)
		}
	}
	steps, ok := s.ints(4, "")
	if !ok {
		steps = slices.Repeat([]int{1}, len(starts))
	}
	if len(axes) != len(starts) || len(steps) != len(starts) {
		return nil
	}
	for i, a := range axes {
		axis, ok := axisOf(a, len(in))
		if !ok || steps[i] == 0 || in[axis] < 0 {
			return nil
		}
		out[axis] = cut(starts[i], ends[i], steps[i], in[axis])
	}
	return out
}

// cut resolves ends that count from behind, or lie beyond.
func cut(start, end, step, size int) Cut {
	if start < 0 {
		start += size
	}
	if end < 0 {
		end += size
	}
	if step > 0 {
		start, end = min(max(start, 0), size), min(max(end, 0), size)
		return Cut{start, step, max(0, (end-start+step-1)/step)}
	}
	start, end = min(max(start, 0), size-1), min(max(end, -1), size-1)
	return Cut{start, step, max(0, (start-end-step-1)/-step)}
}

func (s shaper) slice() []graph.Value {
	cuts := Cuts(s.g, s.n)
	if cuts == nil {
		return nil
	}
	out := make([]int, len(cuts))
	for i, c := range cuts {
		out[i] = c.Count
	}
	return s.like(out)
}
