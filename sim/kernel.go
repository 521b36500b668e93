package sim

import "github.com/hlsgo/hlsgo/ir"

// Kernel executes one layer kind in one dialect.
type Kernel struct {
	// Lower appends to the program the plane operations that compute the node.
	Lower func(lo *Lowering, n *ir.Node) error
	// Eval returns the plain evaluator of the node: one sample at a time, every step through package
	// fixed at any width. It runs what Lower has no plane operation for (values over 64 bits) and judges
	// the fast kernels in tests.
	Eval func(env *Env, n *ir.Node) (Evaluator, error)
}

// Lookup finds the kernel of a layer kind; the registry's view of one dialect implements it.
type Lookup interface {
	Kernel(kind string) (Kernel, bool)
}
