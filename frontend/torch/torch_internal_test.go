package torch

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo/frontend"
	"github.com/hlsgo/hlsgo/ir"
	families "github.com/hlsgo/hlsgo/layers/builtin"
)

const cases = "../../testdata/oracle/cases"

// TestNames compares names with those that torch.fx 2.15 gives nodes with these candidates, one after the
// other.
func TestNames(t *testing.T) {
	n := newNamer()
	for _, c := range []struct{ candidate, want string }{
		{"input", "input_1"}, {"0", "_0"}, {"1", "_1"}, {"features.0", "features_0"}, {moduleName("fcA"), "fc_a"},
		{"relu", "relu"}, {"relu", "relu_1"}, {"relu_1", "relu_2"}, {"add", "add"}, {"add_5", "add_5"},
		{"add", "add_6"},
		{"max", "max_1"}, {"max", "max_2"}, {"x", "x"}, {"x_0", "x_0"}, {"x", "x_1"}, {moduleName("ACT"), "act"},
		{"", "_unnamed"}, {"a b", "a_b"}, {"seq.conv1.weight", "seq_conv1_weight"},
	} {
		require.Equal(t, c.want, n.unique(c.candidate), c.candidate)
	}
}

// TestPaths reads the paths of modules as all versions of PyTorch write them.
func TestPaths(t *testing.T) {
	for path, want := range map[string]string{
		"features.0": "features.0", "": "", "L['self'].fc": "fc", "getattr(L['self'].h, '0')": "h.0",
		"getattr(getattr(L['self'].a, '1').b, '2')": "a.1.b.2", "L['self']._modules['x']._modules['0']": ".x.0",
	} {
		require.Equal(t, strings.TrimPrefix(want, "."), strings.TrimPrefix(plainPath(path), "."), path)
	}
}

func reader(t testing.TB) *Reader {
	r, err := New()
	require.NoError(t, err)
	return r
}

// members are the files of an archive.
type members map[string][]byte

// open unpacks the program of a case.
func open(t testing.TB, name string) members {
	z, err := zip.OpenReader(filepath.Join(cases, name, "model.pt2"))
	require.NoError(t, err)
	defer z.Close()
	out := members{}
	for _, f := range z.File {
		r, err := f.Open()
		require.NoError(t, err)
		out[f.Name], err = io.ReadAll(r)
		require.NoError(t, err)
	}
	return out
}

// write packs the members into a file.
func (m members) write(t testing.TB, name string) string {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range m {
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
		require.NoError(t, err)
		_, err = w.Write(text)
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, b.Bytes(), 0o666))
	return path
}

func read(t testing.TB, path string) (*ir.Parsed, error) {
	return reader(t).Read(frontend.Source{Files: map[string]string{sourceKey: path}}, families.Registry())
}

const (
	denseCase   = "torch_linear_relu_softmax_vitis_parallel"
	graphMember = "model/models/model.json"
	listMember  = "model/data/weights/model_weights_config.json"
)

// TestErrors breaks a program at one place each, and wants a line that says where.
func TestErrors(t *testing.T) {
	change := func(member, from, to string) func(m members) {
		return func(m members) {
			text := strings.Replace(string(m[member]), from, to, 1)
			require.NotEqual(t, string(m[member]), text, from)
			m[member] = []byte(text)
		}
	}
	for _, c := range []struct {
		name, want string
		change     func(m members)
	}{
		{"schema", "schema_version: got 9.20, of PyTorch 2.15.0+cu132, want 5 to 8", change(graphMember,
			`"major": 8`, `"major": 9`)},
		{"json", "program: ", change(graphMember, `{`, `[`)},
		{"operator", `frobnicate "_1": no such operator is known here`, change(graphMember,
			"aten.relu.default", "aten.frobnicate.default")},
		{"stride", "element", change(listMember, `"strides": [{"as_int": 10}`, `"strides": [{"as_int": 1000}`)},
		{"huge", "shape: got", change(listMember, `"sizes": [{"as_int": 12}`,
			`"sizes": [{"as_int": 1099511627776}`)},
		{"negative", "stride: got -1", change(listMember, `"strides": [{"as_int": 10}`,
			`"strides": [{"as_int": -1}`)},
		{"offset", "want element", change(listMember, `"storage_offset": {"as_int": 0}`,
			`"storage_offset": {"as_int": -5}`)},
		{"type", "element type: got number 9", change(listMember, `"dtype": 7`, `"dtype": 9`)},
		{"twice", `got tensor "relu" twice`, change(graphMember,
			`"outputs": [{"as_tensor": {"name": "linear"}}]`, `"outputs": [{"as_tensor": {"name": "relu"}}]`)},
		{"weight", "want the weights beside the graph",
			func(m members) { m[listMember] = []byte(`{"config": {}}`) }},
		{"pickle", "want the weights beside the graph", change(listMember, `"use_pickle": false`,
			`"use_pickle": true`)},
		{"member", "without model/data/weights/weight_0", func(m members) {
			delete(m,
				"model/data/weights/weight_0")
		}},
		{"no graph", "without a program of PyTorch", func(m members) { delete(m, graphMember) }},
		{"script", "TorchScript file", func(m members) {
			delete(m, graphMember)
			m["model/code/__torch__/net.py"], m["model/data.pkl"] = []byte("x"), []byte("y")
		}},
		{"state", "pickle", func(m members) {
			delete(m, graphMember)
			m["model/data.pkl"] = []byte("y")
		}},
		{"old", "schema_version: got 0.0", func(m members) {
			clear(m)
			m["serialized_exported_program.json"] = []byte("{}")
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := open(t, denseCase)
			c.change(m)
			_, err := read(t, m.write(t, "model.pt2"))
			require.ErrorContains(t, err, c.want)
			require.ErrorContains(t, err, "model.pt2")
		})
	}
}

