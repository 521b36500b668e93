package torch

import (
	"slices"

	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/shape"
)

var reshapeHandlers = []build.Handler{{
	Classes: []string{
		"view", "reshape", "_unsafe_view", "flatten", "unflatten", "squeeze", "unsqueeze",
	},
	Read: readReshape,
}, {
	Classes: []string{"contiguous", "clone", "alias", "detach", "lift_fresh_copy", "to", "_to_copy", "identity"},
	Skip:    true,
}}

// readReshape reads all that gives the same values another shape: which one says the program. Mirrors
// parse_reshape_layer and those like it of hls4ml's converters/pytorch/reshape.py.
func readReshape(c *build.Call) (*build.Out, error) {
	target, err := resultShape(c)
	if err != nil {
		return nil, err
	}
	if ir.Size(target) != ir.Size(c.Shape()) {
		return nil, refusal("shape: got %v from %v, want the axis of the batch to stay", target, c.Shape())
	}
	out, err := c.Layer("Reshape", "Reshape")
	if err != nil {
		return nil, err
	}
	build.Attrs[shape.ReshapeAttrs](out).TargetShape = slices.Clone(target)
	out.Shape = target
	return out.Done()
}

// resultShape is the shape of the first result of a call as the program says it, without the batch axis.
func resultShape(c *build.Call) ([]int, error) {
	a := of(c)
	meta := a.values.shapes[a.outputs[0]]
	if len(meta.Sizes) < 2 {
		return nil, refusal("result: got %d axes, want that of the batch and one more", len(meta.Sizes))
	}
	var out []int
	for _, d := range meta.Sizes[1:] {
		n, ok := d.known()
		if !ok {
			return nil, refusal("result: got a size that is not fixed, want one")
		}
		out = append(out, n)
	}
	return out, build.CheckSize(out, build.MaxValues)
}
