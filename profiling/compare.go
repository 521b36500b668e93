package profiling

import (
	"context"
	"io"
	"math"
	"slices"
	"sort"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/sim"
)

// Lab is a model to compare with its float reference, and to experiment on.
// Functions and not a *Model: this package stands below the one that knows configurations and backends.
type Lab struct {
	Built     *ir.Graph                 // before any pass
	Fresh     func() (*ir.Graph, error) // the final graph, one of its own at each call
	Kernels   sim.Lookup
	Reference *sim.Reference
}

// CompareOptions tune a comparison.
type CompareOptions struct {
	// Double computes the reference in float64; else every layer's answer is rounded to float32, as in Keras.
	Double bool
	// Labels are the class of each sample; nil: unknown. With them the model's first output is judged.
	Labels []int
	// Held is how many values of layers are held in memory for experiments, 8 bytes each at most; 0: 2^24. Where
	// the first sample has more, it is run again for some layers at a time.
	Held int
	// Progress, when set, is told which part of the work begins.
	Progress func(what string)
	// Samples, when set, is told how many of the samples have been read; each pass over them begins anew. total
	// is -1 where nobody knows it.
	Samples func(done, total int)
}

// Comparison tells where the fixed-point model departs from the float model, and why.
type Comparison struct {
	Samples int         `json:"samples"`
	Layers  []LayerDiff `json:"layers"` // in the order of the graph, inputs included
	// Departs is the first layer that departs from the float model: its dist_diff exceeds 0.01 and twice the
	// worst of its inputs. "": none does.
	Departs  string      `json:"departs,omitempty"`
	Suspects []Suspect   `json:"suspects"` // the worst first
	Float    *Scores     `json:"float,omitempty"`
	Fixed    *Scores     `json:"fixed,omitempty"`
	Doubt    string      `json:"doubt,omitempty"` // see Scores.Doubt of the float model
	Health   *sim.Health `json:"-"`
}

// LayerDiff is the difference of one layer's answers, fixed and float, by the measures of hls4ml's
// profiling.compare.
type LayerDiff struct {
	Layer  string   `json:"layer"`
	Kind   string   `json:"kind"`
	Float  string   `json:"float"`            // the layer of the network as read that answers the same
	Folded []string `json:"folded,omitempty"` // source layers whose work it does beside its own
	Type   string   `json:"type"`
	// Norm is norm_diff: the root of the sum of the squared differences.
	Norm float64 `json:"norm_diff"`
	// Dist is dist_diff: per value the difference as a share of the float value, at most 1; 0 where the float
	// value is zero, whatever the difference.
	Dist Spread `json:"dist_diff"`
	// Inherited is the largest mean dist_diff of the layers that this one reads.
	Inherited float64 `json:"inherited"`
	Departs   bool    `json:"departs"`
}

// Spread is a distribution over 0..1 in numbers.
type Spread struct {
	Mean   float64 `json:"mean"`
	Q1     float64 `json:"q1"`
	Median float64 `json:"median"`
	Q3     float64 `json:"q3"`
	Max    float64 `json:"max"`
}

const (
	departsFrom  = 0.01 // dist_diff from which a layer may depart
	departsTimes = 2    // and how often the worst of its inputs it must exceed
)

// DistDiff is hls4ml's measure of one value.
// A value that is zero in floating point has no share: the measure says nothing where ReLU answers 0 and the
// firmware anything, which is hls4ml's quirk and is kept. norm_diff tells then.
func DistDiff(fixed, float float64) float64 {
	d, a := math.Abs(fixed-float), math.Abs(float)
	switch {
	case d < a:
		return d / a
	case a > 0 && d > 0:
		return 1
	}
	return 0
}

// difference gathers the differences of one layer.
type difference struct {
	squares, sum float64
	bare         bool      // without quantiles
	values       []float64 // while there are few
	bins         []int64   // then counts of them
	n            int64
	max          float64
}

const (
	exactValues = 1 << 17 // of which quantiles are exact
	spreadBins  = 1 << 14
)

// add takes values of a layer, fixed and float.
func (d *difference) add(fixed, float []float64) {
	for i, y := range fixed {
		e := y - float[i]
		d.squares += e * e
		v := DistDiff(y, float[i])
		d.sum += v
		d.max = max(d.max, v)
		d.keep(v)
	}
}

func (d *difference) keep(v float64) {
	d.n++
	if d.bare {
		return
	}
	if d.bins == nil && len(d.values) < exactValues {
		d.values = append(d.values, v)
		return
	}
	if d.bins == nil {
		d.bins = make([]int64, spreadBins+1)
		for _, old := range d.values {
			// Linear bins will do here, as dist_diff lies between 0 and 1 and is shown in three digits.
			d.bins[int(old*spreadBins)]++
		}
		d.values = nil
	}
	d.bins[int(v*spreadBins)]++
}

