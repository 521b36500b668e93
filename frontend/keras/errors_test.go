package keras_test

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/internal/hdf5"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/builtin"
)

const input = `{"class_name": "InputLayer", "config": {"name": "inp", "batch_input_shape": [null, 6]}}`

// sequential is a Sequential model of an input of six values and the layers.
func sequential(layers ...string) string {
	return fmt.Sprintf(`{"class_name": "Sequential", "config": {"name": "m", "layers": [%s]}}`,
		strings.Join(append([]string{input}, layers...), ", "))
}

func layer(class, config string) string {
	return fmt.Sprintf(`{"class_name": %q, "config": %s}`, class, config)
}

func parse(t testing.TB, text string) (*ir.Parsed, error) {
	h5, err := hdf5.OpenFile("testdata/models/dropouts.h5")
	require.NoError(t, err)
	defer h5.Close()
	return reader(t).ReadParts("m.json", []byte(text), h5, "w.h5", builtin.Registry())
}

// TestErrors pins the messages for models that cannot be read.
func TestErrors(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{``, "m.json: architecture: got nothing, want JSON"},
		{`{}`, `m.json: architecture: class_name: got "", want Sequential or Functional`},
		{`[1]`, "m.json: architecture: got a JSON array at byte 1, want an object"},
		{sequential() + "x", "m.json: architecture: got more text behind the JSON value"},
		{sequential()[1:], "m.json: architecture: got a JSON string at byte 12, want an object"},
		{sequential()[:40], "m.json: architecture: got JSON that ends after 40 bytes in the middle of a value"},
		{"1", "m.json: architecture: got a JSON number at byte 1, want an object"},
		{"\"x\"", "m.json: architecture: got a JSON string at byte 3, want an object"},
		{"{x", "m.json: architecture: got no JSON at byte 2: invalid character 'x'"},
		{"\xef\xbb\xbf{}", "m.json: architecture: got a text that begins with a mark of its byte order"},
		{sequential() + " 1", "m.json: architecture: got more text behind the JSON value"},
		{`{"class_name": "Sequential", "config": {"name": "m", "layers": []}}`, `model "m": got no layers`},
		{
			sequential(layer("Dense", `{"name": "d", "units": 5}`)),
			`Dense "d": weight "kernel": got none in w.h5, want one of shape [6 5]`,
		},
		{
			sequential(layer("Dense", `{"name": "a", "units": 4}`)),
			`Dense "a": weight "kernel": got shape [6 5] in w.h5, want [6 4]`,
		},
		{sequential(layer("Dense", `{"name": "a", "units": -1}`)), `weight "kernel": shape: got [6 -1]`},
		{sequential(layer("Dense", `{"name": "a", "units": 1e15}`)), `weight "kernel": shape: got [6 1000`},
		{sequential(layer("Dense", `{"name": "a", "units": "x"}`)), `units: got "x", want a whole number`},
		{
			sequential(layer("Flatten", `{"name": "f"}`), layer("Flatten", `{"name": "f"}`)),
			`Flatten "f": name: got "f" a second time`,
		},
		{sequential(layer("Flatten", `{}`)), "layer 1: Flatten: name: got none"},
		{sequential(layer("Flatten", `{"name": "a\nb"}`)), `Flatten "a\nb": name: got "a\nb" with U+000A`},
		{
			sequential(layer("Reshape", `{"name": "r", "target_shape": [3, 2]}`), layer("TimeDistributed",
				`{"name": "t", "layer": {"class_name": "Softmax", "config": {"name": "\u001b[1m"}}}`)),
			`Softmax "\x1b[1m" inside: name: got "\x1b[1m" with U+001B`,
		},
		{sequential(`{"config": {}}`), "layer 1: class_name: got none"},
		{
			sequential(layer("Reshape", `{"name": "r", "target_shape": [4, -1]}`)),
			`Reshape "r": target_shape: got [4 -1], want one of 6 values`,
		},
		{sequential(layer("Reshape", `{"name": "r", "target_shape": [0, 6]}`)), "got [0 6], want one of 6 values"},
		{sequential(layer("Permute", `{"name": "p", "dims": [2]}`)), "dims: got [2], want each of the axes 1 to 1"},
		{sequential(layer("Softmax", `{"name": "s", "axis": 3}`)), `axis: got 3, want one of the 1 axes`},
		{
			sequential(layer("BatchNormalization", `{"name": "b", "axis": [0]}`)),
			`BatchNormalization "b": axis: got [0], want the last`,
		},
		{
			`{"class_name": "Sequential", "config": [{"class_name": "Dense", "config": {"name": "d"}}]}`,
			`Dense "d": batch_input_shape: got none on the first layer, want a built model`,
		},
		{
			strings.Replace(sequential(), "[null, 6]", "[null, null, 6]", 1),
			`InputLayer "inp": batch_input_shape: got [null,null,6], want a fixed size on every axis but the first`,
		},
		{
			strings.Replace(sequential(), "batch_input_shape", "batch_shape", 1),
			`batch_input_shape: got the form of Keras 3, want a model saved by Keras 2`,
		},
		{
			strings.Replace(sequential(), "[null, 6]", "[null, 3000000000, 3000000000]", 1),
			"want positive axes and at most 4194304 values",
		},
	} {
		_, err := parse(t, c.text)
		require.ErrorContains(t, err, c.want, c.text)
		require.NotContains(t, err.Error(), "\n")
	}
}

