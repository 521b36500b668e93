package torch

import (
	"slices"
	"strconv"

	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/layers/einsum"
	"github.com/hlsgo/hlsgo/layers/pool"
	"github.com/hlsgo/hlsgo/layers/shape"
)

// The operators of this file have no handler in hls4ml 1.3.0, but for einsum.

var axesHandlers = []build.Handler{
	{Classes: []string{"permute", "transpose", "t"}, Read: readPermutation},
	{Classes: []string{"einsum"}, Read: readEinsum},
	{Classes: []string{"matmul", "bmm"}, Read: readProduct},
	{Classes: []string{"mean", "amax"}, Read: readOverPixels},
	{
		Classes: []string{
			"adaptive_avg_pool1d", "adaptive_avg_pool2d", "adaptive_max_pool1d", "adaptive_max_pool2d",
			"_adaptive_avg_pool2d",
		},
		Read: readAdaptive,
	},
}

// permutation is the order of the axes of a result, the batch left out; nil where the batch moves.
func permutation(a *arguments, operator string, rank int) ([]int, error) {
	perm := make([]int, rank+1)
	for i := range perm {
		perm[i] = i
	}
	place := func(i int) int { return (i%(rank+1) + rank + 1) % (rank + 1) }
	switch operator {
	case "permute":
		dims, err := a.Ints("dims")
		if err != nil {
			return nil, err
		}
		if len(dims) != rank+1 {
			return nil, refusal("dims: got %v for a tensor of %d axes, want all of them", dims, rank+1)
		}
		for i, d := range dims {
			perm[i] = place(d)
		}
	default:
		from, err := a.Int("dim0", 0)
		if err != nil {
			return nil, err
		}
		to, err := a.Int("dim1", 1)
		if err != nil {
			return nil, err
		}
		if rank == 0 {
			return perm, nil // t of a vector
		}
		perm[place(from)], perm[place(to)] = place(to), place(from)
	}
	return perm, nil
}

// readPermutation reads another order of axes.
func readPermutation(c *build.Call) (*build.Out, error) {
	rank := len(c.Shape())
	perm, err := permutation(of(c), c.Class, rank)
	if err != nil {
		return nil, err
	}
	if perm[0] != 0 {
		return nil, refusal("axes: got %v, want the axis of the batch to stay", perm)
	}
	out, err := c.Layer("Transpose", "Transpose")
	if err != nil {
		return nil, err
	}
	a := build.Attrs[shape.TransposeAttrs](out)
	out.Shape = nil
	for _, p := range perm[1:] {
		a.Perm, out.Shape = append(a.Perm, p-1), append(out.Shape, c.Shape()[p-1])
	}
	return out.Done()
}

// readEinsum mirrors parse_einsum_layer of hls4ml's converters/pytorch/core.py: the batch is an axis of one.
func readEinsum(c *build.Call) (*build.Out, error) {
	equation, err := c.Config.Text("equation", "")
	if err != nil {
		return nil, err
	}
	return product(c, equation)
}

// readProduct reads a product of matrices as an einsum.
func readProduct(c *build.Call) (*build.Out, error) {
	if len(c.Shapes) == 1 {
		return readMatrix(c)
	}
	if len(c.Shapes) != 2 || len(c.Shapes[0]) != len(c.Shapes[1]) {
		return nil, refusal("operands: got shapes %v, want two of as many axes", c.Shapes)
	}
	switch len(c.Shapes[0]) {
	case 2:
		return product(c, "bij,bjk->bik")
	case 3:
		return product(c, "bhij,bhjk->bhik")
	}
	return nil, refusal("operands: got shapes %v, want two or three axes", c.Shapes)
}

func product(c *build.Call, equation string) (*build.Out, error) {
	shapes := c.Shapes
	if len(shapes) != 2 {
		return nil, refusal("operands: got %d that depend on the inputs, want two", len(shapes))
	}
	out, err := c.Layer("Einsum", "Einsum")
	if err != nil {
		return nil, err
	}
	a := build.Attrs[einsum.Attrs](out)
	a.Equation = equation
	a.Inp0Shape, a.Inp1Shape = append([]int{1}, shapes[0]...), append([]int{1}, shapes[1]...)
	result, err := resultShape(c)
	if err != nil {
		return nil, err
	}
	a.OutShape = append([]int{1}, result...)
	out.Shape = result
	return out.Done()
}

