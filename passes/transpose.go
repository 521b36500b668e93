package passes

import (
	"slices"

	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/shape"
)

// RemoveNopTranspose removes transposes of one axis.
var RemoveNopTranspose = ir.Pass{
	Name: "remove_nop_transpose",
	Doc:  "remove transposes of a single axis",
	Match: func(n *ir.Node) bool {
		return n.Kind == "Transpose" && slices.Equal(ir.Attrs[shape.TransposeAttrs](n).Perm, []int{0})
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
		return parallel(n) && n.Kind == "Transpose" && p != nil && p.Kind == "Input" && n.In(0).Shape[0] == 1
	},
	Apply: func(n *ir.Node) (bool, error) {
		v := n.In(0)
		v.Shape = append(slices.Clone(v.Shape[1:]), v.Shape[0])
		return remove(n)
	},
}

// RemoveTransposeBeforeFlatten removes a transpose whose result is flattened for a Dense, and permutes the
// rows of the Dense's weights instead. It takes the transpose for one from channels last to channels first,
// whatever it is, as hls4ml does.
var RemoveTransposeBeforeFlatten = ir.Pass{
	Name: "remove_transpose_before_flatten",
	Doc:  "fold transposes before a flatten into the weights of the dense layer behind it",
	Match: func(n *ir.Node) bool {
		if !parallel(n) || n.Kind != "Reshape" || len(ir.Attrs[shape.ReshapeAttrs](n).TargetShape) != 1 {
			return false
		}
		p, next := producer(n), consumers(n)
		return p != nil && p.Kind == "Transpose" && len(next) == 1 && next[0].Kind == "Dense" &&
			foldAxes(p.Out().Shape) != nil
	},
	Apply: foldTranspose,
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
	w.Data, w.Unquantized = data, data
	return remove(t)
}

func parallel(n *ir.Node) bool { return n.Graph().Config.IOType == ir.Parallel }

func stream(n *ir.Node) bool { return n.Graph().Config.IOType == ir.Stream }
