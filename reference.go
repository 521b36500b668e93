package hlsgo

import (
	"context"

	"github.com/hlsgo/hlsgo/sim"
)

// Reference returns what the network answers to the samples in floating point, as its framework defines it:
// one float64 array (samples, values) per output. Nothing of the configuration plays a part. in holds one
// array per input, in the model's order.
func (m *Model) Reference(ctx context.Context, in ...*Array) ([]*Array, error) {
	ref, _, err := m.reference()
	if err != nil {
		return nil, err
	}
	p, err := m.CompileContext(ctx, sim.Options{})
	if err != nil {
		return nil, err
	}
	if err := checkInputs(p, in); err != nil {
		return nil, err
	}
	// Values of one sample are reused for the next, so memory does not grow with the samples.
	samples, values := in[0].Samples(), ref.NewValues()
	row := make([][]float64, len(in))
	for i := range in {
		row[i] = make([]float64, in[i].Len()/samples)
	}
	var out []*Array
	for _, y := range ref.Outputs(values) {
		out = append(out, newArray(true, samples, len(y)))
	}
	for s := range samples {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		for i, x := range in {
			x.Row(row[i], s)
		}
		if err := ref.Run(values, row); err != nil {
			return nil, err
		}
		for k, y := range ref.Outputs(values) {
			copy(out[k].F64[s*len(y):], y)
		}
	}
	return out, nil
}
