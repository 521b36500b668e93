package codegen

import (
	"fmt"
	"math"
	"strconv"
)

// Samples is the text of a .dat file of the test bench: one line per sample, every value followed by a space,
// spelled as numpy prints it. x holds n samples in C order.
func Samples[T float32 | float64](n int, x []T) ([]byte, error) {
	if n < 1 || len(x)%n != 0 {
		return nil, fmt.Errorf("samples: wrong number of values: got %d, want a multiple of %d samples", len(x), n)
	}
	bits := 64
	if _, ok := any(x).([]float32); ok {
		bits = 32
	}
	width := len(x) / n
	out := make([]byte, 0, len(x)*12)
	for i, v := range x {
		out = append(appendPythonFloat(out, float64(v), bits), ' ')
		if (i+1)%width == 0 {
			out = append(out, '\n')
		}
	}
	return out, nil
}

// FloatText is the shortest decimal text that reads back as v, spelled as Python's repr does: 0.2, 1.0,
// 1e-05. Configuration structs hold numbers in this form.
func FloatText(v float64) string { return string(appendPythonFloat(nil, v, 64)) }

// appendPythonFloat appends repr of a Python float (64 bits) or str of a numpy float32 (32 bits).
func appendPythonFloat(dst []byte, v float64, bits int) []byte {
	switch {
	case v != v:
		return append(dst, "nan"...)
	case v > math.MaxFloat64:
		return append(dst, "inf"...)
	case v < -math.MaxFloat64:
		return append(dst, "-inf"...)
	}
	a := max(v, -v)
	// The bounds of Python's repr, between which it writes no exponent.
	if a != 0 && (a < 1e-4 || a >= 1e16) {
		return strconv.AppendFloat(dst, v, 'e', -1, bits)
	}
	at := len(dst)
	dst = strconv.AppendFloat(dst, v, 'f', -1, bits)
	for _, c := range dst[at:] {
		if c == '.' {
			return dst
		}
	}
	return append(dst, ".0"...)
}
