package sim

import (
	"slices"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
)

// Lowering collects the plane operations of a program. Kernels append to it; it proves a range for every
// plane as it goes. An operation that would need more than 64 bits is not appended: the node then runs its
// plain evaluator instead, so kernels need not look.
type Lowering struct {
	graph     *ir.Graph
	env       *Env
	ranges    []Range
	lanes     []lane
	ops       []op
	extents   []int32 // lanes of each plane that lies on a grid, 0 of others; nil: no plane does
	steps     []int32 // of each operation, one more than the recurrent step that it is part of; 0: of none
	step      int32   // the same of the operations to come
	constants []constant
	tensors   map[string]Tensor
	tables    map[string]*Table
	moved     map[movedTable]*Table
	wide      bool   // the node at hand needs the evaluator
	why       string // the reason
	notes     []KernelNote
	loops     []*loopHead       // begun and not ended
	grids     bool              // pictures lie on grids, where kernels have them
	least     int               // positions of those that do
	grid      *grid             // of the node at hand; nil: it is lowered value by value
	extent    int32             // of the planes to come
	apart     map[string]Tensor // tensors on grids, taken apart
	plain     bool              // nothing but plain evaluators
	health    *healthLowering   // what a program that counts needs; nil: it does not
	meter     *meter            // of what the program costs; nil: nobody counts
}

// constant is a plane that never changes.
type constant struct {
	plane Plane
	value int64
}

func newLowering(g *ir.Graph, env *Env) *Lowering {
	lo := &Lowering{
		graph: g, env: env, tensors: map[string]Tensor{}, tables: map[string]*Table{},
		moved: map[movedTable]*Table{}, apart: map[string]Tensor{},
	}
	if env != nil {
		lo.meter = env.meter
	}
	return lo
}

// Env is what kernels may ask beyond their node.
func (lo *Lowering) Env() *Env { return lo.env }

// In is input i of the node: value by value, or on a grid for a kernel's Grid.
func (lo *Lowering) In(n *ir.Node, i int) Tensor {
	t, ok := lo.tensors[n.Inputs[i]]
	if !ok {
		panic("BUG: sim: tensor " + n.Inputs[i] + " is read before it is made")
	}
	if t.grid != nil && lo.grid == nil {
		return lo.apart[n.Inputs[i]]
	}
	return t
}

// SetOut makes planes the output k of the node. Their raws are in the format of the output's type.
func (lo *Lowering) SetOut(n *ir.Node, k int, planes []Plane) {
	lo.tensors[n.Outputs[k]] = Tensor{Format: n.Vars[k].Type.Format, Planes: planes, grid: lo.grid}
	lo.watchOut(n, k, planes)
}

// Range is what is proved of a plane.
func (lo *Lowering) Range(p Plane) Range { return lo.ranges[p] }

func (lo *Lowering) emit(o op) {
	lo.meter.add(opCost)
	lo.ops, lo.steps = append(lo.ops, o), append(lo.steps, lo.step)
}

// Step says that the operations from here on are step i, from 0, of a loop that the generated code runs over
// the same hardware, and that a kernel lays out one after the other; -1: of none, as in the beginning of
// every node. It changes nothing that is computed: see NodeInfo.Steps.
func (lo *Lowering) Step(i int) { lo.step = int32(i) + 1 }

// forget removes the operations from `mark` on.
func (lo *Lowering) forget(mark int) { lo.ops, lo.steps = lo.ops[:mark], lo.steps[:mark] }

func (lo *Lowering) newPlane(r Range) Plane { return lo.newPlaneIn(r, laneOf(r)) }

func (lo *Lowering) newPlaneIn(r Range, l lane) Plane {
	lo.meter.add(planeCost)
	lo.ranges, lo.lanes = append(lo.ranges, r), append(lo.lanes, l)
	if lo.grids {
		lo.extents = append(lo.extents, lo.extent)
	}
	return Plane(len(lo.ranges) - 1)
}

// fits gives the node to its evaluator unless ok; it returns r or, then, a harmless range. The kernel goes on
// as if nothing had happened: what it appends is thrown away, and it needs no error path of its own.
func (lo *Lowering) fits(r Range, ok bool) Range {
	if !ok {
		lo.NeedEval("an intermediate value needs more than 64 bits")
		return Range{}
	}
	return r
}

