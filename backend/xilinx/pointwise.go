package xilinx

import (
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/conv"
)

// OptimizePointwiseConv turns convolutions with a kernel of one pixel into their own kind. The new node reads
// the configuration of its name once more: a reuse factor that the backend had mended is as written again.
var OptimizePointwiseConv = ir.Pass{
	Name:  "vivado:optimize_pointwise_conv",
	Doc:   "turn convolutions with a one-pixel kernel into their own kind",
	Match: isPointwise,
	Apply: func(n *ir.Node) (bool, error) {
		p, err := n.Graph().Recast(n, "Pointwise"+n.Kind)
		if err != nil {
			return false, err
		}
		p.Strategy = n.Strategy
		return true, n.Graph().Replace(n, p)
	},
}

func isPointwise(n *ir.Node) bool {
	switch a := n.Attrs.(type) {
	case *conv.Conv1DAttrs:
		return n.Kind == "Conv1D" && a.FiltWidth == 1 && n.Strategy != ir.DistributedArithmetic
	case *conv.Conv2DAttrs:
		return n.Kind == "Conv2D" && a.FiltHeight == 1 && a.FiltWidth == 1
	}
	return false
}
