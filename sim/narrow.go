package sim

import (
	"slices"

	"github.com/hlsgo/hlsgo/fixed"
)

// Kernels give every plane a lane for its proved range. A conversion that wraps, at the end of a long sum of
// formats that grow, throws most of that away; then the bits that it drops need not be computed. Additions
// and multiplications carry upwards only: their n lowest bits depend on the n lowest bits of what they add
// and multiply.

// narrow finds, from the outputs backwards, how many low bits of each plane anyone looks at, and keeps planes
// of which these are few in narrower lanes. What such a plane then holds is right in those bits only; so is
// what is computed from it.
func (z *optimizer) narrow(outputs []Plane) {
	need := z.neededBits(outputs)
	partial := make([]bool, len(z.lo.ranges)) // planes that hold low bits only
	z.low = partial
	for _, o := range z.lo.ops {
		switch o := o.(type) {
		case *castOp:
			if narrower(need[o.dst], z.lo.lanes[o.dst]) && keepsLow(o.plan) {
				z.lo.lanes[o.dst], partial[o.dst] = laneOfBits(need[o.dst]), true
			}
			if partial[o.dst] = partial[o.dst] || partial[o.src]; partial[o.dst] {
				o.plan = lowPlan(o.plan, z.lo.lanes[o.dst])
				z.lo.ranges[o.dst] = Range{Lo: o.plan.OutLo, Hi: o.plan.OutHi}
			}
		case *binaryOp:
			z.narrowRing(o.dst, need, partial, o.kind != opMax, partial[o.a] || partial[o.b])
		case *scaleOp:
			z.narrowRing(o.dst, need, partial, !o.divide, partial[o.src])
		}
	}
}

// narrowRing is narrow for an operation that adds and multiplies.
func (z *optimizer) narrowRing(dst Plane, need []int, partial []bool, ring, from bool) {
	if ring && narrower(need[dst], z.lo.lanes[dst]) {
		z.lo.lanes[dst], from = laneOfBits(need[dst]), true
	}
	if partial[dst] = from; from {
		z.lo.ranges[dst] = z.lo.lanes[dst].all()
	}
}

// neededBits is how many low bits of each plane anyone looks at: 64 means that its value counts. One walk
// from back to front does, as all readers of a plane stand behind the operation that writes it. Comparisons,
// divisions, look-ups, sums and whatever leaves the program look at values.
func (z *optimizer) neededBits(outputs []Plane) []int {
	need := make([]int, len(z.lo.ranges))
	for _, p := range outputs {
		need[p] = 64
	}
	want := func(p Plane, n int) { need[p] = max(need[p], min(max(n, 1), 64)) }
	for _, o := range slices.Backward(z.lo.ops) {
		switch o := o.(type) {
		case nil:
		case *castOp:
			want(o.src, z.castBits(o.plan, need[o.dst]))
		case *binaryOp:
			n := need[o.dst]
			switch {
			case o.kind == opMax || n == 64:
				want(o.a, 64)
				want(o.b, 64)
			default:
				want(o.a, n-int(o.s))
				want(o.b, n-int(o.t))
			}
		case *scaleOp:
			want(o.src, need[o.dst])
			if o.divide {
				want(o.src, 64)
			}
		default:
			o.planes(func(p Plane, write bool) {
				if !write {
					want(p, 64)
				}
			})
		}
	}
	return need
}

// castBits is how many low bits a conversion reads for n bits of its results: a right shift brings down as
// many more as it drops. Rounding terms are added to dropped bits and carry upwards.
func (z *optimizer) castBits(p fixed.Plan, n int) int {
	if !keepsLow(p) {
		return 64
	}
	if p.Over == fixed.OverWrap {
		n = min(n, p.WrapW)
	}
	if n == 64 {
		return 64
	}
	return n + p.Shift
}

// keepsLow reports whether low bits of the plan's results depend on low bits of its arguments only.
func keepsLow(p fixed.Plan) bool {
	return !p.General && p.NegAddend == 0 && (p.Over == fixed.OverNone || p.Over == fixed.OverWrap)
}

// lowPlan is a plan whose results wrap to a lane: what it reads may hold anything above its low bits, so that
// a proof of its range says nothing any more.
func lowPlan(p fixed.Plan, l lane) fixed.Plan {
	if p.Over == fixed.OverNone || p.WrapW >= l.bits() {
		p.Over, p.WrapW, p.WrapSigned = fixed.OverWrap, l.bits(), true
		p.OutLo, p.OutHi = l.all().Lo, l.all().Hi
	}
	return p
}

func narrower(bits int, l lane) bool { return bits > 0 && laneOfBits(bits) < l && l <= lane64 }

// laneOfBits is the narrowest lane of so many bits.
func laneOfBits(n int) lane {
	l := lane8
	for l < lane64 && l.bits() < n {
		l++
	}
	return l
}
