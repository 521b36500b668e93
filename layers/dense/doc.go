// Package dense holds the fully connected layer.
package dense

import "github.com/hlsgo/hlsgo/layers"

// Defs lists the kinds of the family.
var Defs = []layers.Def{denseDef}
