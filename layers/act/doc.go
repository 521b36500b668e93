// Package act holds activations that work value by value.
package act

import "github.com/hlsgo/hlsgo/layers"

// Defs returns the kinds of the family, values of the caller's own.
func Defs() []layers.Def {
	return layers.Fresh(activationDef, parametrizedDef, hardDef, preluDef, ternaryDef, unaryLUTDef)
}
