package profiling

import (
	"context"
	"math/big"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/sim"
)

// Setup is a model ready to be profiled.
type Setup struct {
	Name      string    // of the configuration or model file
	Before    *ir.Graph // as built, before any pass
	After     *ir.Graph // the final graph
	Reference *sim.Reference
	Program   *sim.Program
}

// New is the profile of the model's weights alone.
func New(s Setup) *Profile {
	p := &Profile{Model: s.Name, Backend: s.After.Config.Backend, IOType: s.After.Config.IOType}
	p.Tensors = append(WeightTensors(s.Before, Before), WeightTensors(s.After, After)...)
	p.link(s.Before, s.After, nil)
	return p
}

// Job is the data of a profile.
type Job[T sim.Float] struct {
	Source  sim.Source[T]
	Workers int // 0: one per processor
	// Labels are the classes of the samples; nil: not known. With them the first output is kept in memory.
	Labels []int
	// Progress, when set, is told the samples done so far.
	Progress func(samples int)
}

// Run is the profile of the model's weights and of what its layers answer to the samples of the source, in
// floating point and in the fixed point of the firmware. Memory does not grow with the number of samples.
func Run[T sim.Float](ctx context.Context, s Setup, job Job[T]) (*Profile, error) {
	p := New(s)
	w := newWatch(s, job.Source, job.Workers)
	run := sim.Job[T]{Source: w, Workers: job.Workers, Progress: job.Progress}
	if w.steps != nil {
		run.Layers = w.layer
	} else {
		run.Trace = w
	}
	if job.Labels != nil {
		w.predictions = newPredictions[T](s, len(job.Labels))
		run.Sink = w.predictions
	}
	report, err := sim.Run(ctx, s.Program, run)
	if err != nil {
		return nil, err
	}
	if w.predictions != nil {
		p.Float, p.Fixed, err = w.predictions.score(s.Program.Outputs[0].Size(), job.Labels)
		if err != nil {
			return nil, err
		}
	}
	p.Samples, p.BadInputs = report.Samples, report.BadInputs
	left := echoes(s.Before, s.After)
	p.Tensors = append(p.Tensors, w.tensors(s, left)...)
	p.link(s.Before, s.After, left)
	return p, nil
}

// watch sees the samples on their way into a run, and what its layers answer.
// The reference runs inside Read, before the fixed-point model gets the block: there is no queue to keep,
// since distributions, unlike differences, need no pairing.
type watch[T sim.Float] struct {
	source sim.Source[T]
	ref    *sim.RefBlock // where all layers of a sample fit at once; else there are steps
	steps  *sim.RefSteps
	most   int  // samples that the reference computes at once
	single bool // the reference runs in the data's float32, as frameworks do
	view   [][]T

	inputs []sim.Port
	before []*Collector // of the reference's layers
	ins    []*Collector // of the model's inputs, in their types
	after  []*Collector // of the traced tensors
	cast   caster[T]

	predictions *predictions[T] // nil without labels
}

// predictions keeps what both models answer at the first output.
type predictions[T sim.Float] struct {
	layer        int // of the reference
	float, fixed []T
}

func newPredictions[T sim.Float](s Setup, samples int) *predictions[T] {
	n := samples * s.Program.Outputs[0].Size()
	return &predictions[T]{s.Reference.Index(s.Before.Outputs[0]), make([]T, 0, n), make([]T, 0, n)}
}

// Write implements sim.Sink for the outputs.
func (p *predictions[T]) Write(_ int, tensors [][]T) error {
	p.fixed = append(p.fixed, tensors[0]...)
	return nil
}

func (p *predictions[T]) score(width int, labels []int) (float, fixed *Scores, err error) {
	if float, err = Score(p.float, width, labels); err != nil {
		return nil, nil, err
	}
	fixed, err = Score(p.fixed, width, labels)
	return float, fixed, err
}

func newWatch[T sim.Float](s Setup, src sim.Source[T], workers int) *watch[T] {
	w := &watch[T]{source: src, inputs: s.Program.Inputs, view: make([][]T, len(s.Program.Inputs))}
	w.most = s.Reference.BlockSize()
	_, w.single = any(T(0)).(float32)
	if w.most == 1 {
		w.steps = s.Reference.Steps(w.single, eachOf(len(s.Reference.Layers)))
	} else {
		w.ref = s.Reference.NewBlock(w.most, workers)
	}
	for range s.Reference.Layers {
		w.before = append(w.before, NewCollector(fixed.Auto))
	}
	for _, t := range s.Program.Inputs {
		w.ins = append(w.ins, NewCollector(t.Format))
	}
	for _, t := range s.Program.Traced {
		w.after = append(w.after, NewCollector(t.Format))
	}
	return w
}

