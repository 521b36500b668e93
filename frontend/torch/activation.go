package torch

import (
	"fmt"
	"math"
	"strings"

	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/layers/act"
	"github.com/hlsgo/hlsgo/layers/merge"
	"github.com/hlsgo/hlsgo/layers/softmax"
)

var activationHandlers = []build.Handler{
	{Classes: []string{"relu", "sigmoid", "tanh"}, Read: readActivation},
	{Classes: []string{"leaky_relu"}, Read: parametrized("LeakyReLU", "leakyrelu", "negative_slope", 0.01)},
	{Classes: []string{"elu"}, Unsupported: eluProblem, Read: parametrized("ELU", "elu", "alpha", 1)},
	{Classes: []string{"threshold"}, Unsupported: thresholdProblem, Read: parametrized("ThresholdedReLU",
		"ThresholdedReLU", "threshold", 0)},
	{Classes: []string{"prelu"}, Read: readPReLU},
	{Classes: []string{"softmax", "_softmax"}, Read: readSoftmax},
	{Classes: []string{"selu", "selu_", "relu_", "relu6"}, Read: readNamed},
	{Classes: []string{"softplus"}, Unsupported: softplusProblem, Read: readNamed},
	{Classes: []string{"Softsign"}, Read: func(c *build.Call) (*build.Out, error) {
		return function(c, "Activation", "softsign")
	}},
	{Classes: []string{"celu"}, Unsupported: celuProblem, Read: parametrized("ELU", "elu", "alpha", 1)},
	{Classes: []string{"hardsigmoid"}, Read: readHardSigmoid},
	{Classes: []string{"hardtanh", "hardtanh_", "clamp", "clamp_min"}, Read: readClamp},
	{Classes: []string{"silu", "hardswish"}, Read: readGated},
	{Classes: []string{"dropout", "alpha_dropout", "feature_dropout"}, Skip: true},
}

// readActivation reads a function that has its operator's name in hls4ml too. Mirrors parse_activation_layer
// of hls4ml's converters/pytorch/core.py, as all of this file.
func readActivation(c *build.Call) (*build.Out, error) { return function(c, "Activation", c.Class) }

// function makes a layer of a kind that computes the named function.
func function(c *build.Call, kind, name string) (*build.Out, error) {
	out, err := c.Layer(kind, kind)
	if err != nil {
		return nil, err
	}
	build.Attrs[act.Base](out).Activation = name
	return out.Done()
}

// parametrized reads functions with one number.
func parametrized(class, name, key string, def float64) func(c *build.Call) (*build.Out, error) {
	return func(c *build.Call) (*build.Out, error) {
		out, err := c.Layer("ParametrizedActivation", class)
		if err != nil {
			return nil, err
		}
		a := build.Attrs[act.ParametrizedAttrs](out)
		a.Activation = name
		if a.ActivParam, err = c.Config.Float(key, def); err != nil {
			return nil, err
		}
		return out.Done()
	}
}

func eluProblem(_ string, a build.Attributes) string {
	for _, key := range []string{"scale", "input_scale"} {
		if v, err := a.Float(key, 1); err != nil || v != 1 {
			return fmt.Sprintf("%s: got %v, want 1", key, v)
		}
	}
	return ""
}

func thresholdProblem(_ string, a build.Attributes) string {
	value, err := a.Float("value", 0)
	if err != nil || value != 0 {
		return fmt.Sprintf("value: got %v, want 0, which the firmware answers below the threshold", value)
	}
	if at, err := a.Float("threshold", 0); err != nil || at < 0 {
		return fmt.Sprintf("threshold: got %v, want none below zero", at)
	}
	return ""
}

func readPReLU(c *build.Call) (*build.Out, error) {
	out, err := function(c, "PReLU", "prelu")
	if err != nil {
		return nil, err
	}
	slopes, err := c.Vector("weight")
	if err != nil {
		return nil, err
	}
	out.Tensor("param_data", slopes)
	return out.Done()
}

