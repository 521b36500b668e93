package quant

import "math"

// po2 rounds magnitudes to powers of two.
type po2 struct {
	lo, hi    float32 // smallest and largest exponent
	maxValue  *float64
	quadratic bool // exponents are even
	floor     bool // exponents are rounded down
	slope     float64
	noise     noise
}

// newPowers reads what both kinds have in common; bits is the number of bits of the exponent with its sign.
func newPowers(r *reader, bits int) *po2 {
	p := &po2{
		maxValue: r.optional("max_value"), quadratic: r.truth("quadratic_approximation"), noise: r.noise(),
	}
	switch r.value("log2_rounding") {
	case "rnd":
	case "floor":
		p.floor = true
	default:
		r.fail("log2_rounding", "'rnd' or 'floor'")
	}
	if p.maxValue != nil && *p.maxValue < 0 {
		r.fail("max_value", "None or a number of at least 0")
	}
	if p.maxValue == nil || *p.maxValue > 1 {
		bits-- // the exponent may be positive and negative
	}
	end := math.Ldexp(1, bits)
	lo, hi := -end, end-1
	if p.quadratic {
		hi = 2 * math.Floor(hi/2)
	}
	p.lo, p.hi = float32(lo), float32(max(lo, hi))
	return p
}

func newPo2(r *reader) *Func {
	p := newPowers(r, r.int("bits", 1, most)-1)
	return &Func{value: func(x float32, wide bool) float32 {
		return p.noise.mix(x, signOrOne(x)*pow2(p.exponent(abs(x), wide)))
	}}
}

func newReluPo2(r *reader) *Func {
	p := newPowers(r, r.int("bits", 1, most))
	p.slope = r.slope()
	return &Func{value: p.relu}
}

// relu is quantized_relu_po2.
func (p *po2) relu(x float32, wide bool) float32 {
	free := leaky(x, p.slope)
	if p.maxValue != nil && !(x <= float32(*p.maxValue)) {
		free = float32(*p.maxValue)
	}
	if x >= 0 || p.slope == 0 {
		return p.noise.mix(free, pow2(p.exponent(leaky(x, 0), wide)))
	}
	return p.noise.mix(free, -pow2(p.exponent(-x*float32(p.slope), wide)))
}

// exponent is the power of two next to a magnitude; below Keras's epsilon it is the smallest.
func (p *po2) exponent(x float32, wide bool) float32 {
	if x < epsilon {
		return p.lo
	}
	if p.maxValue != nil && x >= float32(*p.maxValue) {
		x = float32(*p.maxValue)
	}
	factor := float32(1)
	if p.quadratic {
		factor, x = 2, float32(math.Sqrt(float64(x)))
	}
	e := log2(x, wide)
	if p.floor {
		e = through(e, floor(e))
	} else {
		e = through(e, round(e))
	}
	return factor * clip(e, p.lo, p.hi)
}
