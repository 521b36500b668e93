package hlsgo

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// Networks of PyTorch have channels first, the firmware has channels last. ChannelsLastConversion says what
// that means for the samples.

// Layout says in one line how the samples and the answers of a network with channels first lie in memory;
// "" for other networks, and for those whose samples have one axis.
func (m *Model) Layout() (string, error) {
	var in []string
	turned := false
	for _, l := range inputsFirst(m.parsed) {
		if shape := m.sampleShape(l); len(shape) > 1 {
			in = append(in, fmt.Sprintf("%s (samples, %s)", l.Name, joinInts(shape, ", ")))
			turned = turned || m.turns(l.Name)
		}
	}
	if len(in) == 0 {
		return "", nil
	}
	text := "samples: " + strings.Join(in, ", ") + m.order(turned)
	g, err := m.Graph()
	if err != nil {
		return "", err
	}
	var out []string
	for _, name := range g.Outputs {
		if shape := g.Var(name).Shape; len(shape) > 1 {
			out = append(out, fmt.Sprintf("(samples, %s)", joinInts(shape, ", ")))
		}
	}
	if len(out) > 0 {
		last := m.conversion() != "off" && !m.config.TransposesOutputs() && !m.keepsOutput(g)
		text += "; answers: " + strings.Join(out, ", ") + m.order(last)
	}
	return text, nil
}

// keepsOutput reports whether the output comes from a layer that has PyTorch's order everywhere.
func (m *Model) keepsOutput(g *ir.Graph) bool {
	for _, name := range m.parsed.Outputs {
		if n := g.Node(name); n != nil && layers.KeepsAxes(n) {
			return true
		}
	}
	return false
}

func (m *Model) order(last bool) string {
	if last {
		return ", channels last"
	}
	return ", as in PyTorch"
}

func (m *Model) conversion() string { return m.config.ChannelsLastConversion() }

// inputsFirst are the inputs of a network with channels first, in the model's order; none of other networks.
func inputsFirst(p *ir.Parsed) []*ir.Layer {
	var out []*ir.Layer
	for _, name := range p.Inputs {
		for _, l := range p.Layers {
			if l.Name == name && p.ChannelsFirst {
				out = append(out, l)
			}
		}
	}
	return out
}

// sampleShape is the shape that a sample of an input must have.
func (m *Model) sampleShape(input *ir.Layer) []int {
	v, _ := ir.GetAttr(input.Attrs, "input_shape")
	shape, _ := v.([]int)
	if len(shape) > 1 && m.turns(input.Name) {
		return lastAxis(shape)
	}
	return shape
}

// turns reports whether samples of an input must have channels last.
func (m *Model) turns(input string) bool { return m.conversion() == "internal" && !m.asGiven(input) }

// asGiven reports whether all that read an input read it as it comes, as recurrent layers do.
func (m *Model) asGiven(input string) bool {
	found := false
	for _, l := range m.parsed.Layers {
		if slices.Contains(l.Inputs, input) {
			if !layers.KindTraits(m.toolkit.reg.layers, l.Kind).Has(layers.Gated) {
				return false
			}
			found = true
		}
	}
	return found
}

// lastAxis moves the channels behind the pixels, and firstAxis back.
func lastAxis(shape []int) []int { return append(slices.Clone(shape[1:]), shape[0]) }

func firstAxis(shape []int) []int {
	last := len(shape) - 1
	return append([]int{shape[last]}, shape[:last]...)
}

// checkLayout refuses samples whose shape shows that they lie in memory in another order than input i wants
// them. The answers to them would be wrong without a word.
func (m *Model) checkLayout(file string, i int, shape []int) error {
	inputs := inputsFirst(m.parsed)
	if i >= len(inputs) || len(shape) < 3 {
		return nil
	}
	want, got := m.sampleShape(inputs[i]), shape[1:]
	if len(want) != len(got) || slices.Equal(want, got) {
		return nil
	}
	hint := ""
	axes := joinInts([]int{0, 2, 3, 1}, ", ")
	switch {
	case m.conversion() == "internal" && slices.Equal(lastAxis(got), want):
		if len(want) == 2 {
			axes = "0, 2, 1"
		}
		hint = fmt.Sprintf(": these have channels first, turn them with X.transpose(%s), or set "+
			"HLSConfig.Model.ChannelsLastConversion to full", axes)
	case slices.Equal(firstAxis(got), want):
		if axes = "0, 3, 1, 2"; len(want) == 2 {
			axes = "0, 2, 1"
		}
		hint = fmt.Sprintf(": these have channels last, turn them with X.transpose(%s), or set "+
			"HLSConfig.Model.ChannelsLastConversion to internal", axes)
	}
	return during(CodeData, fmt.Errorf("%s: shape: got %s, want (samples, %s) for input %q%s",
		file, shapeText(shape), joinInts(want, ", "), inputs[i].Name, hint))
}

// checkInputShape compares the key InputShape, which hls4ml needs of models of PyTorch, with what the file
// says.
func checkInputShape(cfg *ir.Config, p *ir.Parsed) error {
	value, ok := cfg.Document.Get("InputShape")
	inputs := inputsFirst(p)
	if !ok || value == nil || len(inputs) == 0 {
		return nil
	}
	got, err := shapesOf(value)
	if err != nil {
		return err
	}
	var want [][]int
	for _, l := range inputs {
		v, _ := ir.GetAttr(l.Attrs, "input_shape")
		shape, _ := v.([]int)
		want = append(want, shape)
	}
	if !slices.EqualFunc(got, want, slices.Equal) {
		return fmt.Errorf("InputShape: got %v, want %v, as the network was exported", got, want)
	}
	return nil
}

// shapesOf reads shapes as configurations have them: [2, 6], [[2, 6], [4]], or "(None, 2, 6)"; the axis of
// the batch may be among them.
func shapesOf(value any) ([][]int, error) {
	wrong := fmt.Errorf("InputShape: got %v, want a list of whole numbers, or a list of such lists", value)
	if text, ok := value.(string); ok {
		list := []any{}
		for _, word := range strings.Split(strings.Trim(text, "(,)[] "), ",") {
			if n, err := strconv.Atoi(strings.TrimSpace(word)); err == nil {
				list = append(list, n)
			} else if strings.TrimSpace(word) != "None" {
				return nil, wrong
			}
		}
		value = list
	}
	list, ok := value.([]any)
	if !ok || len(list) == 0 {
		return nil, wrong
	}
	if _, nested := list[0].([]any); !nested {
		list = []any{list}
	}
	var out [][]int
	for _, one := range list {
		dims, ok := one.([]any)
		if !ok {
			return nil, wrong
		}
		shape := []int{}
		for i, d := range dims {
			n, whole := d.(int)
			if !whole && (d != nil && d != "None" || i > 0) {
				return nil, wrong
			}
			if whole {
				shape = append(shape, n)
			}
		}
		out = append(out, shape)
	}
	return out, nil
}
