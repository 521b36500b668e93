// Package conv holds convolutions.
package conv

import "github.com/hlsgo/hlsgo/layers"

// Defs lists the kinds of the family.
var Defs = []layers.Def{
	conv1DDef, conv2DDef, pointwise1DDef, pointwise2DDef, depthwise1DDef, depthwise2DDef,
	separable1DDef, separable2DDef, conv2DBatchnormDef,
}
