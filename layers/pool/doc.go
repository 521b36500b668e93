// Package pool holds layers that take the maximum or the average of windows of pixels.
package pool

import "github.com/hlsgo/hlsgo/layers"

// Defs returns the kinds of the family, values of the caller's own.
func Defs() []layers.Def {
	return layers.Fresh(pooling1DDef, pooling2DDef, global1DDef, global2DDef)
}
