package rnn

import (
	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
	"github.com/hlsgo/hlsgo/sim"
)

// recurrentKernel mirrors the functions of nnet_recurrent.h.
var recurrentKernel = sim.Kernel{Lower: lowerRecurrent, Eval: evalRecurrent}

func cells(n *ir.Node) ([]*cell, error) {
	var out []*cell
	for _, p := range parts(n) {
		k, err := newCell(n, p)
		if err != nil {
			return nil, err
		}
		out = append(out, k)
	}
	return out, nil
}

// tell tells a health report of the tables of all cells, which are of one type.
func tell(env *sim.Env, n *ir.Node, list []*cell) {
	for _, k := range list {
		layers.Tell(env, n, k.recurrent, k.act)
	}
}

func evalRecurrent(env *sim.Env, n *ir.Node) (sim.Evaluator, error) {
	list, err := cells(n)
	if err != nil {
		return nil, err
	}
	tell(env, n, list)
	c := CommonOf(n)
	var merge func(a, b sim.Num) sim.Num
	if m := mergerOf(n); m != nil {
		merge = m.eval
	}
	return func(in, out [][]sim.Num) {
		seqs := make([][][]sim.Num, len(list))
		var inner []sim.Num
		for i, k := range list {
			seqs[i], inner = k.eval(in[0], in[1:], c)
		}
		for i, v := range answers(n, assemble(c, seqs, merge), seqs[0][c.NTimesteps-1], inner) {
			copy(out[i], v)
		}
	}, nil
}

// eval is the state after every step, by time, and the inner state after the last. The states before the
// first step are zero unless they are given. Given states come h first and then an LSTM's c, and are cast
// to the result's type, in which the firmware keeps both between steps.
func (k *cell) eval(x []sim.Num, given [][]sim.Num, c *Common) (seq [][]sim.Num, inner []sim.Num) {
	seq = make([][]sim.Num, c.NTimesteps)
	h := padded(nil, k.units, k.state)
	inner = padded(nil, k.units, k.state)
	for u := range h {
		h[u], inner[u] = x[0].Like(h[u]), x[0].Like(inner[u])
	}
	for i, start := range given {
		for u, v := range start {
			[][]sim.Num{h, inner}[i][u] = v.CastAs(state, k.state)
		}
	}
	input, again := k.input.Eval(), k.again.Eval()
	p, q := make([]sim.Num, k.width()), make([]sim.Num, k.width())
	k.steps(c.NTimesteps, func(t int) {
		input(x[t*c.NIn:][:c.NIn], p)
		again(h, q)
		switch k.kind {
		case "LSTM":
			h, inner = k.evalLSTM(p, q, inner)
		case "GRU":
			h = k.evalGRU(p, q, h)
		default:
			h = k.evalSimple(p, q)
		}
		seq[t] = h
	})
	return seq, inner
}

// add is the sum of two accumulators in the accumulator.
func (k *cell) add(a, b sim.Num) sim.Num { return a.Add(b).CastAs(sim.RoleAccum, k.accum) }

// state is what a step hands on to the next, of which a layer may answer the last only.
var state = sim.Role{Name: "state", Key: "result_t"}

// of is a function of x.
func of(f layers.Function, x sim.Num) sim.Num { return x.Like(f.Eval(x)) }

// evalSimple mirrors nnet::simple_rnn_cell.
func (k *cell) evalSimple(p, q []sim.Num) []sim.Num {
	h := make([]sim.Num, k.units)
	for u := range h {
		h[u] = of(k.result, k.add(p[u], q[u]))
	}
	return h
}

