package passes_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"sort"
	"strconv"
	"strings"
	"testing"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/backend/xilinx"
	"github.com/hlsgo/hlsgo/internal/oracletest"
	"github.com/hlsgo/hlsgo/internal/tabletest"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/builtin"
	"github.com/stretchr/testify/require"
)

// ignored lists the attributes that are not compared with hls4ml's, each with its reason. All else is:
// layers, order, names, classes, shapes, every type, weights, strategies, reuse factors, table sizes.
var ignored = map[string]string{
	"unrolled":             "hls4ml keeps the generated code itself",
	"include_header":       "which headers a template wants is the emitter's to know",
	"inputs":               "the layer list's own; the node's inputs are compared",
	"outputs":              "the layer list's own; the node's outputs are compared",
	"precision":            "the text of Precision, which hls4ml copies into the node and never reads",
	"name":                 "the node's name is compared; nodes that passes make have none among the attributes",
	"dilation_height":      "1 where hls4ml has none",
	"dilation_width":       "1 where hls4ml has none",
	"bias_data":            "a bias of one value; weights are compared",
	"recurrent_bias_data":  "a bias of one value; weights are compared",
	"beta_data":            "the neutral element of a missing weight; weights are compared",
	"gamma_data":           "the neutral element of a missing weight; weights are compared",
	"da_codegen":           "hls4ml keeps the generated code itself",
	"da_kernel_cost":       "of the graph of adders, which is another one here",
	"_result_t_propagated": "hls4ml's reminder to warn of two quantizers in a row",
	"data_format":          "hls4ml has it where the source's layer does; only channels last is left",
	"forward_data_format":  "see data_format",
	"backward_data_format": "see data_format",
}

// ignoredOfKeras3 lists those of layers of Keras 3.
var ignoredOfKeras3 = map[string]string{
	"module":                    "the Python module of the class, which nothing reads",
	"input_keras_tensor_names":  "names of Keras's tensors, which nothing reads",
	"output_keras_tensor_names": "names of Keras's tensors, which nothing reads",
	"input_shape":               "a list for each input; shapes of tensors are compared",
	"output_shape":              "shapes of tensors are compared",
	"fusible":                   "of proxies, which say it; nothing reads it",
	"mask_shape":                "hls4ml keeps the bits of quantizers as arrays, which its dump leaves out",
	"mask_keep_negative":        "see mask_shape",
	"mask_bits":                 "see mask_shape",
	"mask_integers":             "see mask_shape",
	"_bit_exact":                "that a softmax was trained with its tables; its types are compared",
}

// ofKeras3 reports whether an attribute is not compared of a layer that Keras 3 made.
func ofKeras3(class, attribute string, want map[string]any) bool {
	if _, ok := want["output_keras_tensor_names"]; !ok {
		return false
	}
	if _, skip := ignoredOfKeras3[attribute]; skip {
		return true
	}
	switch attribute {
	case "activation": // the argument, of which a layer is made
		return class != "Activation"
	case "epsilon": // of a normalization that is folded
		return class == "Dense" || class == "EinsumDense"
	case "n_out":
		return class == "BatchNormalization"
	case "op": // Concatenate1d; the function is concatenate1d
		return class == "Concatenate"
	case "scale": // of an average of two, a half
		return class == "Merge"
	case "n_chan", "in_width", "out_width": // of poolings over one axis n_in and n_out once more
		return strings.HasPrefix(class, "Pooling")
	}
	return false
}