func functional(layers, inputs, outputs string) string {
	return fmt.Sprintf(`{"class_name": "Model", "config": {"name": "m", "layers": [%s], "input_layers": %s,
		"output_layers": %s}}`, inputLayer[1:]+layers, inputs, outputs)
}

const inputLayer = `,{"class_name": "InputLayer", "name": "inp", "inbound_nodes": [],
	"config": {"name": "inp", "batch_input_shape": [null, 6]}}`

func flatten(name, inbound string) string {
	return fmt.Sprintf(`, {"class_name": "Flatten", "config": {"name": %q}, "name": %[1]q, "inbound_nodes": %s}`,
		name, inbound)
}

func TestFunctionalErrors(t *testing.T) {
	const inp = `[["inp", 0, 0]]`
	for _, c := range []struct{ text, want string }{
		{functional("", `[]`, inp), "got 0 inputs and 1 outputs"},
		{functional("", `["inp", 0]`, inp), "input_layers: got [inp 0], want [layer, call, output]"},
		{functional("", `[["inp", 0, 0], ["inp", 0, 0]]`, inp), `input_layers: got "inp" twice, want every`},
		{functional(flatten("f", "["+inp+"]"), `[["f", 0, 0]]`, inp), `input_layers: got "f", want an input layer`},
		{
			functional(strings.ReplaceAll(inputLayer, `"inp"`, `"other"`), inp, inp),
			`input_layers: got no "other", want every input layer`,
		},
		{functional("", inp, `[["f", 0, 0]]`), `output_layers: "f": got no layer of that name before`},
		{functional(flatten("f", `[]`), inp, inp), `Flatten "f": inbound_nodes: got none`},
		{functional(flatten("f", `[[["x", 0, 0, {}]]]`), inp, inp), `input "x": got no layer of that name`},
		{functional(flatten("f", `[[["inp", 0, 1, {}]]]`), inp, inp), `input "inp": got its output 1`},
		{functional(flatten("f", `[{"args": []}]`), inp, inp), `Flatten "f": inbound_nodes: got none`},
		{functional(flatten("f", `[[["inp", 2, 0, {}]]]`), inp, inp), `input "inp": got no call 2 of a layer of `},
		{functional(flatten("f", `[[["inp", -1, 0]]]`), inp, inp), "got [inp -1 0], want [layer, call, output]"},
		{
			functional(flatten("f", `[[["g", 0, 0, {}]]]`)+flatten("g", `[[["f", 0, 0, {}]]]`), inp, inp),
			`Flatten "f": got a circle of layers that read each other, want none`,
		},
	} {
		_, err := parse(t, c.text)
		require.ErrorContains(t, err, c.want, c.text)
	}
	p, err := parse(t, functional(flatten("f", `[[["inp", 0, 0, {}]]]`), `["inp", 0, 0]`, `[["f", 0, 0]]`))
	require.NoError(t, err)
	require.Equal(t, []string{"f"}, p.Outputs)
}

// TestMergeErrors wants enough inputs, of shapes that go together.
func TestMergeErrors(t *testing.T) {
	merged := func(class, config, inbound string) string {
		return functional(fmt.Sprintf(`, {"class_name": %q, "config": {"name": "m" %s}, "name": "m",
			"inbound_nodes": [%s]}`, class, config, inbound), `["inp", 0, 0]`, `[["m", 0, 0]]`)
	}
	const inp = `["inp", 0, 0, {}]`
	for _, c := range []struct{ text, want string }{
		{merged("Subtract", "", "["+inp+", "+inp+", "+inp+"]"), `Subtract "m": inputs: got 3, want two`},
		{merged("Add", "", "["+inp+"]"), `Add "m": inputs: got 1, want two`},
		{merged("Dot", "", "["+inp+"]"), `Dot "m": inputs: got 1, want two`},
		{merged("Concatenate", `, "axis": 2`, "["+inp+", "+inp+"]"), `axis: got 2 for shapes [6] and [6]`},
	} {
		_, err := parse(t, c.text)
		require.ErrorContains(t, err, c.want)
	}
}

