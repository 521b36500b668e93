package hlsgo

import (
	"context"

	"github.com/hlsgo/hlsgo/sim"
)

// TraceOptions say which model is traced, and how.
type TraceOptions struct {
	// Float asks for the float model, every layer of it rounded to float32 as in Keras, instead of the firmware;
	// with Double it computes in float64. Its layers are those of the network as it was read.
	Float, Double bool
	Threads       int // 0: all cores
	// Progress is told the samples done.
	Progress func(done, total int)
}

// Trace is what a model answers to samples, layer by layer.
type Trace struct {
	Outputs []*Array // (samples, values), one per output of the model
	// Layers holds what each layer answers, (samples, shape...) with channels last, in the order of the
	// computation; inputs are left out. Names are hls4ml's.
	Layers []NamedArray
}

// Layer is what the layer of that name answers; nil: there is none.
func (t *Trace) Layer(name string) *Array {
	for _, l := range t.Layers {
		if l.Name == name {
			return l.Array
		}
	}
	return nil
}

// WriteFile writes the layers into a .npz file, as `hlsgo predict --trace` does; see WriteNPZ.
func (t *Trace) WriteFile(name string) error { return WriteNPZ(name, t.Layers) }

// Trace returns what every layer answers to the samples, and the answers of the model, in the type of the
// first input, or in float64 with Double. in holds one array per input, in the model's order. All of it is in
// memory: for many samples there is PredictFiles.
func (m *Model) Trace(ctx context.Context, o TraceOptions, in ...*Array) (*Trace, error) {
	if o.Float {
		return m.floatTrace(ctx, o, in, true)
	}
	p, err := m.Compile(sim.Options{})
	if err != nil {
		return nil, err
	}
	if err := m.checkSamples(p, in); err != nil {
		return nil, err
	}
	if in[0].Double() {
		return trace(ctx, p, o, doubles(in), in[0].Samples())
	}
	return trace(ctx, p, o, singles(in), in[0].Samples())
}

// trace runs the firmware's program in the type of the samples.
func trace[T sim.Float](
	ctx context.Context, p *sim.Program, o TraceOptions, in [][]T, samples int,
) (*Trace, error) {
	src, err := sim.NewSlices(p, in)
	if err != nil {
		return nil, err
	}
	var y, layers sim.Collect[T]
	job := sim.Job[T]{Source: src, Sink: &y, Trace: &layers, Workers: o.Threads}
	if o.Progress != nil {
		job.Progress = func(n int) { o.Progress(n, samples) }
	}
	if _, err := sim.Run(ctx, p, job); err != nil {
		return nil, err
	}
	return collected(samples, portAnswers(p.Outputs), y.Data, tracedAnswers(p), layers.Data), nil
}

// collected makes a trace of what sinks have collected.
func collected[T sim.Float](
	samples int, outputs []answer, y [][]T, traced []answer, layers [][]T,
) *Trace {
	t := &Trace{}
	for i, a := range arraysOf(samples, outputs, y) {
		size := len(y[i]) / samples
		a.Shape = []int{samples, size}
		t.Outputs = append(t.Outputs, a.Array)
	}
	t.Layers = arraysOf(samples, traced, layers)
	return t
}

func arraysOf[T sim.Float](samples int, answers []answer, data [][]T) []NamedArray {
	var out []NamedArray
	for i, of := range answers {
		a := &Array{Shape: append([]int{samples}, of.shape...)}
		switch v := any(data[i]).(type) {
		case []float32:
			a.F32 = v
		case []float64:
			a.F64 = v
		}
		out = append(out, NamedArray{of.name, a})
	}
	return out
}

// floatTrace is Trace of the float model, with or without its layers.
func (m *Model) floatTrace(ctx context.Context, o TraceOptions, in []*Array, layers bool) (*Trace, error) {
	ref, answers, err := m.reference()
	if err != nil {
		return nil, err
	}
	if err := m.checkInputs(ref.Inputs(), in); err != nil {
		return nil, err
	}
	if o.Double || in[0].Double() {
		return floatTrace(ctx, ref, answers, o, doubles(in), layers)
	}
	return floatTrace(ctx, ref, answers, o, singles(in), layers)
}

// floatTrace runs the float model in the type of the samples, or in float64.
func floatTrace[T sim.Float](
	ctx context.Context, ref *sim.Reference, answers []int, o TraceOptions, in [][]T, layers bool,
) (*Trace, error) {
	var y, traced sim.Collect[T]
	run := newFloatRun[T](ref, answers, layers, o.Progress)
	samples := len(in[0]) / ref.Inputs()[0].Size()
	run.to, run.total = &sinks[T]{answers: &y}, samples
	if layers {
		run.to.trace = &traced
	}
	src, err := sim.NewSlicesOf(ref.Inputs(), in)
	if err != nil {
		return nil, err
	}
	if err := sim.RunReference(ctx, ref, sim.RefJob[T]{
		Source: src, Sink: run, Single: !o.Double, Workers: o.Threads,
	}); err != nil {
		return nil, err
	}
	return collected(samples, run.named(run.answers), y.Data, run.named(run.traced), traced.Data), nil
}
