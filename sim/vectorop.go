package sim

import (
	"unsafe"

	"github.com/hlsgo/hlsgo/sim/vec"
)

// elementLoop is an operation on up to three planes in vector code: operands come to lanes of one width, and
// the result, where the loop makes it wider than its plane, goes to the narrower lane behind it.
type elementLoop struct {
	loop     vec.Plane
	params   vec.Params
	operands []Plane
	widen    [3]vec.Plane // brings operands to the loop's lanes; not Ready: they are
	dst      Plane
	narrow   *castLoop // nil: the loop writes dst
}

// vectorElement finds vector code for an operation; nil where there is none. Results modulo the width of the
// destination must be right, as they are where the proved range of dst fits its lane.
func vectorElement(
	set *vec.Set, lanes []lane, op vec.Op, p vec.Params, dst Plane, operands ...Plane,
) *elementLoop {
	widest := lanes[dst]
	// Sums and products are right modulo the width of dst in lanes of that width or wider. A maximum or a
	// choice is one of its operands, and needs no more than theirs.
	if op == vec.Max || op == vec.Choose {
		widest = lane8
	}
	low := lane8
	for _, x := range operands {
		low = max(low, lanes[x])
	}
	if set == nil || low > lane64 || widest > lane64 {
		return nil
	}
	// From the narrowest lanes up, for these hold the most values per register.
	for out := max(low, widest); out <= lane64; out++ {
		for in := low; in <= out; in++ {
			if op == vec.Scale && in < lane64 && !fitsBits(p.Factor, p.Factor, min(32, in.bits())) {
				continue
			}
			e := &elementLoop{loop: set.Element(op, in.bits(), out.bits()), params: p, dst: dst, operands: operands}
			if e.loop.Ready() && e.bring(set, lanes, in, out) {
				return e
			}
		}
	}
	return nil
}

// bring finds the loops that change lanes before and behind the operation.
func (e *elementLoop) bring(set *vec.Set, lanes []lane, in, out lane) bool {
	for i, x := range e.operands {
		if lanes[x] == in {
			continue
		}
		if e.widen[i] = set.Widen(lanes[x].bits(), in.bits()); !e.widen[i].Ready() {
			return false
		}
	}
	if to := lanes[e.dst]; to != out {
		c := castLoop{loop: set.Cast(out.bits(), max(out.bits(), 16), to.bits())}
		c.params = vec.Neutral(max(out.bits(), 16))
		c.params.Wrap = int64(max(out.bits(), 16) - to.bits()) // perhaps only the low bits count
		e.narrow = &c
		return c.loop.Ready()
	}
	return true
}

func (e *elementLoop) run(m *memory) {
	var src [3]unsafe.Pointer
	for i, x := range e.operands {
		src[i] = m.address(x)
		if e.widen[i].Ready() {
			runPlane(e.widen[i], m.vector.temp[i], src[i], m.n)
			src[i] = m.vector.temp[i]
		}
	}
	for i := len(e.operands); i < len(src); i++ {
		src[i] = src[0]
	}
	p := &m.params // in memory that stays: the loops are called by pointer
	*p = e.params
	p.Second, p.Third = int64(uintptr(src[1])-uintptr(src[0])), int64(uintptr(src[2])-uintptr(src[0]))
	dst := m.address(e.dst)
	out := dst
	if e.narrow != nil {
		out = m.vector.temp[3]
	}
	e.loop.Run((*byte)(out), (*byte)(src[0]), m.n/e.loop.Block, p)
	if e.narrow != nil {
		e.narrow.run(dst, out, m.n)
	}
}

// vectorize finds vector code for operations on elements. Divisions have none: instruction sets lack it.
func (o *binaryOp) vectorize(set *vec.Set, lanes []lane) {
	op := [...]vec.Op{opAdd: vec.Add, opSub: vec.Sub, opMul: vec.Mul, opMax: vec.Max}[o.kind]
	p := vec.Params{Left: int64(o.s), Shift: int64(o.t)}
	o.vector = vectorElement(set, lanes, op, p, o.dst, o.a, o.b)
}

func (o *scaleOp) vectorize(set *vec.Set, lanes []lane) {
	if !o.divide {
		o.vector = vectorElement(set, lanes, vec.Scale, vec.Params{Factor: o.w, Add: o.b}, o.dst, o.src)
	}
}

func (o *selectOp) vectorize(set *vec.Set, lanes []lane) {
	o.vector = vectorElement(set, lanes, vec.Choose, vec.Params{Lo: o.t}, o.dst, o.x, o.above, o.below)
}
