package hlsgo

import (
	"context"

	"github.com/hlsgo/hlsgo/internal/npy"
	"github.com/hlsgo/hlsgo/sim"
)

// Health predicts the samples and tells, for every tensor of the final graph, how often its type wrapped,
// saturated or lost values, and how many bits it is short of or has to spare. in holds one array per input,
// in the model's order.
// It is a program of its own, with operations that count among the others, since predictions should not pay
// for counters that nobody reads.
func (m *Model) Health(ctx context.Context, in ...*Array) (*Health, error) {
	p, err := m.CompileContext(ctx, sim.Options{Health: true})
	if err != nil {
		return nil, err
	}
	if err := m.checkSamples(p, in); err != nil {
		return nil, err
	}
	if in[0].Double() {
		return healthOf(ctx, p, doubles(in))
	}
	return healthOf(ctx, p, singles(in))
}

// HealthFiles is Health with samples from files, as ProfileFiles reads them. Without any it is nil.
func (m *Model) HealthFiles(ctx context.Context, o ProfileOptions, names ...string) (*Health, error) {
	if len(names) == 0 && m.config.InputData == "" {
		return nil, nil
	}
	p, err := m.CompileContext(ctx, sim.Options{Health: true})
	if err != nil {
		return nil, err
	}
	src, err := m.openSamples(p, names)
	if err != nil {
		return nil, err
	}
	defer src.close()
	if src.files[0].DType() == npy.Float64 {
		return healthOfFiles[float64](ctx, p, src, o)
	}
	return healthOfFiles[float32](ctx, p, src, o)
}

func healthOfFiles[T sim.Float](
	ctx context.Context, p *sim.Program, src *inputFiles, o ProfileOptions,
) (*Health, error) {
	job := sim.Job[T]{Source: fileSource[T]{src}, Workers: o.Threads}
	if o.Progress != nil {
		job.Progress = func(n int) { o.Progress(n, src.total) }
	}
	r, err := sim.Run(ctx, p, job)
	return r.Health, err
}

func healthOf[T sim.Float](ctx context.Context, p *sim.Program, in [][]T) (*Health, error) {
	src, err := sim.NewSlices(p, in)
	if err != nil {
		return nil, err
	}
	r, err := sim.Run(ctx, p, sim.Job[T]{Source: src})
	return r.Health, err
}

// Health tells how the values of each tensor fared in its type. See [sim.Health].
type Health = sim.Health

// TensorHealth tells how the values of one tensor fared: how many there were, wrapped, saturated or became
// zero, and the bits that the type is short of or has to spare. See [sim.TensorHealth].
type TensorHealth = sim.TensorHealth

// Percent writes a share for people.
func Percent(share float64) string { return sim.Percent(share) }
