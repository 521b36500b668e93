package passes

import (
	"slices"

	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// RemoveNopTranspose removes transposes of one axis, which has no other to change places with.
var RemoveNopTranspose = ir.Pass{
	Name: "remove_nop_transpose",
	Doc:  "remove transposes of a single axis",
	Match: func(n *ir.Node) bool {
		perm, ok := axesOf(n)
		return ok && slices.Equal(perm, []int{0})
	},
	Apply: remove,
}

// RemoveSingleChannelTranspose removes the transpose of an input whose first axis has one element, which
// changes nothing where tensors are flat arrays, and moves that axis to the end of the input's shape.
var RemoveSingleChannelTranspose = ir.Pass{
	Name: "remove_single_channel_transpose",
	Doc:  "remove transposes of inputs with a single channel",
	Match: func(n *ir.Node) bool {
		p := producer(n)
		_, permutes := axesOf(n)
		return parallel(n) && permutes && p != nil && has(p, layers.Entry) && n.In(0).Shape[0] == 1
	},
	Apply: func(n *ir.Node) (bool, error) {
		v := n.In(0)
		v.Shape = append(slices.Clone(v.Shape[1:]), v.Shape[0])
		return remove(n)
	},
}

// RemoveTransposeBeforeFlatten removes a transpose whose result is flattened for a Dense, and permutes the
// rows of the Dense's weights instead: a sum is the same in any order of its terms. It takes the transpose
// for one from channels last to channels first, whatever it is, as hls4ml does.
var RemoveTransposeBeforeFlatten = ir.Pass{
	Name: "remove_transpose_before_flatten",
	Doc:  "fold transposes before a flatten into the weights of the dense layer behind it",
	Match: func(n *ir.Node) bool {
		a, ok := n.Attrs.(layers.Reshaping)
		p, next := producer(n), consumers(n)
		if !parallel(n) || !ok || len(a.Target()) != 1 || p == nil || len(next) != 1 {
			return false
		}
		perm, permutes := axesOf(p)
		if first := n.Graph().Parsed; first != nil && first.ChannelsFirst && !foldable(p, perm) {
			return false
		}
		flat := has(next[0], layers.Matrix|layers.AnyWords) // a matrix over all values: no windows
		return permutes && flat && foldAxes(p.Out().Shape) != nil
	},
	Apply: foldTranspose,
}

// foldable reports whether hls4ml would meet the transpose p of a network of PyTorch, which it makes
// itself, or the fold is right.
func foldable(p *ir.Node, perm []int) bool {
	if slices.Equal(perm, toFirst(len(perm))) {
		return true
	}
	before := producer(p)
	return before != nil && has(before, layers.Entry) && p.Name == "transpose_input_for_"+before.Name
}

// foldAxes permutes the weights seen as (transposed axes..., n_out); nil for other ranks.
func foldAxes(transposed []int) []int {
	switch len(transposed) {
	case 2:
		return []int{1, 0, 2}
	case 3:
		return []int{1, 2, 0, 3}
	}
	return nil
}

func foldTranspose(n *ir.Node) (bool, error) {
	t := producer(n)
	transposed := t.Out().Shape
	if perm, _ := axesOf(t); n.Graph().Parsed != nil && n.Graph().Parsed.ChannelsFirst &&
		!slices.Equal(perm, toFirst(len(perm))) {
		n.Graph().Warnf("Reshape %q: flattens an input of three axes: like hls4ml 1.3.0, hlsgo then permutes the "+
			"weights of the layer behind it twice: the answer is not the network's, set ChannelsLastConversion to "+
			"internal", n.Name)
	}
	w := consumers(n)[0].Weight("weight")
	rows, cols := w.Data.Shape[0], w.Data.Shape[1]
	seen, err := w.Data.Reshape(append(slices.Clone(transposed), cols)...)
	if err != nil {
		return false, n.Errorf("fold transpose %q: %w", t.Name, err)
	}
	data, err := seen.Transpose(foldAxes(transposed)...).Reshape(rows, cols)
	if err != nil {
		return false, n.Errorf("fold transpose %q: %w", t.Name, err)
	}
	w.Data, w.Unquantized, w.Shape = data, data, slices.Clone(data.Shape)
	return remove(t)
}

func parallel(n *ir.Node) bool { return n.Graph().Config.IOType == ir.Parallel }

func stream(n *ir.Node) bool { return n.Graph().Config.IOType == ir.Stream }
