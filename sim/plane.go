package sim

import (
	"math"
	"math/bits"

	"github.com/hlsgo/hlsgo/fixed"
)

// Plane names one plane of a program: one value of one tensor (or an intermediate) for a block of samples.
type Plane int32

// NoPlane stands where there is no plane, such as a tap of a window in the padding.
const NoPlane Plane = -1

// Tensor is a tensor of the program: one plane per element in C order, channels last; on a grid one per
// channel.
type Tensor struct {
	Format fixed.Format
	Planes []Plane
	grid   *grid // nil: none
}

// Ranges are computed forward while operations are appended, from formats, weights and tables. They are never
// too small: each rule below gives a range that holds every result for all values of the operands' ranges.
// All of the choices that make a program fast, of lanes, of classes of sums, of plans without dead steps,
// stand on that.

// Range is what is proved of the raws of a plane: an interval, and that all are multiples of 2^Zeros.
type Range struct {
	Lo, Hi int64
	Zeros  int
}

// union is a range that holds both.
func (r Range) union(o Range) Range {
	return Range{min(r.Lo, o.Lo), max(r.Hi, o.Hi), min(r.Zeros, o.Zeros)}
}

// maxZeros is the Zeros of a range that holds nothing but zero.
const maxZeros = 63

// rangeOf is the range of a single raw.
func rangeOf(x int64) Range {
	if x == 0 {
		return Range{Zeros: maxZeros}
	}
	return Range{x, x, bits.TrailingZeros64(uint64(x))}
}

// planRange is the range of a plan's results for raws of range r.
func planRange(p fixed.Plan, r Range) Range {
	lo, hi := p.OutRange()
	out := Range{Lo: lo, Hi: hi}
	// A wrap subtracts multiples of 2^W and keeps the zeros below; a limit may be any number.
	if !p.General && (p.Over == fixed.OverNone || p.Over == fixed.OverWrap) {
		out.Zeros = min(max(r.Zeros-p.Shift, 0), maxZeros)
	}
	return out
}

// lane is the element type of a plane.
type lane uint8

const (
	lane8 lane = iota
	lane16
	lane32
	lane64
	laneWide // big integers
)

// laneOf is the narrowest lane that holds the range.
func laneOf(r Range) lane {
	switch {
	case r.Lo >= math.MinInt8 && r.Hi <= math.MaxInt8:
		return lane8
	case r.Lo >= math.MinInt16 && r.Hi <= math.MaxInt16:
		return lane16
	case r.Lo >= math.MinInt32 && r.Hi <= math.MaxInt32:
		return lane32
	}
	return lane64
}

// bytes is the size of an element; 0 for wide planes, which do not live in the arena.
func (l lane) bytes() int {
	if l == laneWide {
		return 0
	}
	return 1 << l
}

// all is the range of everything that the lane holds.
func (l lane) all() Range {
	return Range{Lo: math.MinInt64 >> (64 - l.bits()), Hi: math.MaxInt64 >> (64 - l.bits())}
}

// String is the name of the lane: "int8" to "int64", or "wide".
func (l lane) String() string {
	return [...]string{"int8", "int16", "int32", "int64", "wide"}[l]
}

// fitsBits reports whether lo..hi are signed integers of w bits.
func fitsBits(lo, hi int64, w int) bool {
	return w >= 64 || lo >= -1<<(w-1) && hi <= 1<<(w-1)-1
}

// mulOK is a*b and whether it fits.
func mulOK(a, b int64) (int64, bool) {
	p := a * b
	return p, a == 0 || p/a == b && !(a == -1 && b == math.MinInt64)
}

// addOK is a+b and whether it fits: without overflow the sum is above a exactly where b is above zero.
func addOK(a, b int64) (int64, bool) {
	s := a + b
	return s, (s > a) == (b > 0)
}

// shlOK is a<<s and whether it fits.
func shlOK(a int64, s int) (int64, bool) {
	if s > 63 {
		return 0, a == 0
	}
	return a << s, a<<s>>s == a
}

// times is the range of x*w.
func (r Range) times(w int64) (Range, bool) {
	a, okA := mulOK(r.Lo, w)
	b, okB := mulOK(r.Hi, w)
	zeros := maxZeros
	if w != 0 {
		zeros = min(r.Zeros+bits.TrailingZeros64(uint64(w)), maxZeros)
	}
	return Range{min(a, b), max(a, b), zeros}, okA && okB
}

// plus is the range of x+y.
func (r Range) plus(o Range) (Range, bool) {
	lo, okLo := addOK(r.Lo, o.Lo)
	hi, okHi := addOK(r.Hi, o.Hi)
	return Range{lo, hi, min(r.Zeros, o.Zeros)}, okLo && okHi
}

// shifted is the range of x<<s, s >= 0.
func (r Range) shifted(s int) (Range, bool) {
	lo, okLo := shlOK(r.Lo, s)
	hi, okHi := shlOK(r.Hi, s)
	return Range{lo, hi, min(r.Zeros+s, maxZeros)}, okLo && okHi
}
