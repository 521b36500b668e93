package conv

import (
	"fmt"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// Separable1DAttrs are the attributes of SeparableConv1D.
type Separable1DAttrs struct {
	Conv1DAttrs
	separated
}

// Separable2DAttrs are the attributes of SeparableConv2D.
type Separable2DAttrs struct {
	Conv2DAttrs
	separated
}

type separated struct {
	DepthMultiplier int `hls:"depth_multiplier"` // channels between the two steps per channel: one
	// The reuse factors of the two steps, which hls4ml 1.3.0 declares and does not read.
	DepthwiseReuseFactor int `hls:"depthwise_reuse_factor"`
	PointwiseReuseFactor int `hls:"pointwise_reuse_factor"`
}

func newSeparated() separated { return separated{1, 1, 1} }

// Neither hls4ml nor hlsgo has firmware for the two steps as one: every backend's flow splits the layer
// first.
const split = "split by the pass separable_to_depthwise_and_conv before lowering"

var separable1DDef = layers.Def{
	Kind:  "SeparableConv1D",
	Doc:   "depthwise convolution over one axis, then a pointwise one",
	Attrs: func() any { return &Separable1DAttrs{*newConv1D().(*Conv1DAttrs), newSeparated()} },
	Options: separableOptions("in_width", "out_width", "n_chan", "n_filt", "depth_multiplier", "filt_width",
		"stride_width", "pad_left", "pad_right"),
	Init:     initSeparable,
	Rewrites: separableSplit,
	Ref:      separableRef,
	Missing:  split,
}

var separable2DDef = layers.Def{
	Kind:  "SeparableConv2D",
	Doc:   "depthwise convolution over two axes, then a pointwise one",
	Attrs: func() any { return &Separable2DAttrs{*newConv2D().(*Conv2DAttrs), newSeparated()} },
	Options: separableOptions("in_height", "in_width", "out_height", "out_width", "n_chan", "n_filt",
		"depth_multiplier", "filt_height", "filt_width", "stride_height", "stride_width",
		"pad_top", "pad_bottom", "pad_left", "pad_right"),
	Init:     initSeparable,
	Rewrites: separableSplit,
	Ref:      separableRef,
	Missing:  split,
}

// separableOptions lists the expected attributes of a separable convolution.
func separableOptions(geometry ...string) []ir.Option {
	var out []ir.Option
	for _, name := range geometry {
		out = append(out, ir.Option{Name: name})
	}
	for _, role := range []string{"depthwise", "pointwise", "bias"} {
		out = append(out, ir.Option{Name: role, Class: ir.WeightOption})
	}
	for _, role := range []string{"depthwise_t", "pointwise_t", "bias_t"} {
		out = append(out, layers.TypeRole(role))
	}
	for _, role := range []string{"depthwise_accum_t", "pointwise_accum_t", "depthwise_result_t"} {
		out = append(out, ir.Option{
			Name: role, Class: ir.TypeOption, Default: fixed.Auto, Needs: layers.FixedPoint,
		})
	}
	for _, name := range []string{"depthwise_reuse_factor", "pointwise_reuse_factor"} {
		out = append(out, ir.Option{Name: name, Class: ir.Configurable, Default: 1, Needs: layers.FixedPoint})
	}
	return multiplied(append(out, implementationOption()))
}

// initSeparable mirrors SeparableConv1D.initialize and SeparableConv2D.initialize.
func initSeparable(n *ir.Node, data ir.Data) error {
	g, c := geometry(n), CommonOf(n)
	if err := g.check(n); err != nil {
		return err
	}
	if err := n.AddOutput(c.layout(g.outputPixels(n)...)); err != nil {
		return err
	}
	filter := g.filter(n)
	// The second kernel has one pixel on each axis of the first.
	one := make([]int, len(filter))
	for i := range one {
		one[i] = 1
	}
	for _, w := range []struct {
		role, letter string
		shape        []int
	}{
		{"depthwise", "d", append(filter, c.NChan, 1)},
		{"pointwise", "p", append(one, c.NChan, c.NFilt)},
	} {
		t, err := layers.CheckTensor(n, data, w.role, w.shape)
		if err != nil {
			return err
		}
		err = n.AddWeight(ir.WeightSpec{
			Role: w.role, Var: fmt.Sprintf("%s%d", w.letter, n.Index), Data: t,
			Quantizer: data.Quantizers[w.role+"_quantizer"],
		})
		if err != nil {
			return err
		}
	}
	return layers.AddBias(n, data, c.NFilt)
}
