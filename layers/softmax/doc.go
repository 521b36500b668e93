// Package softmax holds the normalized exponential.
package softmax

import "github.com/hlsgo/hlsgo/layers"

// Defs lists the kinds of the family.
var Defs = []layers.Def{softmaxDef}
