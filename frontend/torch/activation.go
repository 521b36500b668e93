package torch

import (
	"fmt"

	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/layers/act"
	"github.com/hlsgo/hlsgo/layers/softmax"
)

var activationHandlers = []build.Handler{
	{Classes: []string{"relu", "sigmoid", "tanh"}, Read: readActivation},
	{Classes: []string{"leaky_relu"}, Read: parametrized("LeakyReLU", "leakyrelu", "negative_slope", 0.01)},
	{Classes: []string{"elu"}, Unsupported: eluProblem, Read: parametrized("ELU", "elu", "alpha", 1)},
	{Classes: []string{"threshold"}, Unsupported: thresholdProblem, Read: parametrized("ThresholdedReLU",
		"ThresholdedReLU", "threshold", 0)},
	{Classes: []string{"prelu"}, Read: readPReLU},
	{Classes: []string{"softmax"}, Read: readSoftmax},
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
	return out.Done()
}
