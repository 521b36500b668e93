// Package einsum holds products of tensors along named axes: EinsumDense with weights, Einsum of two tensors.
//
// Both bring their operands into blocks by a permutation of axes: axes that both have and that the result
// keeps number the blocks, axes that both have and that the result lacks are summed over. What is left is a
// product of two matrices for each block, whose results a last permutation puts where they belong.
package einsum

import "github.com/hlsgo/hlsgo/layers"

// Defs returns the kinds of the family, values of the caller's own.
func Defs() []layers.Def {
	return layers.Fresh(einsumDenseDef, einsumDef)
}
