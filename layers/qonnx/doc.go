// Package qonnx holds the quantizers of QONNX as layers: Quant and BipolarQuant, which passes turn into
// types, scales and activations.
package qonnx

import "github.com/hlsgo/hlsgo/layers"

// Defs returns the kinds of the family, values of the caller's own.
func Defs() []layers.Def {
	return layers.Fresh(quantDef, bipolarDef)
}
