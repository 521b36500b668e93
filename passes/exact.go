package passes

import (
	"slices"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/fixed/kif"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// BitExact gives every tensor the narrowest type that loses nothing: what its layer can make of the values
// before it, cut down to what the layers behind can use. It runs when Model: BitExact says so, or when the
// network has fixed-point quantizers.
//
// Linear activations go first where there are quantizers: a front end puts them behind layers without an
// activation, and their configured type would stand between a layer and its quantizer.
//
// What a kind makes and wants is layers.Def.Bits; here is the walk alone.
var BitExact = ir.Pass{
	Name: "bit_exact",
	Doc:  "derive types that lose nothing, from quantizers and weights",
	Whole: func(g *ir.Graph) (bool, error) {
		has := slices.ContainsFunc(g.Nodes, isQuantizer)
		enabled, set := g.Config.BitExact()
		if set && !enabled || !set && !has {
			return false, nil
		}
		if has {
			for _, n := range slices.Clone(g.Nodes) {
				if isLinear(n) {
					if err := g.Remove(n); err != nil {
						return false, err
					}
				}
			}
		}
		return true, newExact().run(g.Nodes)
	},
}

// isQuantizer reports whether n converts each value to a type of its own.
func isQuantizer(n *ir.Node) bool {
	_, ok := n.Attrs.(layers.Quantizing)
	return ok
}

// exact is one run of the derivation. What nodes produce is computed anew each time that a reader asks, as in
// hls4ml, where computing a quantizer narrows it; memo saves only what would come out the same.
type exact struct {
	produced  map[*ir.Node]kif.Tensor
	requested map[*ir.Node][]kif.Tensor
	memo      map[*ir.Node]remembered
	changes   int // of quantizers, and of arrays that others hold
}

// remembered is an answer, and how many changes there had been: after one more it may not hold.
type remembered struct {
	at   int
	bits kif.Tensor
}

func newExact() *exact {
	return &exact{
		produced: map[*ir.Node]kif.Tensor{}, requested: map[*ir.Node][]kif.Tensor{},
		memo: map[*ir.Node]remembered{},
	}
}

// run goes forward through all nodes, then gives each its types. Nodes that have them from a run before,
// which a flow that began again may ask for, stay as they are.
func (e *exact) run(nodes []*ir.Node) error {
	nodes = slices.DeleteFunc(slices.Clone(nodes), func(n *ir.Node) bool { return n.Exact })
	if err := e.derive(nodes); err != nil {
		return err
	}
	for _, n := range nodes {
		n.Exact = true
	}
	return nil
}

// derive asks the nodes what they make before any gets its type: types depend on what is wanted, which
// readers say only once they have narrowed themselves.
func (e *exact) derive(nodes []*ir.Node) error {
	for _, n := range nodes {
		x, err := e.produce(n)
		if err != nil {
			return err
		}
		e.produced[n] = x
	}
	for _, n := range nodes {
		if err := e.register(n); err != nil {
			return err
		}
	}
	return nil
}

// asked is what the rule of a node sees of the run.
type asked struct {
	e *exact
	n *ir.Node
}

// In implements layers.BitsEnv.
func (a asked) In(i int) (kif.Tensor, error) { return a.input(i, a.e.produce) }

// Kept implements layers.BitsEnv.
func (a asked) Kept(i int) (kif.Tensor, error) { return a.input(i, a.e.made) }

func (a asked) input(i int, answer func(*ir.Node) (kif.Tensor, error)) (kif.Tensor, error) {
	p := a.n.Graph().Producer(a.n.Inputs[i])
	if p == nil {
		return kif.Tensor{}, a.n.Errorf("input %q: got no layer that makes it", a.n.Inputs[i])
	}
	return answer(p)
}

// Wanted implements layers.BitsEnv.
func (a asked) Wanted() (kif.Tensor, error) { return a.e.wanted(a.n) }

// Changed implements layers.BitsEnv.
func (a asked) Changed() { a.e.changes++ }

// bitsOf is the part of the kind of n; one without rules for unknown kinds.
func bitsOf(n *ir.Node) layers.Bits {
	d, ok := layers.DefOf(n)
	if !ok {
		return layers.Bits{}
	}
	return d.Bits
}

// produce says with how many bits n makes its output. mirrors _produce_kif of hls4ml's
// model/optimizer/passes/bit_exact.py. An answer is remembered only when giving it changed nothing.
func (e *exact) produce(n *ir.Node) (kif.Tensor, error) {
	if m, ok := e.memo[n]; ok && m.at == e.changes {
		return m.bits, nil
	}
	rule := bitsOf(n).Make
	if rule == nil {
		return kif.Tensor{}, n.Errorf("%w", layers.ErrNoBits)
	}
	before := e.changes
	x, err := rule(n, asked{e, n})
	if err != nil {
		return x, err
	}
	if before == e.changes {
		e.memo[n] = remembered{e.changes, x}
	}
	return x, nil
}

// made is what n produced when it was last asked with cached answers.
func (e *exact) made(n *ir.Node) (kif.Tensor, error) {
	if x, ok := e.produced[n]; ok {
		return x, nil
	}
	x, err := e.produce(n)
	if err == nil {
		e.produced[n] = x
	}
	return x, err
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

// request says what n can use of each of its inputs, and keeps the answer. mirrors _request_kif.
func (e *exact) request(n *ir.Node) ([]kif.Tensor, error) {
	if r, ok := e.requested[n]; ok {
		return r, nil
	}
	var r []kif.Tensor
	var err error
	if rule := bitsOf(n).Want; rule != nil {
		r, err = rule(n, asked{e, n})
	} else {
		for _, p := range inputs(n) {
			r = append(r, kif.All(p.Out().Shape))
		}
	}
	if err == nil {
		e.requested[n] = r
	}
	return r, err
}

// wanted is what the readers of n can use of its output: all that any of them can. An output of the network
// is wanted whole. mirrors requested_kif.
func (e *exact) wanted(n *ir.Node) (kif.Tensor, error) {
	shape, list := n.Out().Shape, readers(n)
	if len(list) == 0 {
		return kif.All(shape), nil
	}
	out := kif.New(shape, 0, -127, -127)
	for _, r := range list {
		parts, err := e.request(r)
		if err != nil {
			return out, err
		}
		if out, err = kif.Combine(out, parts[slices.Index(inputs(r), n)], kif.Larger); err != nil {
			return out, n.Errorf("%w", err)
		}
	}
	return out, nil
}

// register gives n its types, but for those that it trusts. mirrors default_register_precision.
func (e *exact) register(n *ir.Node) error {
	if !layers.Trusted(n) {
		if err := e.registerTypes(n); err != nil {
			return err
		}
	}
	if settle := bitsOf(n).Settle; settle != nil {
		return settle(n, asked{e, n})
	}
	return nil
}

// registerTypes types the result by what is both made and wanted, sums by all that is made, weights each by
// itself.
func (e *exact) registerTypes(n *ir.Node) error {
	made, err := e.made(n)
	if err != nil {
		return err
	}
	wanted, err := e.wanted(n)
	if err != nil {
		return err
	}
	both, err := kif.Combine(made, wanted, kif.Smaller)
	if err != nil {
		return n.Errorf("%w", err)
	}
	if wraps(n) { // the bits above are dropped, so the sign is that of what is left
		both.K = wanted.K
	}
	n.Out().Type = &ir.Type{Name: n.Name + "_t", Format: both.Format()}
	if n.Type("accum_t") != nil && !bitsOf(n).OwnSums {
		n.SetType("accum_t", &ir.Type{Name: n.Name + "_accum_t", Format: made.Format()})
	}
	for _, w := range n.Weights {
		if w.Type.Format.Kind == fixed.KindExponent {
			return n.Errorf("%s: got power-of-two weights, which have no exact type", w.Role)
		}
		f := kif.Format(kif.Minimal(w.Data.Data...))
		w.Type = &ir.Type{Name: n.Name + "_" + w.Role + "_t", Format: f}
	}
	return nil
}

// wraps reports whether a quantizer behind n drops the bits above its own. Of saturations, hls4ml counts
// these two alone. mirrors requested_by_non_saturating_quantizer.
func wraps(n *ir.Node) bool {
	for _, r := range readers(n) {
		if q, ok := r.Attrs.(layers.Quantizing); ok {
			if o := q.Type(0).O; o != fixed.SAT && o != fixed.SATSym {
				return true
			}
		}
		if layers.TraitsOf(r).Has(layers.Reshapes) { // of several readers, the first reshape decides
			return wraps(r)
		}
	}
	return false
}
