package hlsgo

import (
	"context"
	"fmt"
	"math/big"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
	"github.com/hlsgo/hlsgo/layers/quant"
	"github.com/hlsgo/hlsgo/sim"
)

// Exactness tells whether the firmware answers as the trained model does, in every bit.
type Exactness struct {
	Samples   int // compared
	Values    int // of all outputs
	Different int
	// Where is the first quantizer that makes other values than the model's, and Why a reason that is known
	// of it; "" where no quantizer is the first, or no reason is known.
	Where, Why string
}

// Exact reports whether all values are equal.
func (e *Exactness) Exact() bool { return e.Different == 0 }

// Quantized reports whether the network was trained in fixed point, with a quantizer for each tensor, so
// that firmware can be equal to it in every bit.
func (m *Model) Quantized() bool {
	for _, l := range m.parsed.Layers {
		if _, ok := l.Attrs.(layers.Quantizing); ok {
			return true
		}
	}
	return false
}

// Exactness compares what the firmware and the trained model, computed in float32 as its framework does,
// answer to the samples: one array per input, in the model's order.
func (m *Model) Exactness(ctx context.Context, in ...*Array) (*Exactness, error) {
	firmware, err := m.Trace(ctx, TraceOptions{}, in...)
	if err != nil {
		return nil, err
	}
	model, err := m.Trace(ctx, TraceOptions{Float: true}, in...)
	if err != nil {
		return nil, err
	}
	e := &Exactness{Samples: in[0].Samples()}
	for k, a := range firmware.Outputs {
		n, err := different(a, model.Outputs[k])
		if err != nil {
			return nil, err
		}
		e.Values, e.Different = e.Values+max(len(a.F32), len(a.F64)), e.Different+n
	}
	if e.Exact() {
		return e, nil
	}
	return e, m.firstDifferent(e, firmware, model)
}

// firstDifferent finds the first quantizer whose values differ. Layers between quantizers may have values
// of their own: what nobody looks at is left out of them.
func (m *Model) firstDifferent(e *Exactness, firmware, model *Trace) error {
	g, err := m.Graph()
	if err != nil {
		return err
	}
	for _, n := range g.Nodes {
		_, ok := n.Attrs.(layers.Quantizing)
		a, b := firmware.Layer(n.Name), model.Layer(n.Name)
		if !ok || a == nil || b == nil {
			continue
		}
		if sameIn(n.Out().Type.Format, a, b) {
			continue
		}
		e.Where, e.Why = n.Name, known(n)
		return nil
	}
	return nil
}

// known is a reason that is known of a quantizer.
func known(n *ir.Node) string {
	a, ok := n.Attrs.(*quant.FixedPointAttrs)
	if !ok {
		return ""
	}
	for entry := range a.B {
		if t := a.Type(entry); t.W == 1 && t.Signed && t.O == fixed.SATSym {
			return "of one bit, the sign, SAT_SYM left zero when it was trained, and leaves -1 in the firmware"
		}
	}
	return ""
}

// sameIn says whether the firmware's values in the format are the model's: bits that nobody looks at may
// be left out of the format.
func sameIn(f fixed.Format, firmware, model *Array) bool {
	x, y := doubles([]*Array{firmware})[0], doubles([]*Array{model})[0]
	raw := new(big.Int)
	for i, v := range y {
		if i >= len(x) || fixed.ToFloat64Big(fixed.FromFloat64Big(raw, v, f), f) != x[i] {
			return false
		}
	}
	return true
}

// different counts the values that are not the same numbers.
func different(a, b *Array) (int, error) {
	x, y := doubles([]*Array{a})[0], doubles([]*Array{b})[0]
	if len(x) != len(y) {
		return 0, fmt.Errorf("trained model: got %d values, want the %d of the firmware", len(y), len(x))
	}
	n := 0
	for i, v := range x {
		if v != y[i] && (v == v || y[i] == y[i]) {
			n++
		}
	}
	return n, nil
}

// The bounds of what PredictFiles compares: samples, and values of all layers together.
const (
	exactSamples = 1024
	exactValues  = 1 << 21
)

// kept are the first samples of a run.
type kept struct {
	in    []*Array // per input
	sizes []int
	most  int // samples to keep
}

// keep says how many samples of a run may be compared.
func keep(g *ir.Graph, p *sim.Program) *kept {
	k := &kept{}
	for _, in := range p.Inputs {
		size := ir.Size(in.Shape)
		k.sizes, k.in = append(k.sizes, size), append(k.in, &Array{Shape: []int{0, size}})
	}
	values := 1
	for _, n := range g.Nodes {
		values += n.Out().Size()
	}
	k.most = max(1, min(exactSamples, exactValues/values))
	return k
}

// take keeps the first of n samples; in is a [][]float32 or a [][]float64, one slice per input.
func (k *kept) take(in any, n int) {
	n = min(n, k.most-k.in[0].Shape[0])
	for i, a := range k.in {
		switch in := in.(type) {
		case [][]float32:
			a.F32 = append(a.F32, in[i][:n*k.sizes[i]]...)
		case [][]float64:
			a.F64 = append(a.F64, in[i][:n*k.sizes[i]]...)
		}
		a.Shape[0] += n
	}
}
