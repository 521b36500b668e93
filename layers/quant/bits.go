package quant

import "math"

// bits is quantized_bits: numbers of a fixed-point grid.
type bits struct {
	bits, integer           int
	symmetric, keepNegative bool
	alpha                   Alpha
	noise                   noise
}

func newBits(r *reader) *Func {
	b := &bits{
		bits: r.int("bits", 0, most), integer: r.int("integer", 0, most), alpha: r.alpha(), noise: r.noise(),
		symmetric: r.truth("symmetric"), keepNegative: r.truth("keep_negative"),
	}
	if r.value("scale_axis") != nil {
		r.fail("scale_axis", "None: scales are per channel of the last axis")
	}
	if b.alpha.Auto == "" {
		return &Func{value: b.value}
	}
	if b.bits < 1 {
		r.fail("bits", "at least 1 where alpha is found from the weights")
	}
	return &Func{tensor: b.tensor}
}

// unsigned is the number of bits without the sign.
func (b *bits) unsigned() int {
	if b.keepNegative {
		return b.bits - 1
	}
	return b.bits
}

// value is one number with a constant alpha.
func (b *bits) value(x float32, _ bool) float32 {
	var q float32
	if n := b.unsigned(); n > 0 {
		m, mi := float32(math.Ldexp(1, n)), float32(math.Ldexp(1, b.integer))
		var lo float32
		if b.keepNegative {
			lo = -m
			if b.symmetric {
				lo++
			}
		}
		p := float32(x*m) / mi
		q = float32(mi*clip(through(p, round(p)), lo, m-1)) / m
	} else {
		q = signOrOne(x)
		if !b.keepNegative {
			q = (q + 1) / 2
		}
	}
	return b.noise.mix(x, float32(float32(b.alpha.factor())*q))
}

// tensor is a tensor whose scale is found per channel: so that the largest number just fits, and, for powers
// of two, by least squares from there. One bit leaves no level but zero: the scale starts from infinity.
func (b *bits) tensor(x []float32, shape []int) ([]float32, Scale, error) {
	if err := checkShape(x, shape); err != nil {
		return nil, Scale{}, err
	}
	m, mi := float32(math.Ldexp(1, b.unsigned())), float32(math.Ldexp(1, b.integer))
	half := float32(math.Ldexp(1, b.bits-1) - 1)
	u := make([]float32, len(x))
	for i, v := range x {
		u[i] = v / mi
	}
	scale := largest(u, shape, len(shape) == 1)
	for k, v := range scale {
		scale[k] = float32(v*2) / float32(2*half)
	}
	z := make([]float32, len(x))
	if b.alpha.Auto == "auto" {
		b.levels(z, u, scale, half)
	} else {
		toPowers(scale)
		const rounds = 5
		for range rounds {
			b.levels(z, u, scale, half)
			scale = leastSquares(u, z, shape, true)
		}
	}
	y := make([]float32, len(x))
	for k := range scale {
		scale[k] *= m
	}
	s := Scale{Values: scale}
	for i := range y {
		q := float32(mi*z[i]) / m
		y[i] = b.noise.mix(float32(mi*u[i]), float32(s.at(i)*q))
	}
	return y, s, nil
}

// levels rounds |u|/scale half up, limits it, and gives it the sign of u.
func (b *bits) levels(z, u, scale []float32, half float32) {
	for i, v := range u {
		k := floor(abs(v)/scale[i%len(scale)] + 0.5)
		if !(k < half) {
			k = half
		}
		z[i] = float32(sign(v) * k)
	}
}
