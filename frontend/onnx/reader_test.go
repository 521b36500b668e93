package onnx_test

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo/frontend"
	"github.com/hlsgo/hlsgo/frontend/onnx"
	"github.com/hlsgo/hlsgo/layers/builtin"
)

// message is a field of bytes of the wire format.
func message(field int, parts ...[]byte) []byte {
	var body []byte
	for _, p := range parts {
		body = append(body, p...)
	}
	out := binary.AppendUvarint(nil, uint64(field<<3|2))
	return append(binary.AppendUvarint(out, uint64(len(body))), body...)
}

func number(field int, v uint64) []byte {
	return binary.AppendUvarint(binary.AppendUvarint(nil, uint64(field<<3)), v)
}

func shaped(field int, name string, dims ...uint64) []byte {
	var axes [][]byte
	for _, d := range dims {
		axes = append(axes, message(1, number(1, d)))
	}
	tensor := message(1, number(1, 1), message(2, axes...))
	return message(field, message(1, []byte(name)), message(2, tensor))
}

// TestLargeConstant reads weights that are more values than a tensor of a sample may have.
func TestLargeConstant(t *testing.T) {
	const rows, columns = 1025, 4096 // beyond 2^22
	dims := binary.AppendUvarint(binary.AppendUvarint(nil, rows), columns)
	weights := message(5, message(1, dims), number(2, 1), message(8, []byte("w")),
		message(9, make([]byte, 4*rows*columns)))
	product := message(1, message(1, []byte("x")), message(1, []byte("w")), message(2, []byte("y")),
		message(4, []byte("MatMul")))
	model := append(message(8, number(2, 13)), message(7, product, weights, shaped(11, "x", 1, rows),
		shaped(12, "y", 1, columns))...)
	path := filepath.Join(t.TempDir(), "m.onnx")
	require.NoError(t, os.WriteFile(path, model, 0o600))
	r, err := onnx.New()
	require.NoError(t, err)
	p, err := r.Read(frontend.Source{Files: map[string]string{"OnnxModel": path}}, builtin.Registry())
	require.NoError(t, err)
	require.Len(t, p.Layers, 3)
}
