package graph_test

import (
	"encoding/binary"
	"math"
)

// The helpers below write messages of the wire format, right and wrong ones.

func tag(field, kind int) []byte { return binary.AppendUvarint(nil, uint64(field<<3|kind)) }

func number(field int, v uint64) []byte { return binary.AppendUvarint(tag(field, 0), v) }

func body(field int, parts ...[]byte) []byte {
	var inner []byte
	for _, p := range parts {
		inner = append(inner, p...)
	}
	return append(binary.AppendUvarint(tag(field, 2), uint64(len(inner))), inner...)
}

func text(field int, s string) []byte { return body(field, []byte(s)) }

func float(field int, v float32) []byte {
	return binary.LittleEndian.AppendUint32(tag(field, 5), math.Float32bits(v))
}

func join(parts ...[]byte) []byte {
	var out []byte
	for _, p := range parts {
		out = append(out, p...)
	}
	return out
}

// Pieces of a model.

func opset(version uint64) []byte { return body(8, text(1, ""), number(2, version)) }

func node(op string, inputs, outputs []string, attrs ...[]byte) []byte {
	var parts [][]byte
	for _, in := range inputs {
		parts = append(parts, text(1, in))
	}
	for _, out := range outputs {
		parts = append(parts, text(2, out))
	}
	parts = append(parts, text(4, op))
	return body(1, append(parts, attrs...)...)
}

func value(field int, name string, dims ...uint64) []byte {
	var axes [][]byte
	for _, d := range dims {
		axes = append(axes, body(1, number(1, d)))
	}
	return body(field, text(1, name), body(2, body(1, number(1, 1), body(2, axes...))))
}

func packed(field int, values ...uint64) []byte {
	var raw []byte
	for _, v := range values {
		raw = binary.AppendUvarint(raw, v)
	}
	return body(field, raw)
}

func tensor(field int, name string, dtype uint64, dims []uint64, data ...[]byte) []byte {
	parts := [][]byte{packed(1, dims...), number(2, dtype), text(8, name)}
	return body(field, append(parts, data...)...)
}

func floats(values ...float32) []byte {
	var raw []byte
	for _, v := range values {
		raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(v))
	}
	return raw
}

// small is a model of one product.
func small(more ...[]byte) []byte {
	parts := [][]byte{
		node("MatMul", []string{"x", "w"}, []string{"y"}, body(5, text(1, "alpha"), float(2, 0.5), number(20, 1))),
		tensor(5, "w", 1, []uint64{2, 3}, body(9, floats(1, 2, 3, 4, 5, 6))),
		value(11, "x", 1, 2), value(12, "y", 1, 3),
	}
	return join(number(1, 8), opset(13), body(7, append(parts, more...)...))
}
