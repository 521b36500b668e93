package onnx

import (
	"fmt"

	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/frontend/onnx/clean"
	"github.com/hlsgo/hlsgo/layers/qonnx"
)

// quantHandlers read the quantizers of QONNX. Passes make types and scales of them.
var quantHandlers = []build.Handler{
	{Classes: []string{"Quant", "IntQuant"}, Unsupported: quantProblem, Read: readQuant},
	{Classes: []string{"BipolarQuant"}, Unsupported: constantInputs(1), Read: readBipolar},
}

func quantProblem(class string, a build.Attributes) string {
	if why := constantInputs(1, 2, 3)(class, a); why != "" {
		return why
	}
	mode, err := a.Text("rounding_mode", "ROUND")
	if _, ok := qonnx.Rounding(mode); err == nil && !ok {
		return fmt.Sprintf("rounding_mode: got %s, which no type of the firmware has, want ROUND or FLOOR", mode)
	}
	return ""
}

// readQuant mirrors parse_quant_layer of hls4ml's converters/onnx/core.py.
func readQuant(c *build.Call) (*build.Out, error) {
	if len(c.Shapes) != 4 {
		return nil, fmt.Errorf("inputs: got %d, want a tensor, scale, zero point and bits", len(c.Shapes))
	}
	out, err := c.Layer("Quant", "Quant")
	if err != nil {
		return nil, err
	}
	a := build.Attrs[qonnx.QuantAttrs](out)
	if a.Signed, err = flag(c.Config, "signed"); err != nil {
		return nil, err
	}
	if a.Narrow, err = flag(c.Config, "narrow"); err != nil {
		return nil, err
	}
	if a.KeepZero, err = flag(c.Config, clean.KeepZero); err != nil {
		return nil, err
	}
	if a.RoundingMode, err = c.Config.Text("rounding_mode", "ROUND"); err != nil {
		return nil, err
	}
	out.Shape = c.Shape()
	return out.Done()
}

func flag(a build.Attributes, key string) (bool, error) {
	v, err := a.Int(key, 0)
	return v != 0, err
}

// readBipolar mirrors parse_bipolar_quant_layer of hls4ml's converters/onnx/core.py.
func readBipolar(c *build.Call) (*build.Out, error) {
	if len(c.Shapes) != 2 {
		return nil, fmt.Errorf("inputs: got %d, want a tensor and a scale", len(c.Shapes))
	}
	out, err := c.Layer("BipolarQuant", "BipolarQuant")
	if err != nil {
		return nil, err
	}
	out.Shape = c.Shape()
	return out.Done()
}
