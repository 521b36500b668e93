package einsum

import (
	"github.com/hlsgo/hlsgo/ir"
)

// strategy decides how the products are computed, and refuses what no code is there for. hls4ml knows
// distributed_arithmetic by its long name alone here, and takes Latency for what it does not know.
func strategy(n *ir.Node) error {
	g := n.Graph()
	if g.Config.IOType == ir.Stream {
		return n.Errorf("IOType: got io_stream, want io_parallel: there is code for arrays alone, as in hls4ml")
	}
	n.Strategy = ir.Latency
	switch wanted := g.Config.Strategy(n.Name, n.Kind); wanted {
	case ir.Latency, "":
	case ir.Resource:
		return n.Errorf("Strategy: got Resource, want Latency: there is no such kernel, as in hls4ml 1.3.0")
	case ir.DistributedArithmetic:
		if n.Kind == "EinsumDense" { // two tensors have no constants
			n.Strategy = wanted
		}
	default:
		g.Warnf("%s %q: Strategy: got %s, want Latency or distributed_arithmetic: like hls4ml 1.3.0, hlsgo takes "+
			"Latency", n.Kind, n.Name, wanted)
	}
	return nil
}
