package softmax

import (
	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// rewrites are the steps about a softmax alone.
var rewrites = []layers.Rewrite{
	{
		Pass:  "vivado:skip_softmax",
		Match: func(n *ir.Node) bool { return ir.Attrs[Attrs](n).Skip },
		Apply: func(n *ir.Node) (bool, error) { return true, n.Graph().Remove(n) },
	},
	{
		Pass:  "vivado:fix_softmax_table_size",
		Match: func(n *ir.Node) bool { return ir.Attrs[Attrs](n).InvTableSize == nil },
		Apply: fixTableSize,
	},
}

// fixTableSize makes the tables no larger than 2^W of the narrower of input and inverse table: an index is
// made of the highest bits of a value, and there are no more of them. hls4ml asks the layer before for its
// type and not the variable between; where that layer passes on another's type, the two differ.
func fixTableSize(n *ir.Node) (bool, error) {
	p := n.Graph().Producer(n.Inputs[0])
	if p == nil {
		return false, n.Errorf("input: got %q, want the output of a layer", n.Inputs[0])
	}
	a := ir.Attrs[Attrs](n)
	in := layers.DeclaredResult(p).Format
	if in.Kind == fixed.KindAuto { // which has no width in hls4ml
		in.W = 0
	}
	bits := min(in.W, n.Format("inv_table_t").W)
	if bits < 31 && 1<<bits < a.TableSize {
		n.Graph().Warnf("Softmax %q: TableSize: got %d, want at most 2^%d (width of input or table): using %d",
			n.Name, a.TableSize, bits, 1<<bits)
		a.TableSize = 1 << bits
	}
	return false, nil
}
