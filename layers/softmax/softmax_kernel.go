package softmax

import (
	"math"
	"math/bits"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/internal/libm"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/sim"
)

var softmaxKernel = sim.Kernel{Lower: lowerSoftmax, Grid: gridSoftmax, Eval: evalSoftmax}

// config is the C++ configuration of a softmax, with its tables filled.
type config struct {
	implementation                  Implementation
	in, out, norm                   fixed.Format
	accum, expT, invT, invInp, flat fixed.Format // flat: table_t, of the legacy form
	expSize, invSize                int
	exp, inv                        []sim.Num
	slices                          [][]int // the values of each normalized slice
}

// The legacy form takes its table's type, and with io_stream its size, from nnet::activ_config, from which
// the configuration derives: hls4ml 1.3.0 writes neither table_t nor table_size for a softmax.
var baseTable = fixed.Fixed(18, 8)

const baseTableSize = 1024

func newConfig(env *sim.Env, n *ir.Node) (*config, error) {
	a := ir.Attrs[Attrs](n)
	c := &config{
		implementation: a.Implementation, in: n.In(0).Type.Format, out: n.Out().Type.Format,
		accum: n.Format("accum_t"), expT: n.Format("exp_table_t"), invT: n.Format("inv_table_t"),
		invInp: inverseInput(n).Format, norm: differenceFormat(n, a),
	}
	c.expSize, c.invSize = tableSizes(n, a)
	var err error
	if c.slices, err = slicesOf(env, n, a); err != nil {
		return nil, err
	}
	switch a.Implementation {
	case Latency:
		err = c.fill(n, c.in, false, expScale(a))
	case Stable:
		err = c.fill(n, c.norm, true, expScale(a))
	case Legacy:
		c.flat = baseTable
		if env.Stream {
			c.expSize, c.invSize = baseTableSize, baseTableSize
		}
		c.exp, c.inv = legacyExp(c.flat, c.expSize), legacyInverse(c.flat, c.invSize)
	case Argmax:
	default:
		err = n.Errorf("implementation: got %q, want latency, stable, legacy or argmax", a.Implementation)
	}
	if err == nil {
		c.tell(env, n)
	}
	return c, err
}

// tell tells a health report of the tables. The latency form addresses one by the input, which is no type of
// this node; the types of the legacy form no setting names.
func (c *config) tell(env *sim.Env, n *ir.Node) {
	switch c.implementation {
	case Stable:
		env.Addresses(n, differences.Key, c.expSize)
		env.Addresses(n, inverses.Key, c.invSize)
	case Latency:
		end := math.Ldexp(1, c.in.I)
		if c.in.Signed {
			env.Reads(n, sim.AddressedTable{Places: c.expSize, Low: -end / 2, High: end / 2})
		} else {
			env.Reads(n, sim.AddressedTable{Places: c.expSize, High: end})
		}
		env.Addresses(n, inverses.Key, c.invSize)
	case Legacy:
		env.Reads(n, sim.AddressedTable{Places: c.expSize, Low: -8, High: 8, Open: true})
		env.Reads(n, sim.AddressedTable{Places: c.invSize, High: 64, Open: true})
		return
	}
	env.Table(n, "exp_table_t", c.exp)
	env.Table(n, "inv_table_t", c.inv)
}

// slicesOf lists the indices that one softmax normalizes together: with io_stream the values of one word,
// with io_parallel every n_inner-th within each of n_outer parts. mirrors nnet::softmax_multidim.
func slicesOf(env *sim.Env, n *ir.Node, a *Attrs) ([][]int, error) {
	if !env.Stream {
		return a.slices(), nil
	}
	shape := n.In(0).Shape
	if !a.last(shape) {
		return nil, n.Errorf("axis: io_stream has softmax over the last axis only: got %d, want -1", a.Axis)
	}
	size := shape[len(shape)-1]
	word := Attrs{NIn: ir.Size(shape), NOuter: ir.Size(shape) / size, NInner: 1}
	return word.slices(), nil
}

// slices lists the places of every n_inner-th value within each of n_outer parts.
func (a *Attrs) slices() [][]int {
	size := a.NIn / a.NOuter / a.NInner
	var out [][]int
	for i := range a.NOuter {
		for k := range a.NInner {
			slice := make([]int, size)
			for j := range slice {
				slice[j] = i*size*a.NInner + j*a.NInner + k
			}
			out = append(out, slice)
		}
	}
	return out
}

