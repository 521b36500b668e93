package clean

import (
	"math"
	"slices"

	"github.com/hlsgo/hlsgo/frontend/onnx/graph"
)

// joinQuantizers makes one Quant of QuantizeLinear, perhaps a Clip, and DequantizeLinear, and of constants
// that are stored as whole numbers. What cannot be one stays, and is refused with all that cannot be read.
func joinQuantizers(g *graph.Graph) error {
	for _, step := range []func(*graph.Graph) error{lowerIntegers, raiseDequantizers, splitTruncs} {
		if err := step(g); err != nil {
			return err
		}
	}
	producers := g.Producers()
	err := exchange(g, func(n *graph.Node) ([]*graph.Node, error) {
		if !isQDQ(n, "DequantizeLinear") {
			return nil, nil
		}
		return joined(g, n, producers)
	})
	if err != nil {
		return err
	}
	return afterwards(g)
}

// exchange puts other nodes in the place of each for which there are some.
func exchange(g *graph.Graph, with func(n *graph.Node) ([]*graph.Node, error)) error {
	out := make([]*graph.Node, 0, len(g.Nodes))
	for _, n := range g.Nodes {
		parts, err := with(n)
		if err != nil {
			return n.Errorf("%w", err)
		}
		if parts == nil {
			parts = []*graph.Node{n}
		}
		out = append(out, parts...)
	}
	g.Nodes = out
	return nil
}

// afterwards takes out what nobody reads any more, and works out shapes anew.
func afterwards(g *graph.Graph) error {
	if err := removeDead(g); err != nil {
		return err
	}
	return inferShapes(g)
}

// microsoft is the domain of operators that onnxruntime adds, and of some of ONNX with more element types.
const microsoft = "com.microsoft"

func isQDQ(n *graph.Node, op string) bool { return n.Op == op && (n.Is(op) || n.Domain == microsoft) }

// joined are the nodes that take the place of a DequantizeLinear; nil where it must stay.
func joined(g *graph.Graph, n *graph.Node, producers map[string]*graph.Node) ([]*graph.Node, error) {
	s, err := stepsOf(g, n)
	if err != nil || s == nil {
		return nil, err
	}
	if t := g.Init(n.Input(0)); t != nil {
		whole, err := t.Data()
		if err != nil {
			return nil, err
		}
		return constantQuant(g, n, s, t.Dims, whole)
	}
	q, limits, err := quantizerBehind(g, n, producers)
	switch {
	case err != nil:
		return nil, err
	case q == nil && slices.Contains(g.Inputs, n.Input(0)):
		return scaledInput(g, n, s)
	case q == nil:
		return nil, nil
	}
	own, err := stepsOf(g, q)
	if err != nil || own == nil || !own.equal(s) {
		return nil, err
	}
	if t := g.Init(q.Input(0)); t != nil {
		data, err := t.Data()
		if err != nil {
			return nil, err
		}
		return constantQuant(g, n, s, t.Dims, own.quantize(data, t.Dims, limits))
	}
	return activationQuant(g, n, q.Input(0), s, limits)
}

// span are the least and the largest whole number of a quantizer.
type span struct{ least, most float64 }

// spanOf are the numbers of an element type.
func spanOf(t graph.DType) span {
	if !t.Signed() {
		return span{0, math.Ldexp(1, t.Bits()) - 1}
	}
	half := math.Ldexp(1, t.Bits()-1)
	return span{-half, half - 1}
}

