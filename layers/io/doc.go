// Package io holds the layer kind that brings samples into a network.
package io

import "github.com/hlsgo/hlsgo/layers"

// Defs returns the kinds of the family, values of the caller's own.
func Defs() []layers.Def {
	return layers.Fresh(inputDef)
}
