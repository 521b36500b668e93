package keras

import (
	"fmt"
	"math"

	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/act"
)

// readHGQTable reads a function of one value as a table with an entry for every pattern of the input's
// bits, the positive half first. mirrors QUnaryLUTHandler of hls4ml's
// converters/keras_v3/hgq2/unary_lut.py.
func readHGQTable(h *hgqLayer) (*build.Out, error) {
	f, err := h.function()
	if err != nil {
		return nil, err
	}
	in, err := h.quantizer(h.config()["iq_conf"], "iq")
	if err != nil {
		return nil, err
	}
	made, err := h.quantizer(h.config()["oq_conf"], "oq")
	if err != nil {
		return nil, err
	}
	if len(made.k) != 1 {
		return nil, fmt.Errorf("allow_heterogeneous_table: got bits of shape %v for the entries, want one number "+
			"of bits for all values: train with allow_heterogeneous_table=False", made.shape)
	}
	inputs, fraction, err := in.patterns()
	if err != nil {
		return nil, err
	}
	table := ir.NewTensor(ir.Float64, len(inputs)) // numpy has quantized it once more
	for i, x := range inputs {
		y := float32(f(x))
		if y != y {
			return nil, fmt.Errorf("activation: got no number for the input %v", x)
		}
		table.Data[i] = float64(made.value(y/float32(made.scale), 0) * float32(made.scale))
	}
	out, err := Layer(h.Call, "UnaryLUT", "UnaryLUT")
	if err != nil {
		return nil, err
	}
	build.Attrs[act.UnaryLUTAttrs](out).FractionIn = fraction
	out.Tensor("table_data", table)
	return out.Done()
}

// patterns lists the numbers that a quantizer makes, in the order of their bits as unsigned numbers, and
// how many fractional bits they have. Of several types it is one that holds all.
func (q *hgqQuantizer) patterns() (values []float64, fraction int, err error) {
	k, i, f := 0, -32, -32 // of those without bits
	for n := range q.k {
		k = max(k, q.k[n])
		if q.k[n]+q.i[n]+q.f[n] > 0 {
			i, f = max(i, q.i[n]), max(f, q.f[n])
		}
	}
	if k+i+f < 0 || k+i+f > 20 {
		return nil, 0, fmt.Errorf("iq_conf: got inputs of %d bits, want 0 to 20: each of their patterns is an "+
			"entry of the table", k+i+f)
	}
	n := 1 << (k + i + f)
	for p := range n {
		if k > 0 && p >= n/2 {
			p -= n
		}
		values = append(values, math.Ldexp(float64(p), q.exponent()-f))
	}
	return values, f - q.exponent(), nil
}

// function finds the function of the layer by the name of the framework's.
func (h *hgqLayer) function() (func(x float64) float64, error) {
	name, ok := h.config()["activation"].(string)
	if !ok {
		object, _ := h.config()["activation"].(map[string]any)
		name, _ = object["config"].(string)
	}
	f, ok := act.Float(name)
	if !ok {
		return nil, fmt.Errorf("activation: got %q, want one of %v", name, act.FloatNames())
	}
	return f, nil
}
