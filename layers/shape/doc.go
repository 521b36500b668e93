// Package shape holds layers that move values without changing them.
package shape

import "github.com/hlsgo/hlsgo/layers"

// Defs lists the kinds of the family.
var Defs = []layers.Def{
	reshapeDef, transposeDef, repackDef, cloneDef,
	padding1DDef, padding2DDef, cropping1DDef, cropping2DDef, resizeDef,
}
