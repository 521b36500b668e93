package act

import (
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/sim"
)

// ternaryKernel refuses: hls4ml has no template for the class TernaryTanh. It writes no code for one that
// survives the passes, and its prediction is whatever the memory holds.
var ternaryKernel = sim.Kernel{
	Eval: func(_ *sim.Env, n *ir.Node) (sim.Evaluator, error) {
		return nil, n.Errorf("hls4ml writes no code for a TernaryTanh of its own: put a BatchNormalization " +
			"before it, or choose a threshold other than 0.5")
	},
}
