package softmax

import (
	"slices"

	"github.com/hlsgo/hlsgo/ir"
)

// initSoftmax adds an output like the input. Mirrors Softmax.initialize.
func initSoftmax(n *ir.Node, _ ir.Data) error {
	a := ir.Attrs[Attrs](n)
	in := n.In(0)
	if in == nil {
		return n.Errorf("input %q: got no such tensor", n.Inputs[0])
	}
	if !slices.Contains(implementations(), a.Implementation) {
		return n.Errorf("implementation: got %q, want one of %v", a.Implementation, implementations())
	}
	if a.TableSize < 1 {
		return n.Errorf("table_size: got %d, want a positive number", a.TableSize)
	}
	if a.NIn == 0 {
		a.NIn = in.Size()
	}
	if a.NIn != in.Size() { // kernel and C++ count to n_in, whatever the tensor holds
		return n.Errorf("n_in: got %d, want the %d values of an input of shape %v", a.NIn, in.Size(), in.Shape)
	}
	if a.NOuter < 1 || a.NInner < 1 || a.NIn%(a.NOuter*a.NInner) != 0 {
		return n.Errorf("n_outer, n_inner: got %d, %d, want divisors of %d values", a.NOuter, a.NInner, a.NIn)
	}
	if a.Trained != nil {
		a.Trained.setTypes(n, a.Implementation == Stable)
	}
	return n.AddOutput(in.Shape)
}