func (d *difference) mean() float64 { return d.sum / float64(max(d.n, 1)) }

// spread is the distribution of dist_diff; quantiles are numpy's, exact for few values.
func (d *difference) spread() Spread {
	s := Spread{Mean: d.mean(), Max: d.max}
	if d.n == 0 || d.bare {
		return s
	}
	if d.bins == nil {
		sort.Float64s(d.values)
		s.Q1, s.Median, s.Q3 = percentile(d.values, 0.25), percentile(d.values, 0.5), percentile(d.values, 0.75)
		return s
	}
	s.Q1, s.Median, s.Q3 = d.binned(0.25), d.binned(0.5), d.binned(0.75)
	return s
}

// percentile is numpy.percentile: linear between neighbours.
func percentile(sorted []float64, q float64) float64 {
	at := q * float64(len(sorted)-1)
	i := int(at)
	if i+1 >= len(sorted) {
		return sorted[len(sorted)-1]
	}
	return sorted[i] + (at-float64(i))*(sorted[i+1]-sorted[i])
}

func (d *difference) binned(q float64) float64 {
	rank, seen := int64(q*float64(d.n-1)), int64(0)
	for i, n := range d.bins {
		if seen += n; seen > rank {
			return float64(i) / spreadBins
		}
	}
	return 1
}

// comparing is one run of the model beside its reference.
type comparing struct {
	ctx     context.Context // of the comparison, whose experiments go on after the run
	lab     *Lab
	graph   *ir.Graph
	program *sim.Program
	matches []Match
	health  *sim.Health
	diffs   map[string]*difference // by layer
	// Of the first samples, what layers answered: by layer of the final graph and of the reference.
	fixed, float map[string]*kept
	predictions  *predictions[float64] // of the model's first output, all samples; nil: not wanted

	// Of large pictures not all of that fits into memory: see recall.
	in       Samples
	double   bool
	held     int
	examined []string        // layers that experiments look at
	recalled map[string]bool // those of which the values are there; nil: all are
}

// plan is what a run is for.
type plan struct {
	double  bool // the reference runs in float64
	changes []Change
	// quantiles are wanted of the differences, and keep asks for what layers answer to the first samples, which
	// is what experiments need.
	quantiles, keep bool
	only            map[string]bool // of these layers alone, and nothing is counted; nil: of all
	held            int             // values that may be kept at a time; 0: keptLimit
	labels          int             // number of labels; with some, the model's answers are kept
}

// counts reports whether the run is to tell differences.
func (o *plan) counts() bool { return o.only == nil }

// keptValues is how many values of all layers are kept for experiments.
const (
	keptValues = 1 << 20
	keptMost   = 256
	keptLeast  = 16
	keptLimit  = 1 << 24 // a picture of as many values tells enough by itself
)

// newRun runs the final graph, with changes made to it, on all samples.
func newRun(ctx context.Context, lab *Lab, in Samples, o plan) (*comparing, error) {
	g, err := lab.Fresh()
	if err != nil {
		return nil, err
	}
	for _, c := range o.changes {
		c.Apply(g)
	}
	p, err := sim.CompileContext(ctx, g, lab.Kernels, sim.Options{Health: true})
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	// The unchanged graph has compiled before, so it is the change that makes no network.
	if err != nil && len(o.changes) > 0 {
		return nil, refused{err}
	}
	if err != nil {
		return nil, err
	}
	r := &comparing{
		ctx: ctx, lab: lab, graph: g, program: p, matches: MatchLayers(lab.Built, g),
		diffs: map[string]*difference{},
		fixed: map[string]*kept{}, float: map[string]*kept{}, in: in, double: o.double, held: o.held,
	}
	if r.held <= 0 {
		r.held = keptLimit
	}
	if o.keep && keptSamples(valuesOf(p))*valuesOf(p) > r.held {
		o.keep, r.recalled = false, map[string]bool{}
	}
	if o.labels > 0 {
		n := o.labels * p.Outputs[0].Size()
		layer := lab.Reference.Index(lab.Built.Outputs[0])
		r.predictions = &predictions[float64]{layer, make([]float64, 0, n), make([]float64, 0, n)}
	}
	report, err := r.run(p, o)
	if err != nil {
		return nil, err
	}
	r.health = report.Health
	return r, nil
}

// run runs a program of the graph on all samples, beside the reference.
func (r *comparing) run(p *sim.Program, o plan) (sim.Report, error) {
	src, err := r.in(p)
	if err != nil {
		return sim.Report{}, err
	}
	if c, ok := src.(io.Closer); ok {
		defer c.Close()
	}
	w := newPairing(r, p, src, o)
	job := sim.Job[float64]{Source: w}
	if r.stepwise() {
		job.Layers = w.see
	} else {
		job.Trace = w
	}
	if r.predictions != nil && o.counts() {
		job.Sink = r.predictions
	}
	return sim.Run(r.ctx, p, job)
}

