// Package merge holds layers that make one tensor of several.
package merge

import "github.com/hlsgo/hlsgo/layers"

// Defs returns the kinds of the family, values of the caller's own.
func Defs() []layers.Def {
	return layers.Fresh(mergeDef, concatenateDef, dotDef, broadcastDef)
}
