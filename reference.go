package hlsgo

import "context"

// Reference returns what the network answers to the samples in floating point, as its framework defines it:
// one float64 array (samples, values) per output. Nothing of the configuration plays a part. in holds one
// array per input, in the model's order. Trace with Float tells it layer by layer, and in float32.
func (m *Model) Reference(ctx context.Context, in ...*Array) ([]*Array, error) {
	t, err := m.floatTrace(ctx, TraceOptions{Double: true}, in, false)
	if err != nil {
		return nil, err
	}
	return t.Outputs, nil
}
