package torch

import (
	"fmt"
	"math"

	"github.com/hlsgo/hlsgo/frontend/build"
)

// arguments are those of a call by the names in the operator's declaration. Programs leave out what has its
// default, which handlers give. They implement build.Attributes.
type arguments struct {
	values  *values
	nodes   []*node
	args    map[string]argument
	live    []string // tensors that depend on the inputs, in the order of the arguments
	outputs []string
	same    int // how many of the results behind the first are the first again
}

// newArguments are those of the first of the operators that a layer is made of; what comes out is that of the
// last.
func newArguments(v *values, nodes []*node) *arguments {
	a := &arguments{values: v, nodes: nodes, args: map[string]argument{}}
	for _, in := range nodes[0].Inputs {
		a.args[in.Name] = in.Arg
		for _, tensor := range in.Arg.tensors() {
			if tensor != "" && !v.known(tensor) {
				a.live = append(a.live, tensor)
			}
		}
	}
	a.outputs = nodes[len(nodes)-1].results()
	return a
}

func (a *arguments) wrong(key, want string) error {
	arg := a.args[key]
	return fmt.Errorf("%s: got %s of kind %s, want %s", key, arg.raw, arg.kind, want)
}

// Has implements build.Attributes.
func (a *arguments) Has(key string) bool { return !a.args[key].none() }

// mostWhole bounds whole numbers, so that a few of them multiplied do not overflow; the end of a slice that
// has none is beyond it.
const mostWhole = 1 << 40

// Int implements build.Attributes.
func (a *arguments) Int(key string, def int) (int, error) {
	if !a.Has(key) {
		return def, nil
	}
	v, ok := a.args[key].number()
	if !ok || math.Abs(v) > mostWhole || v != float64(int(v)) || a.args[key].kind == "as_bool" {
		return 0, a.wrong(key, "a whole number that is fixed")
	}
	return int(v), nil
}

// Float implements build.Attributes.
func (a *arguments) Float(key string, def float64) (float64, error) {
	if !a.Has(key) {
		return def, nil
	}
	v, ok := a.args[key].number()
	if !ok {
		return 0, a.wrong(key, "a number")
	}
	return v, nil
}

// Bool implements build.Attributes.
func (a *arguments) Bool(key string, def bool) (bool, error) {
	if !a.Has(key) {
		return def, nil
	}
	v, ok := a.args[key].number()
	if !ok || a.args[key].kind != "as_bool" {
		return false, a.wrong(key, "true or false")
	}
	return v == 1, nil
}

// Text implements build.Attributes.
func (a *arguments) Text(key, def string) (string, error) {
	if !a.Has(key) {
		return def, nil
	}
	s, ok := a.args[key].text()
	if !ok {
		return "", a.wrong(key, "a text")
	}
	return s, nil
}

// Ints implements build.Attributes.
func (a *arguments) Ints(key string) ([]int, error) {
	if !a.Has(key) {
		return nil, nil
	}
	if v, ok := a.args[key].number(); ok && math.Abs(v) <= mostWhole && v == float64(int(v)) {
		return []int{int(v)}, nil
	}
	list, ok := a.args[key].numbers()
	if !ok {
		return nil, a.wrong(key, "a list of whole numbers")
	}
	out := make([]int, len(list))
	for i, v := range list {
		if v.name != "" {
			return nil, a.wrong(key, "numbers that are fixed")
		}
		out[i] = v.value
	}
	return out, nil
}

// of are the arguments of a call of an operator or module of PyTorch.
func of(c *build.Call) *arguments { return c.Config.(*arguments) }
