package hlsgo

import (
	"github.com/hlsgo/hlsgo/layers"
	families "github.com/hlsgo/hlsgo/layers/builtin"
)

// Builtins lists the layer kinds that come with hlsgo. They enter a registry by the same door as a plugin's.
func Builtins() []layers.Def { return families.Defs() }
