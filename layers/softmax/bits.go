package softmax

import (
	"github.com/hlsgo/hlsgo/fixed/kif"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// softmaxBits takes a result for a product of the entries of both tables, whatever reaches them. hls4ml has
// no rule for the sums between, which keep their type: the one place where BitExact is not exact.
var softmaxBits = layers.Bits{
	Make: func(n *ir.Node, _ layers.BitsEnv) (kif.Tensor, error) {
		exp, inv := n.Format("exp_table_t"), n.Format("inv_table_t")
		return kif.New(n.Out().Shape, 0, exp.I+inv.I, exp.F()+inv.F()), nil
	},
	Settle: func(n *ir.Node, _ layers.BitsEnv) error {
		n.Graph().Warnf("Softmax %q: its sums keep the type of the configuration: the result is not exact", n.Name)
		return nil
	},
}
