package group

import (
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/sim"
)

// timeDistributedKernel makes what lies between the two nodes of the kind a loop over the steps. Mirrors
// nnet::read_time_step and nnet::write_time_step in nnet_time_distributed.h and the loop round them.
var timeDistributedKernel = sim.Kernel{
	Moves: true,
	Lower: func(lo *sim.Lowering, n *ir.Node) error {
		a := ir.Attrs[TimeDistributedAttrs](n)
		switch {
		case len(a.Wrapped) > 0:
			return n.Errorf("wrapped layer: got it inside still, want it unfolded by a pass")
		case a.End:
			return lo.EndLoop(n)
		}
		return lo.BeginLoop(n, a.NTimeSteps)
	},
}
