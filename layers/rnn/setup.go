package rnn

import (
	"fmt"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// setupSingle decides strategy and both reuse factors. Mirrors init_lstm and init_gru of vivado_backend.py;
// SimpleRNN, which that backend leaves alone, follows the same rules.
func setupSingle(n *ir.Node) error {
	p := parts(n)[0]
	if goesBackwards(n.Attrs) {
		n.Graph().Warnf("%s %q: go_backwards: got true, which hls4ml 1.3.0 reads past: computing from the first "+
			"step to the last", n.Kind, n.Name)
	}
	*p.again = n.ReuseFactor
	n.Strategy = ir.Latency
	switch wanted := n.Graph().Config.Strategy(n.Name, n.Kind); wanted {
	case ir.Resource, ir.ResourceUnrolled:
		n.Strategy = wanted
		if wanted == ir.ResourceUnrolled && n.ReuseFactor == 1 {
			n.Graph().Warnf("%s %q: Strategy resource_unrolled needs ReuseFactor over 1: using resource",
				n.Kind, n.Name)
			n.Strategy = ir.Resource
		}
		if err := snap(n, p, p.width()); err != nil {
			return err
		}
	}
	setIndexType(n)
	return nil
}

// setupBidirectional mirrors init_bidirectional of vivado_backend.py, which counts three gates for every kind
// and takes resource for resource_unrolled.
func setupBidirectional(n *ir.Node) error {
	a := ir.Attrs[BidirectionalAttrs](n)
	if a.ForwardGoBackwards || a.Swapped {
		n.Graph().Warnf("%s %q: go_backwards of the forward layer: got true: like hls4ml 1.3.0, hlsgo puts the "+
			"layer that starts at the first step first", n.Kind, n.Name)
	}
	n.Strategy = ir.Latency
	for _, p := range parts(n) {
		*p.reuse, *p.again = n.ReuseFactor, n.ReuseFactor
		switch n.Graph().Config.Strategy(n.Name, n.Kind) {
		case ir.Resource, ir.ResourceUnrolled:
			n.Strategy = ir.Resource
			if err := snap(n, p, 3*p.units); err != nil {
				return err
			}
		}
	}
	setIndexType(n)
	return nil
}

// snap moves both reuse factors of a part to valid ones.
func snap(n *ir.Node, p part, width int) error {
	withMax := n.Strategy == ir.Resource
	for _, m := range []struct {
		setting string
		reuse   *int
		nIn     int
	}{
		{p.prefix + "reuse_factor", p.reuse, CommonOf(n).NIn},
		{p.prefix + "recurrent_reuse_factor", p.again, p.units},
	} {
		mult := layers.Mult{NIn: m.nIn, NOut: width}
		rf, err := layers.SnapReuse(n, m.setting, float64(*m.reuse), mult, withMax)
		if err != nil {
			return err
		}
		*m.reuse = rf
	}
	return nil
}

func setIndexType(n *ir.Node) {
	n.SetType("index_t", &ir.Type{Name: fmt.Sprintf("layer%d_index", n.Index), Format: fixed.UInt(1)})
}