// ignoredOf lists those of single kinds.
func ignoredOf(class, attribute string) bool {
	switch attribute {
	case "direct_sum_axis", "in_transpose_idxs", "out_transpose_idxs", "L0", "L1", "I", "C":
		return class == "Einsum" // the recipe once more, under the names that it has in Python
	case "epsilon": // of the batch normalization that an ApplyAlpha is
		return class == "ApplyAlpha"
	case "n_out": // hls4ml has none in layers made of others
		return class == "ApplyAlpha" || class == "BatchNormalization" || strings.HasPrefix(class, "GlobalPooling")
	case "activation", "table_size": // of the layer from which a scale behind a convolution was copied
		return class == "ApplyAlpha"
	case "dilations", "pads", "filt_width": // of ONNX, nothing reads them
		return strings.HasPrefix(class, "Pooling")
	case "depthwise_reuse_factor", "pointwise_reuse_factor": // of the separable layer, nothing reads them
		return strings.HasPrefix(class, "Depthwise") || strings.HasPrefix(class, "Pointwise")
	case "forward_bias_data", "forward_recurrent_bias_data", "backward_bias_data",
		"backward_recurrent_bias_data":
		return true // a bias of one value; weights are compared
	case "output_shape": // of a layer that TimeDistributed repeats: the framework's, nothing reads it
		return class != "TimeDistributed"
	case "n_chan", "in_width", "out_height", "out_width", "pool_height", "pool_width", "stride", "stride_width",
		"pad_left", "pad_right": // a window as large as the picture
		return strings.HasPrefix(class, "GlobalPooling")
	case "in_height", "filt_height", "stride_height", "pad_top", "pad_bottom": // handed to one axis all the same
		return strings.HasPrefix(class, "GlobalPooling") || strings.HasSuffix(class, "1D") ||
			attribute == "filt_height" && class == "Pooling2D"
	}
	return false
}

// flows lists those of the built-in tools.
func flows() []*ir.Flow { return ir.AllFlows(xilinx.VivadoFlow(), xilinx.VitisFlow()) }

// flowFor is the flow of a built-in tool.
func flowFor(backend string) *ir.Flow {
	if backend == "Vitis" {
		return xilinx.VitisFlow()
	}
	return xilinx.VivadoFlow()
}

// parsed reads the configuration and the network of a case, with the front end that takes its files.
func parsed(t testing.TB, dir string) (*ir.Parsed, *ir.Config) {
	t.Helper()
	tk, err := hlsgo.New()
	require.NoError(t, err)
	m, err := tk.Load(filepath.Join(dir, "hls4ml_config.yml"), hlsgo.Overrides{})
	require.NoError(t, err)
	return m.Parsed().Clone(), m.Config()
}

// prepare runs all flows of the backend, with the verifier between passes.
func prepare(t testing.TB, dir string) *ir.Graph {
	t.Helper()
	reg := builtin.Registry()
	p, cfg := parsed(t, dir)
	g, err := ir.Build(p, cfg, reg)
	require.NoError(t, err)
	run(t, g)
	return g
}

func run(t testing.TB, g *ir.Graph) {
	t.Helper()
	require.NoError(t, flowFor(g.Config.Backend).Run(g, func(g *ir.Graph, p ir.Pass) error {
		if err := ir.Verify(g, g.Schema); err != nil {
			return fmt.Errorf("after %s: %w", p.Name, err)
		}
		return nil
	}))
	require.NoError(t, ir.VerifyResolved(g))
}

// TestGraphsEqualHLS4ML holds the final graph of every case against hls4ml's.
func TestGraphsEqualHLS4ML(t *testing.T) {
	rows := tabletest.New(t)
	for _, name := range oracletest.Names(t) {
		rows.Run(name, func(t *tabletest.T) {
			c := oracletest.Load(t, name)
			g := prepare(t, c.Dir)
			var text bytes.Buffer
			require.NoError(t, g.WriteJSON(&text))
			var got, want any
			require.NoError(t, json.Unmarshal(text.Bytes(), &got))
			dump, err := os.ReadFile(filepath.Join(c.Dir, "ir.json"))
			require.NoError(t, err)
			require.NoError(t, json.Unmarshal(dump, &want))
			d := differ{}
			d.graph(got.(map[string]any), want.(map[string]any))
			require.Empty(t, d.found)
		})
	}
}

