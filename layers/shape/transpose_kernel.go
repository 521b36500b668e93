package shape

import "github.com/hlsgo/hlsgo/ir"

var transposeKernel = moveKernel(transposeSource)

// transposeSource is, for each output position, the position in the input. mirrors nnet::transfer_idx in
// nnet_transpose.h.
func transposeSource(n *ir.Node) ([]int, error) {
	in, perm := n.In(0).Shape, ir.Attrs[TransposeAttrs](n).Perm
	if len(in) == 1 {
		return sameOrder(n)
	}
	if !permutes(perm, len(in)) {
		return nil, n.Errorf("perm: got %v, want a permutation of %d axes", perm, len(in))
	}
	strides := make([]int, len(in))
	for i, step := len(in)-1, 1; i >= 0; i-- {
		strides[i] = step
		step *= in[i]
	}
	out := make([]int, ir.Size(in))
	for i := range out {
		rest := i
		for axis := len(perm) - 1; axis >= 0; axis-- {
			size := in[perm[axis]]
			out[i] += rest % size * strides[perm[axis]]
			rest /= size
		}
	}
	return out, nil
}
