package hlsgo_test

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
	"github.com/hlsgo/hlsgo/layers/io"
	"github.com/hlsgo/hlsgo/layers/merge"
	"github.com/hlsgo/hlsgo/sim"
)

// reverseAttrs are the attributes of a plugin's kind.
type reverseAttrs struct {
	NIn int `hls:"n_in"`
}

// reverseDef turns a vector round.
func reverseDef() layers.Def {
	return layers.Def{
		Kind: "Reverse", Doc: "a vector from its end", Attrs: func() any { return &reverseAttrs{} },
		Init: func(n *ir.Node, _ ir.Data) error {
			n.AddOutputOf(n.In(0).Shape, fmt.Sprintf("layer%d_out", n.Index), "reverse_t", n.In(0).Type.Format)
			return nil
		},
		Infer: layers.InferLikeInput,
		Ref: func(*ir.Node) (func(in [][]float64, out []float64), error) {
			return func(in [][]float64, out []float64) {
				copy(out, in[0])
				slices.Reverse(out)
			}, nil
		},
		Impl: map[codegen.Dialect]layers.Impl{codegen.Xilinx: {Kernel: sim.Kernel{
			Eval: func(*sim.Env, *ir.Node) (sim.Evaluator, error) {
				return func(in, out [][]sim.Num) {
					copy(out[0], in[0])
					slices.Reverse(out[0])
				}, nil
			},
		}}},
	}
}

// reversePlugin brings the kind, and a handler for a class of Keras under the name.
func reversePlugin(class string) hlsgo.Plugin {
	return hlsgo.Plugin{Name: "reverse", Setup: func(r *hlsgo.Registry) error {
		if err := r.AddLayer(reverseDef()); err != nil {
			return err
		}
		return r.AddHandler("keras", build.Handler{Classes: []string{class}, Read: readReverse})
	}}
}

func readReverse(c *build.Call) (*build.Out, error) {
	if len(c.Shape()) != 1 {
		return nil, fmt.Errorf("input: got shape %v, want a vector", c.Shape())
	}
	out, err := c.Layer("Reverse", c.Class)
	if err != nil {
		return nil, err
	}
	build.Attrs[reverseAttrs](out).NIn = c.Shape()[0]
	return out.Done()
}

// withReverse is a model that Keras wrote, in whose description a Dropout has become a layer of the class. No
// byte moves, for HDF5 files hold places.
func withReverse(t *testing.T, class string) string {
	t.Helper()
	text, err := os.ReadFile("frontend/keras/testdata/models/sequential_dropout.h5")
	require.NoError(t, err)
	const old = `{"class_name": "Dropout", "config": {"name": "dropout", "trainable": true, `
	edited := fmt.Sprintf(`{"class_name": %q, "config": {"name": "dropout", `, class)
	edited += strings.Repeat(" ", len(old)-len(edited))
	require.Equal(t, 1, bytes.Count(text, []byte(old)))
	path := filepath.Join(t.TempDir(), "reverse.h5")
	require.NoError(t, os.WriteFile(path, bytes.Replace(text, []byte(old), []byte(edited), 1), 0o600))
	return path
}

// TestPluginHandler reads a model with a layer that only a plugin knows and predicts it, whether the file or
// the plugin names the package of the class or not.
func TestPluginHandler(t *testing.T) {
	for _, c := range []struct{ file, plugin string }{
		{"Reverse", "Reverse"}, {"my>Reverse", "Reverse"}, {"my>Reverse", "my>Reverse"},
	} {
		path := withReverse(t, c.file)
		plain, err := hlsgo.New()
		require.NoError(t, err)
		_, err = plain.Load(path, hlsgo.Overrides{})
		require.ErrorContains(t, err, `1 layer cannot be converted:`+"\n  "+c.file+` "dropout": `)

		tk, err := hlsgo.New(reversePlugin(c.plugin))
		require.NoError(t, err)
		m, err := tk.Load(path, hlsgo.Overrides{Precision: "fixed<32,8>"})
		require.NoError(t, err)
		require.Equal(t, []string{"a_tanh"}, m.Parsed().Layers[3].Inputs)
		require.Equal(t, []string{"dropout"}, m.Parsed().Layers[4].Inputs)

		x := &hlsgo.Array{Shape: []int{2, 6}, F64: []float64{
			0.5, -1, 0.25, 2, -0.75, 1, -2, 0, 1, 0.5, 0.125, -1,
		}}
		want := slices.Concat(reversed(m, x.F64[:6]), reversed(m, x.F64[6:]))
		ref, err := m.Reference(t.Context(), x)
		require.NoError(t, err)
		require.InDeltaSlice(t, want, ref[0].F64, 1e-6)
		got, err := m.Predict(t.Context(), x)
		require.NoError(t, err)
		// 24 bits behind the point, and a table of tanh with steps of 8/1024
		require.InDeltaSlice(t, want, got[0].F64, 0.05)
	}
}

