package quant

import "math"

// relu is quantized_relu: positive numbers of a grid, and on request a share of the negative ones.
type relu struct {
	slope        float64
	m, mi, bound float32
	useSigmoid   bool
	clipped      bool     // limited to what the grid holds
	upper        *float64 // another limit
	noise        noise
}

func newRelu(r *reader) *Func {
	u := &relu{
		slope: r.slope(), useSigmoid: r.truth("use_sigmoid"), clipped: r.truth("is_quantized_clip"),
		upper: r.optional("relu_upper_bound"), noise: r.noise(),
	}
	lo := 0
	if u.slope != 0 {
		lo = 1
	}
	n, i := r.int("bits", lo, most)-lo, r.int("integer", 0, most)
	u.m, u.mi = float32(math.Ldexp(1, n)), float32(math.Ldexp(1, i))
	u.bound = u.mi - float32(math.Ldexp(1, i-n))
	return &Func{value: u.value}
}

func (u *relu) value(x float32, _ bool) float32 {
	var q float32
	p := float32(x*u.m) / u.mi
	if u.useSigmoid {
		p = hardSigmoid(x/u.mi) * u.m
		q = u.mi * clip(float32(2*(through(p, round(p))/u.m))-1, 0, 1-1/u.m)
	} else {
		q = u.mi * clip(through(p, round(p))/u.m, 0, 1-1/u.m)
	}
	if u.slope > 0 {
		q += u.negative(p)
	}
	if u.upper != nil && *u.upper != 0 && !u.clipped {
		q = min(q, float32(*u.upper))
	}
	return u.noise.mix(u.free(x), q)
}

// negative is what the negative side adds.
func (u *relu) negative(p float32) float32 {
	s := float32(u.slope)
	ps := p * s
	v := float32(through(ps, round(ps)) * (1 / (s * u.m)))
	if u.useSigmoid {
		v = float32(2*v) - 1
	}
	return float32(float32(u.mi*s) * clip(v, -1, 0))
}

// free is the relu without a grid.
func (u *relu) free(x float32) float32 {
	bound := u.bound
	switch {
	case u.clipped:
	case u.upper != nil:
		bound = float32(*u.upper)
	default:
		return leaky(x, u.slope)
	}
	if x <= bound {
		return leaky(x, u.slope)
	}
	return bound
}

func leaky(x float32, slope float64) float32 {
	switch {
	case x > 0:
		return x
	case slope == 0:
		return 0
	}
	return float32(slope) * x
}
