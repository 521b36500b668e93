package keras

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/merge"
)

var mergeHandlers = []build.Handler{
	{Classes: []string{"Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum"}, Read: readMerge},
	{Classes: []string{"Concatenate"}, Read: readConcatenate},
	{Classes: []string{"Dot"}, Read: readDot},
}

// pair returns the shapes of the two inputs.
func pair(c *build.Call) (a, b []int, err error) {
	if len(c.Shapes) != 2 {
		return nil, nil, fmt.Errorf("inputs: got %d, want two: merge more of them pair by pair", len(c.Shapes))
	}
	return c.Shapes[0], c.Shapes[1], nil
}

// readMerge mirrors parse_merge_layer of hls4ml's converters/keras/merge.py.
func readMerge(c *build.Call) (*build.Out, error) {
	if len(c.Shapes) < 2 || c.Class == "Subtract" && len(c.Shapes) != 2 {
		return nil, fmt.Errorf("inputs: got %d, want two", len(c.Shapes))
	}
	out, err := Layer(c, "Merge", "Merge")
	if err != nil {
		return nil, err
	}
	build.Attrs[merge.Attrs](out).Op = strings.ToLower(c.Class)
	for _, s := range c.Shapes {
		if ir.Size(s) > ir.Size(out.Shape) {
			out.Shape = s
		}
	}
	return out.Done()
}

// readConcatenate is readMerge for Concatenate.
func readConcatenate(c *build.Call) (*build.Out, error) {
	if len(c.Shapes) < 2 {
		return nil, fmt.Errorf("inputs: got %d, want two at least", len(c.Shapes))
	}
	a := c.Shape()
	axis, err := c.Config.Int("axis", -1)
	if err != nil {
		return nil, err
	}
	at := axis - 1
	if axis < 0 {
		at = len(a) + axis
	}
	for _, b := range c.Shapes {
		if len(a) != len(b) || len(a) > 3 || at < 0 || at >= len(a) {
			return nil, fmt.Errorf("axis: got %d for shapes %v and %v, want one of up to three axes, batch apart",
				axis, a, b)
		}
	}
	out, err := Layer(c, "Concatenate", c.Class)
	if err != nil {
		return nil, err
	}
	build.Attrs[merge.ConcatenateAttrs](out).Axis = axis
	out.Shape = slices.Clone(a)
	for _, b := range c.Shapes[1:] {
		out.Shape[at] += b[at]
	}
	return out.Done()
}

// readDot is readMerge for Dot.
func readDot(c *build.Call) (*build.Out, error) {
	a, b, err := pair(c)
	if err != nil {
		return nil, err
	}
	if len(a) != 1 || !slices.Equal(a, b) {
		return nil, fmt.Errorf("inputs: got shapes %v and %v, want two vectors of one size", a, b)
	}
	normalize, err := c.Config.Bool("normalize", false)
	if err != nil {
		return nil, err
	}
	out, err := Layer(c, "Dot", c.Class)
	if err != nil {
		return nil, err
	}
	build.Attrs[merge.DotAttrs](out).Normalize = normalize
	out.Shape = []int{1}
	return out.Done()
}
