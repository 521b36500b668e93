package hlsgo

import (
	"context"
	"fmt"

	"github.com/hlsgo/hlsgo/sim"
)

// floatFiles is runFiles with the float model.
func floatFiles[T sim.Float](m *Model) func(
	context.Context, *sim.Program, *inputFiles, []string, PredictJob,
) (sim.Report, error) {
	return func(
		ctx context.Context, _ *sim.Program, src *inputFiles, outputs []string, job PredictJob,
	) (sim.Report, error) {
		ref, answers, err := m.reference()
		if err != nil {
			return sim.Report{}, err
		}
		run := newFloatRun[T](ref, answers, job.Trace != "", job.Progress)
		run.to, err = openSinks[T](run.named(run.answers), run.named(run.traced), outputs, job)
		defer run.to.abort()
		if err != nil {
			return sim.Report{}, err
		}
		run.total = src.total
		err = sim.RunReference(ctx, ref, sim.RefJob[T]{
			Source: fileSource[T]{src}, Sink: run, Single: true, Workers: job.Threads,
		})
		if err == nil && run.samples == 0 {
			err = fmt.Errorf("%s: samples: got none, want at least one", src.names[0])
		}
		if err == nil {
			err = finishAll(ctx, run.to.ends)
		}
		return sim.Report{Samples: run.samples}, err
	}
}

// reference is the float model, and the places of the outputs among its layers.
func (m *Model) reference() (*sim.Reference, []int, error) {
	g, err := m.build()
	if err != nil {
		return nil, nil, err
	}
	ref, err := sim.NewReference(g, m.toolkit.reg.layers)
	if err != nil {
		return nil, nil, err
	}
	var answers []int
	for _, tensor := range g.Outputs {
		answers = append(answers, ref.Index(tensor))
	}
	return ref, answers, nil
}

// A floatRun writes what the float model answers, in the type of the data.
type floatRun[T sim.Float] struct {
	ref      *sim.Reference
	to       *sinks[T]
	answers  []int // places of the outputs among the layers
	traced   []int // and of what the trace holds
	values   [][]T // of each layer, in that type
	samples  int
	total    int
	progress func(done, total int)
}

// newFloatRun says what of the layers is written; of inputs a trace holds nothing, as in fixed point.
func newFloatRun[T sim.Float](
	ref *sim.Reference, answers []int, trace bool, progress func(done, total int),
) *floatRun[T] {
	r := &floatRun[T]{ref: ref, answers: answers, values: make([][]T, len(ref.Layers)), progress: progress}
	if trace {
		r.traced = ref.Computed()
	}
	return r
}

// named are the names and shapes of some of the layers.
func (r *floatRun[T]) named(places []int) (list []answer) {
	for _, i := range places {
		list = append(list, answer{r.ref.Layers[i].Name, r.ref.Layers[i].Shape})
	}
	return list
}

// Write implements sim.Sink.
func (r *floatRun[T]) Write(n int, layers [][]float64) error {
	if err := r.pass(r.to.answers, n, r.answers, layers); err != nil {
		return err
	}
	if err := r.pass(r.to.trace, n, r.traced, layers); err != nil {
		return err
	}
	r.samples += n
	if r.progress != nil {
		r.progress(r.samples, r.total)
	}
	return nil
}

// pass writes some of the layers to a sink, if there is one.
func (r *floatRun[T]) pass(sink sim.Sink[T], n int, places []int, layers [][]float64) error {
	if sink == nil {
		return nil
	}
	tensors := make([][]T, len(places))
	for k, i := range places {
		tensors[k] = r.inType(i, layers[i])
	}
	return sink.Write(n, tensors)
}

// inType converts the values of a layer into room that is kept for the next block.
func (r *floatRun[T]) inType(layer int, values []float64) []T {
	out := r.values[layer]
	if cap(out) < len(values) {
		out = make([]T, len(values))
	}
	out = out[:len(values)]
	for i, v := range values {
		out[i] = T(v)
	}
	r.values[layer] = out
	return out
}
