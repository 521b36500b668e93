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
	case 8:
		build.VPBROADCASTB(m, r)
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
	fieldLeft = iota
	fieldAdd
	fieldNegative
	fieldEven
	fieldShift
	fieldWrap
	fieldMask
	fieldLo
	fieldHi
	fieldSecond
	fieldThird
	fieldFactor
)

// rounded is add and shift, and with limits also lo and hi, from *Params.
type rounded struct{ add, shift, lo, hi reg.VecVirtual }

func loadRounded(s isa, bits int, limits bool) rounded {
	p := build.Load(build.Param("p"), build.GP64())
	r := rounded{add: broadcast(s, p, fieldAdd, bits), shift: shiftCount(p, fieldShift)}
	if limits {
		r.lo, r.hi = broadcast(s, p, fieldLo, bits), broadcast(s, p, fieldHi, bits)
	}
	return r
}

func cut32(s isa) {
	sum(s, "cut32", "adds 32-bit products, each rounded by add and shift.", 4, func() term {
		r, t := loadRounded(s, 32, false), s.reg()
		return func(x, w, acc reg.VecVirtual) {
			build.VPMULLD(w, x, t)
			build.VPADDD(r.add, t, t)
			build.VPSRAD(r.shift, t, t)
			build.VPADDD(t, acc, acc)
		}
	})
}

func saturate32(s isa) {
	doc := "adds 32-bit products, each rounded by add and shift; product and sum are clamped at every term."
	sum(s, "saturate32", doc, 4, func() term {
		r, t := loadRounded(s, 32, true), s.reg()
		clamp := func(v reg.VecVirtual) {
			build.VPMAXSD(r.lo, v, v)
			build.VPMINSD(r.hi, v, v)
		}
		return func(x, w, acc reg.VecVirtual) {
			build.VPMULLD(w, x, t)
			build.VPADDD(r.add, t, t)
			build.VPSRAD(r.shift, t, t)
			clamp(t)
			build.VPADDD(t, acc, acc)
			clamp(acc)
		}
	})
}

const cut64Doc = "adds 64-bit products of 32-bit values, each rounded by add and shift."

func cut64(s isa) {
	sum(s, "cut64", cut64Doc, 8, func() term {
		r, t := loadRounded(s, 64, false), s.reg()
		return func(x, w, acc reg.VecVirtual) {
			build.VPMULDQ(w, x, t)
			build.VPADDQ(r.add, t, t)
			build.VPSRAQ(r.shift, t, t)
			build.VPADDQ(t, acc, acc)
		}
	})
}

// cut64Biased is cut64 for AVX2, which shifts 64-bit lanes right only without sign: 2^63 is added before the
// shift and taken off, shifted, behind it.
func cut64Biased(s isa) {
	sum(s, "cut64", cut64Doc, 8, func() term {
		r, t, sign := loadRounded(s, 64, false), s.reg(), s.reg()
		build.VPCMPEQQ(sign, sign, sign)
		build.VPSLLQ(operand.Imm(63), sign, sign)
		build.VPADDQ(sign, r.add, r.add)
		build.VPSRLQ(r.shift, sign, sign)
		return func(x, w, acc reg.VecVirtual) {
			build.VPMULDQ(w, x, t)
			build.VPADDQ(r.add, t, t)
			build.VPSRLQ(r.shift, t, t)
			build.VPSUBQ(sign, t, t)
			build.VPADDQ(t, acc, acc)
		}
	})
}

func saturate64(s isa) {
	doc := "adds 64-bit products of 32-bit values, each rounded by add and shift; product and sum are clamped."
	sum(s, "saturate64", doc, 8, func() term {
		r, t := loadRounded(s, 64, true), s.reg()
		clamp := func(v reg.VecVirtual) {
			build.VPMAXSQ(r.lo, v, v)
			build.VPMINSQ(r.hi, v, v)
		}
		return func(x, w, acc reg.VecVirtual) {
			build.VPMULDQ(w, x, t)
			build.VPADDQ(r.add, t, t)
			build.VPSRAQ(r.shift, t, t)
			clamp(t)
			build.VPADDQ(t, acc, acc)
			clamp(acc)
		}
	})
}