// quantizerBehind is the QuantizeLinear that makes what n reads, with the numbers that it gives, a Clip
// between included; nil where there is none.
func quantizerBehind(
	g *graph.Graph, n *graph.Node, producers map[string]*graph.Node,
) (*graph.Node, span, error) {
	p := producers[n.Input(0)]
	var clip *graph.Node
	if p != nil && p.Is("Clip") {
		clip, p = p, producers[p.Input(0)]
	}
	if p == nil || !isQDQ(p, "QuantizeLinear") {
		return nil, span{}, nil
	}
	t, err := elementOf(g, p)
	if err != nil || !t.Integer() {
		return nil, span{}, err
	}
	limits := spanOf(t)
	if clip == nil {
		return p, limits, nil
	}
	for i, end := range []*float64{nil, &limits.least, &limits.most} {
		if end == nil || clip.Input(i) == "" {
			continue
		}
		c := g.Init(clip.Input(i))
		if c == nil {
			return nil, span{}, nil
		}
		v, err := c.Scalar()
		if err != nil {
			return nil, span{}, err
		}
		if i == 1 {
			*end = max(*end, v)
		} else {
			*end = min(*end, v)
		}
	}
	return p, limits, nil
}

// elementOf is the element type of what a QuantizeLinear makes.
func elementOf(g *graph.Graph, n *graph.Node) (graph.DType, error) {
	if t := g.Init(n.Input(2)); t != nil {
		return t.Type, nil
	}
	t, err := n.Int("output_dtype", 0)
	if err != nil || t != 0 {
		return graph.DType(t), err
	}
	return graph.Uint8, nil
}

// activationQuant is a Quant of a tensor that is computed; nil where no type has such numbers.
func activationQuant(g *graph.Graph, n *graph.Node, in string, s *steps, limits span) ([]*graph.Node, error) {
	zero := s.zero[0]
	if slices.ContainsFunc(s.zero, func(z float64) bool { return z != zero }) || s.block > 0 {
		return nil, nil
	}
	f, ok := formOf(span{limits.least - zero, limits.most - zero})
	zero = 0
	if !ok { // a zero point that no type without one has
		zero = s.zero[0]
		if f, ok = formOf(limits); !ok {
			return nil, nil
		}
	}
	scale := func() string { return g.Constant(graph.Float, s.shape(g.Shape(in)), s.scale) }
	last := quantNode(g, n, in, scale(), zero, f)
	if math.Mod(zero, 2) == 0 {
		return []*graph.Node{last}, nil
	}
	// QuantizeLinear rounds before it adds the zero point, Quant behind: ties go the other way where that is
	// odd. Whole numbers have no ties.
	whole, ok := holds(span{limits.least - zero, limits.most - zero})
	if !ok {
		return nil, nil
	}
	first := quantNode(g, n, in, scale(), 0, whole)
	first.Outputs = []string{g.Fresh()}
	last.Inputs[0] = first.Outputs[0]
	return []*graph.Node{first, last}, nil
}

// form is a range of numbers as Quant says it.
type form struct {
	bits           int
	signed, narrow bool
}

// formOf finds the form of a range; ok is false where there is none.
func formOf(r span) (f form, ok bool) {
	for bits := 1; bits <= 64; bits++ {
		half := math.Ldexp(1, bits-1)
		switch r {
		case span{0, 2*half - 1}:
			return form{bits: bits}, true
		case span{-half, half - 1}:
			return form{bits: bits, signed: true}, bits > 1
		case span{-half + 1, half - 1}:
			return form{bits: bits, signed: true, narrow: true}, bits > 1
		}
	}
	return f, false
}

// quantNode is a Quant in the place of n.
func quantNode(g *graph.Graph, n *graph.Node, in, scale string, zero float64, f form) *graph.Node {
	flag := func(on bool) graph.Attr {
		if on {
			return graph.IntOf(1)
		}
		return graph.IntOf(0)
	}
	return &graph.Node{
		Op: "Quant", Domain: "qonnx.custom_op.general", Outputs: slices.Clone(n.Outputs), Origin: n.Label(),
		Inputs: []string{
			in, scale, g.Constant(graph.Float, []int{}, []float64{zero}),
			g.Constant(graph.Float, []int{}, []float64{float64(f.bits)}),
		},
		Attrs: map[string]graph.Attr{
			"signed": flag(f.signed), "narrow": flag(f.narrow), KeepZero: graph.IntOf(1),
			"rounding_mode": {Type: graph.TextAttr, Text: "ROUND"},
		},
	}
}

