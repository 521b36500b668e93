package onnx

import (
	"fmt"
	"slices"

	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/shape"
)

var reshapeHandlers = []build.Handler{
	{Classes: []string{"Dropout", "Identity"}, Skip: true},
	{Classes: []string{"Flatten"}, Unsupported: flattenProblem, Read: readFlatten},
	{Classes: []string{"Reshape"}, Unsupported: constantInputs(1), Read: readReshape},
	{Classes: []string{"Transpose"}, Unsupported: transposeProblem, Read: readTranspose},
	{Classes: []string{"Resize", "Upsample"}, Unsupported: resizeProblem, Read: readResize},
	{Classes: []string{"Pad"}, Unsupported: padProblem, Read: readPad},
}

func flattenProblem(_ string, a build.Attributes) string {
	if axis, err := a.Int("axis", 1); err == nil && axis != 1 && axis != 1-a.(Node).rank() {
		return fmt.Sprintf("axis: got %d, want 1: the batch stays as it is", axis)
	}
	return ""
}

func readFlatten(c *build.Call) (*build.Out, error) {
	return reshape(c, []int{-1})
}

// reshape keeps target as written, with its -1.
func reshape(c *build.Call, target []int) (*build.Out, error) {
	out, err := c.Layer("Reshape", "Reshape")
	if err != nil {
		return nil, err
	}
	size := ir.Size(c.Shape())
	resolved, ok := resolve(target, size)
	if !ok {
		return nil, fmt.Errorf("shape: got %v, want one of %d values", target, size)
	}
	build.Attrs[shape.ReshapeAttrs](out).TargetShape = slices.Clone(target)
	out.Shape = resolved
	return out.Done()
}

// resolve replaces the one -1 of a shape by what is left of size values.
func resolve(target []int, size int) ([]int, bool) {
	shape, open, rest := slices.Clone(target), -1, size
	for i, d := range shape {
		switch {
		case d == -1 && open < 0:
			open = i
		case d < 1 || rest%d != 0:
			return nil, false
		default:
			rest /= d
		}
	}
	if open >= 0 {
		shape[open] = rest
		return shape, true
	}
	return shape, len(shape) > 0 && rest == 1
}

// readReshape reads the shape behind the batch axis. A zero keeps the axis.
func readReshape(c *build.Call) (*build.Out, error) {
	t, err := node(c).wanted(1, "shape")
	if err != nil {
		return nil, err
	}
	target, err := t.Ints()
	if err != nil {
		return nil, err
	}
	if len(target) < 2 {
		return nil, fmt.Errorf("shape: got %v, want a batch axis and one more at least", target)
	}
	keep, err := c.Config.Bool("allowzero", false)
	if err != nil {
		return nil, err
	}
	in := c.Shape()
	target = slices.Clone(target[1:])
	for i, d := range target {
		if d == 0 && !keep && i < len(in) {
			target[i] = in[i]
		}
	}
	return reshape(c, target)
}

func transposeProblem(_ string, a build.Attributes) string {
	n := a.(Node)
	if perm, err := permutation(n); err != nil {
		return err.Error()
	} else if perm[0] != 0 {
		return fmt.Sprintf("perm: got %v, want the batch axis in its place", perm)
	}
	return ""
}

// permutation is the order of axes of a Transpose, that of the batch included; without one it turns them
// round.
func permutation(n Node) ([]int, error) {
	rank := n.rank()
	perm, err := n.Ints("perm")
	if err != nil {
		return nil, err
	}
	if perm == nil {
		for i := range rank {
			perm = append(perm, rank-1-i)
		}
	}
	sorted := slices.Sorted(slices.Values(perm))
	for i, p := range sorted {
		if p != i {
			return nil, fmt.Errorf("perm: got %v, want each of %d axes once", perm, rank)
		}
	}
	if len(perm) != rank || rank == 0 {
		return nil, fmt.Errorf("perm: got %v, want each of %d axes once", perm, rank)
	}
	return perm, nil
}

func readTranspose(c *build.Call) (*build.Out, error) {
	perm, err := permutation(node(c))
	if err != nil {
		return nil, err
	}
	if len(perm) != len(c.Shape())+1 {
		return nil, fmt.Errorf("perm: got %v for shape %v of the layer before, want as many axes", perm, c.Shape())
	}
	out, err := c.Layer("Transpose", "Transpose")
	if err != nil {
		return nil, err
	}
	a := build.Attrs[shape.TransposeAttrs](out)
	a.Perm, out.Shape = nil, nil
	for _, p := range perm[1:] {
		a.Perm, out.Shape = append(a.Perm, p-1), append(out.Shape, c.Shape()[p-1])
	}
	return out.Done()
}
