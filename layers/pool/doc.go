// Package pool holds layers that take the maximum or the average of windows of pixels.
package pool

import "github.com/hlsgo/hlsgo/layers"

// Defs lists the kinds of the family.
var Defs = []layers.Def{pooling1DDef, pooling2DDef, global1DDef, global2DDef}