// reversed computes the model of withReverse by hand: tanh(x*a+ba) from its end, times b, plus bb.
func reversed(m *hlsgo.Model, x []float64) []float64 {
	l := m.Parsed().Layers
	h := affine(x, l[1].Data)
	for i := range h {
		h[i] = math.Tanh(h[i])
	}
	slices.Reverse(h)
	return affine(h, l[4].Data)
}

func affine(x []float64, d ir.Data) []float64 {
	out := slices.Clone(d.Tensors["bias_data"].Data)
	for i, v := range x {
		for j := range out {
			out[j] += v * d.Tensors["weight_data"].Data[i*len(out)+j]
		}
	}
	return out
}

// constantDef is a kind that reads nothing: three numbers.
func constantDef() layers.Def {
	values := []float64{1, -2, 0.5}
	return layers.Def{
		Kind: "Three", Attrs: func() any { return &struct{}{} }, Constant: true,
		Init: func(n *ir.Node, _ ir.Data) error { return n.AddOutput([]int{3}) },
		Ref: func(*ir.Node) (func(in [][]float64, out []float64), error) {
			return func(_ [][]float64, out []float64) { copy(out, values) }, nil
		},
		Impl: map[codegen.Dialect]layers.Impl{codegen.Xilinx: {Kernel: sim.Kernel{
			Eval: func(_ *sim.Env, n *ir.Node) (sim.Evaluator, error) {
				f := n.Out().Type.Format
				return func(_, out [][]sim.Num) {
					for i, v := range values {
						out[0][i] = sim.NewNum(int64(v*2), fixed.Fixed(8, 7)).Cast(f)
					}
				}, nil
			},
		}}},
	}
}

// TestConstantLayer converts a network with a layer that has no inputs, as constants of ONNX are.
func TestConstantLayer(t *testing.T) {
	tk, err := hlsgo.New(hlsgo.Plugin{Name: "three", Setup: func(r *hlsgo.Registry) error {
		return r.AddLayer(constantDef())
	}})
	require.NoError(t, err)
	for _, backend := range []string{"Vivado", "Vitis"} {
		m, err := tk.NewModel(&ir.Parsed{
			Inputs: []string{"x"}, Outputs: []string{"sum"},
			Layers: []*ir.Layer{
				{Name: "x", Kind: "Input", ClassName: "InputLayer", Attrs: &io.Attrs{InputShape: []int{3}}},
				{Name: "three", Kind: "Three", ClassName: "Three"},
				{Name: "sum", Kind: "Merge", ClassName: "Merge", Inputs: []string{"x", "three"},
					Attrs: &merge.Attrs{DataFormat: "channels_last", Op: "add"}},
			},
		}, &ir.Config{
			ProjectName: "p", Backend: backend, IOType: ir.Parallel, Part: "part", ClockPeriod: 5,
			HLS: ir.HLSConfig{Model: &ir.Section{
				Precision: []ir.Precision{{Var: "default", Text: "fixed<16,6>"}},
				Keys:      []ir.Key{{Name: "ReuseFactor", Value: 1}},
			}},
		})
		require.NoError(t, err)
		x := &hlsgo.Array{Shape: []int{1, 3}, F64: []float64{1, 2, 3}}
		got, err := m.Predict(t.Context(), x)
		require.NoError(t, err)
		require.Equal(t, []float64{2, 0, 3.5}, got[0].F64)
		ref, err := m.Reference(t.Context(), x)
		require.NoError(t, err)
		require.Equal(t, []float64{2, 0, 3.5}, ref[0].F64)
	}
}
