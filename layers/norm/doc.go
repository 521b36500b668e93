// Package norm holds layers that scale and shift every channel, or every row.
package norm

import "github.com/hlsgo/hlsgo/layers"

// Defs returns the kinds of the family, values of the caller's own.
func Defs() []layers.Def {
	return layers.Fresh(batchNormDef, batchNormOnnxDef, applyAlphaDef, quantizedTanhDef, layerNormDef)
}
