package sim

import (
	"slices"

	"github.com/hlsgo/hlsgo/ir"
)

// Frameworks with channels first are computed here as they define it, layer by layer. What a layer answers is
// handed out in the order in which the firmware has it, so that the two can be compared value by value.

// KeepsAxes is implemented by look-ups that know layers which have the framework's order of axes in the
// firmware too, whatever the layout of the others.
type KeepsAxes interface {
	KeepsAxes(n *ir.Node) bool
	// AsGiven reports whether the layer reads an input of the network as it comes, whatever its axes are said
	// to be.
	AsGiven(n *ir.Node) bool
}

// inLayout lets f, which is output i of n, read and give values in the order in which they are handed out.
func (r *Reference) inLayout(
	f func(in [][]float64, out []float64), n *ir.Node, i int,
) func(in [][]float64, out []float64) {
	format, _ := ir.GetAttr(n.Attrs, "data_format")
	last := format == "channels_first" // such kinds are defined for channels last
	var turns []*turn
	turned := false
	for _, name := range n.Inputs {
		if _, ok := r.at[name]; ok {
			t := newTurn(r.graph.Var(name).Shape, r.last[name], last)
			turns, turned = append(turns, t), turned || t != nil
		}
	}
	result := newTurn(n.Vars[i].Shape, last, r.last[n.Outputs[i]])
	if !turned && result == nil {
		return f
	}
	return func(in [][]float64, out []float64) {
		args := make([][]float64, len(in))
		for k, x := range in {
			args[k] = turns[k].of(x)
		}
		if result == nil {
			f(args, out)
			return
		}
		y := make([]float64, len(out))
		f(args, y)
		result.into(out, y)
	}
}

// handedLast reports whether output i of n is handed out with channels last. It mirrors what the pass
// channels_last_converter does to the layers.
func (r *Reference) handedLast(n *ir.Node, i int) bool {
	how, rank := r.graph.Config.ChannelsLastConversion(), len(n.Vars[i].Shape)
	output := false
	for _, name := range r.graph.Outputs {
		output = output || name == n.Outputs[i]
	}
	transposed := output && r.graph.Config.TransposesOutputs()
	switch {
	case how == "off" || rank != 2 && rank != 3:
		return false
	case n.Kind == "Input":
		return how == "internal" && !r.asGiven(n)
	case r.kinds.KeepsAxes(n):
		return false
	}
	return !transposed
}

// asGiven reports whether all that read an input of the network read it as it comes.
func (r *Reference) asGiven(input *ir.Node) bool {
	found := false
	for _, n := range r.graph.Nodes {
		if slices.Contains(n.Inputs, input.Name) {
			if !r.kinds.AsGiven(n) {
				return false
			}
			found = true
		}
	}
	return found
}

// turn changes values from channels first to channels last, or back.
type turn struct{ from []int } // for each value, its place before

// newTurn is the turn from one layout to the other; nil where they are the same, or there is one axis. The
// shape has channels first.
func newTurn(shape []int, from, to bool) *turn {
	if from == to || len(shape) < 2 {
		return nil
	}
	channels := shape[0]
	pixels := ir.Size(shape[1:])
	t := &turn{from: make([]int, channels*pixels)}
	for p := range pixels {
		for c := range channels {
			first, last := c*pixels+p, p*channels+c
			if to {
				t.from[last] = first
			} else {
				t.from[first] = last
			}
		}
	}
	return t
}

// of is x in the other layout; of no turn it is x.
func (t *turn) of(x []float64) []float64 {
	if t == nil {
		return x
	}
	y := make([]float64, len(x))
	t.into(y, x)
	return y
}

func (t *turn) into(y, x []float64) {
	for i, from := range t.from {
		y[i] = x[from]
	}
}
