package graph

import (
	"encoding/binary"
	"fmt"
	"math"
)

// DType is an element type, with ONNX's number.
type DType int

// The element types of networks.
const (
	Unknown  DType = 0
	Float    DType = 1
	Uint8    DType = 2
	Int8     DType = 3
	Uint16   DType = 4
	Int16    DType = 5
	Int32    DType = 6
	Int64    DType = 7
	Bool     DType = 9
	Float16  DType = 10
	Double   DType = 11
	Uint32   DType = 12
	Uint64   DType = 13
	BFloat16 DType = 16
	Uint4    DType = 21
	Int4     DType = 22
	Uint2    DType = 25
	Int2     DType = 26
)

// elements is all that is known of the element types.
var elements = map[DType]struct {
	name   string
	bits   int
	signed bool // of those that are integers
	decode func(raw []byte) float64
}{
	Float: {"float", 32, true, func(b []byte) float64 {
		return float64(math.Float32frombits(binary.LittleEndian.Uint32(b)))
	}},
	Double: {"double", 64, true, func(b []byte) float64 {
		return math.Float64frombits(binary.LittleEndian.Uint64(b))
	}},
	Float16: {"float16", 16, true, func(b []byte) float64 { return half(binary.LittleEndian.Uint16(b)) }},
	BFloat16: {"bfloat16", 16, true, func(b []byte) float64 {
		return float64(math.Float32frombits(uint32(binary.LittleEndian.Uint16(b)) << 16))
	}},
	Uint8:  {"uint8", 8, false, func(b []byte) float64 { return float64(b[0]) }},
	Int8:   {"int8", 8, true, func(b []byte) float64 { return float64(int8(b[0])) }},
	Bool:   {"bool", 8, false, func(b []byte) float64 { return float64(min(b[0], 1)) }},
	Uint16: {"uint16", 16, false, func(b []byte) float64 { return float64(binary.LittleEndian.Uint16(b)) }},
	Int16:  {"int16", 16, true, func(b []byte) float64 { return float64(int16(binary.LittleEndian.Uint16(b))) }},
	Uint32: {"uint32", 32, false, func(b []byte) float64 { return float64(binary.LittleEndian.Uint32(b)) }},
	Int32:  {"int32", 32, true, func(b []byte) float64 { return float64(int32(binary.LittleEndian.Uint32(b))) }},
	Uint64: {"uint64", 64, false, func(b []byte) float64 { return float64(binary.LittleEndian.Uint64(b)) }},
	Int64:  {"int64", 64, true, func(b []byte) float64 { return float64(int64(binary.LittleEndian.Uint64(b))) }},
	Uint4:  {"uint4", 4, false, func(b []byte) float64 { return float64(b[0] & 15) }},
	Int4:   {"int4", 4, true, func(b []byte) float64 { return float64(int8(b[0]<<4) >> 4) }},
	Uint2:  {"uint2", 2, false, func(b []byte) float64 { return float64(b[0] & 3) }},
	Int2:   {"int2", 2, true, func(b []byte) float64 { return float64(int8(b[0]<<6) >> 6) }},
}

// half is a number of 16 bits as a real one.
func half(bits uint16) float64 {
	sign, exp, frac := 1.0, int(bits>>10&31), float64(bits&1023)
	if bits>>15 != 0 {
		sign = -1
	}
	switch exp {
	case 0:
		return sign * math.Ldexp(frac, -24)
	case 31:
		if frac != 0 {
			return math.NaN()
		}
		return sign * math.Inf(1)
	}
	return sign * math.Ldexp(1024+frac, exp-25)
}

// String is ONNX's name of the type.
func (t DType) String() string {
	if e, ok := elements[t]; ok {
		return e.name
	}
	return fmt.Sprintf("the element type %d", int(t))
}

// Bits is the size of an element; 0 for types that no network here has.
func (t DType) Bits() int { return elements[t].bits }

// Integer reports whether elements are whole numbers.
func (t DType) Integer() bool {
	return t != Float && t != Double && t != Float16 && t != BFloat16 && elements[t].bits > 0
}

// Signed reports whether elements may be below zero.
func (t DType) Signed() bool { return elements[t].signed }

// Round is the element of the type that is nearest to v, as arithmetic in that type gives it.
func (t DType) Round(v float64) float64 {
	switch t {
	case Float, Float16, BFloat16: // the latter two are widened when they are read
		return float64(float32(v))
	case Double, Unknown:
		return v
	}
	return math.Trunc(v)
}
