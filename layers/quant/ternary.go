package quant

// ternary is -1, 0 or 1 times a scale.
type ternary struct {
	alpha     Alpha
	threshold float32
	unrolls   int
}

// maxUnrolls bounds the steps of the search for a scale.
const maxUnrolls = 1000

// newTernary makes ternary and stochastic_ternary, which at inference is the same.
func newTernary(r *reader) *Func {
	const usual = 0.33
	t := &ternary{alpha: r.alpha(), threshold: usual, unrolls: r.int("number_of_unrolls", 0, maxUnrolls)}
	own := r.optional("threshold")
	if own != nil {
		t.threshold = float32(*own)
	}
	if r.Class == "stochastic_ternary" && own != nil && *own == 1 {
		r.fail("threshold", "another number than 1")
	}
	if t.alpha.Auto == "" {
		if r.Class == "ternary" && r.truth("use_stochastic_rounding") {
			r.fail("use_stochastic_rounding", "False where alpha is a number")
		}
		return &Func{value: t.value}
	}
	if own != nil {
		r.fail("threshold", "None where alpha is found from the weights")
	}
	if t.unrolls == 0 {
		r.fail("number_of_unrolls", "at least 1 where alpha is found from the weights")
	}
	return &Func{tensor: t.tensor}
}

func (t *ternary) value(x float32, wide bool) float32 {
	var q float32
	if abs(x) >= t.threshold {
		q = float32(t.alpha.factor()) * sign(x)
	}
	if !t.alpha.Set {
		x = tanh(x, wide)
	}
	return through(x, q)
}

// tensor finds scale and threshold in turn.
func (t *ternary) tensor(x []float32, shape []int) ([]float32, Scale, error) {
	if err := checkShape(x, shape); err != nil {
		return nil, Scale{}, err
	}
	po2 := t.alpha.Auto == "auto_po2"
	s := Scale{Values: largest(x, shape, len(shape) == 1)}
	for k, m := range s.Values {
		s.Values[k] = float32(2*m) / 3
	}
	if po2 {
		toPowers(s.Values)
	}
	q := make([]float32, len(x))
	for range t.unrolls {
		for i, v := range x {
			f := s.at(i)
			r := v / f
			q[i] = 0
			if abs(f*through(r, round(r))) >= f/2 {
				q[i] = sign(v)
			}
		}
		s.Values = leastSquares(x, q, shape, po2)
	}
	y := make([]float32, len(x))
	for i, v := range x {
		y[i] = through(v, float32(s.at(i)*q[i]))
	}
	return y, s, nil
}