// evalLSTM mirrors nnet::lstm_cell. The gates are input, forget, candidate and output.
func (k *cell) evalLSTM(p, q, inner []sim.Num) (h, next []sim.Num) {
	h, next = make([]sim.Num, k.units), make([]sim.Num, k.units)
	gate := func(g, u int) sim.Num { return k.add(p[g*k.units+u], q[g*k.units+u]) }
	for u := range h {
		i, f, o := of(k.recurrent, gate(0, u)), of(k.recurrent, gate(1, u)), of(k.recurrent, gate(3, u))
		g := of(k.act, gate(2, u))
		// Both products and their sum are in full; the one cast is the assignment to the state. The
		// activation below reads the state after that cast.
		next[u] = g.Mul(i).Add(inner[u].Mul(f)).CastAs(state, k.state)
		h[u] = o.Mul(of(k.actState, next[u])).CastAs(state, k.state)
	}
	return h, next
}

// evalGRU mirrors nnet::gru_cell. The gates are update, reset and candidate, or reset and update first.
func (k *cell) evalGRU(p, q, before []sim.Num) []sim.Num {
	h := make([]sim.Num, k.units)
	update, open := k.openings()
	gate := func(g, u int) sim.Num { return k.add(p[g*k.units+u], q[g*k.units+u]) }
	for u := range h {
		z, r := of(k.recurrent, gate(update, u)), of(k.recurrent, gate(open, u))
		// The reset gate multiplies the product with the state and not the state: Keras's reset_after,
		// whatever the model has.
		reset := r.Mul(q[2*k.units+u]).CastAs(sim.RoleAccum, k.accum)
		g := of(k.act, k.add(p[2*k.units+u], reset))
		// The 1 is an int in C++, so that 1-z is in full and never saturates.
		h[u] = g.Mul(sim.CInt(1).Sub(z)).Add(before[u].Mul(z)).CastAs(state, k.state)
	}
	return h
}

func lowerRecurrent(lo *sim.Lowering, n *ir.Node) error {
	list, err := cells(n)
	if err != nil {
		return err
	}
	tell(lo.Env(), n, list)
	c := CommonOf(n)
	var merge func(a, b sim.Plane) sim.Plane
	if m := mergerOf(n); m != nil {
		merge = func(a, b sim.Plane) sim.Plane { return m.lower(lo, a, b) }
	}
	var given []sim.Tensor
	for i := 1; i < len(n.Inputs); i++ {
		given = append(given, lo.In(n, i))
	}
	seqs := make([][][]sim.Plane, len(list))
	var inner []sim.Plane
	for i, k := range list {
		seqs[i], inner = k.lower(lo, lo.In(n, 0).Planes, given, c)
	}
	for i, v := range answers(n, assemble(c, seqs, merge), seqs[0][c.NTimesteps-1], inner) {
		lo.SetOut(n, i, v)
	}
	return nil
}

// What a gate of a step takes in bytes beside its operations and planes, and one of its weights: each step
// has the sums of the state anew. Measured with 100 to 10,000 steps and 4 to 128 units.
const (
	gateCost   = 5700
	weightCost = 45
)

// lower appends the operations of eval. The products with the inputs of all steps are one sum.
func (k *cell) lower(
	lo *sim.Lowering, x []sim.Plane, given []sim.Tensor, c *Common,
) (seq [][]sim.Plane, inner []sim.Plane) {
	lo.Env().Need(gateCost+weightCost*k.units, c.NTimesteps, k.width())
	taps := make([][]sim.Plane, c.NTimesteps)
	for t := range taps {
		taps[t] = x[t*c.NIn:][:c.NIn]
	}
	// No step's product with the input waits for another step, so that one sum with a row of taps per step
	// does.
	input := lo.Sum(k.input.Sum(taps))
	h := make([]sim.Plane, k.units)
	inner = make([]sim.Plane, k.units)
	for u := range h {
		h[u], inner[u] = lo.Const(0), lo.Const(0)
	}
	for i, start := range given {
		for u, v := range start.Planes {
			[][]sim.Plane{h, inner}[i][u] = lo.CastAs(state, v, start.Format, k.state)
		}
	}
	seq = make([][]sim.Plane, c.NTimesteps)
	taken := 0
	k.steps(c.NTimesteps, func(t int) {
		lo.Step(taken)
		taken++
		p := input[t*k.width():][:k.width()]
		q := lo.Sum(k.again.Sum([][]sim.Plane{h}))
		switch k.kind {
		case "LSTM":
			h, inner = k.lowerLSTM(lo, p, q, inner)
		case "GRU":
			h = k.lowerGRU(lo, p, q, h)
		default:
			h = k.lowerSimple(lo, p, q)
		}
		seq[t] = h
	})
	lo.Step(-1)
	return seq, inner
}

