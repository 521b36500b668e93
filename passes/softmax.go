package passes

import (
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/softmax"
)

// SkipSoftmax removes softmaxes that the configuration wants skipped.
var SkipSoftmax = ir.Pass{
	Name:  "vivado:skip_softmax",
	Doc:   "remove softmaxes with Skip",
	Match: func(n *ir.Node) bool { return n.Kind == "Softmax" && ir.Attrs[softmax.Attrs](n).Skip },
	Apply: remove,
}

// FixSoftmaxTableSize makes tables no larger than the widths of their indices allow.
var FixSoftmaxTableSize = ir.Pass{
	Name: "vivado:fix_softmax_table_size",
	Doc:  "limit softmax tables to what their indices can reach",
	Match: func(n *ir.Node) bool {
		return n.Kind == "Softmax" && ir.Attrs[softmax.Attrs](n).InvTableSize == nil
	},
	Apply: func(n *ir.Node) (bool, error) {
		p := producer(n)
		if p == nil {
			return false, n.Errorf("input: got %q, want the output of a layer", n.Inputs[0])
		}
		a := ir.Attrs[softmax.Attrs](n)
		bits := min(width(declaredResult(p).Format), n.Format("inv_table_t").W)
		if bits < 31 && 1<<bits < a.TableSize {
			n.Graph().Warnf("Softmax %q: TableSize: got %d, want at most 2^%d (width of input or table): using %d",
				n.Name, a.TableSize, bits, 1<<bits)
			a.TableSize = 1 << bits
		}
		return false, nil
	},
}
