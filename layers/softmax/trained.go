package softmax

import (
	"math"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/sim"
)

// Tables are the types of the tables of a softmax that was trained with them: HGQ2's QSoftmax.
type Tables struct {
	Exp, Inv fixed.Format // of the entries
	InvInput fixed.Format // of the sum, which addresses the table of inverses
	Norm     fixed.Format // of max-x, which addresses the table of exponentials in the stable form
}

// setTypes gives the node the types that it was trained with, but for those of the configuration.
func (t *Tables) setTypes(n *ir.Node, stable bool) {
	types := []struct {
		role string
		f    fixed.Format
	}{{"exp_table_t", t.Exp}, {"inv_table_t", t.Inv}, {"inv_inp_t", t.InvInput}, {"inp_norm_t", t.Norm}}
	if !stable {
		types = types[:3]
	}
	for _, own := range types {
		if n.Type(own.role) == nil {
			n.SetType(own.role, &ir.Type{Name: n.Name + "_" + own.role, Format: own.f})
		}
	}
}

// sumFormat is the type of the sums of so many entries of the table of exponentials: it loses nothing that
// the type inv addresses the next table by. Mirrors register_precision for Softmax of hls4ml's
// bit_exact.py.
func sumFormat(exp, inv fixed.Format, terms int) fixed.Format {
	grow := int(math.Ceil(math.Log2(float64(terms))))
	f := fixed.Format{W: exp.F() + grow + inv.I + grow, I: inv.I, Signed: inv.Signed}
	if inv.O != fixed.WRAP { // all of the sum must be there to be limited
		f.W, f.I = f.W+grow, f.I+grow
	}
	f.W = max(f.W, 1)
	return f
}

// reference is the softmax that was trained: tables in float32, as the framework's layer computes them.
func (t *Tables) reference(a *Attrs) func(x, y []float64, places []int) {
	scale := float32(expScale(a))
	exp := func(x float64) float64 {
		v := float32(x) * scale
		if a.Implementation == Stable {
			v = -v
		}
		return nearest(math.Exp(float64(v)), t.Exp)
	}
	return func(x, y []float64, places []int) {
		top := 0.0
		if a.Implementation == Stable {
			top = x[places[0]]
			for _, p := range places {
				top = max(top, x[p])
			}
		}
		sum := 0.0
		for _, p := range places {
			v := x[p]
			if a.Implementation == Stable {
				v = nearest(top-v, t.Norm)
			}
			y[p] = exp(v)
			sum += y[p]
		}
		const epsilon = 1e-7 // of Keras
		inverse := nearest(float64(1/(float32(nearest(sum, t.InvInput))+epsilon)), t.Inv)
		for _, p := range places {
			y[p] *= inverse
		}
	}
}

// nearest is x, rounded to float32 first, in the format.
func nearest(x float64, f fixed.Format) float64 {
	n := sim.FromFloat32(float32(x), f)
	return fixed.ToFloat64Big(n.X, f)
}
