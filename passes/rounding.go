package passes

import (
	"fmt"
	"slices"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
)

// RoundingSaturation is what OutputRoundingSaturationMode applies. The zero value touches no layer.
type RoundingSaturation struct {
	Layers []string // kinds or names of layers
	Q      *fixed.Q // nil: truncate
	O      *fixed.O // nil: wrap
	N      int      // saturation bits
}

// OutputRoundingSaturationMode gives the results of chosen layers a rounding and overflow mode, and their
// accumulators the whole type of the result. Nothing in a configuration file chooses layers: the flow runs it
// with none, and programs may build a flow of their own.
func OutputRoundingSaturationMode(c RoundingSaturation) ir.Pass {
	return ir.Pass{
		Name:  "output_rounding_saturation_mode",
		Doc:   "give the results of chosen layers a rounding and overflow mode",
		Match: c.match,
		Apply: c.apply,
	}
}

func (c RoundingSaturation) match(n *ir.Node) bool {
	if !slices.Contains(c.Layers, n.Kind) && !slices.Contains(c.Layers, n.Name) {
		return false
	}
	f := n.Format("result_t")
	return c.Q != nil && f.Q != *c.Q || c.O != nil && f.O != *c.O
}

func (c RoundingSaturation) apply(n *ir.Node) (bool, error) {
	out := n.Out()
	f := out.Type.Format
	if f.Kind == fixed.KindFixed {
		f.Q, f.O, f.N = 0, 0, c.N
		if c.Q != nil {
			f.Q = *c.Q
		}
		if c.O != nil {
			f.O = *c.O
		}
	}
	n.SetType("result_t", &ir.Type{Name: out.Type.Name, Format: f})
	if n.Type("accum_t") != nil {
		n.SetType("accum_t", &ir.Type{Name: fmt.Sprintf("layer%d_accum_t", n.Index), Format: f})
	}
	return false, nil
}