// fill builds the tables of the latency and stable forms, indexed by the top bits of their arguments.
// mirrors init_exp_table and init_invert_table in nnet_activation.h.
func (c *config) fill(n *ir.Node, index fixed.Format, negative bool, scale float64) error {
	if err := checkIndex(n, "exp_table_size", c.expSize, index); err != nil {
		return err
	}
	if err := checkIndex(n, "inv_table_size", c.invSize, c.invInp); err != nil {
		return err
	}
	c.exp, c.inv = make([]sim.Num, c.expSize), make([]sim.Num, c.invSize)
	for i := range c.exp {
		// The C++ multiplies two floats before it calls exp: in double precision some entries would round
		// the other way.
		x := float32(realValue(index, c.expSize, i) * float32(scale))
		if negative {
			x = -x
		}
		c.exp[i] = sim.FromFloat32(libm.Exp32(x), c.expT)
	}
	for i := range c.inv {
		c.inv[i] = sim.FromFloat32(1/realValue(c.invInp, c.invSize, i), c.invT)
	}
	return nil
}

// checkIndex refuses tables that the C++ would read outside of their bounds.
func checkIndex(n *ir.Node, what string, size int, index fixed.Format) error {
	if size < 2 || bits.OnesCount(uint(size)) != 1 {
		return n.Errorf("%s: got %d, want a power of two, at least 2", what, size)
	}
	if index.W < sim.CeilLog2(size) {
		return n.Errorf("%s: got %d entries, want at most 2^%d for an index in %s", what, size, index.W, index)
	}
	return nil
}

// realValue is the number whose top bits are i. mirrors softmax_real_val_from_idx. It is the lower edge of
// the entry's values, since the bits below the index are zero.
func realValue(t fixed.Format, size, i int) float32 {
	top := sim.CeilLog2(size)
	x := sim.NewNum(int64(i), fixed.UInt(top))
	x.X.Lsh(x.X, uint(t.W-top))
	return fixed.ToFloat32Big(fixed.CastBig(x.X, x.X, fixed.UFixed(t.W, t.W), bare(t)), t)
}

// bare is an integer of t's width and sign: what assigning to a slice of bits makes of a number.
func bare(t fixed.Format) fixed.Format { return fixed.Format{W: t.W, I: t.W, Signed: t.Signed} }

// legacyExp mirrors init_exp_table_legacy.
func legacyExp(t fixed.Format, size int) []sim.Num {
	n := float64(float32(size))
	out := make([]sim.Num, size)
	for i := range out {
		out[i] = sim.FromFloat32(libm.Exp32(float32(2*8.0*(float64(i)-n/2)/n)), t)
	}
	return out
}

// legacyInverse mirrors init_invert_table_legacy.
func legacyInverse(t fixed.Format, size int) []sim.Num {
	out := make([]sim.Num, size)
	for i := range out {
		v := 0.0
		if x := float32(64 * float64(i) / float64(float32(size))); x > 0 {
			v = 1 / float64(x)
		}
		out[i] = sim.FromFloat64(v, t)
	}
	return out
}

func evalSoftmax(env *sim.Env, n *ir.Node) (sim.Evaluator, error) {
	c, err := newConfig(env, n)
	if err != nil {
		return nil, err
	}
	form := map[Implementation]func(data, res []sim.Num){
		Latency: c.latency, Stable: c.stable, Legacy: c.legacy, Argmax: c.argmax,
	}[c.implementation]
	return func(in, out [][]sim.Num) {
		for _, slice := range c.slices {
			data, res := make([]sim.Num, len(slice)), make([]sim.Num, len(slice))
			for j, k := range slice {
				data[j] = in[0][k]
			}
			form(data, res)
			for j, k := range slice {
				out[0][k] = res[j]
			}
		}
	}, nil
}

// latency mirrors nnet::softmax_latency in nnet_activation.h.
func (c *config) latency(data, res []sim.Num) {
	expRes := make([]sim.Num, len(data))
	for i, x := range data {
		sim.NoteTop(x, c.expSize)
		expRes[i] = x.Like(c.exp[sim.TopIndex(x, c.expSize)]).Cast(c.accum)
	}
	c.normalize(expRes, res)
}

// stable mirrors nnet::softmax_stable in nnet_activation.h.
func (c *config) stable(data, res []sim.Num) {
	xMax := data[0]
	for _, x := range data[1:] {
		if x.Cmp(xMax) > 0 {
			xMax = x
		}
	}
	expRes := make([]sim.Num, len(data))
	for i, x := range data {
		// A spread beyond the type wraps here, as in the firmware: a far smaller value then counts as a
		// near one.
		dXiXmax := xMax.Sub(x).CastAs(differences, c.norm)
		expRes[i] = x.Like(c.exp[sim.TopIndex(dXiXmax, c.expSize)]).Cast(c.accum)
	}
	c.normalize(expRes, res)
}

