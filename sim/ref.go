package sim

import "github.com/hlsgo/hlsgo/ir"

// RefFunc prepares the float reference of a node; see layers.Def.
type RefFunc func(n *ir.Node) (func(in [][]float64, out []float64), error)

// RefLookup finds the float reference of a layer kind.
type RefLookup interface {
	Ref(kind string) (RefFunc, bool)
}
