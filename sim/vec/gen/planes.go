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
