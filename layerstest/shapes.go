package layerstest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/sim"
)

// shapes gives every sample inputs and weights of other shapes. Each must be refused by an error that names
// a layer, or make a network that runs; nothing may panic. A weight that is longer than its shape says must
// be refused.
func (c *checker) shapes(t *testing.T) {
	for i := range c.Samples {
		s := &c.Samples[i]
		for _, p := range c.places(t, s) {
			if p.strategy == "" || p.strategy == ir.Latency {
				c.wrongInputs(t, s, p)
				c.wrongWeights(t, s, p)
			}
		}
	}
}

// misshape returns shapes near one: longer, shorter, turned, with an axis more or less.
func misshape(shape []int) [][]int {
	out := [][]int{append([]int{2}, shape...), append(slices.Clone(shape), 2)}
	for axis := range shape {
		for _, d := range []int{-1, 1, 3} {
			moved := slices.Clone(shape)
			if moved[axis] += d; moved[axis] > 0 {
				out = append(out, moved)
			}
		}
	}
	if len(shape) > 1 {
		turned := slices.Clone(shape)
		slices.Reverse(turned)
		out = append(out, shape[1:], shape[:len(shape)-1], turned)
	}
	return out
}

func (c *checker) wrongInputs(t *testing.T, s *Sample, p place) {
	first := c.first(t, s, p)
	for l, layer := range first.net.parsed.Layers {
		v, ok := ir.GetAttr(layer.Attrs, "input_shape")
		if !ok {
			continue
		}
		for _, shape := range misshape(v.([]int)) {
			parsed := first.net.network()
			if _, err := ir.SetAttr(parsed.Layers[l].Attrs, "input_shape", shape); err != nil {
				t.Errorf("%s: input %v: %v", first, shape, err)
				return
			}
			if _, ok := c.attempt(t, first, parsed, fmt.Sprintf("input of shape %v for %v", shape, v)); !ok {
				return
			}
		}
	}
}

func (c *checker) wrongWeights(t *testing.T, s *Sample, p place) {
	first := c.first(t, s, p)
	for l, layer := range first.net.parsed.Layers {
		for _, name := range slices.Sorted(maps.Keys(layer.Data.Tensors)) {
			parsed := first.net.network()
			w := withTensor(parsed.Layers[l], name)
			if len(w.Shape) == 0 {
				continue
			}
			w.Shape = slices.Clone(w.Shape)
			w.Data = append(w.Data, w.Data[:len(w.Data)/w.Shape[0]]...)
			w.Shape[0]++
			what := fmt.Sprintf("%s: %s of shape %v", layer.Name, name, w.Shape)
			refused, ok := c.attempt(t, first, parsed, what)
			if ok && !refused && !slices.Contains(s.AnyLength, name) {
				t.Errorf("%s: %s: got no error, want one that names the layer", first, what)
			}
			if !ok {
				return
			}
		}
	}
}

// attempt converts and runs a network. ok is whether it behaved: it ran, or was refused in words that name
// a layer.
func (c *checker) attempt(t *testing.T, like *trial, parsed *ir.Parsed, what string) (refused, ok bool) {
	defer func() {
		if r := recover(); r != nil {
			t.Errorf("%s: %s: got the panic %v, want an error that names the layer", like, what, r)
			refused, ok = true, false
		}
	}()
	m, err := c.toolkit.NewModel(parsed, like.config)
	if err == nil {
		var g *ir.Graph
		if g, err = m.Graph(); err == nil {
			err = c.run(t, &trial{sample: like.sample, place: like.place, seed: like.seed, model: m}, g)
		}
	}
	if err == nil {
		return false, true
	}
	for _, l := range parsed.Layers {
		if strings.Contains(err.Error(), l.Name) { // passes put a prefix or suffix to it
			return true, true
		}
	}
	t.Errorf("%s: %s: got the error %q, want one that names the layer", like, what, err)
	return true, false
}

// run compiles a network that was not refused, and predicts with it.
func (c *checker) run(t *testing.T, tr *trial, g *ir.Graph) error {
	if _, err := tr.model.Project(); err != nil {
		return err
	}
	p, err := tr.model.Compile(sim.Options{})
	if err != nil {
		return err
	}
	_, err = p.Predict64(samples(g, tr.seed))
	return err
}
