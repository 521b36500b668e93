package ir

import (
	"slices"

	"github.com/hlsgo/hlsgo/fixed"
)

// Quantizer turns float weights into values that a format holds exactly, in the framework's own order of
// float operations. Implementations live with the quantized layers.
type Quantizer interface {
	// Format is the type of the quantized values.
	Format() fixed.Format
	// Quantize returns quantized values; t is not changed.
	Quantize(t *Tensor) (*Tensor, error)
	// String is the framework's name of the quantizer with its options.
	String() string
}

// FrameworkQuantizer is a Quantizer whose framework computes with other numbers than the firmware's weights
// hold: -1 and 1 where those are bits.
type FrameworkQuantizer interface {
	Quantizer
	// Framework returns the numbers that the framework multiplies by; t is not changed.
	Framework(t *Tensor) (*Tensor, error)
}

// ValueQuantizer is the Quantizer of an activation.
type ValueQuantizer interface {
	Quantizer
	// Value returns what the framework's activation makes of one number; an error when that depends on others.
	Value() (func(x float64) float64, error)
}

// declared is the declared shape with the axis that hls4ml leaves out of exponents.
func (w *Weight) declared() []int {
	if w.Type.Format.Kind == fixed.KindExponent && len(w.Shape) < len(w.Data.Shape) {
		return append(slices.Clone(w.Shape), w.Data.Shape[len(w.Data.Shape)-1])
	}
	return w.Shape
}

// Framework is the weight as the framework's own layer computes with it, for the float reference.
func (w *Weight) Framework() (*Tensor, error) {
	switch q := w.Quantizer.(type) {
	case nil:
		return w.Unquantized, nil
	case FrameworkQuantizer:
		return q.Framework(w.Unquantized)
	default:
		return q.Quantize(w.Unquantized)
	}
}

// FrameworkWeights returns the values of the weights with these roles as the framework computes with them.
func (n *Node) FrameworkWeights(roles ...string) ([][]float64, error) {
	out := make([][]float64, len(roles))
	for i, role := range roles {
		w := n.Weight(role)
		if w == nil {
			return nil, n.Errorf("%s: got no weight of that name", role)
		}
		t, err := w.Framework()
		if err != nil {
			return nil, n.Errorf("%s: %w", role, err)
		}
		if n.Data.OutputFirst {
			t = t.OutputLast()
		}
		out[i] = t.Data
	}
	return out, nil
}
