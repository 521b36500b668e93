package spell

import (
	"fmt"
	"math"
	"math/big"

	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/codegen/adders"
	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
)

// Adders is a product with constants whose firmware is a graph of adders.
type Adders struct {
	Name   string         // of the function
	Inputs []fixed.Format // to which values are converted as they come in; of no bits where they are zero
	Outs   int
	Weight []float64 // (inputs, outputs)
	Bias   []float64 // nil: none
}

// AdderFunction writes the function <name><inp_t, out_t>(model_inp, model_out): every value in it has a type
// that holds all it can be, and the results alone are converted.
func AdderFunction(env *codegen.Env, n *ir.Node, a Adders) (string, error) {
	for i, v := range append(append([]float64(nil), a.Weight...), a.Bias...) {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return "", n.Errorf("weight %d: Strategy distributed_arithmetic: got %v, want a number", i, v)
		}
	}
	m := adders.Matrix{Ins: len(a.Inputs), Outs: a.Outs, W: a.Weight}
	g := adders.Pairs{}.Solve(m)
	if err := g.Check(m); err != nil {
		return "", n.Errorf("%w", err)
	}
	w := adderWriter{env: env, graph: g, ranges: g.Ranges(inputRanges(a.Inputs))}
	w.Line("template <class inp_t, class out_t>")
	w.Open("void %s(inp_t model_inp[%d], out_t model_out[%d]) {", a.Name, len(a.Inputs), a.Outs)
	w.Line("%s", env.Spell.Inline())
	w.inputs(a.Inputs)
	for i, o := range g.Ops {
		sign := "+"
		if o.Sub {
			sign = "-"
		}
		v := g.Inputs + i
		w.Line("const %s v%d = v%d %s %s;", w.typeOf(v), v, o.A, sign, shifted(o.B, o.Shift))
	}
	for j, t := range g.Outputs {
		bias := 0.0
		if a.Bias != nil {
			bias = a.Bias[j]
		}
		w.Line("model_out[%d] = out_t(%s);", j, w.result(t, bias))
	}
	w.Close("}")
	return w.String(), nil
}

type adderWriter struct {
	codegen.Writer
	env    *codegen.Env
	graph  adders.Graph
	ranges []adders.Range
}

// inputs names the inputs that the graph reads.
func (w *adderWriter) inputs(types []fixed.Format) {
	used := make([]bool, w.graph.Inputs+len(w.graph.Ops))
	for _, o := range w.graph.Ops {
		used[o.A], used[o.B] = true, true
	}
	for _, t := range w.graph.Outputs {
		if t.Value != adders.None {
			used[t.Value] = true
		}
	}
	for i, t := range types {
		switch {
		case !used[i]:
		case t.W < 1:
			w.Line("const %s v%d = 0;", w.env.Spell.Type(fixed.UFixed(1, 0)), i)
		default:
			w.Line("const %s v%d = model_inp[%d];", w.env.Spell.Type(t), i, i)
		}
	}
}

func (w *adderWriter) typeOf(value int) string {
	width, whole, signed := w.ranges[value].Bits()
	return w.env.Spell.Type(fixed.Format{W: width, I: whole, Signed: signed})
}

func shifted(value, shift int) string {
	if shift == 0 {
		return fmt.Sprintf("v%d", value)
	}
	return fmt.Sprintf("nnet::bit_shift<%d>(v%d)", shift, value)
}

// result is a term plus a constant, in full.
func (w *adderWriter) result(t adders.Term, bias float64) string {
	text := ""
	if t.Value != adders.None {
		text = shifted(t.Value, t.Shift)
		if t.Neg {
			text = "-" + text
		}
	}
	switch {
	case bias == 0 && text == "":
		return "0"
	case bias == 0:
		return text
	case text == "":
		return w.constant(bias)
	}
	return text + " + " + w.constant(bias)
}

// constant is v as a number of the narrowest type.
func (w *adderWriter) constant(v float64) string {
	f := fixed.Exactly(v)
	return fmt.Sprintf("%s(%s)", w.env.Spell.Type(f), codegen.FloatText(v))
}

// inputRanges are those of the types; values of no bits are zero.
func inputRanges(types []fixed.Format) []adders.Range {
	out := make([]adders.Range, len(types))
	for i, t := range types {
		if t.W < 1 {
			out[i] = adders.Range{Lo: new(big.Int), Hi: new(big.Int)}
			continue
		}
		top := t.W
		lo := new(big.Int)
		if t.Signed {
			top--
			lo.Lsh(big.NewInt(-1), uint(top))
		}
		hi := new(big.Int).Lsh(big.NewInt(1), uint(top))
		out[i] = adders.Range{Lo: lo, Hi: hi.Sub(hi, big.NewInt(1)), F: t.F()}
	}
	return out
}
