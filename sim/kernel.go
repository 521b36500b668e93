package sim

import "github.com/hlsgo/hlsgo/ir"

// Kernel executes one layer kind in one dialect.
type Kernel struct {
	// Lower appends to the program the plane operations that compute the node: it reads its inputs with
	// Lowering.In and gives its outputs with Lowering.SetOut. Nil: the evaluator runs always.
	Lower func(lo *Lowering, n *ir.Node) error
	// Grid is Lower for a node whose inputs lie on grids: a plane then is a channel at all positions of a
	// picture. It is false where it cannot, and Lower runs. Nil: it never can. See EachPosition.
	Grid func(lo *Lowering, n *ir.Node) (bool, error)
	// Each says that Grid does the same to each value alone. Then long vectors lie on grids too: one plane has
	// all values of a sample.
	Each bool
	// Eval returns the plain evaluator of the node: one sample at a time, every step through package
	// fixed at any width. It runs what Lower has no plane operation for (values over 64 bits) and judges
	// the fast kernels in tests.
	Eval func(env *Env, n *ir.Node) (Evaluator, error)
	// Moves says that Lower is right at any width: it begins or ends a loop and computes nothing itself. It
	// runs always, and there is no Eval.
	Moves bool
}

// Complete reports whether there is enough of the kernel to run a node.
func (k Kernel) Complete() bool { return k.Eval != nil || k.Moves && k.Lower != nil }

// Evaluator computes one sample of one node: in holds the values of each input, out receives those of each
// output, in C order with channels last. Every number put into out must have the format of its tensor.
type Evaluator func(in, out [][]Num)

// Lookup finds the kernel of a layer kind; the registry's view of one dialect implements it.
type Lookup interface {
	Kernel(kind string) (Kernel, bool)
}

// Env is what kernels may ask beyond their node.
type Env struct {
	// Stream says that tensors travel through FIFOs (io_stream): a few kernels differ by it.
	Stream bool
	// tables receives the entries of tables, for a health report; nil: nobody wants them.
	tables func(n *ir.Node, key string, entries []Num)
	// places receives the tables that a type addresses; nil: nobody wants them.
	places func(n *ir.Node, key string, t AddressedTable)
	// meter counts what the program costs; nil: nobody counts.
	meter *meter
}

// Addresses tells a health report that the top bits of values of a type, by its key, address a table of
// `size` places.
func (e *Env) Addresses(n *ir.Node, key string, size int) {
	if e.places != nil {
		e.places(n, key, AddressedTable{Places: size})
	}
}

// Reads tells a health report of a table that the node reads at places that it counts, see
// Lowering.WatchIndex and NoteIndex. Of several tables the coarsest is told.
func (e *Env) Reads(n *ir.Node, t AddressedTable) {
	if e.places != nil {
		e.places(n, "", t)
	}
}

// Table tells a health report of a table that the node reads, whose type has the name key: its entries as
// they were converted from floating point.
func (e *Env) Table(n *ir.Node, key string, entries []Num) {
	if e.tables != nil {
		e.tables(n, key, entries)
	}
}
