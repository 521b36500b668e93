package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// elementPairs are the widths of operands and results that the loops of elements come in.
var elementPairs = [][2]int{{8, 16}, {16, 16}, {16, 32}, {32, 32}, {32, 64}, {64, 64}}

// element emits a kernel of one operation on values of one or several planes.
func element(s isa, name, doc string, in, out int, setup func(p reg.Register, e *elements)) {
	name = fmt.Sprintf("%s%dto%d%s", name, in, out, s.name)
	n := s.bytes * 8 / out
	plane(s, name, doc, n*in/8, s.bytes, func(p reg.Register) func(src, dst operand.Mem) {
		e := &elements{isa: s, in: in, out: out, p: p, x: s.reg()}
		setup(p, e)
		return func(src, dst operand.Mem) {
			e.src = src
			e.load(src, e.x)
			e.compute()
			s.move(e.x, dst)
		}
	})
}

// elements is what one kernel of element works with.
type elements struct {
	isa
	in, out int
	p       reg.Register
	src     operand.Mem    // in the first plane
	x       reg.VecVirtual // its values, and the results
	compute func()         // changes x
}

func (e *elements) load(m operand.Mem, x reg.VecVirtual) {
	if e.in == e.out {
		e.move(m, x)
		return
	}
	extend[[2]int{e.in, e.out}](m, x)
}

// operand prepares to load the plane whose distance stands in a field of Params.
func (e *elements) operand(field int) func() reg.VecVirtual {
	distance, y := build.GP64(), e.reg()
	build.MOVQ(operand.Mem{Base: e.p, Disp: 8 * field}, distance)
	return func() reg.VecVirtual {
		e.load(operand.Mem{Base: e.src.Base, Index: distance, Scale: 1}, y)
		return y
	}
}

// addSub emits sums and differences of two planes, each shifted left.
func addSub(s isa, in, out int) {
	for _, o := range []struct {
		name, doc string
		op        func(ops ...operand.Op)
	}{
		{"add", "adds two planes, each shifted left.", lanes[out].add},
		{"sub", "subtracts two planes, each shifted left.", lanes[out].sub},
	} {
		element(s, o.name, o.doc, in, out, func(p reg.Register, e *elements) {
			second, left, shift := e.operand(fieldSecond), shiftCount(p, fieldLeft), shiftCount(p, fieldShift)
			e.compute = func() {
				y := second()
				lanes[out].shl(left, e.x, e.x)
				lanes[out].shl(shift, y, y)
				o.op(y, e.x, e.x)
			}
		})
	}
}

// multiply is the low half of the products; of 32-bit values in lanes of 64 bits the whole product.
func multiply(s isa, in, out int) func(y, x, dst reg.VecVirtual) {
	ops := map[int]func(ops ...operand.Op){16: build.VPMULLW, 32: build.VPMULLD, 64: build.VPMULLQ}
	op := ops[out]
	if in == 32 && out == 64 {
		op = build.VPMULDQ
	}
	return func(y, x, dst reg.VecVirtual) { op(y, x, dst) }
}

func mulScale(s isa, in, out int) {
	if in == 64 && s.bytes == 32 {
		return // no product of 64-bit lanes
	}
	mul := multiply(s, in, out)
	element(s, "mul", "multiplies two planes.", in, out, func(_ reg.Register, e *elements) {
		second := e.operand(fieldSecond)
		e.compute = func() { mul(second(), e.x, e.x) }
	})
	element(s, "scale", "multiplies a plane by a factor and adds a constant.", in, out,
		func(p reg.Register, e *elements) {
			factor, add := broadcast(s, p, fieldFactor, out), broadcast(s, p, fieldAdd, out)
			e.compute = func() {
				mul(factor, e.x, e.x)
				lanes[out].add(add, e.x, e.x)
			}
		})
}

// maximum emits the larger of two planes.
func maximum(s isa, width int) {
	element(s, "max", "takes the larger value of two planes.", width, width, func(_ reg.Register, e *elements) {
		second := e.operand(fieldSecond)
		mask := s.reg()
		e.compute = func() {
			y := second()
			if width == 64 && s.bytes == 32 {
				build.VPCMPGTQ(e.x, y, mask)
				build.VPBLENDVB(mask, y, e.x, e.x)
				return
			}
			lanes[width].max(y, e.x, e.x)
		}
	})
}

// choose emits x > Lo ? second : third.
func choose(s isa, width int) {
	doc := "takes values of the second plane where the first exceeds a limit, else of the third."
	element(s, "choose", doc, width, width, func(p reg.Register, e *elements) {
		second, third := e.operand(fieldSecond), e.operand(fieldThird)
		limit := broadcast(s, p, fieldLo, width)
		if s.bytes == 32 {
			mask := s.reg()
			e.compute = func() {
				lanes[width].above(limit, e.x, mask)
				y, z := second(), third()
				build.VPBLENDVB(mask, y, z, e.x)
			}
			return
		}
		mask := build.K()
		e.compute = func() {
			lanes[width].above(limit, e.x, mask)
			y, z := second(), third()
			lanes[width].blend(y, z, mask, e.x)
		}
	})
}

func allElements(s isa) {
	for _, w := range elementPairs {
		addSub(s, w[0], w[1])
		mulScale(s, w[0], w[1])
	}
	for _, width := range []int{8, 16, 32, 64} {
		maximum(s, width)
		choose(s, width)
	}
}
