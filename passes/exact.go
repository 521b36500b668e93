package passes

import (
	"fmt"
	"math"
	"slices"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/quant"
)

// quantizer is the kind whose presence asks for exact types.
const quantizer = "FixedPointQuantizer"

// BitExact gives every tensor the narrowest type that loses nothing: what its layer can make of the values
// before it, cut down to what the layers behind can use. It runs when Model: BitExact says so, or when the
// network has fixed-point quantizers.
var BitExact = ir.Pass{
	Name: "bit_exact",
	Doc:  "derive types that lose nothing, from quantizers and weights",
	Whole: func(g *ir.Graph) (bool, error) {
		has := slices.ContainsFunc(g.Nodes, kind(quantizer))
		enabled, set := g.Config.BitExact()
		if set && !enabled || !set && !has {
			return false, nil
		}
		if has {
			for _, n := range slices.Clone(g.Nodes) {
				if isActivation(n) && function(n) == "linear" {
					if err := g.Remove(n); err != nil {
						return false, err
					}
				}
			}
		}
		return true, newExact().run(g.Nodes)
	},
}

// exact is one run of the derivation. What nodes produce is computed anew each time that a reader asks, as in
// hls4ml, where computing a quantizer narrows it; memo saves only what would come out the same.
type exact struct {
	produced  map[*ir.Node]kif
	requested map[*ir.Node][]kif
	memo      map[*ir.Node]remembered
	changes   int // of quantizers, and of arrays that others hold
}

type remembered struct {
	at  int
	kif kif
}

func newExact() *exact {
	return &exact{
		produced: map[*ir.Node]kif{}, requested: map[*ir.Node][]kif{}, memo: map[*ir.Node]remembered{},
	}
}

func (e *exact) run(nodes []*ir.Node) error {
	for _, n := range nodes {
		if n.Exact {
			continue
		}
		x, err := e.produce(n)
		if err != nil {
			return err
		}
		e.produced[n] = x
	}
	for _, n := range nodes {
		if n.Exact {
			continue
		}
		if err := e.register(n); err != nil {
			return err
		}
		n.Exact = true
	}
	return nil
}

// inputs lists the nodes that make the inputs of n.
func inputs(n *ir.Node) []*ir.Node {
	var out []*ir.Node
	for _, in := range n.Inputs {
		if p := n.Graph().Producer(in); p != nil {
			out = append(out, p)
		}
	}
	return out
}

// readers lists the nodes that read an output of n, each once.
func readers(n *ir.Node) []*ir.Node {
	var out []*ir.Node
	for _, c := range consumers(n) {
		if !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	return out
}

// made is what n produced when it was last asked with cached answers.
func (e *exact) made(n *ir.Node) (kif, error) {
	if x, ok := e.produced[n]; ok {
		return x, nil
	}
	x, err := e.produce(n)
	if err == nil {
		e.produced[n] = x
	}
	return x, err
}

// wanted is what the readers of n can use of its output. mirrors requested_kif.
func (e *exact) wanted(n *ir.Node) (kif, error) {
	shape, list := n.Out().Shape, readers(n)
	if len(list) == 0 {
		return anyKIF(shape), nil
	}
	out := newKIF(shape, 0, -127, -127)
	for _, r := range list {
		parts, err := e.request(r)
		if err != nil {
			return out, err
		}
		if out, err = combine(out, parts[slices.Index(inputs(r), n)], larger); err != nil {
			return out, n.Errorf("%w", err)
		}
	}
	return out, nil
}

// register gives n its types. mirrors default_register_precision.
func (e *exact) register(n *ir.Node) error {
	if !trusted(n) {
		if err := e.registerTypes(n); err != nil {
			return err
		}
	}
	return e.registerMore(n)
}

func (e *exact) registerTypes(n *ir.Node) error {
	made, err := e.made(n)
	if err != nil {
		return err
	}
	wanted, err := e.wanted(n)
	if err != nil {
		return err
	}
	both, err := combine(made, wanted, smaller)
	if err != nil {
		return n.Errorf("%w", err)
	}
	if wraps(n) {
		both.k = wanted.k
	}
	n.Out().Type = &ir.Type{Name: n.Name + "_t", Format: both.format()}
	if n.Type("accum_t") != nil {
		n.SetType("accum_t", &ir.Type{Name: n.Name + "_accum_t", Format: made.format()})
	}
	for _, w := range n.Weights {
		if w.Type.Format.Kind == fixed.KindExponent {
			return n.Errorf("%s: got power-of-two weights, which have no exact type", w.Role)
		}
		k, i, f := minimalKIF(w.Data.Data...)
		w.Type = &ir.Type{Name: n.Name + "_" + w.Role + "_t", Format: exactFormat(k, i, f)}
	}
	return nil
}

// wraps reports whether a quantizer behind n drops the bits above its own. mirrors
// requested_by_non_saturating_quantizer.
func wraps(n *ir.Node) bool {
	for _, r := range readers(n) {
		if a, ok := r.Attrs.(*quant.FixedPointAttrs); ok && a.SAT != "SAT" && a.SAT != "SAT_SYM" {
			return true
		}
		if r.Kind == "Reshape" {
			return wraps(r)
		}
	}
	return false
}

// trusted reports whether the type of n comes from its framework and stays.
func trusted(n *ir.Node) bool {
	v, _ := ir.GetAttr(n.Attrs, "trusted")
	b, _ := v.(bool)
	return b
}

// registerMore sets what single kinds need beyond their types.
func (e *exact) registerMore(n *ir.Node) error {
	switch {
	case n.Kind == "Softmax":
		n.Graph().Warnf("Softmax %q: its sums keep the type of the configuration: the result is not exact", n.Name)
	case n.Kind == "ParametrizedActivation":
		v, _ := ir.GetAttr(n.Attrs, "activ_param")
		p, _ := v.(float64)
		n.SetType("param_t", &ir.Type{Name: n.Name + "_param_t", Format: exactFormat(minimalKIF(p))})
	case isActivation(n):
		return e.registerTable(n)
	case isPooling(n) && isAverage(n):
		accum := n.Type("accum_t")
		grow := int(math.Ceil(math.Log2(float64(ir.Size(pixels(n))))))
		accum.Format.W += grow
		accum.Format.I += grow
	}
	return nil
}

// registerTable sizes the table of an activation for the grid of its input.
func (e *exact) registerTable(n *ir.Node) error {
	x, err := e.produce(inputs(n)[0])
	if err != nil {
		return err
	}
	k, i, f := slices.Max(x.k), slices.Max(x.i), slices.Max(x.f)
	size := math.Trunc(math.Ldexp(1, k+i+f))
	switch lower(function(n)) {
	case "tanh":
		size = math.Trunc(math.Ldexp(8, f))
	case "sigmoid":
		size = math.Trunc(math.Ldexp(16, f))
	}
	_, err = ir.SetAttr(n.Attrs, "table_size", int(min(size, 1<<62)))
	return err
}

// wrongKind is the error for kinds without a rule.
func wrongKind(n *ir.Node) error {
	return n.Errorf("BitExact: no rule for the kind, want another layer, or BitExact: false")
}

func intAttr(n *ir.Node, name string) int {
	v, ok := ir.GetAttr(n.Attrs, name)
	i, isInt := v.(int)
	if !ok || !isInt {
		panic(fmt.Sprintf("BUG: %s %q has no attribute %s", n.Kind, n.Name, name))
	}
	return i
}