// TestAppliedPassesEqualHLS4ML compares which passes found something to do, flow by flow.
func TestAppliedPassesEqualHLS4ML(t *testing.T) {
	known := map[string]bool{}
	for _, f := range flows() {
		for _, p := range f.Passes {
			known[p.Name] = true
		}
	}
	for _, name := range oracletest.Names(t) {
		c := oracletest.Load(t, name)
		var dump struct {
			Flows []map[string][]string `json:"applied_flows"`
		}
		text, err := os.ReadFile(filepath.Join(c.Dir, "ir.json"))
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(text, &dump))
		for _, a := range prepare(t, c.Dir).Applied {
			want := []string{}
			for _, p := range dump.Flows[0][a.Flow] {
				if known[p] {
					want = append(want, p)
				}
			}
			require.ElementsMatch(t, want, a.Passes, "%s: %s", name, a.Flow)
		}
	}
}

// differ collects where two documents part.
type differ struct{ found []string }

func (d *differ) equal(place string, got, want any) {
	if !reflect.DeepEqual(got, want) {
		d.found = append(d.found, fmt.Sprintf("%s: got %v, want %v", place, got, want))
	}
}

func (d *differ) graph(got, want map[string]any) {
	for _, key := range []string{"inputs", "outputs", "input_shapes", "output_shapes", "pipeline_style"} {
		d.equal(key, got[key], want[key])
	}
	g, w := got["layers"].([]any), want["layers"].([]any)
	d.equal("number of layers", len(g), len(w))
	for i := range min(len(g), len(w)) {
		d.layer(g[i].(map[string]any), w[i].(map[string]any))
	}
}

func (d *differ) layer(got, want map[string]any) {
	name := fmt.Sprint(want["name"])
	// what slope_t, shift_t, scale_t, bias_t and result_t are made of
	made := []string{"slope_prec", "shift_prec", "scale_precision", "bias_precision", "quantizer_precision"}
	for _, key := range made {
		delete(want["types"].(map[string]any), key)
	}
	// hls4ml leaves an empty name in the place of a constant input that it has taken over.
	want["inputs"] = slices.DeleteFunc(want["inputs"].([]any), func(in any) bool { return in == "" })
	for _, key := range []string{"name", "class", "index", "inputs", "outputs", "types"} {
		d.tree(name+"."+key, got[key], want[key])
	}
	g, w := got["weights"].(map[string]any), want["weights"].(map[string]any)
	d.equal(name+".weights", keys(g), keys(w))
	for role := range w {
		if gw, ok := g[role].(map[string]any); ok {
			ww := w[role].(map[string]any)
			for _, key := range []string{"var", "shape", "type", "nzeros", "nonzeros"} {
				d.tree(name+"."+role+"."+key, gw[key], ww[key])
			}
		}
	}
	class := fmt.Sprint(want["class"])
	d.attributes(name, class, got["attributes"].(map[string]any), want["attributes"].(map[string]any))
}

// tree compares maps key by key, so that a difference names its place.
func (d *differ) tree(place string, got, want any) {
	g, gok := got.(map[string]any)
	w, wok := want.(map[string]any)
	if !gok || !wok {
		d.equal(place, got, want)
		return
	}
	d.equal(place, keys(g), keys(w))
	for k := range w {
		if v, ok := g[k]; ok {
			d.tree(place+"."+k, v, w[k])
		}
	}
}

func (d *differ) attributes(name, class string, got, want map[string]any) {
	for _, k := range slices.Concat(keys(got), keys(want)) {
		if want[k] == nil && k == "reuse_factor" { // nodes made after the initializers
			d.equal(name+".attributes."+k, got[k], 1.0)
			continue
		}
		if want[k] == nil && k == "epsilon" && class == "LayerNormalization" {
			continue // of PyTorch's hls4ml keeps the power of ten alone, and the float reference needs it
		}
		if _, skip := ignored[k]; !skip && !ignoredOf(class, k) && !ofKeras3(class, k, want) {
			d.equal(name+".attributes."+k, got[k], number(got[k], want[k]))
		}
	}
}

// number undoes two habits of hls4ml: sizes left as text, and flags that are absent until they are set.
func number(got, want any) any {
	if text, ok := want.(string); ok {
		if v, err := strconv.ParseFloat(text, 64); err == nil {
			return v
		}
	}
	if want == nil && got == false {
		return false
	}
	return want
}

func keys(m map[string]any) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}
