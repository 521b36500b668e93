package garnet

import (
	"math"
	"math/big"
	"math/bits"
	"strings"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/sim"
)

// types are the formats of the values between. mirrors GarNetConfigTemplate.format of hls4ml's
// backends/vivado/passes/garnet_templates.py.
type types struct {
	distance, edge, edgeSum, aggregate, norm fixed.Format
	logVertices, logReuse                    int // logarithms, cut
}

// distanceBits is the width of a distance, which is the index of a table.
const distanceBits = 12

func typesOf(n *ir.Node) (types, error) {
	t := types{
		distance:    fixed.Fixed(distanceBits, 4).With(fixed.TRN, fixed.SAT),
		logVertices: bits.Len(uint(common(n).NVertices)) - 1, logReuse: bits.Len(uint(n.ReuseFactor)) - 1,
	}
	whole := max(t.logReuse, t.logVertices-t.logReuse)
	for _, v := range []struct {
		name string
		to   *fixed.Format
		def  fixed.Format
	}{
		{"edge_weight", &t.edge, fixed.UFixed(10, 0)},
		{"edge_weight_aggr", &t.edgeSum, fixed.UFixed(whole+10, whole)},
		{"aggr", &t.aggregate, fixed.Fixed(whole+13, whole+3)},
		{"norm", &t.norm, fixed.UFixed(14, 4)},
	} {
		own, err := n.Graph().LookupType(n, v.name)
		if err != nil {
			return t, err
		}
		*v.to = own.Format
		if strings.HasSuffix(own.Name, "default_t") { // nothing set for the layer
			*v.to = v.def
		}
		if !v.to.IsFixedOrInt() {
			return t, n.Errorf("precision of %s: got %s, want a fixed-point type", v.name, *v.to)
		}
	}
	return t, nil
}

// table lists the edge weights by the bits of the distance: exp(-d*d), cut to the grid of a square, and the
// largest fraction in place of one at distance zero. mirrors initialize_edge_weights_table in nnet_garnet.h.
func (t types) table() []sim.Num {
	out := make([]sim.Num, 1<<distanceBits)
	square := fixed.Mul(fixed.Neg(t.distance), t.distance)
	for i := range out {
		raw := int64(i)
		if i >= len(out)/2 {
			raw -= int64(len(out))
		}
		d := fixed.ToFloat64(raw, t.distance)
		out[i] = sim.FromFloat64(math.Exp(-d*d), square).Cast(t.edge)
	}
	top := fixed.UFixed(t.edge.W, 0).With(fixed.TRN, fixed.SAT)
	out[0] = sim.FromFloat64(1, top).Cast(t.edge)
	return out
}

// shifted is x >> k within its type.
func shifted(x sim.Num, k int) sim.Num { return sim.Num{X: new(big.Int).Rsh(x.X, uint(k)), T: x.T} }
