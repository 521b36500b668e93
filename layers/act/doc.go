// Package act holds activations that work value by value.
package act

import "github.com/hlsgo/hlsgo/layers"

// Defs lists the kinds of the family.
var Defs = []layers.Def{activationDef, parametrizedDef, hardDef, preluDef, ternaryDef, unaryLUTDef}
