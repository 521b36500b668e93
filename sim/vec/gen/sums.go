package main

import (
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// term emits one multiply-add: acc += x * w.
type term func(x, w, acc reg.VecVirtual)

// sum emits a kernel that adds k terms to a tile of s.outputs rows of perRow registers each. x is the base
// of the input planes, offs the byte offset of each term's plane, w the weights (one broadcast unit per
// output and term), acc the tile. setup may load further parameters.
func sum(s isa, name, doc string, unit int, setup func() term) {
	build.TEXT(name+s.name, build.NOSPLIT, "func(x *byte, offs *int64, w *byte, k int64, acc *byte, p *int64)")
	build.Doc(name + s.name + " " + doc)
	build.Pragma("noescape")
	x := build.Load(build.Param("x"), build.GP64())
	offs := build.Load(build.Param("offs"), build.GP64())
	w := build.Load(build.Param("w"), build.GP64())
	k := build.Load(build.Param("k"), build.GP64())
	acc := build.Load(build.Param("acc"), build.GP64())
	step := setup()
	tile := make([]reg.VecVirtual, s.outputs*perRow)
	for i := range tile {
		tile[i] = s.reg()
		s.move(operand.Mem{Base: acc, Disp: i * s.bytes}, tile[i])
	}
	var in [perRow]reg.VecVirtual
	for v := range in {
		in[v] = s.reg()
	}
	weight, at := s.reg(), build.GP64()
	loop := name + "Loop" + s.name
	build.Label(loop)
	build.MOVQ(operand.Mem{Base: offs}, at)
	for v := range in {
		s.move(operand.Mem{Base: x, Index: at, Scale: 1, Disp: v * s.bytes}, in[v])
	}
	for j := range s.outputs {
		m := operand.Mem{Base: w, Disp: j * unit}
		if unit == 8 {
			build.VPBROADCASTQ(m, weight)
		} else {
			build.VPBROADCASTD(m, weight)
		}
		for v := range in {
			step(in[v], weight, tile[j*perRow+v])
		}
	}
	build.ADDQ(operand.Imm(8), offs)
	build.ADDQ(operand.Imm(uint64(s.outputs*unit)), w)
	build.DECQ(k)
	build.JNE(operand.LabelRef(loop))
	for i := range tile {
		s.move(tile[i], operand.Mem{Base: acc, Disp: i * s.bytes})
	}
	build.VZEROUPPER()
	build.RET()
}

func mulHi16(s isa) {
	sum(s, "mulHi16", "adds the high half of each 16-bit product.", 4, func() term {
		t := s.reg()
		return func(x, w, acc reg.VecVirtual) {
			build.VPMULHW(w, x, t)
			build.VPADDW(t, acc, acc)
		}
	})
}

func mulLo16(s isa) {
	sum(s, "mulLo16", "adds the low half of each 16-bit product.", 4, func() term {
		t := s.reg()
		return func(x, w, acc reg.VecVirtual) {
			build.VPMULLW(w, x, t)
			build.VPADDW(t, acc, acc)
		}
	})
}

func dot16(s isa) {
	sum(s, "dot16", "adds the products of pairs of 16-bit values to 32-bit sums.", 4, func() term {
		t := s.reg()
		return func(x, w, acc reg.VecVirtual) {
			build.VPMADDWD(w, x, t)
			build.VPADDD(t, acc, acc)
		}
	})
}

func dot64(s isa) {
	sum(s, "dot64", "adds products of 32-bit values to 64-bit sums.", 8, func() term {
		t := s.reg()
		return func(x, w, acc reg.VecVirtual) {
			build.VPMULDQ(w, x, t)
			build.VPADDQ(t, acc, acc)
		}
	})
}

// broadcast loads field of *Params into every lane.
func broadcast(s isa, p reg.Register, field, bits int) reg.VecVirtual {
	r := s.reg()
	m := operand.Mem{Base: p, Disp: 8 * field}
	switch bits {
	case 16:
		build.VPBROADCASTW(m, r)
	case 32:
		build.VPBROADCASTD(m, r)
	default:
		build.VPBROADCASTQ(m, r)
	}
	return r
}

// shiftCount loads field of *Params as a shift count for all lanes.
func shiftCount(p reg.Register, field int) reg.VecVirtual {
	r := build.XMM()
	build.VMOVQ(operand.Mem{Base: p, Disp: 8 * field}, r)
	return r
}

// The fields of Params in order.
const (
	fieldAdd = iota
	fieldShift
	fieldWrap
	fieldLo
	fieldHi
)

func ordered32(s isa) {
	doc := "adds each 32-bit product, rounded by add and shift, and clamps the sum after every term."
	sum(s, "ordered32", doc, 4, func() term {
		p := build.Load(build.Param("p"), build.GP64())
		add, shift := broadcast(s, p, fieldAdd, 32), shiftCount(p, fieldShift)
		lo, hi := broadcast(s, p, fieldLo, 32), broadcast(s, p, fieldHi, 32)
		t := s.reg()
		return func(x, w, acc reg.VecVirtual) {
			build.VPMULLD(w, x, t)
			build.VPADDD(add, t, t)
			build.VPSRAD(shift, t, t)
			build.VPADDD(t, acc, acc)
			build.VPMAXSD(lo, acc, acc)
			build.VPMINSD(hi, acc, acc)
		}
	})
}

func ordered64(s isa) {
	doc := "adds each 64-bit product, rounded by add and shift, and clamps the sum after every term."
	sum(s, "ordered64", doc, 8, func() term {
		p := build.Load(build.Param("p"), build.GP64())
		add, shift := broadcast(s, p, fieldAdd, 64), shiftCount(p, fieldShift)
		lo, hi := broadcast(s, p, fieldLo, 64), broadcast(s, p, fieldHi, 64)
		t := s.reg()
		return func(x, w, acc reg.VecVirtual) {
			build.VPMULDQ(w, x, t)
			build.VPADDQ(add, t, t)
			build.VPSRAQ(shift, t, t)
			build.VPADDQ(t, acc, acc)
			build.VPMAXSQ(lo, acc, acc)
			build.VPMINSQ(hi, acc, acc)
		}
	})
}
