package layerstest

import (
	"context"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/ir"
)

// precise is the type of everything when the kernel is compared with the float reference: its range holds
// all that samples reach, so that what parts the two is its step, and what tables lose.
const precise = "fixed<44,20>"

// referenceDraws is how many networks of a sample are compared with the reference.
const referenceDraws = 2

// references compares kernels with the float references of their kinds.
func (c *checker) references(t *testing.T, seed uint64) {
	for i := range c.Samples {
		s := &c.Samples[i]
		if s.Near.Skip != "" {
			t.Logf("%s: not compared with the float reference: %s", s.name(), s.Near.Skip)
			continue
		}
		places := c.places(t, s)
		for k := range referenceDraws {
			if len(places) == 0 || !c.nearReference(t, s, places[k%len(places)], seed+uint64(k)) {
				break
			}
		}
	}
}

func (c *checker) nearReference(t *testing.T, s *Sample, p place, seed uint64) bool {
	tr := c.build(t, s, p, seed)
	tr.config = tr.settings(precise, 1)
	for _, l := range tr.net.parsed.Layers {
		tr.config.HLS.Names = append(tr.config.HLS.Names, c.preciseSection(tr, l))
	}
	if err := c.convert(tr); err != nil {
		t.Errorf("%s: precise types: %v", tr, err)
		return false
	}
	in := c.values(tr)
	want, err := c.reference(tr, tr.net.network(), in)
	if err != nil {
		t.Errorf("%s: reference: %v", tr, err)
		return false
	}
	got, err := tr.model.Predict(context.Background(), arrays(in)...)
	if err != nil {
		t.Errorf("%s: prediction: %v", tr, err)
		return false
	}
	bounds, err := c.bounds(tr, in, want)
	if err != nil {
		t.Errorf("%s: bound: %v", tr, err)
		return false
	}
	return inBounds(t, tr, got, want, bounds)
}

func inBounds(t *testing.T, tr *trial, got []*hlsgo.Array, want, bounds [][]float64) bool {
	for k := range want {
		if got[k].Len() != len(want[k]) {
			t.Errorf("%s: output %d: got %d values, the reference has %d", tr, k, got[k].Len(), len(want[k]))
			return false
		}
		size := len(want[k]) / samplesPerNetwork
		for i, w := range want[k] {
			if g := got[k].F64[i]; !(math.Abs(g-w) <= bounds[k][i]) {
				g0, _ := tr.model.Graph()
				t.Errorf("%s: output %d, sample %d, value %d: kernel gives %v, the float reference %v: "+
					"%.3g apart, want at most %.3g\n%s",
					tr, k, i/size, i%size, g, w, math.Abs(g-w), bounds[k][i], describe(g0))
				return false
			}
		}
	}
	return true
}

// preciseSection gives every type of a layer, tables included, the precise one.
func (c *checker) preciseSection(tr *trial, l *ir.Layer) *ir.Section {
	out := &ir.Section{Name: l.Name}
	for _, role := range c.roles(l.Kind, tr.place.backend) {
		key, text := role, precise
		if role == "result" && l.Kind == "Input" {
			key = "input"
		}
		if own, ok := tr.sample.Near.Types[key]; ok {
			text = own
		}
		setType(out, role, text)
	}
	return out
}

// values draws inputs that every type holds exactly.
func (c *checker) values(tr *trial) [][]float64 {
	r := rand.New(rand.NewPCG(tr.seed, 78))
	draw := tr.sample.Near.Value
	if draw == nil {
		draw = func(r *rand.Rand, _ int) float64 { return float64(r.IntN(65)-32) / 16 }
	}
	var out [][]float64
	g, _ := tr.model.Graph()
	for k, name := range g.Inputs {
		data := make([]float64, samplesPerNetwork*g.Var(name).Size())
		for i := range data {
			data[i] = draw(r, k)
		}
		out = append(out, data)
	}
	return out
}

// reference runs the float reference of a network.
func (c *checker) reference(tr *trial, p *ir.Parsed, in [][]float64) ([][]float64, error) {
	m, err := c.toolkit.NewModel(p, tr.config)
	if err != nil {
		return nil, err
	}
	y, err := m.Reference(context.Background(), arrays(in)...)
	if err != nil {
		return nil, err
	}
	var out [][]float64
	for _, a := range y {
		out = append(out, a.F64)
	}
	return out, nil
}

// bounds derives how far each output may be from the reference.
//
// A value is made by at most as many casts as there are inputs and weights, and a few more for results;
// each loses less than a step of the coarsest type that computes. Tables answer for a neighbour of their
// argument, not further away than Grid: to first order this costs what the reference changes when inputs
// and vectors of weights, the offsets of arguments, move so far. Twice all of it leaves room for the second
// order.
func (c *checker) bounds(tr *trial, in, want [][]float64) ([][]float64, error) {
	g, err := tr.model.Graph()
	if err != nil {
		return nil, err
	}
	casts, fraction := 4, math.MaxInt
	for _, n := range g.Nodes {
		for _, v := range n.Vars {
			casts += v.Size()
			if n.Kind != "Input" {
				fraction = min(fraction, v.Type.Format.F())
			}
		}
		for _, w := range n.Weights {
			casts += len(w.Data.Data)
		}
		for _, ty := range n.Types {
			if f := ty.Type.Format; f.IsFixedOrInt() && f.W > 2 { // one or two bits are no numbers to compute in
				fraction = min(fraction, f.F())
			}
		}
	}
	base := 2*float64(casts)*math.Ldexp(1, -fraction) + tr.sample.Near.Slack
	out := make([][]float64, len(want))
	for k := range want {
		out[k] = make([]float64, len(want[k]))
		for i := range out[k] {
			out[k][i] = base
		}
	}
	if tr.sample.Near.Grid > 0 {
		err = c.addTables(tr, in, want, out)
	}
	return out, err
}

// addTables adds what the tables may lose.
func (c *checker) addTables(tr *trial, in, want, bounds [][]float64) error {
	grid := tr.sample.Near.Grid
	moved := func(p *ir.Parsed, in [][]float64) error {
		y, err := c.reference(tr, p, in)
		for k := range y {
			for i := range y[k] {
				bounds[k][i] += 2 * math.Abs(y[k][i]-want[k][i])
			}
		}
		return err
	}
	for k := range in {
		size := len(in[k]) / samplesPerNetwork
		for v := range size {
			shifted := append([][]float64(nil), in...)
			shifted[k] = append([]float64(nil), in[k]...)
			for i := v; i < len(in[k]); i += size {
				shifted[k][i] += grid
			}
			if err := moved(tr.net.network(), shifted); err != nil {
				return err
			}
		}
	}
	for l, layer := range tr.net.parsed.Layers {
		for _, name := range slices.Sorted(maps.Keys(layer.Data.Tensors)) {
			if len(layer.Data.Tensors[name].Shape) > 1 {
				continue // a matrix: what it multiplies moves no argument further than its bias does
			}
			for i := range layer.Data.Tensors[name].Data {
				p := tr.net.network()
				t := withTensor(p.Layers[l], name)
				t.Data[i] += grid
				if err := moved(p, in); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// withTensor gives the layer a weight of its own, which it returns: copies of a network share theirs.
func withTensor(l *ir.Layer, name string) *ir.Tensor {
	l.Data.Tensors = maps.Clone(l.Data.Tensors)
	t := l.Data.Tensors[name].Clone()
	l.Data.Tensors[name] = t
	return t
}
