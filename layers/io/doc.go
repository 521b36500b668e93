// Package io holds the layer kind that brings samples into a network.
package io

import "github.com/hlsgo/hlsgo/layers"

// Defs lists the kinds of the family.
var Defs = []layers.Def{inputDef}