// Read implements sim.Source.
func (w *watch[T]) Read(in [][]T) (int, error) {
	n, err := w.source.Read(in)
	if n == 0 {
		return n, err
	}
	for first := 0; first < n; first += w.most {
		if err := w.see(in, first, min(n-first, w.most)); err != nil {
			return 0, err
		}
	}
	return n, err
}

// see computes the reference of n samples of a block.
func (w *watch[T]) see(in [][]T, first, n int) error {
	for i, t := range w.inputs {
		w.view[i] = in[i][first*t.Size() : (first+n)*t.Size()]
		Add(w.ins[i], w.cast.through(w.view[i], t.Format))
	}
	if w.steps != nil {
		return w.seeSteps()
	}
	values, err := sim.RunBlock(w.ref, w.view, w.single)
	if err != nil {
		return err
	}
	for k, v := range values {
		w.seeLayer(k, v)
	}
	return nil
}

// seeSteps is see where only some of the layers fit into memory.
func (w *watch[T]) seeSteps() error {
	if err := sim.BeginSteps(w.steps, w.view); err != nil {
		return err
	}
	for k := range w.before {
		w.seeLayer(k, w.steps.Layer(k))
		w.steps.Done(k)
	}
	return nil
}

func (w *watch[T]) seeLayer(k int, values []float64) {
	Add(w.before[k], values)
	if w.predictions == nil || w.predictions.layer != k {
		return
	}
	for _, v := range values {
		w.predictions.float = append(w.predictions.float, T(v))
	}
}

func eachOf(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

// Write implements sim.Sink for the trace.
func (w *watch[T]) Write(_ int, tensors [][]T) error {
	for i, v := range tensors {
		Add(w.after[i], v)
	}
	return nil
}

// layer is the Layers of a run, see sim.Job.
func (w *watch[T]) layer(k, _ int, values []T) error {
	Add(w.after[k], values)
	return nil
}

// tensors are the activations of both stages, but for the layers that are left out.
func (w *watch[T]) tensors(s Setup, left map[string]string) []Tensor {
	var out []Tensor
	for k, l := range s.Reference.Layers {
		if _, ok := left[l.Name]; ok {
			continue
		}
		n := s.Before.Node(l.Name)
		out = append(out, activation(s.Before, n, Before, n.Out().Type.Format, w.before[k]))
	}
	for i, t := range w.inputs {
		out = append(out, activation(s.After, s.After.Node(t.Name), After, t.Format, w.ins[i]))
	}
	for i, t := range s.Program.Traced {
		out = append(out, activation(s.After, s.After.Node(t.Name), After, t.Format, w.after[i]))
	}
	return out
}

func activation(g *ir.Graph, n *ir.Node, s Stage, f fixed.Format, c *Collector) Tensor {
	role := "result"
	for _, name := range g.Inputs {
		if name == n.Name {
			role = "input"
		}
	}
	t := newTensor(n, s, Activations, role, f)
	t.Stats = c.Stats()
	return t
}

// caster converts values to a format and back.
type caster[T sim.Float] struct {
	raws []int64
	back []T
}

// through converts by the same code as the executor, so that the picture shows what the firmware gets. Its
// buffers are used again for each block.
func (c *caster[T]) through(src []T, f fixed.Format) []T {
	if len(c.raws) < len(src) {
		c.raws, c.back = make([]int64, len(src)), make([]T, len(src))
	}
	raws, back := c.raws[:len(src)], c.back[:len(src)]
	if !f.IsFixedOrInt() || !f.Narrow() {
		castBig(back, src, f)
		return back
	}
	switch x := any(src).(type) {
	case []float32:
		fixed.FromFloat32s(raws, x, f)
		fixed.ToFloat32s(any(back).([]float32), raws, f)
	case []float64:
		fixed.FromFloat64s(raws, x, f)
		fixed.ToFloat64s(any(back).([]float64), raws, f)
	}
	return back
}

// castBig is the way for wide types and floating ones. It allocates per value and is a hundred times slower,
// and such types are rare at a model's inputs.
func castBig[T sim.Float](dst, src []T, f fixed.Format) {
	var x big.Int
	for i, v := range src {
		switch v := any(v).(type) {
		case float32:
			fixed.FromFloat32Big(&x, v, f)
			dst[i] = T(fixed.ToFloat32Big(&x, f))
		case float64:
			fixed.FromFloat64Big(&x, v, f)
			dst[i] = T(fixed.ToFloat64Big(&x, f))
		}
	}
}
