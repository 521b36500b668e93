package onnx

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/frontend/onnx/graph"
	"github.com/hlsgo/hlsgo/ir"
)

// weights finds constants for handlers: the weight "1" of a layer is what its node reads as input 1.
type weights struct {
	g     *graph.Graph
	nodes map[string]*graph.Node // by name
}

var _ build.Weights = weights{}

// File implements build.Weights.
func (w weights) File() string { return w.g.File }

func (w weights) find(layer, part, name string) *graph.Tensor {
	n := w.nodes[layer]
	i, err := strconv.Atoi(name)
	if n == nil || err != nil || part != "" || i < 0 {
		return nil
	}
	return w.g.Init(n.Input(i))
}

func (w weights) wanted(layer, part, name string) (*graph.Tensor, error) {
	if t := w.find(layer, part, name); t != nil {
		return t, nil
	}
	return nil, fmt.Errorf("input %s: got no constant, want one", name)
}

// Find implements build.Weights.
func (w weights) Find(layer, part, name string) (shape []int, ok bool, err error) {
	t := w.find(layer, part, name)
	if t == nil {
		return nil, false, nil
	}
	return t.Dims, true, nil
}

// Tensor implements build.Weights.
func (w weights) Tensor(layer, part, name string, shape []int) (*ir.Tensor, error) {
	t, err := w.wanted(layer, part, name)
	if err != nil {
		return nil, err
	}
	if !slices.Equal(t.Dims, shape) {
		return nil, fmt.Errorf("tensor %q: got shape %v, want %v", t.Name, t.Dims, shape)
	}
	return tensor(t)
}

// Integers implements build.Weights.
func (w weights) Integers(layer, part, name string) ([]int, error) {
	t, err := w.wanted(layer, part, name)
	if err != nil {
		return nil, err
	}
	return t.Ints()
}

// tensor reads a constant of finite numbers. Half floats are widened, which changes no value.
func tensor(t *graph.Tensor) (*ir.Tensor, error) {
	data, err := t.Data()
	if err != nil {
		return nil, err
	}
	for i, v := range data {
		if v-v != 0 {
			return nil, fmt.Errorf("tensor %q: value %d: got %v, want finite numbers", t.Name, i, v)
		}
	}
	dtype := ir.Float32
	if t.Type == graph.Double || t.Type.Integer() {
		dtype = ir.Float64
	}
	return &ir.Tensor{Shape: slices.Clone(t.Dims), DType: dtype, Data: data}, nil
}
