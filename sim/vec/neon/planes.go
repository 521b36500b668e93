package main

import "fmt"

// General registers of a plane kernel.
const (
	rDst = reg(0)
	rSrc = reg(1)
)

// plane emits a kernel over n blocks; setup may load constants from *Params in R5, body reads at x1 and
// writes at x0 and advances both.
func plane(a *asm, name, doc string, setup func(), body func()) {
	a.kernel(name+"NEON", doc, "(dst *byte, src *byte, n int64, p *int64)", 32)
	a.plain("MOVD dst+0(FP), R0", "MOVD src+8(FP), R1", "MOVD n+16(FP), R2")
	if setup != nil {
		a.plain("MOVD p+24(FP), R5")
		setup()
	}
	a.label(name + "Loop")
	body()
	a.plain("SUBS $1, R2, R2", "BNE "+name+"Loop", "RET")
}

func pack16(a *asm) {
	doc := "interleaves two 16-bit planes, the second one p.Add bytes behind the first."
	plane(a, "pack16", doc,
		func() { a.plain(fmt.Sprintf("MOVD %d(R5), R3", 8*fieldAdd)) },
		func() {
			a.words(ldrIndexed(1, rSrc, 3), ldr(16, 0, rSrc),
				zip1(half16, 2, 0, 1), zip2(half16, 3, 0, 1), stpNext(2, 3, rDst, 32))
		})
}

// castRegs are the constants of a cast.
type castRegs struct {
	add, negative, even, mask, lo, hi reg
	left, shift, wrap, unwrap         reg
}

// cast emits the kernel that converts lanes of `in` to lanes of `out`, computing in lanes of `width` as
// Params says, one register of them at a time.
func cast(a *asm, in, width, out lane) {
	c := castRegs{16, 17, 18, 19, 20, 21, 22, 23, 24, 25}
	name := fmt.Sprintf("cast%dto%din%d", in.bits(), out.bits(), width.bits())
	doc := "converts a plane: shift left, add the rounding terms, shift right, wrap, mask, clamp."
	plane(a, name, doc,
		func() { c.load(a, width) },
		func() {
			n := 16 >> width
			a.words(ldr(n<<in, 0, rSrc))
			a.words(extend(0, in, width)...)
			a.words(c.compute(width, 0, 1, 2)...)
			a.words(shorten(0, width, out)...)
			a.words(str(n<<out, 0, rDst))
		})
}

func (c castRegs) load(a *asm, width lane) {
	broadcast(a, width, c.add, fieldAdd)
	broadcast(a, width, c.negative, fieldNegative)
	broadcast(a, width, c.even, fieldEven)
	broadcast(a, width, c.mask, fieldMask)
	broadcast(a, width, c.lo, fieldLo)
	broadcast(a, width, c.hi, fieldHi)
	shiftCount(a, width, c.left, fieldLeft, false)
	shiftCount(a, width, c.shift, fieldShift, true)
	shiftCount(a, width, c.wrap, fieldWrap, false)
	shiftCount(a, width, c.unwrap, fieldWrap, true)
}

// compute changes x; t and u are temporaries.
func (c castRegs) compute(l lane, x, t, u reg) []word {
	out := []word{
		sshl.of(l, x, x, c.left),
		sshr(l, t, x, l.bits()-1), and.bitwise(t, t, c.negative),
		sshl.of(l, u, x, c.shift), and.bitwise(u, u, c.even),
		add.of(l, x, x, c.add), add.of(l, t, t, u), add.of(l, x, x, t),
		sshl.of(l, x, x, c.shift),
		sshl.of(l, x, x, c.wrap), sshl.of(l, x, x, c.unwrap), and.bitwise(x, x, c.mask),
	}
	if l == double64 {
		return append(out, clamp64(x, c.lo, c.hi, t)...)
	}
	return append(out, smax.of(l, x, x, c.lo), smin.of(l, x, x, c.hi))
}

// extend widens the lower lanes of v in steps.
func extend(v reg, from, to lane) (out []word) {
	for l := from; l < to; l++ {
		out = append(out, sxtl(l, v, v))
	}
	return out
}

// shorten narrows the lanes of v in steps.
func shorten(v reg, from, to lane) (out []word) {
	for l := from; l > to; l-- {
		out = append(out, xtn(l-1, v, v))
	}
	return out
}

func casts(a *asm) {
	for width := half16; width <= double64; width++ {
		for in := bytes8; in <= width; in++ {
			for out := bytes8; out <= width; out++ {
				cast(a, in, width, out)
			}
		}
	}
}

// widens emits the kernels that only sign-extend.
func widens(a *asm) {
	for in := bytes8; in < double64; in++ {
		for out := in + 1; out <= double64; out++ {
			name := fmt.Sprintf("widen%dto%d", in.bits(), out.bits())
			plane(a, name, "sign-extends a plane.", nil, func() {
				a.words(ldr(16>>out<<in, 0, rSrc))
				a.words(extend(0, in, out)...)
				a.words(str(16, 0, rDst))
			})
		}
	}
}

// Vector registers of steps: values v0, v1; temporaries v2 to v5.
const (
	vScale = reg(16)
	vLimit = reg(17)
	vHalf  = reg(18)
	vGood  = reg(19)
)

// steps emits the kernel that turns float32 values into int32 steps: scaled, rounded, converted. It returns
// eight bits, all set when every value was within int32 and a number. round leaves the result of v in t.
func steps(a *asm, name, doc string, round func(v, t reg) []word) {
	a.kernel(name+"NEON", doc, "(dst *int32, src *float32, n int64, scale float32) (good int64)", 40)
	a.plain("MOVD dst+0(FP), R0", "MOVD src+8(FP), R1", "MOVD n+16(FP), R2", "MOVWU scale+24(FP), R3",
		"MOVD $0x4f000000, R4 // 2^31", "MOVD $0x3f000000, R5 // 0.5")
	a.words(dup(single32, vScale, 3), dup(single32, vLimit, 4), dup(single32, vHalf, 5),
		cmeq.of(single32, vGood, vGood, vGood))
	a.label(name + "Loop")
	a.words(ldpNext(0, 1, rSrc, 32))
	for v := reg(0); v < 2; v++ {
		a.words(fmul.float(v, v, vScale), facgt.float(2+v, vLimit, v), and.bitwise(vGood, vGood, 2+v))
		a.words(round(v, 2+v)...)
	}
	a.words(stpNext(2, 3, rDst, 32))
	a.plain("SUBS $1, R2, R2", "BNE "+name+"Loop")
	a.words(uminv(single32, vGood, vGood), umov32(3, vGood))
	a.plain("AND $255, R3, R3", "MOVD R3, good+32(FP)", "RET")
}

func allSteps(a *asm) {
	steps(a, "stepsFloor", "rounds toward minus infinity.", func(v, t reg) []word {
		return []word{frintm(t, v), fcvtzs(t, t)}
	})
	steps(a, "stepsEven", "rounds to nearest, halves to even.", func(v, t reg) []word {
		return []word{frintn(t, v), fcvtzs(t, t)}
	})
	steps(a, "stepsUp", "rounds to nearest, halves up.", func(v, t reg) []word {
		// The rest above the floor is exact, and its comparison gives -1.
		return []word{
			frintm(t, v), fsub.float(v, v, t), fcmge.float(v, v, vHalf), fcvtzs(t, t), sub.of(single32, t, t, v),
		}
	})
}