// The types that address the tables.
var (
	differences = sim.Role{Name: "index", Key: "inp_norm_t"}
	inverses    = sim.Role{Name: "index", Key: "inv_inp_t"}
	legacySum   = sim.Role{Name: "accum"} // in a type that no setting names
)

// normalize is the second half of both forms.
func (c *config) normalize(expRes, res []sim.Num) {
	sum := c.reduce(expRes)
	sim.NoteSum(sim.RoleAccum, sum, expRes...)
	expSum := sum.CastAs(inverses, c.invInp)
	invExpSum := c.inv[sim.TopIndex(expSum, c.invSize)]
	for i, e := range expRes {
		res[i] = e.Mul(invExpSum).Cast(c.out)
	}
}

// reduce mirrors nnet::reduce with Op_add in nnet_common.h. The order of this tree is part of the answer
// wherever the accumulator saturates or rounds.
func (c *config) reduce(x []sim.Num) sim.Num {
	if len(x) == 1 {
		return x[0]
	}
	left := leftHalf(len(x))
	return c.reduce(x[:left]).Add(c.reduce(x[left:])).Cast(c.accum)
}

// leftHalf is the largest power of two below n. So the left part is a full tree, and what is left over
// joins at the right.
func leftHalf(n int) int { return 1 << (bits.Len(uint(n-1)) - 1) }

// legacy mirrors nnet::softmax_legacy in nnet_activation.h. The sums go from the first value to the last in
// the table's type, which wraps: their order does not matter, but their number of bits does.
func (c *config) legacy(data, res []sim.Num) {
	terms := make([]sim.Num, len(data))
	for ii := range data {
		expRes := data[ii].Like(sim.CInt(0).Cast(c.flat))
		for jj := range data {
			expDiffRes := sim.CInt(1).Cast(c.flat)
			if ii != jj {
				expDiffRes = c.exp[sim.TableIndex(data[jj].Sub(data[ii]), c.expSize, 16, 8*c.expSize/16)]
			}
			terms[jj] = expDiffRes
			expRes = expRes.Add(expDiffRes).Cast(c.flat)
		}
		sim.NoteSum(legacySum, expRes, terms...)
		res[ii] = c.inv[sim.TableIndex(expRes, c.invSize, 64, 0)].Cast(c.out)
	}
}

// argmax mirrors nnet::softmax_argmax in nnet_activation.h.
func (c *config) argmax(data, res []sim.Num) {
	maximum, idx := data[0], 0
	for i := range res {
		res[i] = sim.CInt(0).Cast(c.out)
		// Strictly larger: of equal values the first one is answered.
		if data[i].Cmp(maximum) > 0 {
			maximum, idx = data[i], i
		}
	}
	res[idx] = sim.CInt(1).Cast(c.out)
}

// narrow reports whether every type of the form fits 64 bits.
func (c *config) narrow() bool {
	for _, f := range []fixed.Format{c.in, c.out, c.norm, c.accum, c.expT, c.invT, c.invInp} {
		if !f.Narrow() {
			return false
		}
	}
	return c.implementation != Legacy || c.flat.Narrow()
}

// table converts entries to a format.
func table(entries []sim.Num, to fixed.Format) *sim.Table {
	values := make([]int64, len(entries))
	for i, e := range entries {
		values[i] = e.Cast(to).X.Int64()
	}
	return sim.NewTable(0, values)
}

// resultTable converts entries to the format of the result.
func resultTable(entries []sim.Num, to fixed.Format) *sim.Table {
	results := make([]sim.Num, len(entries))
	for i, e := range entries {
		results[i] = e.Cast(to)
	}
	t, _ := sim.NumTable(0, results) // which are narrow
	return t
}

func lowerSoftmax(lo *sim.Lowering, n *ir.Node) error {
	c, err := newConfig(lo.Env(), n)
	if err != nil {
		return err
	}
	if !c.narrow() {
		lo.NeedEval("a type of the layer needs more than 64 bits")
		return nil
	}
	if c.implementation != Argmax { // a look-up and a product each
		lo.Env().Expect(sim.ValueCost, 2, len(lo.In(n, 0).Planes))
	}
	c.lower(lo, n, c.slices)
	return nil
}