// NeedEval gives the node at hand to its plain evaluator, for a reason in words.
func (lo *Lowering) NeedEval(why string) {
	if !lo.wide {
		lo.wide, lo.why = true, why
	}
}

// Const is a plane that holds v throughout.
func (lo *Lowering) Const(v int64) Plane { return lo.constantIn(v, laneOf(rangeOf(v))) }

// constantIn is Const in a lane. Nodes share constants: zero is the padding of every window. Those on another
// grid have their own, since what only looks at planes takes its positions from them.
func (lo *Lowering) constantIn(v int64, l lane) Plane {
	for _, c := range lo.constants {
		if c.value == v && lo.lanes[c.plane] == l && lo.extentOf(c.plane) == lo.extent {
			return c.plane
		}
	}
	p := lo.newPlaneIn(rangeOf(v), l)
	lo.constants = append(lo.constants, constant{p, v})
	return p
}

// Apply appends the conversion of x by a plan made for its range; a plan that does nothing gives x.
func (lo *Lowering) Apply(x Plane, p fixed.Plan) Plane {
	if p.Identity() {
		return x
	}
	dst := lo.newPlane(planRange(p, lo.ranges[x]))
	lo.emit(&castOp{src: x, dst: dst, plan: p})
	return dst
}

// Cast appends the conversion of x from one format to another.
func (lo *Lowering) Cast(x Plane, from, to fixed.Format) Plane {
	r := lo.ranges[x]
	p, ok := fixed.TryPlan(from, r.Lo, r.Hi, r.Zeros, to)
	if !ok {
		lo.NeedEval("a value of " + to.String() + " may need more than 64 bits")
		return x
	}
	y := lo.Apply(x, p)
	lo.health.convert(y, x, from, to)
	return y
}

// Clamp appends min(max(x, low), high).
func (lo *Lowering) Clamp(x Plane, low, high int64) Plane {
	r := lo.ranges[x]
	if r.Lo >= low && r.Hi <= high {
		return x
	}
	p := fixed.Plan{Over: fixed.OverClamp, Lo: low, Hi: high}
	p.OutLo, p.OutHi = min(max(r.Lo, low), high), min(max(r.Hi, low), high)
	return lo.Apply(x, p)
}

// topBits appends the bits of the two's complement raw x of w bits from bit low upwards, as a number.
func (lo *Lowering) topBits(x Plane, w, low int) Plane {
	p := fixed.Plan{Shift: low, Over: fixed.OverWrap, WrapW: w - low, OutHi: 1<<(w-low) - 1}
	if r := lo.ranges[x]; r.Lo >= 0 {
		p = fixed.Plan{Shift: low, OutLo: r.Lo >> low, OutHi: r.Hi >> low}
	}
	return lo.Apply(x, p)
}

// Scale appends x*w + b.
func (lo *Lowering) Scale(x Plane, w, b int64) Plane {
	r, ok := lo.ranges[x].times(w)
	r, ok2 := r.plus(rangeOf(b))
	dst := lo.newPlane(lo.fits(r, ok && ok2))
	lo.emit(&scaleOp{src: x, dst: dst, w: w, b: b})
	return dst
}

// Quo appends x/d, cut toward zero.
func (lo *Lowering) Quo(x Plane, d int64) Plane {
	r := lo.ranges[x]
	a, b := r.Lo/d, r.Hi/d
	dst := lo.newPlane(Range{min(a, b), max(a, b), 0})
	lo.emit(&scaleOp{src: x, dst: dst, w: d, divide: true})
	return dst
}

// Select appends x > t ? above : below, where above and below have one format.
func (lo *Lowering) Select(x Plane, t int64, above, below Plane) Plane {
	switch r := lo.ranges[x]; {
	case r.Lo > t:
		return above
	case r.Hi <= t:
		return below
	}
	dst := lo.chosen(x, t, above, below)
	lo.selectTwin(dst, x, t, above, below)
	return dst
}

// chosen is Select where both are possible.
func (lo *Lowering) chosen(x Plane, t int64, above, below Plane) Plane {
	dst := lo.newPlane(lo.ranges[above].union(lo.ranges[below]))
	lo.emit(&selectOp{x: x, above: above, below: below, dst: dst, t: t})
	return dst
}

// Add appends a + b in full, its raw in the format fixed.Add gives.
func (lo *Lowering) Add(a Plane, fa fixed.Format, b Plane, fb fixed.Format) Plane {
	return lo.sum(opAdd, a, fa, b, fb)
}

