package hlsgo

import (
	"context"

	"github.com/hlsgo/hlsgo/sim"
)

// Health predicts the samples and tells, for every tensor of the final graph, how often its type wrapped,
// saturated or lost values, and how many bits it is short of or has to spare. in holds one array per input, in
// the model's order.
func (m *Model) Health(ctx context.Context, in ...*Array) (*Health, error) {
	p, err := m.Compile(sim.Options{Health: true})
	if err != nil {
		return nil, err
	}
	if err := checkInputs(p, in); err != nil {
		return nil, err
	}
	if in[0].Double() {
		return healthOf(ctx, p, doubles(in))
	}
	return healthOf(ctx, p, singles(in))
}

func healthOf[T sim.Float](ctx context.Context, p *sim.Program, in [][]T) (*Health, error) {
	src, err := sim.NewSlices(p, in)
	if err != nil {
		return nil, err
	}
	r, err := sim.Run(ctx, p, sim.Job[T]{Source: src})
	return r.Health, err
}

// Health tells how the values of each tensor fared in its type.
type Health = sim.Health

// TensorHealth tells how the values of one tensor fared.
type TensorHealth = sim.TensorHealth

// Percent writes a share for people.
func Percent(share float64) string { return sim.Percent(share) }
