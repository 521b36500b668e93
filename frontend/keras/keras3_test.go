package keras_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo/frontend"
	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/frontend/keras"
	"github.com/hlsgo/hlsgo/internal/hdf5"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/builtin"
)

const versions = "testdata/keras3"

// saved lists the files of a network that versions of Keras 3 saved, and how each is read.
func saved(t testing.TB, network string) map[string]frontend.Source {
	out := map[string]frontend.Source{}
	files, err := filepath.Glob(filepath.Join(versions, "*", network+".*"))
	require.NoError(t, err)
	for _, file := range files {
		switch ext := filepath.Ext(file); {
		case ext == ".json":
			out[file] = frontend.Source{Files: map[string]string{
				"KerasJson": file, "KerasH5": strings.TrimSuffix(file, ".json") + ".weights.h5",
			}}
		case !strings.HasSuffix(file, ".weights.h5"):
			out[file] = frontend.Source{Files: map[string]string{"KerasModel": file}}
		}
	}
	return out
}

// TestVersionsOfKeras3 reads the same networks in every form that versions of Keras 3 give them.
func TestVersionsOfKeras3(t *testing.T) {
	for network, count := range map[string]int{"mixed": 8, "chain": 9} {
		files := saved(t, network)
		require.Len(t, files, count)
		want, err := reader(t).Read(files[filepath.Join(versions, "3.15.1", network+".keras")], builtin.Registry())
		require.NoError(t, err)
		for file, src := range files {
			got, err := reader(t).Read(src, builtin.Registry())
			require.NoError(t, err, file)
			require.Equal(t, want.Inputs, got.Inputs, file)
			require.Equal(t, want.Outputs, got.Outputs, file)
			require.Equal(t, len(want.Layers), len(got.Layers), file)
			for i, l := range want.Layers {
				require.Equal(t, *l, *got.Layers[i], "%s: %s", file, l.Name)
			}
		}
	}
}

func layerNames(p *ir.Parsed) (names []string) {
	for _, l := range p.Layers {
		names = append(names, l.Name)
	}
	return names
}

// TestSharedNames gives each call of a layer, and each layer of a nested model, a name of its own, as hls4ml
// does for those that Keras 3 wrote.
func TestSharedNames(t *testing.T) {
	p, err := reader(t).Read(saved(t, "mixed")[versions+"/3.15.1/mixed.keras"], builtin.Registry())
	require.NoError(t, err)
	require.Equal(t, []string{
		"inp", "conv", "conv_relu", "bn", "ln", "prelu", "bi", "td", "gru", "shared", "shared_tanh", "shared_0",
		"shared_tanh_0", "inner", "inner_elu", "inner_0", "inner_elu_0", "soft", "pair_sum", "pair_d", "pair_e",
		"pair_e_tanh", "multiply", "add", "repeat_row", "repeat", "flat",
	}, layerNames(p))
	require.Equal(t, []string{"shared_tanh"}, find(p, "shared_0").Inputs)
	require.Equal(t, find(p, "shared").Data.Tensors, find(p, "shared_0").Data.Tensors)
	require.Equal(t, []string{"flat", "pair_e_tanh"}, p.Outputs)
}

// keras3 is the architecture of a Functional model of Keras 3, or of another model of the layers.
func keras3(class, layers, ends string) string {
	return `{"module": "keras", "class_name": "` + class + `", "config": {"name": "m",
		"layers": [` + layers + `]` + ends + `}}`
}

const (
	ends3  = `, "input_layers": [["i", 0, 0]], "output_layers": [["l", 0, 0]]`
	input3 = `{"module": "keras.layers", "class_name": "InputLayer", "name": "i",
		"config": {"batch_shape": [null, 6], "name": "i"}, "inbound_nodes": []}`
	tensor3 = `{"class_name": "__keras_tensor__", "config": {"keras_history": ["i", 0, 0]}}`
)

// functional3 is a Functional model of one input, called i, and a layer or an operation, called l.
func functional3(module, class, config, inbound string) string {
	return keras3("Functional", input3+`, {"module": "`+module+`", "class_name": "`+class+`", "name": "l",
		"config": {"name": "l"`+config+`}, "inbound_nodes": [`+inbound+`]}`, ends3)
}

