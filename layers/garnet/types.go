package garnet

import (
	"fmt"
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
		logVertices: cutLog(common(n).NVertices), logReuse: cutLog(n.ReuseFactor),
	}
	for i, to := range []*fixed.Format{&t.edge, &t.edgeSum, &t.aggregate, &t.norm} {
		role := between(common(n).NVertices, n.ReuseFactor)[i]
		own, err := n.Graph().LookupType(n, role.name)
		if err != nil {
			return t, err
		}
		*to = own.Format
		if strings.HasSuffix(own.Name, "default_t") { // nothing set for the layer
			*to = role.format
		}
		if !to.IsFixedOrInt() {
			return t, n.Errorf("precision of %s: got %s, want a fixed-point type", role.name, *to)
		}
	}
	return t, nil
}

// role is a type that the configuration may set, and what it is where nothing is set.
type role struct {
	name   string
	format fixed.Format
}

// between lists the types of the values between input and answer, wide enough for sums over so many vertices.
func between(vertices, reuseFactor int) []role {
	whole := max(cutLog(reuseFactor), cutLog(vertices)-cutLog(reuseFactor))
	return []role{
		{"edge_weight", fixed.UFixed(10, 0)},
		{"edge_weight_aggr", fixed.UFixed(whole+10, whole)},
		{"aggr", fixed.Fixed(whole+13, whole+3)},
		{"norm", fixed.UFixed(14, 4)},
	}
}

// cutLog is the logarithm to the base of two, without its fraction.
func cutLog(n int) int { return bits.Len(uint(n)) - 1 }

// generatedTypes lists the types for a generated configuration. There they saturate, which they do not
// without one. mirrors config_from_keras_model of hls4ml's utils/config.py.
func generatedTypes(l *ir.Layer, reuseFactor int) (*ir.Tree, error) {
	vertices := 0
	switch a := l.Attrs.(type) {
	case *Attrs:
		vertices = a.NVertices
	case *StackAttrs:
		vertices = a.NVertices
	}
	if vertices < 1 || reuseFactor < 1 {
		return nil, fmt.Errorf("types: got %d vertices and reuse factor %d, want at least 1", vertices, reuseFactor)
	}
	t := &ir.Tree{}
	for _, r := range between(vertices, reuseFactor) {
		t.Set(r.name, strings.TrimSuffix(r.format.With(fixed.TRN, fixed.SAT).CPP(), ",0>")+">")
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
