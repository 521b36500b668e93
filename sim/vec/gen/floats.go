package main

import (
	"math"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Rounding of VROUNDPS, without exceptions.
const (
	toEven  = 0x8
	toFloor = 0x9
)

// Comparisons of VCMPPS that are false for NaN and quiet.
const (
	lessThan       = 0x11
	greaterOrEqual = 0x1D
)

// steps emits the kernel that turns float32 values into int32 steps: scaled, rounded, converted. It returns
// eight bits, all set when every value was within int32 and a number.
func steps(name, doc string, round func(x, one reg.VecVirtual) reg.VecVirtual) {
	build.TEXT(name, build.NOSPLIT, "func(dst *int32, src *float32, n int64, scale float32) (good int64)")
	build.Doc(name + " " + doc)
	build.Pragma("noescape")
	dst := build.Load(build.Param("dst"), build.GP64())
	src := build.Load(build.Param("src"), build.GP64())
	n := build.Load(build.Param("n"), build.GP64())
	scale, good := build.YMM(), build.YMM()
	address, err := build.Param("scale").Resolve()
	if err != nil {
		panic(err)
	}
	build.VBROADCASTSS(address.Addr, scale)
	limit, magnitude, one := constant(1<<31), constant(math.Float32frombits(0x7fffffff)), constant(1)
	build.VPCMPEQD(good, good, good)
	x, t := build.YMM(), build.YMM()
	build.Label(name + "Loop")
	build.VMULPS(operand.Mem{Base: src}, scale, x)
	build.VANDPS(magnitude, x, t)
	build.VCMPPS(operand.Imm(lessThan), limit, t, t)
	build.VANDPS(t, good, good)
	build.VCVTTPS2DQ(round(x, one), t)
	build.VMOVDQU(t, operand.Mem{Base: dst})
	build.ADDQ(operand.Imm(32), src)
	build.ADDQ(operand.Imm(32), dst)
	build.DECQ(n)
	build.JNE(operand.LabelRef(name + "Loop"))
	mask := build.GP32()
	build.VMOVMSKPS(good, mask)
	build.VZEROUPPER()
	wide := build.GP64()
	build.MOVL(mask, wide.As32())
	build.Store(wide, build.ReturnIndex(0))
	build.RET()
}

// constant broadcasts a float.
func constant(v float32) reg.VecVirtual {
	bits, x, y := build.GP32(), build.XMM(), build.YMM()
	build.MOVL(operand.U32(math.Float32bits(v)), bits)
	build.VMOVD(bits, x)
	build.VPBROADCASTD(x, y)
	return y
}

func allSteps() {
	steps("stepsFloorAVX2", "rounds toward minus infinity.", func(x, _ reg.VecVirtual) reg.VecVirtual {
		build.VROUNDPS(operand.Imm(toFloor), x, x)
		return x
	})
	steps("stepsEvenAVX2", "rounds to nearest, halves to even.", func(x, _ reg.VecVirtual) reg.VecVirtual {
		build.VROUNDPS(operand.Imm(toEven), x, x)
		return x
	})
	steps("stepsUpAVX2", "rounds to nearest, halves up.", func(x, one reg.VecVirtual) reg.VecVirtual {
		floor, rest, half := build.YMM(), build.YMM(), constant(0.5)
		build.VROUNDPS(operand.Imm(toFloor), x, floor)
		build.VSUBPS(floor, x, rest) // exact: both are multiples of the last bit of x
		build.VCMPPS(operand.Imm(greaterOrEqual), half, rest, rest)
		build.VANDPS(one, rest, rest)
		build.VADDPS(rest, floor, floor)
		return floor
	})
}