// TestErrorsOfKeras3 pins the messages for models of Keras 3 that cannot be read.
func TestErrorsOfKeras3(t *testing.T) {
	layer := func(class, config string) string {
		return functional3("keras.layers", class, config, `{"args": [`+tensor3+`]}`)
	}
	operation := func(class, config, args string) string {
		return functional3("keras.src.ops.numpy", class, config, `{"args": [`+args+`]}`)
	}
	for _, c := range []struct{ text, want string }{
		{layer("ReLU", `, "max_value": 5.0`), `ReLU "l": max_value: got 5, want none, or 1 or 6 without slope`},
		{layer("ReLU", `, "negative_slope": 0.1, "threshold": 0.5`), "negative_slope 0.1 and threshold 0.5: the"},
		{layer("Dense", `, "dtype": {"config": {"name": "int8_from_float32"}}`), "dtype: got the policy int8_from"},
		{layer("Dense", `, "quantization_config": {}`), "quantization_config: not supported"},
		{layer("LayerNormalization", `, "rms_scaling": true`), "rms_scaling: not supported, want a layer without"},
		{layer("PReLU", `, "shared_axes": [2]`), "shared_axes: got [2], want axes 1 to 1"},
		{layer("RepeatVector", `, "n": 0`), `RepeatVector "l": input: got shape [6] and n 0, want one axis and a`},
		{layer("Masking", ""), `Masking "l": not a layer that can be read`},
		{
			functional3("keras.layers", "LSTM", "", `{"args": [`+tensor3+`], "kwargs": {"mask": `+tensor3+`}}`),
			`LSTM "l": mask: got a tensor, want none: the firmware has no masks`,
		},
		{functional3("keras.layers", "Flatten", "", `{"args": [5]}`), `Flatten "l": inbound_nodes: got none, want`},
		{functional3("keras.layers", "Flatten", "", `{"args": 5}`), `inbound_nodes: got a JSON number at byte 10`},
		{
			functional3("keras.layers", "Flatten", "", `{"args": [{"class_name": "__keras_tensor__"}]}`),
			`inbound_nodes: got <nil>, want [layer, call, output]`,
		},
		{
			keras3("Functional", input3+","+input3, ends3),
			`InputLayer "i": name: got "i" a second time, want every layer's name once`,
		},
		{operation("Mean", "", tensor3), `keras.ops.Mean "l": an operation for which there is no layer`},
		{operation("Add", "", tensor3+`, [1, 2]`), `arguments: got neither a tensor nor a number, want`},
		{operation("Add", "", tensor3), `arguments: got 1, want two`},
		{operation("Divide", "", tensor3+`, 0`), `arguments: got a division by a tensor or by 0`},
		{operation("Divide", "", "1, "+tensor3), `arguments: got a division by a tensor or by 0`},
		{operation("Divide", "", tensor3+","+tensor3), `got 2 tensors, want one and a number: the`},
		{operation("Maximum", "", tensor3+", 1"), `inputs: got 1, want two tensors`},
		{operation("Reshape", `, "newshape": [2, 3]`, tensor3), `newshape: got [2,3], want -1 for the batch axis`},
		{operation("Reshape", `, "newshape": 6`, tensor3), `newshape: got 6, want a list that begins with`},
		{operation("Transpose", `, "axes": [1, 0]`, tensor3), `axes: got [1,0], want a list that begins with 0`},
		{operation("Transpose", `, "axes": [0, 9]`, tensor3), `dims: got [9], want each of the axes 1 to 1 once`},
		{operation("Squeeze", `, "axis": 1`, tensor3), `axis: got 1, want axes of one value`},
		{operation("ExpandDims", `, "axis": 0`, tensor3), `axis: got 0, want an axis behind the batch axis`},
		{operation("ExpandDims", `, "axis": [1, 2]`, tensor3), `axis: got [1,2], want one axis`},
		{layer("ReLU", `, "max_value": NaN`), `max_value: got "NaN", want a number`},
	} {
		_, err := parse(t, c.text)
		require.ErrorContains(t, err, c.want, c.text)
		require.NotContains(t, err.Error(), "\n\n")
	}
}

// TestCallsAreBounded refuses a model that a short file repeats without end.
func TestCallsAreBounded(t *testing.T) {
	inner := `{"module": "keras.layers", "class_name": "Flatten", "name": "l", "config": {"name": "l"},
		"inbound_nodes": [{"args": [` + tensor3 + `]}]}`
	twice := strings.Replace(tensor3, `"i"`, `"l"`, 1)
	for range 28 {
		inner = strings.TrimSuffix(keras3("Functional", input3+","+inner, ends3), "}") +
			`, "name": "l", "inbound_nodes": [{"args": [` + tensor3 + `]}, {"args": [` + twice + `]}]}`
	}
	_, err := parse(t, keras3("Functional", input3+","+inner, ends3))
	require.ErrorContains(t, err, "layers: got more than 50000 calls, those of models inside included")
}

