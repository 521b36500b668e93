package vec

import "unsafe"

// Facts are the ends of a run of values, the bits that any of them has, and how many are zero.
type Facts struct {
	Low, High int64
	Or        uint64
	Zeros     int
}

const (
	factsBytes = 32      // that a loop takes at once
	factsMost  = 1 << 12 // values in one run: lanes of 8 bits count zeros
)

// FactsOf are the facts of n lanes of `bits` bits, a multiple of 64; ok is false where the set has no loop.
func (s *Set) FactsOf(src unsafe.Pointer, n, bits int) (f Facts, ok bool) {
	if bits > 32 || s.facts[0] == nil || n == 0 {
		return f, false
	}
	bytes := bits / 8
	for from := 0; from < n; {
		k := min(n-from, factsMost)
		at := (*byte)(unsafe.Add(src, from*bytes))
		var out [4 * factsBytes]byte
		var g Facts
		switch bytes {
		case 1:
			s.facts[0](at, int64(k/32), &out[0])
			g = reduceFacts[int8](&out)
		case 2:
			s.facts[1](at, int64(k/16), &out[0])
			g = reduceFacts[int16](&out)
		default:
			s.facts[2](at, int64(k/8), &out[0])
			g = reduceFacts[int32](&out)
		}
		if from == 0 {
			f = g
		} else {
			f = Facts{min(f.Low, g.Low), max(f.High, g.High), f.Or | g.Or, f.Zeros + g.Zeros}
		}
		from += k
	}
	return f, true
}

// reduceFacts joins the lanes of the four registers.
func reduceFacts[T lane](out *[4 * factsBytes]byte) Facts {
	var t T
	lanes := factsBytes / int(unsafe.Sizeof(t))
	low, high, or, zeros := get[T](&out[0], 0), get[T](&out[factsBytes], 0), T(0), 0
	for i := range lanes {
		low, high = min(low, get[T](&out[0], i)), max(high, get[T](&out[factsBytes], i))
		or |= get[T](&out[2*factsBytes], i)
		z := int(get[T](&out[3*factsBytes], i))
		if z < 0 { // a count of 128 in 8 bits
			z += 256
		}
		zeros += z
	}
	return Facts{int64(low), int64(high), uint64(or), zeros}
}

// Limits are the numbers that FloatFacts counts by: beyond are those below Low and from High on, tiny those
// from TinyLow to below TinyHigh.
type Limits struct{ Low, High, TinyLow, TinyHigh float32 }

// FloatFacts are the ends of a run of numbers, zero included, and how many are zero, beyond, and tiny.
type FloatFacts struct {
	Low, High           float32
	Zeros, Beyond, Tiny int
}

// FloatsOf are the facts of the numbers of src up to a multiple of 8, and how many that are; 0 where the
// set has no loop.
func (s *Set) FloatsOf(src []float32, l Limits) (f FloatFacts, n int) {
	n = len(src) / 8 * 8
	if s.floats == nil || n == 0 {
		return f, 0
	}
	var out [5 * factsBytes]byte
	s.floats(&src[0], int64(n/8), &l.Low, &out[0])
	for i := range 8 {
		f.Low = min(f.Low, *at[float32](&out[0], int64(4*i)))
		f.High = max(f.High, *at[float32](&out[factsBytes], int64(4*i)))
		f.Zeros += int(get[int32](&out[2*factsBytes], i))
		f.Beyond += int(get[int32](&out[3*factsBytes], i))
		f.Tiny += int(get[int32](&out[4*factsBytes], i))
	}
	return f, n
}

// Beyond counts which of n lanes of `bits` bits, a multiple of 64, are below low or above high; ok is false
// where the set has no loop.
func (s *Set) Beyond(src unsafe.Pointer, n, bits int, low, high int64) (count int, ok bool) {
	if s.beyond[0] == nil || bits != 16 && bits != 32 {
		return 0, false
	}
	if bits == 16 {
		return beyond[int16](s.beyond[0], src, n, low, high), true
	}
	return beyond[int32](s.beyond[1], src, n, low, high), true
}

func beyond[T int16 | int32](
	loop func(src *byte, n int64, p, out *byte), src unsafe.Pointer, n int, low, high int64,
) (count int) {
	bytes := int(unsafe.Sizeof(T(0)))
	lanes := factsBytes / bytes
	var p [2 * factsBytes]byte
	least, greatest := int64(-1)<<(8*bytes-1), int64(1)<<(8*bytes-1)-1
	if low > greatest || high < least {
		return n
	}
	for i := range lanes {
		put(&p[0], i, T(max(low, least)))
		put(&p[factsBytes], i, T(min(high, greatest)))
	}
	for from := 0; from < n; from += factsMost {
		k := min(n-from, factsMost)
		var out [factsBytes]byte
		loop((*byte)(unsafe.Add(src, from*bytes)), int64(k/lanes), &p[0], &out[0])
		for i := range lanes {
			count += int(get[T](&out[0], i))
		}
	}
	return count
}
