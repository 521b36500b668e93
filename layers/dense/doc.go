// Package dense holds the fully connected layer, its bias, and the matrix product of ONNX.
package dense

import "github.com/hlsgo/hlsgo/layers"

// Defs returns the kinds of the family, values of the caller's own.
func Defs() []layers.Def {
	return layers.Fresh(denseDef, biasAddDef, matMulDef)
}