// gridSoftmax is lowerSoftmax where each position is normalized by itself.
func gridSoftmax(lo *sim.Lowering, n *ir.Node) (bool, error) {
	c, err := newConfig(lo.Env(), n)
	if err != nil {
		return false, err
	}
	channels := len(lo.In(n, 0).Planes)
	first := c.slices[0]
	if !c.narrow() || !lo.SamePositions(n) || len(first) != channels || first[channels-1] != channels-1 {
		return false, nil
	}
	c.lower(lo, n, c.slices[:1])
	return true, nil
}

// lower appends the softmax of some slices.
func (c *config) lower(lo *sim.Lowering, n *ir.Node, slices [][]int) {
	in := lo.In(n, 0).Planes
	out := make([]sim.Plane, len(in))
	form := c.lowering(lo)
	for _, slice := range slices {
		x := make([]sim.Plane, len(slice))
		for j, k := range slice {
			x[j] = in[k]
		}
		for j, y := range form(x) {
			out[slice[j]] = y
		}
	}
	lo.SetOut(n, 0, out)
}

// lowering prepares the operations for one slice.
func (c *config) lowering(lo *sim.Lowering) func(x []sim.Plane) []sim.Plane {
	switch c.implementation {
	case Argmax:
		one := fixed.Cast(1, fixed.Int(32), c.out)
		return func(x []sim.Plane) []sim.Plane { return lo.Argmax(x, one) }
	case Legacy:
		return c.lowerLegacy(lo)
	}
	exp, inv := table(c.exp, c.accum), table(c.inv, c.invT)
	return func(x []sim.Plane) []sim.Plane {
		index := c.in
		switch c.implementation {
		case Stable:
			x, index = c.lowerDifferences(lo, x), c.norm
		case Latency:
			for _, p := range x {
				lo.WatchTop(p, c.in, c.expSize)
			}
		}
		e := make([]sim.Plane, len(x))
		for i, p := range x {
			e[i] = lo.Lookup(lo.TopIndex(p, index, c.expSize), exp)
		}
		sum := c.lowerReduce(lo, e)
		lo.WatchSum(sim.RoleAccum, e, c.accum, sum, c.accum)
		sum = lo.CastAs(inverses, sum, c.accum, c.invInp)
		r := lo.Lookup(lo.TopIndex(sum, c.invInp, c.invSize), inv)
		out := make([]sim.Plane, len(x))
		for i := range out {
			out[i] = lo.Cast(lo.Mul(e[i], r), fixed.Mul(c.accum, c.invT), c.out)
		}
		return out
	}
}

// lowerDifferences is max - x in the type that indexes the table.
func (c *config) lowerDifferences(lo *sim.Lowering, x []sim.Plane) []sim.Plane {
	top := x[0]
	for _, p := range x[1:] {
		top = lo.Max(top, p)
	}
	out := make([]sim.Plane, len(x))
	for i, p := range x {
		out[i] = lo.CastAs(differences, lo.Sub(top, c.in, p, c.in), fixed.Sub(c.in, c.in), c.norm)
	}
	return out
}

func (c *config) lowerReduce(lo *sim.Lowering, x []sim.Plane) sim.Plane {
	if len(x) == 1 {
		return x[0]
	}
	left := leftHalf(len(x))
	a, b := c.lowerReduce(lo, x[:left]), c.lowerReduce(lo, x[left:])
	return lo.Cast(lo.Add(a, c.accum, b, c.accum), fixed.Add(c.accum, c.accum), c.accum)
}

func (c *config) lowerLegacy(lo *sim.Lowering) func(x []sim.Plane) []sim.Plane {
	exp, inv := table(c.exp, c.flat), resultTable(c.inv, c.out)
	one := lo.Const(fixed.Cast(1, fixed.Int(32), c.flat))
	difference, sum := fixed.Sub(c.in, c.in), fixed.Add(c.flat, c.flat)
	return func(x []sim.Plane) []sim.Plane {
		out := make([]sim.Plane, len(x))
		for i := range x {
			acc, terms := lo.Const(0), make([]sim.Plane, len(x))
			for j := range x {
				terms[j] = one
				if i != j {
					d := lo.Sub(x[j], c.in, x[i], c.in)
					terms[j] = lo.Lookup(lo.TableIndex(d, difference, c.expSize, 16, 8*c.expSize/16), exp)
				}
				acc = lo.Cast(lo.Add(acc, c.flat, terms[j], c.flat), sum, c.flat)
			}
			lo.WatchSum(legacySum, terms, c.flat, acc, c.flat)
			out[i] = lo.Lookup(lo.TableIndex(acc, c.flat, c.invSize, 64, 0), inv)
		}
		return out
	}
}