func readSoftmax(c *build.Call) (*build.Out, error) {
	out, err := c.Layer("Softmax", "Softmax")
	if err != nil {
		return nil, err
	}
	a := build.Attrs[softmax.Attrs](out)
	a.Activation = "softmax"
	if a.Axis, err = c.Config.Int("dim", -1); err != nil {
		return nil, err
	}
	if len(c.Shape()) > 1 {
		v := of(c).values
		v.warnings = append(v.warnings, fmt.Sprintf("layer %q: a softmax over one of several axes: like "+
			"hls4ml 1.3.0, the "+
			"firmware takes all values for one vector: the answer is not the network's", c.Name))
	}
	return out.Done()
}

// readNamed reads functions of hls4ml that its reader of PyTorch has not.
func readNamed(c *build.Call) (*build.Out, error) {
	return function(c, "Activation", strings.TrimSuffix(c.Class, "_"))
}

func softplusProblem(_ string, a build.Attributes) string {
	if v, err := a.Float("beta", 1); err != nil || v != 1 {
		return fmt.Sprintf("beta: got %v, want 1", v)
	}
	return ""
}

func celuProblem(_ string, a build.Attributes) string {
	if v, err := a.Float("alpha", 1); err != nil || v != 1 {
		return fmt.Sprintf("alpha: got %v, want 1, with which it is an ELU", v)
	}
	return ""
}

// readHardSigmoid reads PyTorch's, whose slope is a sixth.
func readHardSigmoid(c *build.Call) (*build.Out, error) { return hardSigmoid(c) }

func hardSigmoid(c *build.Call) (*build.Out, error) {
	out, err := function(c, "HardActivation", "hard_sigmoid")
	if err != nil {
		return nil, err
	}
	a := build.Attrs[act.HardAttrs](out)
	a.Slope, a.Shift = 1.0/6, 0.5
	return out.Done()
}

// readClamp reads a range that the firmware has a function for.
func readClamp(c *build.Call) (*build.Out, error) {
	low, high, open := "min", "max", math.Inf(1)
	def := [2]float64{-open, open}
	if strings.HasPrefix(c.Class, "hardtanh") {
		low, high, def = "min_val", "max_val", [2]float64{-1, 1}
	}
	from, err := c.Config.Float(low, def[0])
	if err != nil {
		return nil, err
	}
	to, err := c.Config.Float(high, def[1])
	if err != nil {
		return nil, err
	}
	switch [2]float64{from, to} {
	case [2]float64{0, open}:
		return function(c, "Activation", "relu")
	case [2]float64{0, 6}:
		return function(c, "Activation", "relu6")
	case [2]float64{0, 1}:
		return function(c, "Activation", "relu1")
	case [2]float64{-1, 1}:
		out, err := function(c, "HardActivation", "hard_tanh")
		if err == nil {
			a := build.Attrs[act.HardAttrs](out)
			a.Slope, a.Shift = 0.5, 0.5
		}
		return out, err
	}
	return nil, refusal("range: got %v to %v, want 0 to 1, 6 or infinity, or -1 to 1", from, to)
}

// readGated reads a tensor times a function of it, which are two layers.
func readGated(c *build.Call) (*build.Out, error) {
	gate := c.Part("gate", c.Name+"_gate", c.Config, build.Tensor{Name: c.Inputs[0], Shape: c.Shape()})
	var first *build.Out
	var err error
	if c.Class == "silu" {
		first, err = function(gate, "Activation", "sigmoid")
	} else {
		first, err = hardSigmoid(gate)
	}
	if err != nil {
		return nil, err
	}
	out, err := c.Layer("Merge", "Merge")
	if err != nil {
		return nil, err
	}
	build.Attrs[merge.Attrs](out).Op = "multiply"
	out.Inputs = []string{c.Inputs[0], first.Name}
	out.Before = append(out.Before, first)
	return out.Done()
}
