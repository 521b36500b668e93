package passes

import (
	"math"
	"math/big"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/fixed/kif"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/norm"
)

// NoteScales says in one line how far the scales of quantizers are from what their types hold. It changes
// nothing, and so is never done.
var NoteScales = ir.Pass{
	Name:  "note_scales",
	Doc:   "tell how far scales of quantizers are from their types",
	Whole: func(g *ir.Graph) (bool, error) { return false, noteScales(g) },
}

// heldScale is a scale and what its type makes of it.
type heldScale struct {
	node       *ir.Node
	want, held float64
}

func (h heldScale) off() float64 { return math.Abs(h.held-h.want) / math.Abs(h.want) }

func noteScales(g *ir.Graph) error {
	var worst heldScale
	inexact := 0
	for _, n := range g.Nodes {
		a, ok := n.Attrs.(*norm.AlphaAttrs)
		if !ok || !a.Quantizer {
			continue
		}
		h, ok := worstScale(n)
		if !ok {
			continue
		}
		inexact++
		if worst.node == nil || h.off() > worst.off() {
			worst = h
		}
	}
	if inexact == 0 {
		return nil
	}
	n := worst.node
	g.Warnf("scales of quantizers that are no powers of two: their types do not hold those of %d layers; the "+
		"worst is %q: %.6g is held as %.6g in %s, %.2g%% off; %s would hold it", inexact, n.Name, worst.want,
		worst.held, n.Format("scale_t"), 100*worst.off(), exactScale(worst.want))
	return nil
}

// worstScale is the scale of n that is furthest from what its type holds; ok is false where all are held.
func worstScale(n *ir.Node) (worst heldScale, ok bool) {
	w := n.Weight("scale")
	if !w.Type.Format.IsFixedOrInt() {
		return worst, false
	}
	raw := new(big.Int)
	for _, want := range w.Unquantized.Data {
		fixed.QuantizeTextBig(raw, want, w.Type.Text(), w.Type.Format)
		h := heldScale{n, want, fixed.ToFloat64Big(raw, w.Type.Format)}
		if want != 0 && h.held != want && (!ok || h.off() > worst.off()) {
			worst, ok = h, true
		}
	}
	return worst, ok
}

// exactScale is the shortest type that holds a scale.
func exactScale(v float64) fixed.Format { return kif.Format(kif.Minimal(v)) }
