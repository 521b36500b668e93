package torch

import (
	"fmt"
	"slices"

	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/ir"
)

// folds are the operators that are computed when all that they read is known: what exporters and users do
// with weights before a layer uses them.
func folds() map[string]func(v *values, a *arguments) (*ir.Tensor, error) {
	return map[string]func(v *values, a *arguments) (*ir.Tensor, error){
		"permute": foldPermutation, "transpose": foldPermutation, "t": foldPermutation,
		"view": foldShape, "reshape": foldShape, "flatten": foldShape, "unsqueeze": foldShape, "squeeze": foldShape,
		"_unsafe_view": foldShape,
		"detach":       foldSame, "contiguous": foldSame, "clone": foldSame, "alias": foldSame, "dropout": foldSame,
		"lift_fresh_copy": foldSame, "_to_copy": foldSame, "to": foldSame, "detach_": foldSame,
		fakeTensor: foldQuantizer, fakeChannel: foldQuantizer, quantize: foldQuantizer, quantizeCh: foldQuantizer,
		dequantize: foldQuantizer, dequantizeC: foldQuantizer,
		"add": foldPair(func(x, y float64) float64 { return x + y }),
		"sub": foldPair(func(x, y float64) float64 { return x - y }),
		"mul": foldPair(func(x, y float64) float64 { return x * y }),
		"div": foldPair(func(x, y float64) float64 { return x / y }),
	}
}

// foldSame is the tensor itself.
func foldSame(v *values, a *arguments) (*ir.Tensor, error) {
	for _, key := range []string{"self", "input"} {
		if list := a.args[key].tensors(); len(list) == 1 {
			return v.tensor(list[0])
		}
	}
	return nil, fmt.Errorf("operator %s: got no tensor, want one", a.nodes[0].Target)
}

// foldShape is the tensor in the shape that the program says.
func foldShape(v *values, a *arguments) (*ir.Tensor, error) {
	t, err := foldSame(v, a)
	if err != nil {
		return nil, err
	}
	shape, err := v.shape(a.outputs[0])
	if err != nil {
		return nil, err
	}
	return t.Reshape(shape...)
}

// foldPermutation is the tensor with its axes in another order.
func foldPermutation(v *values, a *arguments) (*ir.Tensor, error) {
	t, err := foldSame(v, a)
	if err != nil || len(t.Shape) == 0 {
		return t, err
	}
	perm, err := permutation(a, a.nodes[0].operator(), len(t.Shape)-1)
	if err != nil {
		return nil, err
	}
	seen := make([]bool, len(perm))
	for _, p := range perm {
		if seen[p] {
			return nil, fmt.Errorf("operator %s: got axes %v, want each once", a.nodes[0].Target, perm)
		}
		seen[p] = true
	}
	return t.Transpose(perm...), nil
}

// foldPair is arithmetic of two tensors, or of one and a number.
func foldPair(f func(x, y float64) float64) func(v *values, a *arguments) (*ir.Tensor, error) {
	return func(v *values, a *arguments) (*ir.Tensor, error) {
		var pair [2]*ir.Tensor
		for i, key := range []string{"self", "other"} {
			arg := a.args[key]
			if x, ok := arg.number(); ok {
				pair[i] = ir.NewTensor(ir.Float32)
				pair[i].Data[0] = x
				continue
			}
			list := arg.tensors()
			if len(list) != 1 {
				return nil, fmt.Errorf("operator %s: got no tensor for %s, want one", a.nodes[0].Target, key)
			}
			var err error
			if pair[i], err = v.tensor(list[0]); err != nil {
				return nil, err
			}
		}
		if n := len(pair[0].Data) * len(pair[1].Data); len(pair[0].Data) > 1 && len(pair[1].Data) > 1 &&
			n > build.MaxValues && !slices.Equal(pair[0].Shape, pair[1].Shape) {
			return nil, fmt.Errorf("operator %s: got shapes %v and %v, want equal ones or smaller",
				a.nodes[0].Target, pair[0].Shape, pair[1].Shape)
		}
		return ir.Elementwise(pair[0], pair[1], f)
	}
}
