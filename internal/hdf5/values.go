package hdf5

import (
	"fmt"
	"math"
	"strings"
)

// An array is the decoded form of a dataset's or an attribute's data: elements in C order, as stored.
type array struct {
	typ   Type
	count int
	raw   []byte // count * typ.Size bytes
}

// mismatch is the error of a typed read of another type.
func (t Type) mismatch(want string) error {
	switch t.Class {
	case Integer, Float, String, VarString, Enum, Bool:
		return fmt.Errorf("type: got %s, want %s", t, want)
	}
	return fmt.Errorf("type: got %s, which is not supported; want %s", t, want)
}

// wantFloat fails unless every value of t is exact in a float of size bytes.
func (t Type) wantFloat(size int) error {
	if t.Class != Float || t.Size > size {
		return t.mismatch(fmt.Sprintf("a float of at most %d bits", 8*size))
	}
	return nil
}

func (t Type) wantInteger() error {
	if t.Class != Integer && t.Class != Enum && t.Class != Bool {
		return t.mismatch("an integer, an enumeration or bool")
	}
	return nil
}

func (t Type) wantString() error {
	if t.Class != String && t.Class != VarString {
		return t.mismatch("strings")
	}
	return nil
}

// floats widens only: wantFloat has refused the types that T cannot hold exactly.
func floats[T float32 | float64](a array) []T {
	out := make([]T, a.count)
	order := a.typ.order()
	for i := range out {
		b := a.raw[i*a.typ.Size:]
		switch {
		case a.typ.Size == 8:
			out[i] = T(math.Float64frombits(order.Uint64(b)))
		case a.typ.Size == 4:
			out[i] = T(math.Float32frombits(order.Uint32(b)))
		case a.typ.BFloat:
			out[i] = T(math.Float32frombits(uint32(order.Uint16(b)) << 16))
		default:
			out[i] = T(half(order.Uint16(b)))
		}
	}
	return out
}

// half widens an IEEE 754 half-precision float.
func half(h uint16) float32 {
	sign, exp, frac := uint32(h>>15)<<31, uint32(h>>10&31), uint32(h&1023)
	switch exp {
	case 0: // zero or subnormal: frac steps of 2^-24
		v := float32(frac) * (1.0 / (1 << 24))
		return math.Float32frombits(math.Float32bits(v) | sign)
	case 31:
		return math.Float32frombits(sign | 0xff<<23 | frac<<13)
	}
	return math.Float32frombits(sign | (exp+127-15)<<23 | frac<<13)
}

// integers decodes whole numbers; an unsigned 64-bit one above the largest int64 is an error.
func (a array) integers() ([]int64, error) {
	out := make([]int64, a.count)
	for i := range out {
		out[i] = a.typ.integer(a.raw[i*a.typ.Size:])
		if !a.typ.Signed && out[i] < 0 {
			return nil, fmt.Errorf("element %d: got %d, want at most the largest int64, %d", i,
				uint64(out[i]), int64(math.MaxInt64))
		}
	}
	return out, nil
}

// unsigned decodes whole numbers, of which none may be negative.
func (a array) unsigned() ([]uint64, error) {
	out := make([]uint64, a.count)
	for i := range out {
		v := a.typ.integer(a.raw[i*a.typ.Size:])
		if a.typ.Signed && v < 0 {
			return nil, fmt.Errorf("element %d: got %d, want at least 0", i, v)
		}
		out[i] = uint64(v)
	}
	return out, nil
}

// strings decodes fixed and variable-length strings without their padding.
func (a array) strings(s *scan) ([]string, error) {
	if a.typ.Class == String {
		// One copy for all strings, which are then cut out of it.
		all := string(a.raw)
		out := make([]string, a.count)
		for i := range out {
			out[i] = unpad(all[i*a.typ.Size:][:a.typ.Size], a.typ.padding)
		}
		return out, nil
	}
	heap := s.globalHeap()
	out := make([]string, a.count)
	for i := range out {
		c := &cursor{f: s.f, what: "variable-length string", b: a.raw[i*a.typ.Size:]}
		length, addr, index := c.u32(), c.addr(), c.u32()
		if length == 0 { // nothing is stored for an empty string
			continue
		}
		text, err := heap.text(addr, index, uint64(length))
		if err != nil {
			return nil, fmt.Errorf("element %d: %w", i, err)
		}
		out[i] = unpad(text, a.typ.padding)
	}
	return out, nil
}

// unpad removes what fills a string up to its stored length.
func unpad(s string, padding int) string {
	// A zero-terminated string ends at its first zero, whatever stands behind it; a padded one may hold zeros
	// inside, and only those at its end are padding.
	switch padding {
	case 0:
		if i := strings.IndexByte(s, 0); i >= 0 {
			return s[:i]
		}
		return s
	case 1:
		return strings.TrimRight(s, "\x00")
	}
	return strings.TrimRight(s, " ")
}
