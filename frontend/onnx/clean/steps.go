package clean

import (
	"fmt"
	"math"
	"slices"

	"github.com/hlsgo/hlsgo/frontend/onnx/graph"
)

// steps are the scales and zero points of a QuantizeLinear or DequantizeLinear: one for all values, one for
// each place of an axis, or one for each block of values along it.
type steps struct {
	scale, zero []float64
	axis        int   // of several
	dims        []int // of blocked scales
	block       int   // values of a block; 0: no blocks
}

// stepsOf reads the scales and zero points of a node; nil where they are computed.
func stepsOf(g *graph.Graph, n *graph.Node) (*steps, error) {
	scale, zero := g.Init(n.Input(1)), g.Init(n.Input(2))
	if scale == nil || zero == nil && n.Input(2) != "" {
		return nil, nil
	}
	s := &steps{axis: 1, dims: scale.Dims}
	var err error
	if s.scale, err = scale.Data(); err != nil {
		return nil, err
	}
	s.zero = make([]float64, len(s.scale))
	if zero != nil {
		if s.zero, err = zero.Data(); err != nil {
			return nil, err
		}
	}
	if len(s.zero) != len(s.scale) || len(s.scale) == 0 {
		return nil, fmt.Errorf("got %d scales and %d zero points, want as many", len(s.scale), len(s.zero))
	}
	for _, v := range s.scale {
		if !(v > 0) || math.IsInf(v, 0) {
			return nil, fmt.Errorf("scale: got %v, want a number above zero", v)
		}
	}
	return s, s.along(g, n)
}

// equal reports whether two nodes have the same steps.
func (s *steps) equal(o *steps) bool {
	return slices.Equal(s.scale, o.scale) && slices.Equal(s.zero, o.zero) &&
		(len(s.scale) == 1 || s.axis == o.axis && s.block == o.block)
}

// along finds the axis of several scales.
func (s *steps) along(g *graph.Graph, n *graph.Node) error {
	dims := g.Shape(n.Input(0))
	if len(s.scale) == 1 && len(s.dims) < 2 {
		return nil
	}
	axis, err := n.Int("axis", 1)
	if err != nil {
		return err
	}
	if axis < 0 {
		axis += len(dims)
	}
	if axis < 0 || axis >= len(dims) {
		return fmt.Errorf("axis: got %d for shape %v, want one of its axes", axis, dims)
	}
	s.axis = axis
	if s.block, err = n.Int("block_size", 0); err != nil {
		return err
	}
	if s.block > 0 {
		return s.checkBlocks(dims)
	}
	if len(s.dims) != 1 || s.dims[0] != dims[axis] {
		return fmt.Errorf("scale: got shape %v for shape %v, want one number, or one for each place of axis %d",
			s.dims, dims, axis)
	}
	return nil
}

func (s *steps) checkBlocks(dims []int) error {
	ok := len(s.dims) == len(dims)
	for i := range dims {
		want := dims[i]
		if i == s.axis {
			want = (want + s.block - 1) / s.block
		}
		ok = ok && s.dims[i] == want
	}
	if !ok {
		return fmt.Errorf("scale: got shape %v for shape %v, want one number for each block of %d along axis %d",
			s.dims, dims, s.block, s.axis)
	}
	return nil
}

// at is which of the scales belongs to value i of a tensor.
func (s *steps) at(dims []int, i int) int {
	if len(s.scale) == 1 {
		return 0
	}
	if s.block == 0 {
		inner := 1
		for _, d := range dims[s.axis+1:] {
			inner *= d
		}
		return i / inner % dims[s.axis]
	}
	place, step := 0, 1
	for axis := len(dims) - 1; axis >= 0; axis-- {
		at := i % dims[axis]
		i /= dims[axis]
		if axis == s.axis {
			at /= s.block
		}
		place += at * step
		step *= s.dims[axis]
	}
	return place
}

func (s *steps) zeroAt(dims []int, i int) float64 { return s.zero[s.at(dims, i)] }

// scales is the scale of each value of a tensor of that shape.
func (s *steps) scales(dims []int) (func(i int) float64, error) {
	if len(s.scale) > 1 && s.axis >= len(dims) {
		return nil, fmt.Errorf("axis: got %d for shape %v, want one of its axes", s.axis, dims)
	}
	return func(i int) float64 { return s.scale[s.at(dims, i)] }, nil
}

// shape is the shape in which the scales spread over a tensor. Blocks have none.
func (s *steps) shape(dims []int) []int {
	if len(s.scale) == 1 {
		return []int{}
	}
	shape := make([]int, len(dims))
	for i := range shape {
		shape[i] = 1
	}
	shape[s.axis] = len(s.scale)
	return shape
}

// quantize is what a QuantizeLinear makes of constants.
func (s *steps) quantize(data []float64, dims []int, limits span) []float64 {
	out := make([]float64, len(data))
	for i, v := range data {
		k := s.at(dims, i)
		q := math.RoundToEven(float64(float32(v)/float32(s.scale[k]))) + s.zero[k]
		out[i] = min(max(q, limits.least), limits.most)
	}
	return out
}
