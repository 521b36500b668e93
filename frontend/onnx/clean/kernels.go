package clean

import (
	"fmt"
	"slices"

	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/frontend/onnx/graph"
	"github.com/hlsgo/hlsgo/ir"
)

// denseKernels writes the zeros into kernels whose windows have gaps, or whose filters look at a part of the
// channels: the firmware has windows without gaps, and looks at all channels or at one.
func denseKernels(g *graph.Graph) error {
	for _, n := range g.Nodes {
		if !n.Is("Conv") || n.Domain != "" {
			continue
		}
		if err := spreadKernel(g, n); err != nil {
			return n.Errorf("%w", err)
		}
		if err := ungroup(g, n); err != nil {
			return n.Errorf("%w", err)
		}
	}
	return tidy(g)
}

// spreadKernel takes the gaps out of a window.
func spreadKernel(g *graph.Graph, n *graph.Node) error {
	w := g.Init(n.Input(1))
	gaps, err := n.Ints("dilations")
	if err != nil || w == nil || len(gaps) != len(w.Dims)-2 || slices.Max(gaps) == 1 || slices.Min(gaps) < 1 {
		return err
	}
	dims := slices.Clone(w.Dims)
	for i, d := range gaps {
		if d > build.MaxValues {
			return fmt.Errorf("dilations: got %v, want smaller ones", gaps)
		}
		dims[i+2] = (dims[i+2]-1)*d + 1
		if err := build.CheckSize(dims, build.MaxValues); err != nil {
			return fmt.Errorf("dilations: got %v: %w", gaps, err)
		}
	}
	data, err := w.Data()
	if err != nil {
		return err
	}
	out, strides := make([]float64, ir.Size(dims)), stridesOf(dims)
	for i, d := range gaps {
		strides[i+2] *= d
	}
	scatter(out, data, strides, w.Dims)
	setKernel(g, n, graph.NewTensor(g.Fresh(), w.Type, dims, out))
	if n.Has("kernel_shape") {
		n.Attrs["kernel_shape"] = graph.IntsOf(dims[2:]...)
	}
	n.Attrs["dilations"] = graph.IntsOf(slices.Repeat([]int{1}, len(gaps))...)
	return nil
}

// scatter writes values of a shape to places along its axes.
func scatter(out, data []float64, strides, dims []int) {
	at, index := 0, make([]int, len(dims))
	for _, v := range data {
		out[at] = v
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
}

func setKernel(g *graph.Graph, n *graph.Node, t *graph.Tensor) {
	g.SetInit(t)
	n.Inputs[1] = t.Name
}

// ungroup lets filters look at all channels. Those of one channel each, one filter for every channel, stay.
func ungroup(g *graph.Graph, n *graph.Node) error {
	w := g.Init(n.Input(1))
	groups, err := n.Int("group", 1)
	in := g.Shape(n.Input(0))
	if err != nil || w == nil || groups <= 1 || len(in) < 2 {
		return err
	}
	filters, each := w.Dims[0], w.Dims[1]
	if each*groups != in[1] || filters%groups != 0 || each == 1 && filters == groups {
		return nil
	}
	dims := slices.Clone(w.Dims)
	dims[1] = in[1]
	if err := build.CheckSize(dims, build.MaxValues); err != nil {
		return fmt.Errorf("group: got %d: %w", groups, err)
	}
	data, err := w.Data()
	if err != nil {
		return err
	}
	window := ir.Size(w.Dims[2:])
	out := make([]float64, ir.Size(dims))
	for f := range filters {
		first := f / (filters / groups) * each // channel of the group
		copy(out[(f*in[1]+first)*window:], data[f*each*window:(f+1)*each*window])
	}
	setKernel(g, n, graph.NewTensor(g.Fresh(), w.Type, dims, out))
	n.Attrs["group"] = graph.IntOf(1)
	return nil
}
