package pool

import (
	"math/bits"
	"slices"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/sim"
)

// poolKernel mirrors nnet::pooling1d_cl, pooling2d_cl, global_pooling1d_cl and global_pooling2d_cl in
// nnet_pooling.h and nnet_pooling_stream.h.
var poolKernel = sim.Kernel{Lower: lowerPool, Grid: gridPool, Eval: evalPool}

// padRaw is what stands in the padding of a maximum: the top bit of the raw. For signed types that is the
// smallest value; for unsigned ones it is half the range, which such a maximum can therefore not fall below.
func padRaw(t fixed.Format) int64 {
	if t.Signed {
		return t.MinRaw()
	}
	return 1 << (t.W - 1)
}

// tree folds x[0..] as nnet::reduce does: the left part takes the largest power of two below their number.
func tree[T any](x []T, op func(a, b T) T) T {
	if len(x) == 1 {
		return x[0]
	}
	left := 1 << (bits.Len(uint(len(x)-1)) - 1)
	return op(tree(x[:left], op), tree(x[left:], op))
}

// pooling is a pooling ready to run.
type pooling struct {
	grid
	max, stream            bool
	in, accum, sum, result fixed.Format
}

func newPooling(env *sim.Env, n *ir.Node) (*pooling, error) {
	g := gridOf(n)
	if err := g.checkFirmware(n); err != nil {
		return nil, err
	}
	return poolingOver(env, n, g), nil
}

// poolingOver is the pooling of a node over the windows of a geometry.
func poolingOver(env *sim.Env, n *ir.Node, g grid) *pooling {
	accum := n.Format("accum_t")
	return &pooling{
		grid: g, max: commonOf(n).PoolOp == "Max", stream: env.Stream,
		in: n.In(0).Type.Format, accum: accum, sum: fixed.Add(accum, accum), result: n.Out().Type.Format,
	}
}

func lowerPool(lo *sim.Lowering, n *ir.Node) error {
	p, err := newPooling(lo.Env(), n)
	if err != nil {
		return err
	}
	lo.SetOut(n, 0, p.lower(lo, lo.In(n, 0).Planes))
	return nil
}

// gridPool is lowerPool for all positions at once: one window per channel. Windows at the border must divide
// by as many values as others.
func gridPool(lo *sim.Lowering, n *ir.Node) (bool, error) {
	g := gridOf(n)
	if err := g.checkFirmware(n); err != nil {
		return false, err
	}
	if g.global && commonOf(n).PoolOp == "Max" {
		return gridLargest(lo, n, poolingOver(lo.Env(), n, g)), nil
	}
	p := poolingOver(lo.Env(), n, g.single())
	w := sim.Window{
		Height: g.height, Width: g.width, FiltH: g.poolH, FiltW: g.poolW, StrideH: g.strideH, StrideW: g.strideW,
		DilationH: 1, DilationW: 1, PadTop: g.padTop, PadLeft: g.padLeft, OutH: g.outH, OutW: g.outW,
	}
	if p.max {
		w.Pad = padRaw(p.in)
	}
	if g.global || g.crowded() || !p.max && g.ragged() && !g.countPad {
		return false, nil
	}
	taps, ok := lo.Windows(n, w)
	if ok {
		lo.SetOut(n, 0, p.lower(lo, taps))
	}
	return ok, nil
}

// gridLargest is the maximum of whole pictures: of streams in the accumulator's type, as largest.
func gridLargest(lo *sim.Lowering, n *ir.Node, p *pooling) bool {
	x := lo.In(n, 0).Planes
	if len(x) != p.chans {
		return false
	}
	if p.stream {
		x = slices.Clone(x)
		for c := range x {
			x[c] = lo.Cast(x[c], p.in, p.accum)
		}
	}
	out := lo.Largest(x)
	for c, y := range out {
		if !p.stream {
			y = lo.Cast(y, p.in, p.accum)
		}
		out[c] = lo.Cast(y, p.accum, p.result)
	}
	lo.SetOut(n, 0, out)
	return true
}

