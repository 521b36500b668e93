// Package vec holds the simulator's inner loops as vector code: generated assembly per instruction set, each
// loop with a twin in plain Go that says what it computes and judges it in tests.
//
// Loops work on planes, runs of one tensor element over consecutive samples, and on tiles: a few outputs of
// a sum by a few registers of samples, kept in registers over all terms. The package knows nothing of
// formats; its callers prove that the lanes are wide enough.
package vec

//go:generate go -C gen run . -out ../kernels_amd64.s -stubs ../kernels_amd64.go -pkg vec

import (
	"math/bits"
	"unsafe"
)

// Params are the constants of a cast or of a sum that rounds. A cast is, in lanes of one width,
//
//	x = x << Left
//	x = (x + Add + (x<0 ? Negative : 0) + (x >> Shift & Even)) >> Shift
//	x = x << Wrap >> Wrap & Mask, then clamped to [Lo, Hi]
//
// with arithmetic shifts; a sum takes Add, Shift, Lo and Hi, an Op what it says. Second and Third are the
// distances in bytes from the first source to others. The order of the fields is known to the generators.
type Params struct{ Left, Add, Negative, Even, Shift, Wrap, Mask, Lo, Hi, Second, Third, Factor int64 }

// Op is an operation on the values x, y, z of up to three planes, modulo the width of the results.
type Op uint8

// The operations. Max and Choose have results as wide as their operands; a Factor, and the operands of a
// product that is wider than they are, have no more than half the bits of 64-bit results.
const (
	Add    Op = iota // (x << Left) + (y << Shift)
	Sub              // (x << Left) - (y << Shift)
	Mul              // x * y
	Max              // the larger of x and y
	Choose           // x > Lo ? y : z
	Scale            // x * Factor + Add
	ops              // how many there are
)

// Neutral are the constants of a cast that changes nothing, in lanes of `width` bits.
func Neutral(width int) Params {
	return Params{Mask: -1, Lo: -1 << (width - 1), Hi: 1<<(width-1) - 1}
}

// Sum adds the same terms to a tile of Outputs rows by Samples columns.
type Sum struct {
	Name             string
	Outputs, Samples int
	unit             int  // bytes of one weight
	twice            bool // a weight is an int16, twice
	run              func(x *byte, offs *int64, w *byte, k int64, acc *byte, p *int64)
}

// Unit is the bytes of one weight.
func (s Sum) Unit() int { return s.unit }

// Twice reports whether a weight is an int16 that stands twice in its unit.
func (s Sum) Twice() bool { return s.twice }

// Ready reports whether the set has the loop.
func (s Sum) Ready() bool { return s.run != nil }

// Run adds len(offs) terms to the tile at acc (Outputs x Samples accumulators, row by row). Term i reads
// Samples inputs at x + offs[i] bytes and the weights w[i*Outputs : (i+1)*Outputs]; a weight is 4 bytes (a
// pair of int16, or an int32) or 8 bytes (an int64) as the loop's twin says. p holds the constants of the
// sums that round, nil for the others.
func (s Sum) Run(x *byte, offs []int64, w, acc *byte, p *Params) {
	if len(offs) > 0 {
		s.run(x, &offs[0], w, int64(len(offs)), acc, (*int64)(unsafe.Pointer(p)))
	}
}

// Plane changes runs of values, Block at a time.
type Plane struct {
	Name  string
	Block int
	run   func(dst, src *byte, n int64, p *int64)
}

// Ready reports whether the set has the loop.
func (s Plane) Ready() bool { return s.run != nil }

// Run works on n blocks of Block values.
func (s Plane) Run(dst, src *byte, n int, p *Params) {
	if n > 0 {
		s.run(dst, src, int64(n), (*int64)(unsafe.Pointer(p)))
	}
}

// Steps turns float32 values into integers: scaled, rounded, converted.
type Steps struct {
	run func(dst *int32, src *float32, n int64, scale float32) int64
}

// Ready reports whether the set has the loop.
func (s Steps) Ready() bool { return s.run != nil }

// StepsBlock is how many values Steps takes at a time.
const StepsBlock = 8

// Run converts the whole blocks of StepsBlock values in src. scale is a power of two, at least one. It
// returns false, with dst undefined, when a scaled value is no number or not below 2^31 in magnitude.
func (s Steps) Run(dst []int32, src []float32, scale float32) bool {
	n := len(src) / StepsBlock
	return n == 0 || s.run(&dst[:n*StepsBlock][0], &src[0], int64(n), scale) == 1<<StepsBlock-1
}

// Set is the loops of one instruction set. A loop that the instruction set has no good code for is not
// Ready; the caller then uses its plain loop.
type Set struct {
	Name string

	MulHi16    Sum // int16 sums of the high halves of 16-bit products; weight: the int16 twice
	MulLo16    Sum // int16 sums of the low halves; weight: the int16 twice
	Dot16      Sum // int32 sums over interleaved pairs of int16; weight: the pair of int16
	Cut32      Sum // int32 sums of products, each rounded by Add and Shift; weight: int32
	Saturate32 Sum // the same, product and sum clamped to [Lo, Hi] at every term
	Dot64      Sum // int64 sums of 32-bit values in 64-bit lanes; weight: int64 within 32 bits
	Cut64      Sum // the same, each product rounded
	Saturate64 Sum // the same, product and sum clamped

	Floor, Even, Up Steps // toward minus infinity; to nearest, halves to even; to nearest, halves up

	Pack16 Plane // interleaves the planes at src and src + Params.Add bytes

	casts    [3][4][4]Plane   // by computing width, source and destination
	widen    [3][4]Plane      // by source and destination
	elements [ops][4][4]Plane // by operation, operands and results

	looks looks
}

// Element returns the loop of an operation on lanes of `in` bits with results of `out` bits.
func (s Set) Element(op Op, in, out int) Plane {
	return s.elements[op][bits.Len(uint(in))-4][bits.Len(uint(out))-4]
}

// Cast returns the loop that converts lanes of `in` bits to lanes of `out` bits, computing in lanes of
// `width` bits, which is at least as wide as both: 16, 32 or 64. Results must fit the destination.
func (s Set) Cast(in, width, out int) Plane {
	return s.casts[bits.Len(uint(width))-5][bits.Len(uint(in))-4][bits.Len(uint(out))-4]
}

// Widen returns the loop that sign-extends lanes of `in` bits to wider lanes of `out` bits.
func (s Set) Widen(in, out int) Plane { return s.widen[bits.Len(uint(in))-4][bits.Len(uint(out))-4] }

// Bytes is the address of the first element of a slice; nil for an empty one.
func Bytes[T any](s []T) *byte { return (*byte)(unsafe.Pointer(unsafe.SliceData(s))) }

// Best returns the fastest set of vector code that this machine runs; one without loops where it has none:
// the scalar set is there to judge, not to be fast.
func Best() Set {
	sets := Sets()
	if len(sets) == 1 {
		return Set{}
	}
	return sets[len(sets)-1]
}