// TestOtherFiles refuses what is no program with the way to make one.
func TestOtherFiles(t *testing.T) {
	for text, want := range map[string]string{
		"\x80\x02}q\x00.": "torch.export.save", "\x89HDF\r\n\x1a\n": "an HDF5 file", "": "an empty file",
	} {
		path := filepath.Join(t.TempDir(), "model.pt")
		require.NoError(t, os.WriteFile(path, []byte(text), 0o666))
		_, err := read(t, path)
		require.ErrorContains(t, err, want)
		require.ErrorContains(t,
			reader(t).Accepts(frontend.Source{Files: map[string]string{sourceKey: path}}), want)
	}
}

// TestViews reads a parameter that is a part of a larger storage, turned round.
func TestViews(t *testing.T) {
	storage := make([]byte, 240)
	for i := range 60 {
		storage[4*i+2], storage[4*i+3] = byte(i), 0x3f // grows with i
	}
	bytesOf := func() (io.ReaderAt, int64, error) { return bytes.NewReader(storage), int64(len(storage)), nil }
	s := &stored{name: "w", bytes: bytesOf, dtype: float32Type, shape: []int{6, 3}, stride: []int{1, 6},
		offset: 12}
	got, err := s.read()
	require.NoError(t, err)
	flat := &stored{name: "w", bytes: bytesOf, dtype: float32Type, shape: []int{60}, stride: []int{1}}
	all, err := flat.read()
	require.NoError(t, err)
	for i := range 6 {
		for j := range 3 {
			require.Equal(t, all.Data[12+i+6*j], got.Data[3*i+j])
		}
	}
}

// TestHalf compares floats of 16 bits with what IEEE 754 says of them.
func TestHalf(t *testing.T) {
	for h, want := range map[uint16]float64{
		0: 0, 1: 0x1p-24, 0x3c00: 1, 0xc000: -2, 0x7bff: 65504, 0x03ff: 1023 * 0x1p-24, 0x3555: 0.333251953125,
	} {
		require.Equal(t, want, halfValue(h), fmt.Sprintf("%#x", h))
	}
}

// TestDynamicBatch reads a program whose batch is not fixed as one where it is.
func TestDynamicBatch(t *testing.T) {
	m := open(t, denseCase)
	want, err := read(t, m.write(t, "fixed.pt2"))
	require.NoError(t, err)
	var text map[string]any
	require.NoError(t, json.Unmarshal(m[graphMember], &text))
	values := text["graph_module"].(map[string]any)["graph"].(map[string]any)["tensor_values"].(map[string]any)
	for _, name := range []string{"input", "linear", "relu", "linear_1", "softmax"} {
		values[name].(map[string]any)["sizes"].([]any)[0] = map[string]any{
			"as_expr": map[string]any{"expr_str": "s77", "hint": map[string]any{"as_int": 4}},
		}
	}
	m[graphMember], err = json.Marshal(text)
	require.NoError(t, err)
	got, err := read(t, m.write(t, "dynamic.pt2"))
	require.NoError(t, err)
	require.Equal(t, want, got)
}

// FuzzProgram feeds arbitrary graphs beside good weights.
func FuzzProgram(f *testing.F) {
	for _, name := range []string{
		denseCase, "torch_conv2d_flatten_linear_vitis_parallel", "torch_gru_vivado_parallel",
		"torch_functional_add_mul_cat_vitis_parallel", "torch_einsum_vitis_parallel",
	} {
		f.Add(open(f, name)[graphMember])
	}
	weights := open(f, denseCase)
	r, schema := reader(f), families.Registry()
	f.Fuzz(func(t *testing.T, text []byte) {
		p, err := decodeProgram(text)
		if err != nil {
			return
		}
		params := &parameters{weights: map[string]*stored{}}
		for i, name := range []string{"0.weight", "0.bias", "2.weight", "2.bias", "c.weight", "l.weight"} {
			data := weights[fmt.Sprintf("model/data/weights/weight_%d", i%4)]
			s := &stored{name: name, dtype: float32Type, shape: []int{len(data) / 4}, stride: []int{1}}
			s.bytes = func() (io.ReaderAt, int64, error) { return bytes.NewReader(data), int64(len(data)), nil }
			params.weights[name] = s
		}
		_, _ = r.read(p, params, "m.pt2", frontend.Source{}, schema)
	})
}

