// Command gen writes the vector kernels of package vec:
//
//	go run . -out ../kernels_amd64.s -stubs ../kernels_amd64.go -pkg vec
package main

import (
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// isa is one vector width: AVX2 with 32-byte registers, AVX-512 with 64-byte registers.
type isa struct {
	name    string
	bytes   int
	outputs int // accumulator rows of a sum kernel
}

// perRow is how many registers of samples a sum kernel holds for each output.
const perRow = 2

var (
	avx2   = isa{"AVX2", 32, 4}
	avx512 = isa{"AVX512", 64, 8}
)

func (s isa) reg() reg.VecVirtual {
	if s.bytes == 64 {
		return build.ZMM()
	}
	return build.YMM()
}

// move copies between memory and a vector register.
func (s isa) move(from, to operand.Op) {
	if s.bytes == 64 {
		build.VMOVDQU64(from, to)
		return
	}
	build.VMOVDQU(from, to)
}

func main() {
	build.ConstraintExpr("amd64,!purego")
	for _, s := range []isa{avx2, avx512} {
		mulHi16(s)
		mulLo16(s)
		dot16(s)
		cut32(s)
		saturate32(s)
		dot64(s)
		pack16(s)
		casts(s)
		widen(s)
		allElements(s)
	}
	cut64Biased(avx2)
	cut64(avx512)
	saturate64(avx512)
	allSteps()
	build.Generate()
}
