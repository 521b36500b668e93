// Package garnet holds GarNet and GarNetStack, graph networks over a set of vertices: every vertex sends its
// features to a few aggregators with weights that fall with the square of a learned distance, and collects
// what they hold.
package garnet

import "github.com/hlsgo/hlsgo/layers"

// Defs returns the kinds of the family, values of the caller's own.
func Defs() []layers.Def {
	return layers.Fresh(garnetDef, stackDef)
}