// stepwise reports whether a sample has so many values that both models hand them over layer by layer.
func (r *comparing) stepwise() bool { return r.lab.Reference.BlockSize() == 1 }

func (r *comparing) match(layer string) *Match {
	for i := range r.matches {
		if r.matches[i].Layer == layer {
			return &r.matches[i]
		}
	}
	return nil
}

// castAll is what numbers become in a format.
func castAll(x []float64, f fixed.Format) []float64 {
	out := make([]float64, len(x))
	if !f.Narrow() {
		copy(out, x)
		castBig(out, x, f)
		return out
	}
	raws := make([]int64, len(x))
	fixed.FromFloat64s(raws, x, f)
	fixed.ToFloat64s(out, raws, f)
	return out
}

// layers are the differences of all layers, in the order of the graph.
func (r *comparing) layers() []LayerDiff {
	var out []LayerDiff
	for _, n := range r.graph.Nodes {
		d := r.diffs[n.Name]
		if d == nil {
			continue
		}
		l := LayerDiff{
			Layer: n.Name, Kind: n.Kind, Float: n.Name, Type: n.Vars[len(n.Vars)-1].Type.Format.String(),
			Norm: math.Sqrt(d.squares), Dist: d.spread(),
		}
		if m := r.match(n.Name); m != nil {
			l.Float, l.Folded = m.Float, m.Folded
		}
		l.Inherited, l.Departs = r.inherited(n), r.departs(n.Name)
		out = append(out, l)
	}
	return out
}

// inherited is the largest mean dist_diff of the layers that a node reads.
func (r *comparing) inherited(n *ir.Node) float64 {
	worst := 0.0
	for _, name := range r.reads(n) {
		worst = max(worst, r.diffs[name].mean())
	}
	return worst
}

// departs reports whether a layer departs from the float model.
// Twice the worst of its inputs: errors travel, and a layer that only hands on what it got is not to blame.
// The first one in graph order is named because the others usually follow from it.
func (r *comparing) departs(layer string) bool {
	d := r.diffs[layer]
	return d != nil && d.mean() > departsFrom && d.mean() > departsTimes*r.inherited(r.graph.Node(layer))
}

// reads lists the compared layers whose answers reach a node, past those that are not compared.
func (r *comparing) reads(n *ir.Node) []string {
	var out []string
	if slices.Contains(r.graph.Inputs, n.Name) {
		return nil
	}
	for _, t := range n.Inputs {
		p := r.graph.Producer(t)
		switch {
		case p == nil:
		case r.diffs[p.Name] != nil:
			out = append(out, p.Name)
		default:
			out = append(out, r.reads(p)...)
		}
	}
	return out
}

// Layers runs the model on the samples beside its float reference and tells how each layer differs.
func Layers(ctx context.Context, lab Lab, in Samples) ([]LayerDiff, error) {
	r, err := newRun(ctx, &lab, in, plan{quantiles: true, keep: true})
	if err != nil {
		return nil, err
	}
	return r.layers(), nil
}

// Compare runs the model on the samples beside its float reference, and looks for what makes them differ. It
// computes the layers that depart, or that overflow,
// again and again with one tensor or another made exact, and the whole model with the types that cure it.
func Compare(ctx context.Context, lab Lab, in Samples, o CompareOptions) (*Comparison, error) {
	progress := func(what string) {
		if o.Progress != nil {
			o.Progress(what)
		}
	}
	if o.Samples != nil {
		in = in.counted(o.Samples)
	}
	progress("run both models")
	r, err := newRun(ctx, &lab, in, plan{
		double: o.Double, quantiles: true, keep: true, held: o.Held, labels: len(o.Labels),
	})
	if err != nil {
		return nil, err
	}
	c := &Comparison{Samples: r.health.Samples, Layers: r.layers(), Health: r.health, Suspects: []Suspect{}}
	for _, l := range c.Layers {
		if l.Departs {
			c.Departs = l.Layer
			break
		}
	}
	progress("find causes")
	if c.Suspects, err = r.suspects(ctx, c.Layers); err != nil {
		return nil, err
	}
	progress("try cures")
	for i := range c.Suspects[:min(len(c.Suspects), curedSuspects)] {
		if err := r.cure(ctx, &c.Suspects[i], in, o.Double); err != nil {
			return nil, err
		}
	}
	if len(o.Labels) > 0 {
		width := r.program.Outputs[0].Size()
		if c.Float, err = Score(r.predictions.float, width, o.Labels); err != nil {
			return nil, err
		}
		if c.Fixed, err = Score(r.predictions.fixed, width, o.Labels); err != nil {
			return nil, err
		}
		c.Doubt = c.Float.Doubt()
	}
	return c, nil
}
