// Package io holds the layer kinds that bring values into a network: samples, and numbers of the model
// itself.
package io

import "github.com/hlsgo/hlsgo/layers"

// Defs returns the kinds of the family, values of the caller's own.
func Defs() []layers.Def {
	return layers.Fresh(inputDef, constantDef)
}
