package main

import (
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// plane emits a kernel over n blocks of one register each: body reads src and writes dst, which advance by
// the given numbers of bytes.
func plane(s isa, name, doc string, in, out int, setup func(p reg.Register) func(src, dst operand.Mem)) {
	build.TEXT(name, build.NOSPLIT, "func(dst *byte, src *byte, n int64, p *int64)")
	build.Doc(name + " " + doc)
	build.Pragma("noescape")
	dst := build.Load(build.Param("dst"), build.GP64())
	src := build.Load(build.Param("src"), build.GP64())
	n := build.Load(build.Param("n"), build.GP64())
	p := build.Load(build.Param("p"), build.GP64())
	body := setup(p)
	loop := name + "Loop"
	build.Label(loop)
	body(operand.Mem{Base: src}, operand.Mem{Base: dst})
	build.ADDQ(operand.Imm(uint64(in)), src)
	build.ADDQ(operand.Imm(uint64(out)), dst)
	build.DECQ(n)
	build.JNE(operand.LabelRef(loop))
	build.VZEROUPPER()
	build.RET()
}

const postDoc = "applies a cast to a plane: add, shift right, wrap by a left and a right shift, clamp."

func post16(s isa) {
	plane(s, "post16"+s.name, postDoc, s.bytes, s.bytes, func(p reg.Register) func(src, dst operand.Mem) {
		add, lo, hi := broadcast(s, p, fieldAdd, 16), broadcast(s, p, fieldLo, 16), broadcast(s, p, fieldHi, 16)
		shift, wrap, r := shiftCount(p, fieldShift), shiftCount(p, fieldWrap), s.reg()
		return func(src, dst operand.Mem) {
			s.move(src, r)
			build.VPADDW(add, r, r)
			build.VPSRAW(shift, r, r)
			build.VPSLLW(wrap, r, r)
			build.VPSRAW(wrap, r, r)
			build.VPMAXSW(lo, r, r)
			build.VPMINSW(hi, r, r)
			s.move(r, dst)
		}
	})
}

// cast32 emits the cast on 32-bit lanes and leaves it in the returned register.
func cast32(s isa, p reg.Register) func(src operand.Mem) reg.VecVirtual {
	add, lo, hi := broadcast(s, p, fieldAdd, 32), broadcast(s, p, fieldLo, 32), broadcast(s, p, fieldHi, 32)
	shift, wrap, r := shiftCount(p, fieldShift), shiftCount(p, fieldWrap), s.reg()
	return func(src operand.Mem) reg.VecVirtual {
		s.move(src, r)
		build.VPADDD(add, r, r)
		build.VPSRAD(shift, r, r)
		build.VPSLLD(wrap, r, r)
		build.VPSRAD(wrap, r, r)
		build.VPMAXSD(lo, r, r)
		build.VPMINSD(hi, r, r)
		return r
	}
}

func post32(s isa) {
	plane(s, "post32"+s.name, postDoc, s.bytes, s.bytes, func(p reg.Register) func(src, dst operand.Mem) {
		cast := cast32(s, p)
		return func(src, dst operand.Mem) { s.move(cast(src), dst) }
	})
}

func post32to16(s isa) {
	doc := "applies a cast to 32-bit lanes and stores 16-bit lanes."
	plane(s, "post32to16"+s.name, doc, s.bytes, s.bytes/2, func(p reg.Register) func(src, dst operand.Mem) {
		cast := cast32(s, p)
		if s.bytes == 64 {
			return func(src, dst operand.Mem) { build.VPMOVDW(cast(src), dst) }
		}
		half := build.XMM()
		return func(src, dst operand.Mem) {
			r := cast(src)
			build.VEXTRACTI128(operand.Imm(1), r, half)
			build.VPACKSSDW(half, r.AsX(), half)
			build.VMOVDQU(half, dst)
		}
	})
}

func post64(s isa, name string, bits int) {
	plane(s, name, postDoc, s.bytes, s.bytes*bits/64, func(p reg.Register) func(src, dst operand.Mem) {
		add, lo, hi := broadcast(s, p, fieldAdd, 64), broadcast(s, p, fieldLo, 64), broadcast(s, p, fieldHi, 64)
		shift, wrap, r := shiftCount(p, fieldShift), shiftCount(p, fieldWrap), s.reg()
		return func(src, dst operand.Mem) {
			s.move(src, r)
			build.VPADDQ(add, r, r)
			build.VPSRAQ(shift, r, r)
			build.VPSLLQ(wrap, r, r)
			build.VPSRAQ(wrap, r, r)
			build.VPMAXSQ(lo, r, r)
			build.VPMINSQ(hi, r, r)
			switch bits {
			case 16:
				build.VPMOVQW(r, dst)
			case 32:
				build.VPMOVQD(r, dst)
			default:
				s.move(r, dst)
			}
		}
	})
}

// pack16 interleaves two planes of 16-bit values: the second one is at src + p.Add bytes.
func pack16(s isa) {
	doc := "interleaves two 16-bit planes, the second one p.Add bytes behind the first."
	plane(s, "pack16"+s.name, doc, s.bytes/2, s.bytes, func(p reg.Register) func(src, dst operand.Mem) {
		second := build.GP64()
		build.MOVQ(operand.Mem{Base: p, Disp: 8 * fieldAdd}, second)
		a, b := s.reg(), s.reg()
		return func(src, dst operand.Mem) {
			build.VPMOVZXWD(src, a)
			build.VPMOVZXWD(operand.Mem{Base: src.Base, Index: second, Scale: 1}, b)
			build.VPSLLD(operand.Imm(16), b, b)
			if s.bytes == 64 {
				build.VPORD(b, a, a)
			} else {
				build.VPOR(b, a, a)
			}
			s.move(a, dst)
		}
	})
}

func widen16to32(s isa) {
	doc := "sign-extends 16-bit lanes to 32 bits."
	plane(s, "widen16to32"+s.name, doc, s.bytes/2, s.bytes, func(reg.Register) func(src, dst operand.Mem) {
		r := s.reg()
		return func(src, dst operand.Mem) {
			build.VPMOVSXWD(src, r)
			s.move(r, dst)
		}
	})
}

func widen32to64(s isa) {
	doc := "sign-extends 32-bit lanes to 64 bits."
	plane(s, "widen32to64"+s.name, doc, s.bytes/2, s.bytes, func(reg.Register) func(src, dst operand.Mem) {
		r := s.reg()
		return func(src, dst operand.Mem) {
			build.VPMOVSXDQ(src, r)
			s.move(r, dst)
		}
	})
}