// recurrentModel is an LSTM, with a configuration of its own, that reads tensors.
func recurrentModel(config, inbound, outputs string) string {
	return functional(`, {"class_name": "Reshape", "name": "rows", "inbound_nodes": [[["inp", 0, 0, {}]]],
			"config": {"name": "rows", "target_shape": [3, 2]}},
		{"class_name": "LSTM", "name": "cell", "inbound_nodes": [`+inbound+`],
			"config": {"name": "cell", "units": 2, "return_state": true`+config+`}}`, `["inp", 0, 0]`, outputs)
}

// TestStateErrors wants states that there are, and as many at the start as the layer has.
func TestStateErrors(t *testing.T) {
	const rows, out = `[["rows", 0, 0, {}]]`, `[["cell", 0, 2]]`
	for _, c := range []struct{ text, want string }{
		{
			recurrentModel("", `[["rows", 0, 0, {}], ["rows", 0, 0, {}]]`, out),
			"initial states: got 1, want none or 2",
		},
		{
			recurrentModel("", `[["rows", 0, 0, {"initial_state": [[1]]}]]`, out),
			"initial_state: got numbers, want tensors of the model",
		},
		{recurrentModel(`, "time_major": true`, rows, out), `LSTM "cell": time_major: got true`},
		{
			sequential(layer("Bidirectional", `{"name": "b", "merge_mode": "sum", "layer": {"class_name": "GRU",
				"config": {"name": "g", "units": 2, "return_state": true}}}`)),
			`Bidirectional "b": layer: return_state: got true, want false`,
		},
		{
			sequential(layer("TimeDistributed", `{"name": "t", "layer": {"class_name": "GRU", "config":
				{"name": "g", "units": 2, "return_state": true}}}`)),
			`TimeDistributed "t": GRU "g" inside: return_state: got true`,
		},
	} {
		_, err := parse(t, c.text)
		require.ErrorContains(t, err, c.want)
	}
}

// TestUnsupportedAll checks that everything that cannot be converted is named in one go.
func TestUnsupportedAll(t *testing.T) {
	inner := fmt.Sprintf(`{"class_name": "Sequential", "config": {"name": "in", "layers": [%s, %s]}}`,
		strings.Replace(input, `"inp"`, `"inp2"`, 1), layer("Mine>Own", `{"name": "own"}`))
	_, err := parse(t, sequential(
		layer("RepeatVector", `{"name": "rv", "n": 3}`),
		layer("Lambda", `{"name": "code"}`),
		layer("PruneLowMagnitude", `{"name": "prune"}`),
		layer("Dense", `{"name": "leaky", "units": 3, "activation": {"class_name": "LeakyReLU", "config": {}}}`),
		layer("Activation", `{"name": "act", "activation": "swish"}`),
		layer("Dense", `{"name": "d", "units": 3, "activation": {"class_name": "quantized_po2"}}`),
		layer("PReLU", `{"name": "p", "shared_axes": [1]}`),
		layer("Softmax", `{"name": "s", "axis": [1, 2]}`),
		inner,
	))
	var all *build.UnsupportedError
	require.ErrorAs(t, err, &all)
	require.Equal(t, "m.json", all.File)
	names := []string{}
	for _, l := range all.Layers {
		names = append(names, l.Class+" "+l.Name)
	}
	require.Equal(t, []string{
		"RepeatVector rv", "Lambda code", "PruneLowMagnitude prune", "Dense leaky", "Activation act", "Dense d",
		"PReLU p", "Softmax s", "Mine>Own in/own",
	}, names)
	require.Equal(t, 10, len(strings.Split(err.Error(), "\n")))
	require.Contains(t, err.Error(), "m.json: 9 layers cannot be converted:\n  RepeatVector \"rv\": not a ")
	require.Contains(t, err.Error(), `"prune": a wrapper that prunes in training: take it off with strip_`)
	require.Contains(t, err.Error(), `"leaky": activation: got a layer of class LeakyReLU, want the name of a `)
	require.Contains(t, err.Error(), `quantizer "quantized_po2": no firmware for it as an activation`)
	require.Contains(t, err.Error(), `Mine>Own "in/own": a custom class: only a plugin`)
}

