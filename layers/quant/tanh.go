package quant

import "math"

func newTanh(r *reader) *Func {
	m := float32(math.Ldexp(1, r.int("bits", 1, most)-1))
	lo, hi := -1+float32(r.float("symmetric"))/m, 1-1/m
	f := func(x float32, _ bool) float32 { return float32(2*hardSigmoid(x)) - 1 }
	if r.truth("use_real_tanh") {
		f = tanh
	}
	return onGrid(f, m, lo, hi)
}

func newSigmoid(r *reader) *Func {
	m := float32(math.Ldexp(1, r.int("bits", 0, most)))
	lo, hi := float32(r.float("symmetric"))/m, 1-1/m
	f := func(x float32, _ bool) float32 { return hardSigmoid(x) }
	if r.truth("use_real_sigmoid") {
		f = func(x float32, _ bool) float32 { return sigmoid(x) }
	}
	return onGrid(f, m, lo, hi)
}

// onGrid rounds the values of f to multiples of 1/m between lo and hi.
func onGrid(f func(float32, bool) float32, m, lo, hi float32) *Func {
	return &Func{value: func(x float32, wide bool) float32 {
		p := f(x, wide) * m
		return clip(through(p, round(p))/m, lo, hi)
	}}
}

// newBinarySigmoid is the function binary_sigmoid: 0 or 1.
func newBinarySigmoid(*reader) *Func {
	return &Func{value: func(x float32, _ bool) float32 { return binarySigmoid(x) }}
}

// newBinaryTanh is the function binary_tanh: -1 or 1.
func newBinaryTanh(*reader) *Func {
	return &Func{value: func(x float32, _ bool) float32 { return float32(2*binarySigmoid(x)) - 1 }}
}

func binarySigmoid(x float32) float32 {
	p := hardSigmoid(x)
	return through(p, round(p))
}
