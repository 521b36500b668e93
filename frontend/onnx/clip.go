package onnx

import (
	"fmt"
	"math"

	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/layers/act"
)

// bounds are those of a Clip, which stand in inputs or, in older files, in attributes; none is infinite.
func bounds(n Node) (low, high float64, err error) {
	ends := [2]float64{math.Inf(-1), math.Inf(1)}
	for i, key := range []string{"min", "max"} {
		switch {
		case n.Input(i+1) != "":
			t, err := n.wanted(i+1, key)
			if err != nil {
				return 0, 0, err
			}
			if ends[i], err = t.Scalar(); err != nil {
				return 0, 0, err
			}
		case n.Has(key):
			if ends[i], err = n.Float(key, 0); err != nil {
				return 0, 0, err
			}
		}
	}
	for i, v := range ends { // the ends of float32 stand for none
		if math.Abs(v) >= math.MaxFloat32 {
			ends[i] = math.Inf(2*i - 1)
		}
	}
	return ends[0], ends[1], nil
}

// clipFunction is hls4ml's word for a Clip; "" where it has none.
func clipFunction(low, high float64) string {
	switch {
	case low == 0 && math.IsInf(high, 1):
		return "ReLU"
	case low == 0 && high == 6:
		return "relu6"
	case low == 0 && high == 1:
		return "relu1"
	case low == -1 && high == 1:
		return "hard_tanh"
	}
	return ""
}

func clipProblem(_ string, a build.Attributes) string {
	low, high, err := bounds(a.(Node))
	if err != nil {
		return err.Error()
	}
	if clipFunction(low, high) == "" {
		return fmt.Sprintf("got bounds %v and %v, want 0 and none, 0 and 6, 0 and 1, or -1 and 1: the firmware "+
			"has no others; a saturating type does the same", low, high)
	}
	return ""
}

func readClip(c *build.Call) (*build.Out, error) {
	low, high, err := bounds(node(c))
	if err != nil {
		return nil, err
	}
	function := clipFunction(low, high)
	if function != "hard_tanh" {
		return activation(c, "Activation", "Activation", function)
	}
	out, err := activation(c, "HardActivation", "HardActivation", function)
	if err != nil {
		return nil, err
	}
	a := build.Attrs[act.HardAttrs](out)
	a.Slope, a.Shift = 0.5, 0.5
	return out.Done()
}