// Sub appends a - b in full, its raw in the format fixed.Sub gives.
func (lo *Lowering) Sub(a Plane, fa fixed.Format, b Plane, fb fixed.Format) Plane {
	return lo.sum(opSub, a, fa, b, fb)
}

// sum brings both operands to the finer grid of the two, as C++ does, and adds or subtracts.
func (lo *Lowering) sum(k binaryKind, a Plane, fa fixed.Format, b Plane, fb fixed.Format) Plane {
	s, t := max(fb.F()-fa.F(), 0), max(fa.F()-fb.F(), 0)
	ra, okA := lo.ranges[a].shifted(s)
	rb, okB := lo.ranges[b].shifted(t)
	okN := true
	if k == opSub {
		rb, okN = rb.times(-1)
	}
	r, ok := ra.plus(rb)
	dst := lo.newPlane(lo.fits(r, ok && okA && okB && okN))
	lo.emit(&binaryOp{kind: k, a: a, b: b, dst: dst, s: uint(s), t: uint(t)})
	return dst
}

// Mul appends a * b in full.
func (lo *Lowering) Mul(a, b Plane) Plane {
	ra, rb := lo.ranges[a], lo.ranges[b]
	r, ok1 := ra.times(rb.Lo) // the extremes of a product are at corners of the ranges
	q, ok2 := ra.times(rb.Hi)
	r = r.union(q)
	r.Zeros = min(ra.Zeros+rb.Zeros, maxZeros)
	dst := lo.newPlane(lo.fits(r, ok1 && ok2))
	lo.emit(&binaryOp{kind: opMul, a: a, b: b, dst: dst})
	return dst
}

// Max appends the larger of two values of one format.
func (lo *Lowering) Max(a, b Plane) Plane {
	ra, rb := lo.ranges[a], lo.ranges[b]
	dst := lo.newPlane(Range{max(ra.Lo, rb.Lo), max(ra.Hi, rb.Hi), min(ra.Zeros, rb.Zeros)})
	lo.emit(&binaryOp{kind: opMax, a: a, b: b, dst: dst})
	return dst
}

// Argmax appends, for each x, the raw one where it is the first maximum and zero elsewhere: one is the C++
// int 1 in the format of the result.
func (lo *Lowering) Argmax(x []Plane, one int64) []Plane {
	dst := make([]Plane, len(x))
	for i := range dst {
		dst[i] = lo.newPlane(rangeOf(one).union(rangeOf(0)))
	}
	lo.emit(&argmaxOp{x: x, dst: dst, one: one})
	lo.argmaxTwin(x, dst, one)
	return dst
}

// Note records how a part of the node runs, for Program.Kernels.
func (lo *Lowering) Note(class Class, lane, why string, count int) {
	for i := range lo.notes {
		if n := &lo.notes[i]; n.Class == class && n.Lane == lane && n.Why == why {
			n.Count += count
			return
		}
	}
	lo.notes = append(lo.notes, KernelNote{Class: class, Lane: lane, Why: why, Count: count})
}

// widened makes all planes of one lane, the widest among them, and NoPlane a plane of zeros. The loops of
// sums are made for one lane of data; a few planes that are copied once cost less than loops for every
// mixture.
func (lo *Lowering) widened(rows [][]Plane) ([][]Plane, lane) {
	widest := lane8
	for _, row := range rows {
		for _, p := range row {
			if p != NoPlane {
				widest = max(widest, lo.lanes[p])
			}
		}
	}
	copies := map[Plane]Plane{}
	out := make([][]Plane, len(rows))
	for i, row := range rows {
		out[i] = slices.Clone(row)
		for k, p := range row {
			out[i][k] = lo.widen(p, widest, copies)
		}
	}
	return out, widest
}

func (lo *Lowering) widen(p Plane, l lane, copies map[Plane]Plane) Plane {
	switch {
	case p == NoPlane:
		return lo.constantIn(0, l)
	case lo.lanes[p] == l:
		return p
	}
	if c, ok := copies[p]; ok {
		return c
	}
	c := lo.newPlaneIn(lo.ranges[p], l)
	lo.emit(&castOp{src: p, dst: c, plan: fixed.Plan{OutLo: lo.ranges[p].Lo, OutHi: lo.ranges[p].Hi}})
	copies[p] = c
	return c
}