// lower appends the pooling of the values x and gives its results.
func (p *pooling) lower(lo *sim.Lowering, x []sim.Plane) []sim.Plane {
	if p.max {
		return p.lowerMax(lo, x)
	}
	sums := p.lowerSums(lo, x)
	out := make([]sim.Plane, len(sums))
	for i, s := range sums {
		out[i] = p.lowerQuotient(lo, s, p.window(i).count)
	}
	return out
}

func (p *pooling) lowerMax(lo *sim.Lowering, x []sim.Plane) []sim.Plane {
	out := p.largest(lo, x)
	for i, y := range out {
		if p.window(i).padded {
			y = lo.Max(y, lo.Const(padRaw(p.in)))
		}
		if !p.stream {
			y = lo.Cast(y, p.in, p.accum)
		}
		out[i] = lo.Cast(y, p.accum, p.result)
	}
	return out
}

// largest is the maximum of each window, of streams in the accumulator's type. Of maxima the order does not
// matter.
func (p *pooling) largest(lo *sim.Lowering, x []sim.Plane) []sim.Plane {
	if p.stream {
		x = slices.Clone(x)
		for i := range x {
			x[i] = lo.Cast(x[i], p.in, p.accum)
		}
	}
	if p.overlaps() {
		return p.slide(lo, x)
	}
	out := make([]sim.Plane, p.outputs())
	for i := range out {
		w := p.window(i)
		values := make([]sim.Plane, len(w.at))
		for k, at := range w.at {
			values[k] = x[at]
		}
		out[i] = tree(values, lo.Max)
	}
	return out
}

// lowerSums sums each window into the accumulator.
func (p *pooling) lowerSums(lo *sim.Lowering, x []sim.Plane) []sim.Plane {
	if p.plainSum(lo, x) {
		return p.lowerPlain(lo, x)
	}
	out := make([]sim.Plane, p.outputs())
	for i := range out {
		out[i] = p.lowerOrdered(lo, x, p.window(i))
	}
	return out
}

// plainSum reports whether a sum of products by one stands for the sum: each value is converted to the
// accumulator before it is added, or the conversion loses nothing.
func (p *pooling) plainSum(lo *sim.Lowering, x []sim.Plane) bool {
	wraps := p.accum.Kind == fixed.KindFixed && p.accum.O == fixed.WRAP && p.accum.N == 0
	switch {
	case !p.in.IsFixedOrInt() || !p.accum.IsFixedOrInt() || !p.accum.Narrow():
		return false
	case p.stream:
		// Windows of streams add as a tree, which is the sum in order only where wrapping makes addition
		// associative; global poolings add in order.
		return p.global || wraps
	// Arrays convert the sum and not the value: where the accumulator has fewer fractional bits, rounding
	// each value first may differ from rounding the sum.
	case p.accum.F() < p.in.F():
		return false
	case wraps:
		return true
	}
	for _, plane := range x {
		r := lo.Range(plane)
		q, ok := fixed.TryPlan(p.in, r.Lo, r.Hi, r.Zeros, p.accum)
		if !ok || q.General || q.Over != fixed.OverNone {
			return false
		}
	}
	return true
}

func (p *pooling) lowerPlain(lo *sim.Lowering, x []sim.Plane) []sim.Plane {
	one, places := fixed.UInt(1), p.places()
	s := sim.Sum{
		X: p.in, Product: fixed.Mult, WFormat: one, W: [][]int64{make([]int64, places)},
		BFormat: one, Bias: []int64{0}, Accum: p.accum, Result: p.accum, Plain: true,
	}
	for k := range s.W[0] {
		s.W[0][k] = 1
	}
	lo.Env().Need(sim.TapCost, places, p.outputs())
	for i := range p.outputs() {
		taps := make([]sim.Plane, places)
		w := p.window(i)
		for k := range taps {
			taps[k] = sim.NoPlane
			if k < len(w.at) {
				taps[k] = x[w.at[k]]
			}
		}
		s.Taps = append(s.Taps, taps)
	}
	return lo.Sum(s)
}