// readMatrix reads a product with a parameter, which is (inputs, outputs) here.
func readMatrix(c *build.Call) (*build.Out, error) {
	list := of(c).args["mat2"].tensors()
	if len(list) == 0 {
		list = of(c).args["other"].tensors()
	}
	if len(list) != 1 || !of(c).values.known(list[0]) {
		return nil, refusal("operands: got a parameter before the tensor, want it behind")
	}
	t, err := of(c).values.tensor(list[0])
	if err != nil {
		return nil, err
	}
	if len(t.Shape) != 2 {
		return nil, refusal("operands: got a parameter of shape %v, want one of two axes", t.Shape)
	}
	return matrix(c, t.Transpose(1, 0), nil)
}

// readOverPixels reads the mean, or the most, of all pixels of each channel.
func readOverPixels(c *build.Call) (*build.Out, error) {
	rank := len(c.Shape())
	dims, err := c.Config.Ints("dim")
	if err != nil {
		return nil, err
	}
	want := []int{}
	for i := 2; i <= rank; i++ {
		want = append(want, i)
	}
	for i, d := range dims {
		if d < 0 {
			dims[i] = d + rank + 1
		}
	}
	slices.Sort(dims)
	if rank < 2 || rank > 3 || !slices.Equal(dims, want) {
		return nil, refusal("dim: got %v of a tensor of %d axes, want all axes of pixels, %v", dims, rank+1, want)
	}
	op := "Average"
	if c.Class == "amax" {
		op = "Max"
	}
	return global(c, op)
}

// global makes a pooling over all pixels.
func global(c *build.Call, op string) (*build.Out, error) {
	in := c.Shape()
	kind := "Pooling" + strconv.Itoa(len(in)-1) + "D"
	out, err := c.Layer("Global"+kind, "Global"+op+kind)
	if err != nil {
		return nil, err
	}
	common := build.Attrs[pool.Common](out)
	common.DataFormat, common.NFilt = channelsFirst, in[0]
	if len(in) == 2 {
		build.Attrs[pool.Global1DAttrs](out).NIn = in[1]
	} else {
		a := build.Attrs[pool.Global2DAttrs](out)
		a.InHeight, a.InWidth = in[1], in[2]
	}
	result, err := resultShape(c)
	if err != nil {
		return nil, err
	}
	out.Shape = []int{in[0]}
	if len(result) == 1 || of(c).values.reshaped(of(c).outputs[0]) {
		return out.Done()
	}
	// The firmware's tensor has no axes of one pixel; what reads it here wants them.
	back := c.Part("view", c.Name+"_pixels", nil, build.Tensor{Name: out.Name, Shape: out.Shape})
	r, err := back.Layer("Reshape", "Reshape")
	if err != nil {
		return nil, err
	}
	build.Attrs[shape.ReshapeAttrs](r).TargetShape = slices.Clone(result)
	r.Before, r.Shape = append(r.Before, out), result
	return r.Done()
}

// reshaped reports whether all that read a tensor give it another shape, or the network answers it.
func (v *values) reshaped(tensor string) bool {
	for i := range v.program.Module.Graph.Nodes {
		n := &v.program.Module.Graph.Nodes[i]
		if slices.Contains(newArguments(v, []*node{n}).live, tensor) &&
			!slices.Contains(reshapeHandlers[0].Classes, n.operator()) {
			return false
		}
	}
	return true
}

// readAdaptive reads a pooling whose output has a given size: that of the windows follows where they are
// equal.
func readAdaptive(c *build.Call) (*build.Out, error) {
	size, err := perAxis(c, "output_size")
	if err != nil {
		return nil, err
	}
	op := "avg"
	if c.Class[len("adaptive_")] == 'm' {
		op = "max"
	}
	in := c.Shape()
	if len(in) != len(size)+1 {
		return nil, refusal("input: got shape %v, want channels and %d axes of pixels", in, len(size))
	}
	if !slices.ContainsFunc(size, func(n int) bool { return n != 1 }) {
		return global(c, map[string]string{"avg": "Average", "max": "Max"}[op])
	}
	list := make([]build.Window, len(size))
	for i, n := range size {
		if n < 1 || in[i+1]%n != 0 {
			return nil, refusal("output_size: got %v for %v pixels, want divisors: windows of different sizes "+
				"are none "+
				"of the firmware", size, in[1:])
		}
		step := in[i+1] / n
		w := build.Window{Key: "output_size", In: in[i+1], Size: step, Stride: step}
		if list[i], err = w.PadBy(0, 0); err != nil {
			return nil, err
		}
	}
	return pooled(c, map[string]string{"avg": "Average", "max": "Max"}[op], list)
}
