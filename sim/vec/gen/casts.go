package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// laneOps are the instructions of one lane width.
type laneOps struct {
	shl, sar, add, sub, max, min func(ops ...operand.Op)
	above                        func(ops ...operand.Op) // compares: second operand > first
	blend                        func(ops ...operand.Op) // AVX-512: first operand where the mask is set
}

var lanes = map[int]laneOps{
	8: {max: build.VPMAXSB, above: build.VPCMPGTB, blend: build.VPBLENDMB},
	16: {build.VPSLLW, build.VPSRAW, build.VPADDW, build.VPSUBW, build.VPMAXSW, build.VPMINSW,
		build.VPCMPGTW, build.VPBLENDMW},
	32: {build.VPSLLD, build.VPSRAD, build.VPADDD, build.VPSUBD, build.VPMAXSD, build.VPMINSD,
		build.VPCMPGTD, build.VPBLENDMD},
	64: {build.VPSLLQ, build.VPSRAQ, build.VPADDQ, build.VPSUBQ, build.VPMAXSQ, build.VPMINSQ,
		build.VPCMPGTQ, build.VPBLENDMQ},
}

// extend loads lanes of the first width into lanes of the second.
var extend = map[[2]int]func(ops ...operand.Op){
	{8, 16}: build.VPMOVSXBW, {8, 32}: build.VPMOVSXBD, {8, 64}: build.VPMOVSXBQ,
	{16, 32}: build.VPMOVSXWD, {16, 64}: build.VPMOVSXWQ, {32, 64}: build.VPMOVSXDQ,
}

// cut stores lanes of the first width as lanes of the second, AVX-512 only.
var cut = map[[2]int]func(ops ...operand.Op){
	{16, 8}: build.VPMOVWB, {32, 8}: build.VPMOVDB, {64, 8}: build.VPMOVQB,
	{32, 16}: build.VPMOVDW, {64, 16}: build.VPMOVQW, {64, 32}: build.VPMOVQD,
}

// cast emits the kernel that converts lanes of `in` bits to lanes of `out` bits, computing in lanes of
// `width` bits as Params says.
func cast(s isa, in, width, out int) {
	name := fmt.Sprintf("cast%dto%din%d%s", in, out, width, s.name)
	doc := "converts a plane: shift left, add the rounding terms, shift right, wrap, mask, clamp."
	n := s.bytes * 8 / width
	plane(s, name, doc, n*in/8, n*out/8, func(p reg.Register) func(src, dst operand.Mem) {
		field := func(i int) reg.VecVirtual { return broadcast(s, p, i, width) }
		add, negative, even, mask := field(fieldAdd), field(fieldNegative), field(fieldEven), field(fieldMask)
		lo, hi := field(fieldLo), field(fieldHi)
		left, shift, wrap := shiftCount(p, fieldLeft), shiftCount(p, fieldShift), shiftCount(p, fieldWrap)
		x, t, u := s.reg(), s.reg(), s.reg()
		l := lanes[width]
		return func(src, dst operand.Mem) {
			if in == width {
				s.move(src, x)
			} else {
				extend[[2]int{in, width}](src, x)
			}
			l.shl(left, x, x)
			l.sar(operand.Imm(uint64(width-1)), x, t)
			s.and(negative, t, t)
			l.sar(shift, x, u)
			s.and(even, u, u)
			l.add(add, x, x)
			l.add(t, x, x)
			l.add(u, x, x)
			l.sar(shift, x, x)
			l.shl(wrap, x, x)
			l.sar(wrap, x, x)
			s.and(mask, x, x)
			l.max(lo, x, x)
			l.min(hi, x, x)
			s.storeCut(width, out, x, dst)
		}
	})
}

func (s isa) and(a, b, dst reg.VecVirtual) {
	if s.bytes == 64 {
		build.VPANDQ(a, b, dst)
		return
	}
	build.VPAND(a, b, dst)
}

// storeCut stores the low `out` bits of each lane; the values fit.
func (s isa) storeCut(width, out int, x reg.VecVirtual, dst operand.Mem) {
	switch {
	case width == out:
		s.move(x, dst)
	case s.bytes == 64:
		cut[[2]int{width, out}](x, dst)
	default:
		half := build.XMM()
		build.VEXTRACTI128(operand.Imm(1), x, half)
		if width == 32 {
			build.VPACKSSDW(half, x.AsX(), half)
			if out == 16 {
				build.VMOVDQU(half, dst)
				return
			}
			build.VPACKSSWB(half, half, half)
			build.VMOVQ(half, dst)
			return
		}
		build.VPACKSSWB(half, x.AsX(), half)
		build.VMOVDQU(half, dst)
	}
}

// widen emits the kernels that only sign-extend.
func widen(s isa) {
	for in := 8; in <= 32; in *= 2 {
		for out := 2 * in; out <= 64; out *= 2 {
			name := fmt.Sprintf("widen%dto%d%s", in, out, s.name)
			n := s.bytes * 8 / out
			plane(s, name, "sign-extends a plane.", n*in/8, s.bytes, func(reg.Register) func(src, dst operand.Mem) {
				x := s.reg()
				return func(src, dst operand.Mem) {
					extend[[2]int{in, out}](src, x)
					s.move(x, dst)
				}
			})
		}
	}
}

// casts emits all casts of an instruction set.
func casts(s isa) {
	for _, width := range []int{16, 32, 64} {
		if width == 64 && s.bytes == 32 {
			continue // no signed 64-bit shift, minimum or maximum
		}
		for in := 8; in <= width; in *= 2 {
			for out := 8; out <= width; out *= 2 {
				cast(s, in, width, out)
			}
		}
	}
}
