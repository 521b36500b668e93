package vec

import (
	"math/bits"
	"unsafe"
)

// Facts are the ends of a run of values, the bits that any of them has, and how many are zero.
type Facts struct {
	Low, High int64
	Or        uint64
	Zeros     int
}

// FloatFacts are the ends of a run of numbers, zero included, and how many are tiny.
type FloatFacts struct {
	Low, High float32
	Tiny      int
}

// The loops take n registers of lanes, at least one. A factLoop for ends sets Low and High only.
type (
	factLoop  = func(src *byte, n int64, out *Facts)
	countLoop = func(src *byte, n, low, high int64) int64
)

// looks are the loops that look at planes, of lanes of 8, 16, 32 and 64 bits; without any where bytes is 0.
type looks struct {
	bytes  int // of a register
	ends   [4]factLoop
	facts  [4]factLoop
	within [4]countLoop
	tiny   [4]countLoop
	floats func(src *float32, n int64, low, high float32, out *FloatFacts)
	beyond func(src *float32, n int64, low, high float32) int64
}

// split says which of the loops take lanes of `width` bits, how many registers n such lanes fill, and how
// many lanes those are.
func (l *looks) split(n, width int) (i, registers, lanes int) {
	i = bits.Len(uint(width)) - 4
	if l.bytes == 0 {
		return i, 0, 0
	}
	each := l.bytes >> i
	return i, n / each, n / each * each
}

// Ends sets the ends of n values, at least one, in lanes of `width` bits. The other facts are lost.
func (s *Set) Ends(src unsafe.Pointer, n, width int, f *Facts) {
	i, registers, done := s.looks.split(n, width)
	if done > 0 {
		s.looks.ends[i]((*byte)(src), int64(registers), f)
	}
	if done < n {
		lookOn(src, n, width, done, f)
	}
}

// Facts sets the facts of n values, at least one, in lanes of `width` bits.
func (s *Set) Facts(src unsafe.Pointer, n, width int, f *Facts) {
	*f = Facts{}
	i, registers, done := s.looks.split(n, width)
	if done > 0 {
		s.looks.facts[i]((*byte)(src), int64(registers), f)
	}
	if done < n {
		lookOn(src, n, width, done, f)
	}
}

// Within counts which of n values, in lanes of `width` bits, are from low to high.
func (s *Set) Within(src unsafe.Pointer, n, width int, low, high int64) int {
	return s.looks.count(&s.looks.within, src, n, width, low, high, true)
}

// Tiny is Within without the zeros.
func (s *Set) Tiny(src unsafe.Pointer, n, width int, low, high int64) int {
	return s.looks.count(&s.looks.tiny, src, n, width, low, high, false)
}

func (l *looks) count(
	loops *[4]countLoop, src unsafe.Pointer, n, width int, low, high int64, zeros bool,
) (count int) {
	least, greatest := int64(-1)<<(width-1), int64(1)<<(width-1)-1
	if low, high = max(low, least), min(high, greatest); low > high {
		return 0
	}
	i, registers, done := l.split(n, width)
	if done > 0 {
		count = int(loops[i]((*byte)(src), int64(registers), low, high))
	}
	if done == n {
		return count
	}
	switch width {
	case 8:
		return count + countOf[int8](src, done, n, low, high, zeros)
	case 16:
		return count + countOf[int16](src, done, n, low, high, zeros)
	case 32:
		return count + countOf[int32](src, done, n, low, high, zeros)
	}
	return count + countOf[int64](src, done, n, low, high, zeros)
}

func countOf[T lane](src unsafe.Pointer, from, n int, low, high int64, zeros bool) (count int) {
	for _, v := range unsafe.Slice((*T)(src), n)[from:] {
		if int64(v) >= low && int64(v) <= high && (zeros || v != 0) {
			count++
		}
	}
	return count
}

// lookOn adds the values from the one at `from` on to the facts of those before it.
func lookOn(src unsafe.Pointer, n, width, from int, f *Facts) {
	switch width {
	case 8:
		factsOf[int8](src, from, n, f)
	case 16:
		factsOf[int16](src, from, n, f)
	case 32:
		factsOf[int32](src, from, n, f)
	default:
		factsOf[int64](src, from, n, f)
	}
}

func factsOf[T lane](src unsafe.Pointer, from, n int, f *Facts) {
	x := unsafe.Slice((*T)(src), n)[from:]
	low, high, or := x[0], x[0], T(0)
	for _, v := range x {
		low, high, or = min(low, v), max(high, v), or|v
		if v == 0 {
			f.Zeros++
		}
	}
	f.Or |= uint64(or)
	if from == 0 {
		f.Low, f.High = int64(low), int64(high)
	} else {
		f.Low, f.High = min(f.Low, int64(low)), max(f.High, int64(high))
	}
}

// Floats sets the facts of the numbers of src; tiny are those from low to below high that are not zero. What
// is no number is passed over.
func (s *Set) Floats(src []float32, low, high float32, f *FloatFacts) {
	*f = FloatFacts{}
	_, registers, done := s.looks.split(len(src), 32)
	if done > 0 {
		s.looks.floats(&src[0], int64(registers), low, high, f)
	}
	for _, v := range src[done:] {
		if v < f.Low {
			f.Low = v
		}
		if v > f.High {
			f.High = v
		}
		if v >= low && v < high && v != 0 {
			f.Tiny++
		}
	}
}

// FloatsBeyond counts which numbers of src are below low, or from high on.
func (s *Set) FloatsBeyond(src []float32, low, high float32) (count int) {
	_, registers, done := s.looks.split(len(src), 32)
	if done > 0 {
		count = int(s.looks.beyond(&src[0], int64(registers), low, high))
	}
	for _, v := range src[done:] {
		if v < low || v >= high {
			count++
		}
	}
	return count
}
