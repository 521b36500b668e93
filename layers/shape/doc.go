// Package shape holds layers that move values without changing them.
package shape

import "github.com/hlsgo/hlsgo/layers"

// Defs returns the kinds of the family, values of the caller's own.
func Defs() []layers.Def {
	return layers.Fresh(
		reshapeDef, transposeDef, repackDef, cloneDef,
		padding1DDef, padding2DDef, cropping1DDef, cropping2DDef, resizeDef,
	)
}
