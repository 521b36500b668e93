package graph_test

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo/frontend/onnx/graph"
)

func read(data []byte) (*graph.Graph, error) {
	return graph.Read("m.onnx", bytes.NewReader(data), int64(len(data)))
}

func TestRead(t *testing.T) {
	g, err := read(small())
	require.NoError(t, err)
	require.Equal(t, map[string]int{"": 13}, g.Opsets)
	require.Equal(t, []string{"x"}, g.Inputs)
	require.Equal(t, []string{"y"}, g.Outputs)
	require.Equal(t, []int{1, 2}, g.Shape("x"))
	require.Len(t, g.Nodes, 1)
	alpha, err := g.Nodes[0].Float("alpha", 0)
	require.NoError(t, err)
	require.Equal(t, 0.5, alpha)
	data, err := g.Init("w").Data()
	require.NoError(t, err)
	require.Equal(t, []float64{1, 2, 3, 4, 5, 6}, data)
}

// TestElements reads every element type in every form in which values may stand.
func TestElements(t *testing.T) {
	raw := func(b ...byte) []byte { return body(9, b) }
	for name, row := range map[string]struct {
		dtype uint64
		data  []byte
		want  []float64
	}{
		"float raw":        {1, body(9, floats(1.5, -2, 3)), []float64{1.5, -2, 3}},
		"float packed":     {1, body(4, floats(1.5, -2, 3)), []float64{1.5, -2, 3}},
		"float one by one": {1, join(float(4, 1), float(4, 2), float(4, 3)), []float64{1, 2, 3}},
		"uint8":            {2, raw(1, 255, 7), []float64{1, 255, 7}},
		"int8 raw":         {3, raw(1, 255, 128), []float64{1, -1, -128}},
		"int8 packed":      {3, packed(5, 1, math.MaxUint64, 127), []float64{1, -1, 127}},
		"int16":            {5, raw(1, 0, 255, 255, 0, 128), []float64{1, -1, -32768}},
		"int32":            {6, packed(5, 1, math.MaxUint64-1, 3), []float64{1, -2, 3}},
		"int64":            {7, packed(7, 1, math.MaxUint64, 3), []float64{1, -1, 3}},
		"bool":             {9, raw(0, 1, 1), []float64{0, 1, 1}},
		"float16 raw":      {10, raw(0, 0x3c, 0, 0xc0, 1, 0), []float64{1, -2, math.Ldexp(1, -24)}},
		"float16 packed":   {10, packed(5, 0x3c00, 0xc000, 0x0001), []float64{1, -2, math.Ldexp(1, -24)}},
		"bfloat16":         {16, raw(0x80, 0x3f, 0, 0xc0, 0, 0), []float64{1, -2, 0}},
		"int4":             {22, raw(0xf1, 0x08), []float64{1, -1, -8}},
		"int4 packed":      {22, packed(5, 0xf1, 0x08), []float64{1, -1, -8}},
		"uint4":            {21, raw(0xf1, 0x08), []float64{1, 15, 8}},
		"int2":             {26, raw(0b10_11_01), []float64{1, -1, -2}},
	} {
		t.Run(name, func(t *testing.T) {
			g, err := read(small(tensor(5, "t", row.dtype, []uint64{3}, row.data)))
			require.NoError(t, err)
			data, err := g.Init("t").Data()
			require.NoError(t, err)
			require.Equal(t, row.want, data)
		})
	}
}

// outside is a tensor with its values in a file of the name.
func outside(location string) []byte {
	return tensor(5, "t", 1, []uint64{1}, body(13, text(1, "location"), text(2, location)), number(14, 1))
}

