package quant

import "errors"

// binary is a sign times a scale.
type binary struct {
	alpha Alpha
	use01 bool
	odd   bool // use_stochastic_rounding
}

// newBinary makes binary and stochastic_binary, which at inference is the same.
func newBinary(r *reader) *Func {
	b := &binary{alpha: r.alpha()}
	if r.Class == "binary" {
		b.use01, b.odd = r.truth("use_01"), r.truth("use_stochastic_rounding")
	}
	if b.alpha.Auto == "" && !b.odd {
		return &Func{value: b.value}
	}
	return &Func{tensor: b.tensor}
}

func (b *binary) sign(x float32) float32 {
	s := signOrOne(x)
	if b.use01 {
		s = (s + 1) / 2
	}
	return s
}

func (b *binary) value(x float32, wide bool) float32 {
	s := float32(float32(b.alpha.factor()) * b.sign(x))
	if !b.alpha.Set {
		x = tanh(x, wide)
	}
	return through(x, s)
}

func (b *binary) tensor(x []float32, shape []int) ([]float32, Scale, error) {
	if err := checkShape(x, shape); err != nil {
		return nil, Scale{}, err
	}
	// QKeras multiplies by ones of the shape of the shape, which fits by chance only.
	if b.odd && len(shape) > 1 && channels(shape) != len(shape) {
		return nil, Scale{}, errors.New("use_stochastic_rounding: QKeras fails on a tensor of this shape")
	}
	y := make([]float32, len(x))
	if b.alpha.Auto == "" {
		for i, v := range x {
			y[i] = b.value(v, wide(i, len(x)))
		}
		return y, Scale{Number: b.alpha.factor()}, nil
	}
	q := make([]float32, len(x))
	for i, v := range x {
		q[i] = b.sign(v)
	}
	s := Scale{Values: leastSquares(x, q, shape, b.alpha.Auto == "auto_po2")}
	for i, v := range x {
		y[i] = through(v, float32(s.at(i)*q[i]))
	}
	return y, s, nil
}
