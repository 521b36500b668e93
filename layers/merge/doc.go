// Package merge holds layers that make one tensor of several.
package merge

import "github.com/hlsgo/hlsgo/layers"

// Defs lists the kinds of the family.
var Defs = []layers.Def{mergeDef, concatenateDef, dotDef, broadcastDef}
