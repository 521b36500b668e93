package build

import (
	"fmt"

	"github.com/hlsgo/hlsgo/ir"
)

// Weights finds the weights of a model's layers by the names that the source gives them. layer is the name of
// the layer in the source; part is the name of a layer inside it, such as "forward_lstm" in a wrapper of two,
// or "".
type Weights interface {
	// Find returns the shape of a weight; ok is false when there is none of the name.
	Find(layer, part, name string) (shape []int, ok bool, err error)
	// Tensor reads a weight of finite numbers. It must be there and have the shape.
	Tensor(layer, part, name string, shape []int) (*ir.Tensor, error)
	// Integers reads a weight of whole numbers, in C order. It must be there.
	Integers(layer, part, name string) ([]int, error)
	// File names the file, for messages.
	File() string
}

// A Variable is one of the arrays below a layer in files that order them by objects and attributes.
type Variable struct {
	Path    string // below the layer, such as "iq/quantizer/vars/0"
	Shape   []int
	Integer bool // whole numbers or truth values
}

// Below is implemented by Weights that can list all that a layer has.
type Below interface {
	// Below lists the variables below a layer, in the order of their paths.
	Below(layer string) ([]Variable, error)
	// Variable reads the variable of the path below a layer. It must be there and hold finite numbers.
	Variable(layer, path string) (*ir.Tensor, error)
}

// Below lists the variables below the layer; none where the form of files has no such order.
func (c *Call) Below() ([]Variable, error) {
	if w, ok := c.weights.(Below); ok {
		return w.Below(c.Source)
	}
	return nil, nil
}

// Variable reads one of those that Below lists. Its shape is the file's.
func (c *Call) Variable(path string) (*ir.Tensor, error) {
	w, ok := c.weights.(Below)
	if !ok {
		return nil, fmt.Errorf("variable %q: got %s, whose variables have no paths, want a .keras file", path,
			c.weights.File())
	}
	return w.Variable(c.Source, path)
}

// With is the call with other weights, such as those that a layer makes of what it has.
func (c *Call) With(w Weights) *Call {
	other := *c
	other.weights = w
	return &other
}

// Weight reads the weight that the source calls name, such as "kernel"; it must have the shape.
func (c *Call) Weight(name string, shape ...int) (*ir.Tensor, error) {
	return c.WeightOf("", name, shape...)
}

// WeightOf is Weight for a layer inside a wrapper, which the source calls part, such as "forward_lstm".
func (c *Call) WeightOf(part, name string, shape ...int) (*ir.Tensor, error) {
	// A setting may ask for a shape whose size overflows, before the file is looked at.
	if err := CheckSize(shape, MaxWeights); err != nil {
		return nil, fmt.Errorf("weight %q: %w", name, err)
	}
	if err := c.held.add(shape); err != nil {
		return nil, fmt.Errorf("weight %q: %w", name, err)
	}
	return c.weights.Tensor(c.Source, part, name, shape)
}

// Vector reads a weight of one axis, of any length.
func (c *Call) Vector(name string) (*ir.Tensor, error) {
	shape, ok, err := c.weights.Find(c.Source, "", name)
	if err != nil {
		return nil, err
	}
	if !ok || len(shape) != 1 {
		return nil, fmt.Errorf("weight %q: got none of one axis in %s, want one", name, c.weights.File())
	}
	return c.weights.Tensor(c.Source, "", name, shape)
}

// Whole reads a weight of any shape.
func (c *Call) Whole(name string) (*ir.Tensor, error) {
	shape, ok, err := c.weights.Find(c.Source, "", name)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, fmt.Errorf("weight %q: got none in %s, want one", name, c.weights.File())
	}
	return c.Weight(name, shape...)
}

// Integers reads a weight of whole numbers that spreads over tensors of the shape: its axes are one for the
// batch and then those of the shape, or ones; or it is one number alone, of no axes in the answer.
func (c *Call) Integers(name string, shape []int) (axes, values []int, err error) {
	got, ok, err := c.weights.Find(c.Source, "", name)
	if err != nil {
		return nil, nil, err
	}
	if !ok {
		return nil, nil, fmt.Errorf("weight %q: got none in %s, want one", name, c.weights.File())
	}
	if !spreads(got, shape) {
		return nil, nil, fmt.Errorf("weight %q: got shape %v in %s, want [1] or one that spreads over %v",
			name, got, c.weights.File(), append([]int{1}, shape...))
	}
	values, err = c.weights.Integers(c.Source, "", name)
	return got[1:], values, err
}

// spreads reports whether a tensor of the axes, the first for the batch, spreads over one of the shape.
func spreads(axes, shape []int) bool {
	if len(axes) == 1 && axes[0] == 1 {
		return true
	}
	if len(axes) != len(shape)+1 || axes[0] != 1 {
		return false
	}
	for i, d := range shape {
		if axes[i+1] != 1 && axes[i+1] != d {
			return false
		}
	}
	return true
}