// lowerOrdered adds the values of a window with a conversion after each step: one by one on arrays, as a tree
// of converted values on streams.
func (p *pooling) lowerOrdered(lo *sim.Lowering, x []sim.Plane, w window) sim.Plane {
	terms := make([]sim.Plane, len(w.at))
	for k, at := range w.at {
		terms[k] = x[at]
	}
	sum := p.lowerSum(lo, x, w)
	lo.WatchSum(sim.RoleAccum, terms, p.in, sum, p.accum)
	return sum
}

func (p *pooling) lowerSum(lo *sim.Lowering, x []sim.Plane, w window) sim.Plane {
	add := func(a, b sim.Plane) sim.Plane {
		return lo.Cast(lo.Add(a, p.accum, b, p.accum), p.sum, p.accum)
	}
	if p.stream {
		values := make([]sim.Plane, len(w.at))
		for k, at := range w.at {
			values[k] = lo.Cast(x[at], p.in, p.accum)
		}
		return tree(values, add)
	}
	acc, full := lo.Const(0), fixed.Add(p.accum, p.in)
	for _, at := range w.at {
		acc = lo.Cast(lo.Add(acc, p.accum, x[at], p.in), full, p.accum)
	}
	return acc
}

// lowerQuotient divides, cut toward zero. A quotient is in the accumulator's range, on its grid. Headers
// divide a negative integer by an unsigned one in a way of their own, which is left to the evaluator.
func (p *pooling) lowerQuotient(lo *sim.Lowering, s sim.Plane, count int) sim.Plane {
	if p.accum.Kind == fixed.KindInt && !p.divisor().Signed && lo.Range(s).Lo < 0 {
		lo.NeedEval("the average of integers divides a signed number by an unsigned one")
	}
	return lo.Cast(lo.Quo(s, int64(count)), fixed.Div(p.accum, p.divisor()), p.result)
}

// divisor is the C++ type of the number of values. It decides the sign and width of the quotient's type: an
// int in the windows of streams, an unsigned count elsewhere.
func (p *pooling) divisor() fixed.Format {
	if p.stream && !p.global {
		return fixed.Int(32)
	}
	return fixed.UInt(32)
}

func evalPool(env *sim.Env, n *ir.Node) (sim.Evaluator, error) {
	p, err := newPooling(env, n)
	if err != nil {
		return nil, err
	}
	return func(in, out [][]sim.Num) {
		for i := range p.outputs() {
			w := p.window(i)
			values := make([]sim.Num, len(w.at), len(w.at)+1)
			for k, at := range w.at {
				values[k] = in[0][at]
			}
			if p.max && w.padded {
				values = append(values, p.padding())
			}
			y := p.reduce(values)
			if !p.max {
				y = y.Div(sim.NewNum(int64(w.count), p.divisor()))
				if !p.stream {
					y = y.Cast(p.accum)
				}
			}
			out[0][i] = y.Cast(p.result)
		}
	}, nil
}

// padding is what a maximum finds in the padding; sums find zero there.
func (p *pooling) padding() sim.Num {
	raw := sim.NewNum(1, p.in).X
	raw.Lsh(raw, uint(p.in.W-1))
	if p.in.Signed {
		raw.Neg(raw)
	}
	return sim.Num{X: raw, T: p.in}
}

// reduce folds the values of a window into an accumulator.
func (p *pooling) reduce(values []sim.Num) sim.Num {
	larger := func(a, b sim.Num) sim.Num {
		if b.Cmp(a) > 0 {
			return b
		}
		return a
	}
	add := func(a, b sim.Num) sim.Num { return a.Add(b).Cast(p.accum) }
	terms := slices.Clone(values)
	if p.stream {
		for k := range values {
			values[k] = values[k].Cast(p.accum)
		}
	}
	if p.max {
		return tree(values, larger).Cast(p.accum)
	}
	acc := sim.NewNum(0, p.accum)
	if p.stream && !p.global {
		acc = tree(values, add)
	} else {
		for _, v := range values {
			acc = add(acc, v)
		}
	}
	sim.NoteSum(sim.RoleAccum, acc, terms...)
	return acc
}
