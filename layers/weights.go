package layers

import (
	"fmt"
	"slices"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
)

// AddWeightAndBias adds the weights "weight" of the given shape and "bias" of nOut values. It mirrors
// Layer.add_weights and Layer.add_bias: without bias data the bias is zero, of type uint<1>, and in double
// precision, which folding passes then inherit.
func AddWeightAndBias(n *ir.Node, data ir.Data, shape []int, nOut int) error {
	w, err := CheckTensor(n, data, "weight", shape)
	if err != nil {
		return err
	}
	err = n.AddWeight(ir.WeightSpec{
		Role: "weight", Var: fmt.Sprintf("w%d", n.Index), Data: w, Quantizer: data.Quantizers["weight_quantizer"],
	})
	if err != nil {
		return err
	}
	return AddBias(n, data, nOut)
}

// AddBias adds the weight "bias"; see AddWeightAndBias.
func AddBias(n *ir.Node, data ir.Data, nOut int) error {
	name := fmt.Sprintf("b%d", n.Index)
	if data.Tensors["bias_data"] == nil {
		return n.AddWeight(ir.WeightSpec{
			Role: "bias", Var: name, Data: ir.NewTensor(ir.Float64, nOut),
			Precision: fixed.UInt(1), HasPrecision: true, TypeName: fmt.Sprintf("bias%d_t", n.Index),
		})
	}
	b, err := CheckTensor(n, data, "bias", []int{nOut})
	if err != nil {
		return err
	}
	return n.AddWeight(ir.WeightSpec{
		Role: "bias", Var: name, Data: b, Quantizer: data.Quantizers["bias_quantizer"],
	})
}

// CheckTensor returns the tensor role_data of data, which must have the shape. Networks still to be converted
// from channels first may have theirs with the output axis first, then the input axis.
func CheckTensor(n *ir.Node, data ir.Data, role string, shape []int) (*ir.Tensor, error) {
	t := data.Tensors[role+"_data"]
	if t == nil {
		return nil, n.Errorf("%s: got no data, want a tensor of shape %v", role, shape)
	}
	if data.OutputFirst {
		// a matrix for every pixel has its axes of pixels in front, of one place each
		if last := len(shape) - 1; last > 1 && slices.Equal(t.Shape, swapped(shape)) {
			return t, nil
		}
		shape = outputFirst(shape)
	}
	converted := n.Graph().Config.ChannelsLastConversion() == "off"
	if !slices.Equal(t.Shape, shape) && (converted || !slices.Equal(t.Shape, outputFirst(shape))) {
		return nil, n.Errorf("%s: wrong shape: got %v, want %v", role, t.Shape, shape)
	}
	return t, nil
}

// swapped turns the last two axes round.
func swapped(shape []int) []int {
	out, last := slices.Clone(shape), len(shape)-1
	out[last], out[last-1] = out[last-1], out[last]
	return out
}

// outputFirst turns (kernel axes..., input, output) into (output, input, kernel axes...).
func outputFirst(shape []int) []int {
	k := len(shape) - 2
	if k < 0 {
		return shape
	}
	return append([]int{shape[k+1], shape[k]}, shape[:k]...)
}