// TestOperations reads operations as the layers that compute the same; letters of "input" are names taken.
func TestOperations(t *testing.T) {
	numbers := func(l *ir.Layer, role string) float64 { return l.Data.Tensors[role].Data[5] }
	for _, c := range []struct {
		class, args  string
		scale, shift float64
	}{
		{"Add", tensor3 + ", 0.5", 1, 0.5},
		{"Add", "0.5, " + tensor3, 1, 0.5},
		{"Subtract", tensor3 + ", 0.5", 1, -0.5},
		{"Subtract", "0.5, " + tensor3, -1, 0.5},
		{"Multiply", "-3, " + tensor3, -3, 0},
		{"Divide", tensor3 + ", 4", 0.25, 0},
		{"TrueDivide", tensor3 + ", 4", 0.25, 0},
		{"Negative", tensor3, -1, 0},
	} {
		p, err := parse(t, functional3("keras.src.ops.numpy", c.class, "", `{"args": [`+c.args+`]}`))
		require.NoError(t, err, c.class)
		require.Equal(t, []string{"i_0", "l"}, layerNames(p))
		require.Equal(t, "BatchNormalization", p.Layers[1].Kind)
		require.Equal(t, c.scale, numbers(p.Layers[1], "scale_data"), c.class)
		require.Equal(t, c.shift, numbers(p.Layers[1], "bias_data"), c.class)
	}
	for _, c := range []struct{ class, config, args, kind string }{
		{"Maximum", "", tensor3 + "," + tensor3, "Merge"},
		{"Concatenate", `, "axis": 1`, "[" + tensor3 + "," + tensor3 + "]", "Concatenate"},
		{"Reshape", `, "newshape": [-1, 2, 3]`, tensor3, "Reshape"},
		{"Reshape", `, "newshape": [null, 2, -1]`, tensor3, "Reshape"},
		{"ExpandDims", `, "axis": -1`, tensor3, "Reshape"},
		{"Squeeze", "", tensor3, "Reshape"},
		{"Transpose", `, "axes": [0, 1]`, tensor3, "Transpose"},
		{"Relu", "", tensor3, "Activation"},
		{"HardSigmoid", "", tensor3, "HardActivation"},
		{"Elu", `, "alpha": 0.5`, tensor3, "ParametrizedActivation"},
		{"LeakyRelu", `, "negative_slope": 0.5`, tensor3, "ParametrizedActivation"},
		{"Softmax", `, "axis": -1`, tensor3, "Softmax"},
	} {
		p, err := parse(t, functional3("keras.src.ops.nn", c.class, c.config, `{"args": [`+c.args+`]}`))
		require.NoError(t, err, c.class)
		require.Equal(t, c.kind, p.Layers[1].Kind)
	}
}

// TestVariablesBelow lists what stands below a layer, for handlers of layers that hold others.
func TestVariablesBelow(t *testing.T) {
	var list []build.Variable
	var bias *ir.Tensor
	r, err := reader(t).With(build.Handler{
		Classes: []string{"mine>Dense"}, OwnActivation: true, Read: func(c *build.Call) (*build.Out, error) {
			var err error
			if list, err = c.Below(); err != nil {
				return nil, err
			}
			if bias, err = c.Variable("vars/1"); err != nil {
				return nil, err
			}
			_, err = c.Variable("none/vars/0")
			return nil, err
		},
	})
	require.NoError(t, err)
	h5, err := hdf5.OpenFile(versions + "/3.15.1/mixed.weights.h5")
	require.NoError(t, err)
	defer h5.Close()
	text := functional3("mine", "Dense", "", `{"args": [`+tensor3+`]}`)
	text = strings.Replace(text, `"name": "l",`, `"name": "l", "registered_name": "mine>Dense",`, 1)
	_, err = r.(*keras.Reader).ReadParts("m.json", []byte(text), h5, "w.h5", builtin.Registry())
	require.ErrorContains(t, err, `variable "none/vars/0": got none in w.h5, want one`)
	require.Equal(t, []build.Variable{
		{Path: "vars/0", Shape: []int{3, 3}}, {Path: "vars/1", Shape: []int{3}},
	}, list)
	require.Equal(t, []int{3}, bias.Shape)
}
