// Package dense holds the fully connected layer and its bias.
package dense

import "github.com/hlsgo/hlsgo/layers"

// Defs lists the kinds of the family.
var Defs = []layers.Def{denseDef, biasAddDef}