func TestUnsupportedInput(t *testing.T) {
	for _, c := range []struct{ key, want string }{
		{`"dtype": "int4", `, `dtype "int4": not supported`},
		{`"sparse": true, `, "sparse input: not supported"},
	} {
		_, err := parse(t, strings.Replace(sequential(), `"name": "inp"`, c.key+`"name": "inp"`, 1))
		require.ErrorContains(t, err, c.want)
	}
}

// TestSkipped drops what is the identity at inference, at the end of a model too.
func TestSkipped(t *testing.T) {
	text := functional(
		flatten("f", `[[["inp", 0, 0, {}]]]`)+
			strings.Replace(flatten("noise", `[[["f", 0, 0, {}]]]`), "Flatten", "GaussianNoise", 1)+
			strings.Replace(flatten("drop", `[[["noise", 0, 0, {}]]]`), "Flatten", "SpatialDropout1D", 1),
		`[["inp", 0, 0]]`, `[["drop", 0, 0]]`)
	p, err := parse(t, text)
	require.NoError(t, err)
	require.Equal(t, []string{"f"}, p.Outputs)
	require.Len(t, p.Layers, 2)
}

// TestOpenReshape resolves -1 for the layers behind; hls4ml counts on with -1 there.
func TestOpenReshape(t *testing.T) {
	p, err := parse(t, sequential(
		layer("Reshape", `{"name": "r", "target_shape": [3, -1]}`), layer("Flatten", `{"name": "f"}`)))
	require.NoError(t, err)
	require.Equal(t, []int{3, -1}, attr(t, find(p, "r"), "target_shape"))
	require.Equal(t, []int{6}, attr(t, find(p, "f"), "target_shape"))
}

// TestOldForms reads what early versions of Keras 2 wrote.
func TestOldForms(t *testing.T) {
	p, err := parse(t, `{"class_name": "Sequential", "config": [{"class_name": "LeakyReLU", "config":
		{"name": "l", "batch_input_shape": [null, 6], "alpha": {"type": "ndarray", "value": 0.25}}}]}`)
	require.NoError(t, err)
	require.Equal(t, []string{"input1"}, p.Inputs)
	require.Equal(t, 0.25, attr(t, find(p, "l"), "activ_param"))
}

func TestDeepNesting(t *testing.T) {
	text := strings.Repeat(`{"class_name": "Sequential", "config": {"name": "m", "layers": [`, 100) + input +
		strings.Repeat(`]}}`, 100)
	_, err := parse(t, text)
	require.ErrorContains(t, err, "got more than 32 models inside each other")
}

// FuzzArchitecture feeds arbitrary JSON with the weights of a real model.
func FuzzArchitecture(f *testing.F) {
	for _, name := range []string{"dropouts", "nested", "activations", "norms", "integers"} {
		h5, err := hdf5.OpenFile("testdata/models/" + name + ".h5")
		require.NoError(f, err)
		a, err := h5.Root().Attr("model_config")
		require.NoError(f, err)
		text, err := a.Text()
		require.NoError(f, err)
		f.Add([]byte(text))
		require.NoError(f, h5.Close())
	}
	f.Add([]byte(recurrentModel("", `[["rows", 0, 0, {}]]`, `[["cell", 0, 2]]`)))
	f.Add([]byte(sequential(layer("Reshape", `{"name": "r", "target_shape": [3, -1]}`))))
	weights, err := os.ReadFile("testdata/models/norms.h5")
	require.NoError(f, err)
	s, r := builtin.Registry(), reader(f)
	f.Fuzz(func(t *testing.T, text []byte) {
		h5, err := hdf5.Open(bytes.NewReader(weights), int64(len(weights)))
		require.NoError(t, err)
		_, _ = r.ReadParts("m.json", text, h5, "w.h5", s)
	})
}

// FuzzH5 feeds arbitrary bytes as a whole model.
func FuzzH5(f *testing.F) {
	for _, name := range []string{"doubles", "integers", "sequential_dropout"} {
		text, err := os.ReadFile("testdata/models/" + name + ".h5")
		require.NoError(f, err)
		f.Add(text)
	}
	s, r := builtin.Registry(), reader(f)
	f.Fuzz(func(_ *testing.T, text []byte) {
		h5, err := hdf5.Open(bytes.NewReader(text), int64(len(text)))
		if err != nil {
			return
		}
		_, _ = r.ReadH5("m.h5", h5, s)
	})
}
