package keras

import (
	"fmt"

	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/garnet"
	"github.com/hlsgo/hlsgo/layers/quant"
)

// garnetHandlers read the graph networks that come with hls4ml.
var garnetHandlers = []build.Handler{
	{
		Classes: []string{"GarNet", "GarNetStack"}, Unsupported: checked(garnetProblem),
		Variables: garnetVariables, Read: readGarNet,
	},
}

// garnetVariables are three matrices with their biases for each layer of the stack.
func garnetVariables(class string, c build.Attributes) []build.Variables {
	layers, _ := c.Ints("n_filters")
	var names []string
	for i := range layers {
		number := ""
		if class == "GarNetStack" {
			number = fmt.Sprint(i)
		}
		for _, part := range []string{"FLR", "S", "Fout"} {
			names = append(names, part+number+"_kernel", part+number+"_bias")
		}
	}
	return variables(names...)(class, c)
}

// garnetProblem says what hls4ml's firmware does not have either.
func garnetProblem(class string, c Config) string {
	simplified, _ := c["simplified"].(bool)
	collapse, _ := c["collapse"].(string)
	switch {
	case !simplified:
		return "simplified: got false, want true: only the simplified form has firmware"
	case c.Has("output_activation") && c["output_activation"] != "linear":
		return fmt.Sprintf("output_activation: got %v, want none or linear", c["output_activation"])
	case c["input_format"] != "xn":
		return fmt.Sprintf("input_format: got %v, want xn: vertices and their number", c["input_format"])
	case collapse != "" && collapse != "mean":
		return fmt.Sprintf("collapse: got %q, which has no firmware, want mean", collapse)
	case collapse == "" && class == "GarNetStack":
		return "collapse: got none, which has no firmware for a stack, want mean"
	}
	return ""
}

// readGarNet mirrors parse_garnet_layer of hls4ml's converters/keras/graph.py.
func readGarNet(c *build.Call) (*build.Out, error) {
	if len(c.Shapes) != 2 || len(c.Shape()) != 2 {
		return nil, fmt.Errorf("inputs: got shapes %v, want [vertices features] and [1]", c.Shapes)
	}
	out, err := Layer(c, c.Class, c.Class)
	if err != nil {
		return nil, err
	}
	collapse, err := c.Config.Text("collapse", "")
	if err != nil {
		return nil, err
	}
	byNumber, err := c.Config.Bool("mean_by_nvert", false)
	if err != nil {
		return nil, err
	}
	quantize, err := c.Config.Bool("quantize_transforms", false)
	if err != nil {
		return nil, err
	}
	if quantize {
		out.Data.Quantizers = map[string]ir.Quantizer{"quantizer": quant.Ternary{}}
	}
	vertices := c.Shape()[0]
	a := build.Attrs[garnet.Common](out)
	a.InputFormat, a.NVertices, a.Collapse, a.MeanByNVert = "xn", vertices, collapse, byNumber
	filters, err := garnetWeights(c, out)
	if err != nil {
		return nil, err
	}
	out.Shape = []int{filters}
	if collapse == "" {
		out.Shape = []int{vertices, filters}
	}
	return out.Done()
}

// garnetWeights reads sizes and weights of all layers, and returns the features of the last.
func garnetWeights(c *build.Call, out *build.Out) (filters int, err error) {
	var sizes [3][]int
	for i, key := range []string{"n_aggregators", "n_filters", "n_propagate"} {
		if sizes[i], err = c.Config.Ints(key); err != nil {
			return 0, err
		}
	}
	k := len(sizes[0])
	if k == 0 || len(sizes[1]) != k || len(sizes[2]) != k || c.Class == "GarNet" && k != 1 {
		return 0, fmt.Errorf("n_aggregators, n_filters, n_propagate: got %v, want one of each per layer", sizes)
	}
	in := []int{c.Shape()[1]}
	for i := range k {
		number := ""
		if c.Class == "GarNetStack" {
			number = fmt.Sprint(i)
		}
		if err := garnetLayer(c, out, number, in[i], sizes[0][i], sizes[1][i], sizes[2][i]); err != nil {
			return 0, err
		}
		in = append(in, sizes[1][i])
	}
	if c.Class == "GarNetStack" {
		a := build.Attrs[garnet.StackAttrs](out)
		a.NSublayers, a.NInFeatures = k, in[:k]
		a.NAggregators, a.NOutFeatures, a.NPropagate = sizes[0], sizes[1], sizes[2]
	} else {
		a := build.Attrs[garnet.Attrs](out)
		a.NAggregators, a.NOutFeatures, a.NPropagate = sizes[0][0], sizes[1][0], sizes[2][0]
		a.NInFeatures = in[0]
	}
	return in[k], nil
}

func garnetLayer(
	c *build.Call, out *build.Out, number string, in, aggregators, filters, propagate int,
) error {
	for _, w := range []struct {
		name  string
		shape []int
	}{
		{"FLR" + number + "_kernel", []int{in, propagate}}, {"FLR" + number + "_bias", []int{propagate}},
		{"S" + number + "_kernel", []int{in, aggregators}}, {"S" + number + "_bias", []int{aggregators}},
		{"Fout" + number + "_kernel", []int{aggregators * propagate, filters}},
		{"Fout" + number + "_bias", []int{filters}},
	} {
		t, err := c.Weight(w.name, w.shape...)
		if err != nil {
			return err
		}
		out.Tensor(w.name+"_data", t)
	}
	return nil
}
