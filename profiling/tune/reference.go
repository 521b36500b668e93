package tune

import (
	"context"
	"io"
	"math"

	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/sim"
)

// spread is what a layer of the float model answered to all samples.
type spread struct {
	low, high float64
	sum       float64 // of the magnitudes of values that are not zero
	n         int
	atLow     int // values that are the lowest of all
	atHigh    int
	all       int
	bounded   bool // by the layer's function, as tanh is
}

func (s *spread) add(x []float64) {
	s.all += len(x)
	for _, v := range x {
		switch {
		case v > s.high:
			s.high, s.atHigh = v, 1
		case v == s.high:
			s.atHigh++
		}
		switch {
		case v < s.low:
			s.low, s.atLow = v, 1
		case v == s.low:
			s.atLow++
		}
		if v != 0 {
			s.sum += math.Abs(v)
			s.n++
		}
	}
}

// saturates reports whether the ends are those of the layer and not of the samples: its function is bounded,
// or many values are at each end. An end at zero is that of values without a sign.
func (s *spread) saturates() bool {
	const often = 0.005
	many := func(n int) bool { return float64(n) >= often*float64(s.all) }
	return s.bounded || s.high > 0 && many(s.atHigh) && (s.low == 0 || many(s.atLow))
}

// boundedFunctions answer within -1 to 1, whatever they are asked for.
var boundedFunctions = map[string]bool{
	"sigmoid": true, "hard_sigmoid": true, "tanh": true, "hard_tanh": true, "softsign": true, "softmax": true,
}

// functionOf is the name of a node's function; "": it has none.
func functionOf(n *ir.Node) string {
	if a, ok := n.Attrs.(interface{ Function() string }); ok {
		return a.Function()
	}
	return ""
}

// typical is the mean magnitude of the values that are not zero; 1 where there are none.
func (s *spread) typical() float64 {
	if s.n == 0 {
		return 1
	}
	return s.sum / float64(s.n)
}

// floatRun gathers what the float model answers: the outputs of all samples, and how far each layer reaches.
// It runs once, since nothing that the search changes plays a part in it.
type floatRun struct {
	outputs []*answers
	layers  map[string]*spread
	at      []int // of the outputs, in the reference's layers
	names   []string
}

// runFloat runs the reference over all samples.
func runFloat(ctx context.Context, m *Model, in [][]float64, double bool) (*floatRun, error) {
	r := &floatRun{layers: map[string]*spread{}}
	for _, tensor := range m.Built.Outputs {
		n := m.Built.Producer(tensor)
		r.at = append(r.at, m.Reference.Index(tensor))
		r.outputs = append(r.outputs, answersOf(n, m.Built.Var(tensor)))
	}
	for _, l := range m.Reference.Layers {
		r.names = append(r.names, l.Name)
		r.layers[l.Name] = &spread{}
		if n := m.Built.Node(l.Name); n != nil {
			r.layers[l.Name].bounded = boundedFunctions[functionOf(n)]
		}
	}
	src := &rows{data: in, sizes: m.Reference.InputSizes()}
	err := sim.RunReference(ctx, m.Reference, sim.RefJob[float64]{Source: src, Sink: r, Single: !double})
	if err != nil {
		return nil, err
	}
	for _, o := range r.outputs {
		o.settle()
	}
	return r, nil
}

// answersOf tells whether the answers of an output choose. Those of a softmax do, row by row; so do the
// values of a plain vector, or a single one that a sigmoid made.
func answersOf(n *ir.Node, v *ir.Variable) *answers {
	o := &answers{width: v.Size()}
	function := functionOf(n)
	switch {
	case function == "softmax":
		o.row, o.normed = v.Shape[len(v.Shape)-1], true
	case len(v.Shape) == 1 && (o.width > 1 || function == "sigmoid"):
		o.row = o.width
	}
	return o
}

// Write implements sim.Sink.
func (r *floatRun) Write(_ int, layers [][]float64) error {
	for i, name := range r.names {
		r.layers[name].add(layers[i])
	}
	for k, at := range r.at {
		r.outputs[k].values = append(r.outputs[k].values, layers[at]...)
	}
	return nil
}

// rows is a source of samples in memory.
type rows struct {
	data  [][]float64
	sizes []int
	at    int
}

// Read implements sim.Source.
func (s *rows) Read(in [][]float64) (int, error) {
	n := len(s.data[0])/s.sizes[0] - s.at
	for i, size := range s.sizes {
		n = min(n, len(in[i])/size)
	}
	if n == 0 {
		return 0, io.EOF
	}
	for i, size := range s.sizes {
		copy(in[i], s.data[i][s.at*size:(s.at+n)*size])
	}
	s.at += n
	return n, nil
}