// KeepZero is an attribute of a Quant of our own: hls4ml has never seen the model as one of QONNX, so that
// what it gets wrong with zero points binds nobody.
const KeepZero = "keep_zero"

// constantQuant is a Quant of constants that are stored as whole numbers. Zero points are taken off, and
// scales that are several powers of two become the smallest of them.
func constantQuant(
	g *graph.Graph, n *graph.Node, s *steps, dims []int, whole []float64,
) ([]*graph.Node, error) {
	scales, err := s.scales(dims)
	if err != nil {
		return nil, err
	}
	units, values, most := make([]float64, len(whole)), make([]float64, len(whole)), span{}
	for i, q := range whole {
		units[i] = q - s.zeroAt(dims, i)
		values[i] = float64(float32(units[i]) * float32(scales(i)))
	}
	scale, shape := s.scale, s.shape(dims)
	if least, ok := leastPower(s.scale); ok {
		for i := range units {
			units[i] *= scales(i) / least
		}
		scale, shape = []float64{least}, []int{}
	} else if s.block > 0 {
		scale, shape = make([]float64, len(whole)), dims
		for i := range scale {
			scale[i] = scales(i)
		}
	}
	for _, u := range units {
		most = span{min(most.least, u), max(most.most, u)}
	}
	f, ok := holding(most, n, g)
	if !ok {
		return nil, nil
	}
	in := g.Constant(graph.Float, dims, values)
	return []*graph.Node{quantNode(g, n, in, g.Constant(graph.Float, shape, scale), 0, f)}, nil
}

// leastPower is the smallest of scales that are powers of two; ok is false for others, and for those so far
// apart that one type for all were absurd.
func leastPower(scales []float64) (least float64, ok bool) {
	most := 0.0
	least = math.Inf(1)
	for _, s := range scales {
		if mantissa, _ := math.Frexp(s); mantissa != 0.5 {
			return 0, false
		}
		least, most = min(least, s), max(most, s)
	}
	return least, most <= least*(1<<16)
}

// holding is the form of constants: that of their element type where it is short and holds them, else the
// least.
func holding(r span, n *graph.Node, g *graph.Graph) (form, bool) {
	t := g.Value(n.Input(0)).Type
	if t.Integer() && t.Bits() <= 8 {
		own := form{bits: t.Bits(), signed: r.least < 0}
		if own.holds(r) {
			return own, true
		}
	}
	return holds(r)
}

// holds is the shortest form that holds a range; ok is false where none does.
func holds(r span) (f form, ok bool) {
	for bits := 2; bits <= 64; bits++ {
		if f := (form{bits: bits, signed: r.least < 0}); f.holds(r) {
			return f, true
		}
	}
	return form{}, false
}

func (f form) holds(r span) bool {
	if !f.signed {
		return r.least >= 0 && r.most < math.Ldexp(1, f.bits)
	}
	half := math.Ldexp(1, f.bits-1)
	return r.least >= -half && r.most < half
}

// scaledInput takes an input of whole numbers for real ones, with their zero point taken off and scaled.
func scaledInput(g *graph.Graph, n *graph.Node, s *steps) ([]*graph.Node, error) {
	if len(s.scale) > 1 || s.block > 0 {
		return nil, nil
	}
	in := n.Input(0)
	g.SetValue(in, graph.Value{Type: graph.Float, Dims: g.Shape(in)})
	var parts []*graph.Node
	if s.zero[0] != 0 {
		out := g.Fresh()
		parts = append(parts, &graph.Node{
			Op: "Sub", Inputs: []string{in, g.Constant(graph.Float, []int{}, s.zero[:1])}, Outputs: []string{out},
			Origin: n.Label(),
		})
		in = out
	}
	return append(parts, &graph.Node{
		Op: "Mul", Inputs: []string{in, g.Constant(graph.Float, []int{}, s.scale)},
		Outputs: slices.Clone(n.Outputs), Origin: n.Label(),
	}), nil
}