// lowerAdd appends add.
func (k *cell) lowerAdd(lo *sim.Lowering, a, b sim.Plane) sim.Plane {
	return lo.CastAs(sim.RoleAccum, lo.Add(a, k.accum, b, k.accum), fixed.Add(k.accum, k.accum), k.accum)
}

// each appends a function of every plane.
func each(lo *sim.Lowering, f layers.Function, x []sim.Plane) []sim.Plane {
	out := make([]sim.Plane, len(x))
	for i, p := range x {
		out[i] = f.Lower(lo, p)
	}
	return out
}

// lowerSimple appends evalSimple.
func (k *cell) lowerSimple(lo *sim.Lowering, p, q []sim.Plane) []sim.Plane {
	z := make([]sim.Plane, k.units)
	for u := range z {
		z[u] = k.lowerAdd(lo, p[u], q[u])
	}
	return each(lo, k.result, z)
}

// lowerLSTM appends evalLSTM.
func (k *cell) lowerLSTM(lo *sim.Lowering, p, q, inner []sim.Plane) (h, next []sim.Plane) {
	z := make([]sim.Plane, k.width())
	for i := range z {
		z[i] = k.lowerAdd(lo, p[i], q[i])
	}
	gate := func(g int) []sim.Plane { return z[g*k.units:][:k.units] }
	i := each(lo, k.recurrent, gate(0))
	f := each(lo, k.recurrent, gate(1))
	g := each(lo, k.act, gate(2))
	o := each(lo, k.recurrent, gate(3))
	h, next = make([]sim.Plane, k.units), make([]sim.Plane, k.units)
	gi, cf := fixed.Mul(k.accum, k.accum), fixed.Mul(k.state, k.accum)
	for u := range h {
		sum := lo.Add(lo.Mul(g[u], i[u]), gi, lo.Mul(inner[u], f[u]), cf)
		next[u] = lo.CastAs(state, sum, fixed.Add(gi, cf), k.state)
	}
	t := each(lo, k.actState, next)
	for u := range h {
		h[u] = lo.CastAs(state, lo.Mul(o[u], t[u]), gi, k.state)
	}
	return h, next
}

// lowerGRU appends evalGRU.
func (k *cell) lowerGRU(lo *sim.Lowering, p, q, before []sim.Plane) []sim.Plane {
	z := make([]sim.Plane, k.width())
	for i := range 2 * k.units {
		z[i] = k.lowerAdd(lo, p[i], q[i])
	}
	opened := each(lo, k.recurrent, z[:2*k.units])
	first, second := k.openings()
	update, reset := opened[first*k.units:][:k.units], opened[second*k.units:][:k.units]
	square := fixed.Mul(k.accum, k.accum)
	for u, r := range reset {
		i := 2*k.units + u
		z[i] = k.lowerAdd(lo, p[i], lo.CastAs(sim.RoleAccum, lo.Mul(r, q[i]), square, k.accum))
	}
	g := each(lo, k.act, z[2*k.units:])
	rest := fixed.Sub(fixed.Int(32), k.accum)
	fresh, kept := fixed.Mul(k.accum, rest), fixed.Mul(k.state, k.accum)
	h := make([]sim.Plane, k.units)
	for u, v := range update {
		a := lo.Mul(g[u], lo.Sub(lo.Const(1), fixed.Int(32), v, k.accum))
		sum := lo.Add(a, fresh, lo.Mul(before[u], v), kept)
		h[u] = lo.CastAs(state, sum, fixed.Add(fresh, kept), k.state)
	}
	return h
}
