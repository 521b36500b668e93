// Package softmax holds the normalized exponential.
package softmax

import "github.com/hlsgo/hlsgo/layers"

// Defs returns the kinds of the family, values of the caller's own.
func Defs() []layers.Def {
	return layers.Fresh(softmaxDef)
}
