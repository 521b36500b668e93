// Package conv holds convolutions.
package conv

import "github.com/hlsgo/hlsgo/layers"

// Defs returns the kinds of the family, values of the caller's own.
func Defs() []layers.Def {
	return layers.Fresh(
		conv1DDef, conv2DDef, pointwise1DDef, pointwise2DDef, depthwise1DDef, depthwise2DDef,
		separable1DDef, separable2DDef, conv2DBatchnormDef, convDef,
	)
}