// TestHostile wants one line for files that lie.
func TestHostile(t *testing.T) {
	many := func(part []byte, n int) []byte { return bytes.Repeat(part, n) }
	for name, row := range map[string]struct {
		data []byte
		want string
	}{
		"empty":    {nil, "model: got a file without a graph"},
		"no opset": {body(7, value(12, "y")), "model: got a file without a graph"},
		"text":     {[]byte("hello, world, this is no model"), "got a damaged file, or none of ONNX: byte"},
		"length":   {append(tag(7, 2), 0xff, 0xff, 0xff, 0xff, 0x0f), "got a field of 4294967295 bytes"},
		"values":   {small(tensor(5, "t", 1, []uint64{1 << 20}, body(9, floats(1)))), ""},
		"absurd":   {small(tensor(5, "t", 1, []uint64{1 << 40, 1 << 40})), `tensor "t": shape: got [`},
		"axes":     {small(tensor(5, "t", 1, slices.Repeat([]uint64{1}, 9))), `"t": shape: got 9 axes`},
		"strings":  {small(tensor(5, "t", 8, []uint64{1})), `tensor "t": got the element type 8`},
		"negative": {small(value(13, "t", math.MaxUint64)), "got an axis of size -1"},
		"twice":    {small(tensor(5, "w", 1, []uint64{0})), `tensor "w": got two of that name`},
		"maker":    {small(node("Relu", []string{"x"}, []string{"y"})), `tensor "y": got two that make it`},
		"missing": {small(node("Relu", []string{"q"}, []string{"z"})),
			`Relu "z": input "q": got nothing that makes it`},
		"output":    {small(value(12, "z", 1)), `output "z": got nothing that makes it`},
		"input":     {small(value(11, "x", 1)), `inputs: got "x", want names, each once`},
		"nameless":  {small(node("", []string{"x"}, []string{"z"})), `got operator ""`},
		"nodes":     {small(many(node("Relu", []string{"x"}, []string{"z"}), 20_001)), "got more than 20000 nodes"},
		"constants": {small(tensor(5, "t", 1, []uint64{2}, float(4, 1), body(9, floats(1)))), "in two forms"},
		"functions": {append(small(), body(25, text(1, "f"))...), "got functions of the model's own"},
		"sparse":    {small(body(15)), "got sparse tensors"},
		"outside": {
			small(outside("../w.bin")),
			`external data: location: got "../w.bin", want a file of weights in the folder of the model`,
		},
		"absolute": {
			small(outside("/etc/passwd")),
			`external data: location: got "/etc/passwd"`,
		},
		"gone": {
			small(outside("none.bin")),
			`there is no such file`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			g, err := read(row.data)
			if row.want == "" {
				require.NoError(t, err)
				_, err = g.Init("t").Data()
				require.ErrorContains(t, err, "got 4 bytes of values, want the 4194304 of shape [1048576] in float")
				return
			}
			require.ErrorContains(t, err, row.want)
			require.NotContains(t, err.Error(), "\n")
		})
	}
}

// TestTruncated wants an error, or a model, and no panic, for every beginning of a file.
func TestTruncated(t *testing.T) {
	data := small()
	for i := range data {
		_, err := read(data[:i])
		require.Error(t, err, i)
		require.False(t, strings.Contains(err.Error(), "\n"))
	}
}

// TestOutside reads values from a file beside the model, and none over a link that leads out of its folder.
func TestOutside(t *testing.T) {
	folder := t.TempDir()
	model := func(location, offset string) string {
		path := filepath.Join(folder, "m.onnx")
		data := small(tensor(5, "t", 1, []uint64{2}, body(13, text(1, "location"), text(2, location)),
			body(13, text(1, "offset"), text(2, offset)), body(13, text(1, "length"), text(2, "8")), number(14, 1)))
		require.NoError(t, os.WriteFile(path, data, 0o600))
		return path
	}
	require.NoError(t, os.WriteFile(filepath.Join(folder, "w.bin"), floats(9, 1.5, -2), 0o600))
	g, shut, err := graph.Open(model("w.bin", "4"))
	require.NoError(t, err)
	data, err := g.Init("t").Data()
	require.NoError(t, err)
	require.Equal(t, []float64{1.5, -2}, data)
	shut()

	_, _, err = graph.Open(model("w.bin", "8"))
	require.ErrorContains(t, err, `external data: got bytes 8 to 16 of w.bin, want a place within its 12 bytes`)

	elsewhere := filepath.Join(t.TempDir(), "secret")
	require.NoError(t, os.WriteFile(elsewhere, floats(1, 2, 3), 0o600))
	if os.Symlink(elsewhere, filepath.Join(folder, "link.bin")) == nil {
		_, _, err = graph.Open(model("link.bin", "0"))
		require.ErrorContains(t, err, "it leads out of the folder")
	}
}

// FuzzRead wants errors and no panic, whatever the bytes.
func FuzzRead(f *testing.F) {
	f.Add(small())
	f.Add(small(tensor(5, "t", 22, []uint64{3}, packed(5, 0xf1, 8))))
	constant := body(5, text(1, "value"), tensor(5, "", 7, []uint64{1}, packed(7, 1)))
	f.Add(small(node("Constant", nil, []string{"c"}, constant)))
	f.Fuzz(func(t *testing.T, data []byte) {
		g, err := read(data)
		if err != nil {
			return
		}
		for _, c := range g.Inits {
			if c.Size() < 1<<16 {
				_, _ = c.Data()
			}
		}
	})
}
