package codegen

import "github.com/hlsgo/hlsgo/ir"

// Emitter writes the C++ of one layer kind in one dialect.
type Emitter struct {
	// Emit returns the configuration structs and the call for the node.
	Emit func(env *Env, n *ir.Node) (*Fragment, error)
}

// Emitters finds the emitter of a layer kind; the registry's view of one dialect implements it.
type Emitters interface {
	Emitter(kind string) (Emitter, bool)
}
