package tune

import (
	"context"
	"errors"

	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/sim"
)

// Model is what the search must know of a model.
// Functions and not a *hlsgo.Model: this package stands below the one that knows backends.
type Model struct {
	Config    *ir.Config
	Built     *ir.Graph                           // before any pass, for the configuration as it is
	Build     func(*ir.Config) (*ir.Graph, error) // the final graph for a configuration
	Kernels   sim.Lookup
	Reference *sim.Reference // of Built
	// Advice says of a layer that departs whatever its types are what else may help; "": nothing is known.
	Advice func(n *ir.Node) string
}

// bench builds and runs changed configurations beside the cached answers of the float model.
type bench struct {
	*Model
	ctx    context.Context
	float  *floatRun
	in     [][]float64 // all samples
	labels []int
	trials int
}

// sampleSet is some of the samples, with the float model's answers.
type sampleSet struct {
	in     [][]float64
	float  []*answers
	labels []int
	n      int
}

// every takes each step-th sample.
func (b *bench) every(step int) *sampleSet {
	s := &sampleSet{}
	sizes := b.Reference.InputSizes()
	total := len(b.in[0]) / sizes[0]
	s.n = (total + step - 1) / step
	if step == 1 {
		s.in, s.float, s.labels = b.in, b.float.outputs, b.labels
		return s
	}
	for i, size := range sizes {
		s.in = append(s.in, strided(b.in[i], size, step))
	}
	for _, o := range b.float.outputs {
		part := *o
		part.values = strided(o.values, o.width, step)
		s.float = append(s.float, &part)
	}
	if b.labels != nil {
		for i := 0; i < total; i += step {
			s.labels = append(s.labels, b.labels[i])
		}
	}
	return s
}

func strided(x []float64, size, step int) []float64 {
	out := make([]float64, 0, len(x)/step+size)
	for at := 0; at < len(x); at += size * step {
		out = append(out, x[at:at+size]...)
	}
	return out
}

// trial is one configuration, built and run.
type trial struct {
	graph   *ir.Graph
	measure Measure
	health  *sim.Health
}

// refused is the error of a configuration that makes no network.
type refused struct{ error }

// run builds the model with settings and runs it on samples. moving leaves constants out of its health.
func (b *bench) run(settings []Setting, s *sampleSet, moving bool) (*trial, error) {
	if err := b.ctx.Err(); err != nil {
		return nil, err
	}
	b.trials++
	g, err := b.Build(Apply(b.Config, settings))
	if err != nil {
		return nil, refused{err}
	}
	p, err := sim.CompileContext(b.ctx, g, b.Kernels, sim.Options{Health: true, Moving: moving})
	if b.ctx.Err() != nil {
		return nil, b.ctx.Err()
	}
	if err != nil {
		return nil, refused{err}
	}
	src, err := sim.NewSlices(p, s.in)
	if err != nil {
		return nil, err
	}
	sink := &judge{set: s, tallies: make([]tally, len(s.float))}
	report, err := sim.Run(b.ctx, p, sim.Job[float64]{Source: src, Sink: sink})
	if err != nil {
		return nil, err
	}
	return &trial{graph: g, measure: sink.measure(), health: report.Health}, nil
}

// fails reports whether a configuration makes no network; other errors end the search.
func fails(err error) bool { return errors.As(err, &refused{}) }

// judge compares answers with the float model's as they come.
type judge struct {
	set     *sampleSet
	tallies []tally
	at      int
}

// Write implements sim.Sink.
func (j *judge) Write(n int, outputs [][]float64) error {
	for k, y := range outputs {
		o, t := j.set.float[k], &j.tallies[k]
		t.samples += n
		y = y[:n*o.width]
		t.add(y, o.values[j.at*o.width:(j.at+n)*o.width], o)
		if k == 0 && j.set.labels != nil {
			t.accuracy(y, o.width, j.set.labels[j.at:j.at+n])
		}
	}
	j.at += n
	return nil
}

// measure is the worst of all outputs.
func (j *judge) measure() Measure {
	var all Measure
	for k := range j.tallies {
		o := j.set.float[k]
		m := j.tallies[k].measure(o.normed, k == 0 && j.set.labels != nil)
		if k == 0 {
			all = m
			continue
		}
		if all.Agreement < 0 || m.Agreement >= 0 && m.Agreement < all.Agreement {
			all.Agreement = m.Agreement
		}
		all.Normed = all.Normed && m.Normed
		all.Error, all.Shape = max(all.Error, m.Error), max(all.Shape, m.Shape)
		all.DistDiff = max(all.DistDiff, m.DistDiff)
	}
	return all
}