// FuzzWeights feeds arbitrary descriptions of stored tensors.
func FuzzWeights(f *testing.F) {
	m := open(f, denseCase)
	f.Add(m[listMember])
	f.Fuzz(func(t *testing.T, text []byte) {
		own := members{}
		for name, data := range m {
			own[name] = data
		}
		own[listMember] = text
		_, _ = read(t, own.write(t, "m.pt2"))
	})
}

// TestHostileValues puts extreme values in the place of each value of real programs, and wants an error or
// a network, and never a crash.
func TestHostileValues(t *testing.T) {
	for _, name := range []string{
		denseCase, "torch_conv2d_flatten_linear_vitis_parallel", "torch_gru_vivado_parallel",
		"torch_maxpool_avgpool_padded_vitis_parallel", "torch_layernorm_vitis_parallel",
		"torch_einsum_vitis_parallel",
	} {
		m := open(t, name)
		a, err := openArchive(m.write(t, "model.pt2"))
		require.NoError(t, err)
		_, params, err := a.program()
		require.NoError(t, err)
		var tree any
		require.NoError(t, json.Unmarshal(m[graphMember], &tree))
		mutate(t, tree, func() {
			text, err := json.Marshal(tree)
			require.NoError(t, err)
			p, err := decodeProgram(text)
			if err != nil {
				return
			}
			_, _ = reader(t).read(p, params, "m.pt2", frontend.Source{}, families.Registry())
		})
		require.NoError(t, a.Close())
	}
}

// mutate changes each value of a tree in turn, calls run, and changes it back.
func mutate(t *testing.T, tree any, run func()) {
	each := func(old any, set func(any)) {
		if _, leaf := old.(map[string]any); leaf {
			mutate(t, old, run)
		} else if _, leaf := old.([]any); leaf {
			mutate(t, old, run)
		}
		for _, v := range []any{-1, 0, 1 << 40, 1e300, "x", nil, []any{}, map[string]any{}, []any{-1, -1}} {
			set(v)
			run()
		}
		set(old)
	}
	switch v := tree.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			if key == "stack_trace" || key == "device" || key == "requires_grad" {
				continue // nothing reads them
			}
			each(v[key], func(x any) { v[key] = x })
		}
	case []any:
		for i := range v {
			each(v[i], func(x any) { v[i] = x })
		}
	}
}

// oneTensor is the pickle of a dictionary that holds a tensor of two by two numbers.
const oneTensor = "\x80\x02ccollections\nOrderedDict\n)R(X\x01\x00\x00\x00w" +
	"ctorch._utils\n_rebuild_tensor_v2\n" +
	"((X\x07\x00\x00\x00storagectorch\nFloatStorage\n" +
	"X\x01\x00\x00\x000X\x03\x00\x00\x00cpuK\x04tQK\x00K\x02K\x02\x86" +
	"K\x02K\x01\x86\x89ccollections\nOrderedDict\n)RtRu."

// FuzzPickle feeds arbitrary pickles.
func FuzzPickle(f *testing.F) {
	f.Add([]byte(oneTensor))
	f.Fuzz(func(_ *testing.T, data []byte) {
		v, err := unpickle(data)
		if dict, ok := v.(*table); ok && err == nil {
			storedIn(nil, "", dict)
		}
	})
}

// TestPickle reads a dictionary of one tensor, and calls nothing.
func TestPickle(t *testing.T) {
	v, err := unpickle([]byte(oneTensor))
	require.NoError(t, err)
	list := storedIn(nil, "", v.(*table))
	require.Len(t, list, 1)
	require.Equal(t, []int{2, 2}, list["w"].shape)
	require.Equal(t, []int{2, 1}, list["w"].stride)
	require.Equal(t, float32Type, list["w"].dtype)
	for text, want := range map[string]string{
		"\x80\x02cos\nsystem\nX\x02\x00\x00\x00ls\x85R.": "got a call of os.system",
		"\x80\x02X\xff\xff\xff\xff":                      "want a text of 4294967295", "": "got its end",
		"h\x05.": "got value 5", "t.": "no mark",
		"\x93.": "without a value", "}K\x01s.": "want", "\x8a\xff.": "255 bytes", "i": "instruction 0x69",
	} {
		_, err := unpickle([]byte(text))
		require.ErrorContains(t, err, want, text)
	}
}
