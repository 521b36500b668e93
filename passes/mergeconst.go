package passes

import (
	"fmt"
	"slices"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/merge"
	"github.com/hlsgo/hlsgo/layers/norm"
	"github.com/hlsgo/hlsgo/layers/qonnx"
)

// A merge of a tensor and a constant scales or shifts. Mirrors hls4ml's
// model/optimizer/passes/merge_const.py.

// MergeToApplyAlpha makes a layer that scales and shifts of sums, differences and products with a constant.
var MergeToApplyAlpha = ir.Pass{
	Name: "merge_to_apply_alpha",
	Doc:  "make a scale and shift of sums, differences and products with a constant",
	Match: func(n *ir.Node) bool {
		one := (constant(n, 0) == nil) != (constant(n, 1) == nil)
		return one && slices.Contains([]string{"add", "subtract", "multiply"}, opOfTwo(n))
	},
	Apply: func(n *ir.Node) (bool, error) {
		at := 1
		if constant(n, at) == nil {
			at = 0
		}
		c := constant(n, at)
		var f factors
		switch opOfTwo(n) {
		case "add":
			f = shiftBy(valueOf(c), quantizerOf(c))
		case "subtract":
			f = difference(c, at)
		default:
			f = scaleBy(valueOf(c), quantizerOf(c))
		}
		return true, mergeToScale(n, 1-at, f)
	},
}

// opOfTwo is the operation of a merge of two tensors; "" for others.
func opOfTwo(n *ir.Node) string {
	if a, ok := n.Attrs.(*merge.Attrs); ok && len(n.Inputs) == 2 && a.NTerms == nil {
		return a.Op
	}
	return ""
}

// factors are what a merge scales and shifts by, each with a quantizer, or a type, or neither.
type factors struct {
	scale, bias                   *ir.Tensor
	scaleQuantizer, biasQuantizer ir.Quantizer
	scaleType, biasType           *fixed.Format
}

// shiftBy adds. The one that multiplies has the type of one bit.
func shiftBy(bias *ir.Tensor, q ir.Quantizer) factors {
	return factors{scale: whole(1), scaleType: new(fixed.UInt(1)), bias: bias, biasQuantizer: q}
}

// scaleBy multiplies. The zero that is added has the type of one bit.
func scaleBy(scale *ir.Tensor, q ir.Quantizer) factors {
	return factors{scale: scale, scaleQuantizer: q, bias: whole(0), biasType: new(fixed.UInt(1))}
}

// whole is one whole number. numpy has it in 64 bits, which with floats promote to double precision.
func whole(v float64) *ir.Tensor { return &ir.Tensor{DType: ir.Float64, Data: []float64{v}} }

// difference is x - c where the constant c stands at place 1, c - x at place 0.
func difference(c *ir.Node, place int) factors {
	q := quantizerOf(c)
	if place == 0 {
		f := shiftBy(valueOf(c), q)
		f.scale, f.scaleType = whole(-1), new(fixed.Int(2))
		return f
	}
	f := shiftBy(valueOf(c).Map(func(v float64) float64 { return -v }), q)
	if q != nil && q.Format().IsFixedOrInt() && !q.Format().Signed {
		t := q.Format() // less an unsigned number is a signed one with a bit more
		t.Kind, t.W, t.I, t.Signed = fixed.KindFixed, t.W+1, t.I+1, true
		f.biasType, f.biasQuantizer = &t, qonnx.Grid{Type: t}
	}
	return f
}

// MergeToApplyAlphaDiv makes a layer that scales of a division by a constant.
var MergeToApplyAlphaDiv = ir.Pass{
	Name:  "merge_to_apply_alpha_div",
	Doc:   "make a scale of divisions by a constant",
	Match: func(n *ir.Node) bool { return opOfTwo(n) == "divide" && constant(n, 1) != nil },
	Apply: func(n *ir.Node) (bool, error) {
		c := constant(n, 1)
		if i := slices.Index(valueOf(c).Data, 0); i >= 0 {
			return false, n.Errorf("input %q: got zero at flat index %d, want numbers to divide by", n.Inputs[1], i)
		}
		f := scaleBy(valueOf(c).Map(func(v float64) float64 { return 1 / v }), quantizerOf(c))
		if q := f.scaleQuantizer; q != nil {
			f.scaleQuantizer = qonnx.Grid{Type: inverse(q.Format())}
		}
		return true, mergeToScale(n, 0, f)
	},
}

// inverse is the type that hls4ml gives to one divided by numbers of a type: large enough for the inverse of
// the last place.
func inverse(f fixed.Format) fixed.Format {
	sign := 0
	if f.Signed {
		sign = 1
	}
	f.Kind, f.W, f.I = fixed.KindFixed, 1+sign+max(f.F(), 0), 1+sign+f.F()
	return f
}

// mergeToScale puts a layer that scales and shifts in the place of n, which reads input `in` and a constant.
func mergeToScale(n *ir.Node, in int, f factors) error {
	g, shape := n.Graph(), n.In(in).Shape
	scale, err := likeInput(f.scale, shape)
	if err != nil {
		return n.Errorf("constant: %w", err)
	}
	bias, err := likeInput(f.bias, shape)
	if err != nil {
		return n.Errorf("constant: %w", err)
	}
	data := ir.Data{
		Tensors:    map[string]*ir.Tensor{"scale_data": scale, "bias_data": bias},
		Quantizers: map[string]ir.Quantizer{},
	}
	if f.scaleQuantizer != nil {
		data.Quantizers["scale_quantizer"] = f.scaleQuantizer
	}
	if f.biasQuantizer != nil {
		data.Quantizers["bias_quantizer"] = f.biasQuantizer
	}
	name := "bn_" + n.Name
	inherit(n, name, nil)
	size := ir.Size(shape)
	m, err := g.NewNode(ir.NodeSpec{
		Kind: "ApplyAlpha", Name: name, Data: data,
		Inputs: []string{n.Inputs[in]}, Outputs: slices.Clone(n.Outputs),
		Attrs: &norm.AlphaAttrs{
			Attrs:          norm.Attrs{NIn: size, NOut: size, NFilt: -1, UseGamma: true, UseBeta: true},
			ScalePrecision: f.scaleType, BiasPrecision: f.biasType,
		},
		Origin: n.Origin,
	})
	if err != nil {
		return err
	}
	if err := keepInputs(n, in); err != nil {
		return err
	}
	return g.Replace(n, m)
}

// likeInput repeats t to the shape, unless it has that shape but for axes of one.
func likeInput(t *ir.Tensor, shape []int) (*ir.Tensor, error) {
	if slices.Equal(t.Shape, shape) || slices.Equal(squeezed(t.Shape), shape) {
		return t, nil
	}
	b, err := t.BroadcastTo(shape...)
	if err != nil {
		return nil, fmt.Errorf("%w: the firmware repeats constants, not tensors", err)
	}
	return b, nil
}

func squeezed(shape []int) []int {
	return slices.DeleteFunc(slices.Clone(shape), func(d int) bool { return d == 1 })
}
