package softmax

import (
	"github.com/hlsgo/hlsgo/fixed/kif"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// softmaxBits takes a result for a product of the entries of both tables, whatever reaches them. hls4ml has
// no rule for the sums between of a softmax that was not trained with its tables: they keep their type, and
// that is the one place where BitExact is not exact.
var softmaxBits = layers.Bits{
	Make: func(n *ir.Node, _ layers.BitsEnv) (kif.Tensor, error) {
		exp, inv := n.Format("exp_table_t"), n.Format("inv_table_t")
		return kif.New(n.Out().Shape, 0, exp.I+inv.I, exp.F()+inv.F()), nil
	},
	OwnSums: true,
	Settle:  settleSoftmax,
}

// settleSoftmax types the sums of a softmax that was trained with its tables, and counts the entries: one
// for each pattern of the bits that address the table.
func settleSoftmax(n *ir.Node, env layers.BitsEnv) error {
	a := ir.Attrs[Attrs](n)
	if a.Trained == nil {
		n.Graph().Warnf("Softmax %q: its sums keep the type of the configuration: the result is not exact", n.Name)
		return nil
	}
	bits := 0
	switch a.Implementation {
	case Latency:
		x, err := env.In(0)
		if err != nil {
			return err
		}
		k, i, f := x.Most()
		bits = k + i + f
	case Stable:
		bits = n.Format("inp_norm_t").W
	}
	if bits < 0 || bits > maxAddress {
		return n.Errorf("exp_table_size: got inputs of %d bits, want at most %d: each of their patterns is an "+
			"entry of the table", bits, maxAddress)
	}
	size := 1 << bits
	a.ExpTableSize = &size
	f := sumFormat(n.Format("exp_table_t"), n.Format("inv_inp_t"), a.NIn/a.NInner/a.NOuter)
	n.SetType("accum_t", &ir.Type{Name: n.Name + "_accum_t", Format: f})
	return nil
}

// maxAddress bounds the bits that address a table.
const maxAddress = 24
