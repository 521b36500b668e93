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
	return ir.Permuted(in, perm), nil
}
