package keras

import (
	"fmt"
	"slices"

	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/shape"
)

var reshapeHandlers = []build.Handler{
	{Classes: []string{"Flatten"}, Read: readFlatten},
	{Classes: []string{"Reshape"}, Read: readReshape},
	{Classes: []string{"Permute"}, Read: readPermute},
}

// The three mirror hls4ml's converters/keras/reshape.py.

func readFlatten(c *build.Call) (*build.Out, error) {
	return reshape(c, []int{ir.Size(c.Shape())})
}

func readReshape(c *build.Call) (*build.Out, error) {
	target, err := c.Config.Ints("target_shape")
	if err != nil {
		return nil, err
	}
	return reshape(c, target)
}

// reshape keeps target as written, with its -1; the shape behind it is worked out here too, for the layers
// that follow.
func reshape(c *build.Call, target []int) (*build.Out, error) {
	resolved, err := resolve(target, ir.Size(c.Shape()))
	if err != nil {
		return nil, err
	}
	out, err := Layer(c, "Reshape", "Reshape")
	if err != nil {
		return nil, err
	}
	build.Attrs[shape.ReshapeAttrs](out).TargetShape = slices.Clone(target)
	out.Shape = resolved
	return out.Done()
}

// resolve replaces the one -1 of a target shape by what is left of size values.
func resolve(target []int, size int) ([]int, error) {
	shape := slices.Clone(target)
	open, rest := -1, size
	for i, d := range shape {
		switch {
		case d == -1 && open < 0:
			open = i
		case d < 1 || rest%d != 0:
			return nil, fmt.Errorf("target_shape: got %v, want one of %d values", target, size)
		default:
			rest /= d
		}
	}
	if open >= 0 {
		shape[open] = rest
	} else if rest != 1 {
		return nil, fmt.Errorf("target_shape: got %v, want one of %d values", target, size)
	}
	return shape, nil
}

func readPermute(c *build.Call) (*build.Out, error) {
	dims, err := c.Config.Ints("dims")
	if err != nil {
		return nil, err
	}
	in := c.Shape()
	perm, permuted := make([]int, len(dims)), make([]int, len(dims))
	sorted := slices.Sorted(slices.Values(dims))
	for i, d := range sorted {
		if d != i+1 || len(dims) != len(in) {
			return nil, fmt.Errorf("dims: got %v, want each of the axes 1 to %d once", dims, len(in))
		}
	}
	for i, d := range dims {
		perm[i], permuted[i] = d-1, in[d-1]
	}
	out, err := Layer(c, "Transpose", "Transpose")
	if err != nil {
		return nil, err
	}
	build.Attrs[shape.TransposeAttrs](out).Perm = perm
	out.Shape = permuted
	return out.Done()
}
