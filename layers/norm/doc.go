// Package norm holds layers that scale and shift every channel, or every row.
package norm

import "github.com/hlsgo/hlsgo/layers"

// Defs lists the kinds of the family.
var Defs = []layers.Def{batchNormDef, applyAlphaDef, quantizedTanhDef, layerNormDef}
