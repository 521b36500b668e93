package quant

import (
	"fmt"
	"slices"

	"github.com/hlsgo/hlsgo/fixed"
)

// Mask says for each value of a tensor with how many bits a quantizer keeps it: K is 1 for signed values, B
// the number of bits and I the integer bits with the sign. The axes of Shape are those of the tensor, without
// batch, or one where all values along them share their bits; no axes means one set of bits for all.
type Mask struct {
	Shape []int `hls:"mask_shape"`
	K     []int `hls:"mask_keep_negative"`
	B     []int `hls:"mask_bits"`
	I     []int `hls:"mask_integers"`
}

// Uniform reports whether all values have the same bits.
func (m *Mask) Uniform() bool {
	same := func(v []int) bool {
		return !slices.ContainsFunc(v, func(x int) bool { return x != v[0] })
	}
	return same(m.K) && same(m.B) && same(m.I)
}

// Fits reports whether the mask spreads over a tensor of the shape.
func (m *Mask) Fits(shape []int) bool {
	if len(m.Shape) == 0 {
		return len(m.B) == 1
	}
	if len(m.Shape) != len(shape) {
		return false
	}
	for i, d := range m.Shape {
		if d != 1 && d != shape[i] {
			return false
		}
	}
	return true
}

// Index is the place in the mask of value i, counted in C order, of a tensor of the shape.
func (m *Mask) Index(shape []int, i int) int {
	at, step := 0, 1
	for axis := len(m.Shape) - 1; axis >= 0; axis-- {
		if m.Shape[axis] != 1 {
			at += i % shape[axis] * step
		}
		step *= m.Shape[axis]
		i /= shape[axis]
	}
	return at
}

// Type is the type of entry k of the mask. No bits mean that the value is zero.
func (a *FixedPointAttrs) Type(k int) fixed.Format {
	f, err := a.modes()
	if err != nil {
		panic("BUG: quant: " + err.Error()) // Init has looked
	}
	f.W, f.I, f.Signed = a.B[k], a.I[k], a.K[k] != 0
	return f
}

// modes is a format with the modes of the quantizer.
func (a *FixedPointAttrs) modes() (fixed.Format, error) {
	return fixed.Parse(fmt.Sprintf("fixed<8,8,%s,%s>", a.RND, a.SAT))
}

// types lists the types of all values of a tensor of the shape; W is 0 for those that are zero.
func (a *FixedPointAttrs) types(shape []int) []fixed.Format {
	out := make([]fixed.Format, a.NIn)
	for i := range out {
		out[i] = a.Type(a.Index(shape, i))
	}
	return out
}
