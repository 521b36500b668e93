package tune

import "math"

// Measure tells how near a fixed-point model's answers are to the float model's.
type Measure struct {
	Samples int `json:"samples"`
	// Agreement is the share of samples with the same choice, the place of the largest answer, as the float
	// model; -1 where answers are no choices.
	Agreement float64 `json:"agreement"`
	// Accuracy is the share of samples with the choice of their label; -1 without labels.
	Accuracy float64 `json:"accuracy"`
	// Error is the root of the mean squared difference as a share of that of the float answers. Where answers
	// are choices, Shape is the same after each sample's answers are scaled to fit best, which changes no
	// choice; else it is Error.
	Error float64 `json:"error"`
	Shape float64 `json:"shape"`
	// DistDiff is the mean dist_diff of the answers, as in hls4ml's profiling.compare.
	DistDiff float64 `json:"dist_diff"`
}

// answers are those of one output of the float model.
type answers struct {
	values []float64 // sample by sample
	width  int       // of one sample
	row    int       // values among which one is chosen; 0: answers are no choices
	normed bool      // a softmax: the scale of a row says nothing
}

// choice is the place of the largest value, the first of several. A single value chooses from one half on.
func choice(row []float64) int {
	if len(row) == 1 {
		if row[0] >= 0.5 {
			return 1
		}
		return 0
	}
	best := 0
	for i, v := range row {
		if v > row[best] {
			best = i
		}
	}
	return best
}

// tally sums the differences of answers up.
type tally struct {
	samples           int
	squares, residual float64 // of differences, before and after scaling
	power             float64 // of the float answers
	dist              float64
	values            int
	rows, same        int
	right             int
}

// add takes the answers of an output to some samples, fixed and float.
func (t *tally) add(fixed, float []float64, o *answers) {
	for i, y := range fixed {
		d := y - float[i]
		t.squares += d * d
		t.power += float[i] * float[i]
		t.dist += distDiff(y, float[i])
	}
	t.values += len(fixed)
	if o.row == 0 {
		return
	}
	for at := 0; at < len(fixed); at += o.row {
		y, f := fixed[at:at+o.row], float[at:at+o.row]
		t.rows++
		if choice(y) == choice(f) {
			t.same++
		}
		if o.normed {
			t.residual += unscaled(y, f)
		}
	}
}

// mostScale is how far answers may be from the float model's in scale alone.
const mostScale = 1.5

// unscaled is the sum of the squared differences of two rows, y scaled to fit best.
func unscaled(y, f []float64) (sum float64) {
	yy, yf := 0.0, 0.0
	for i, v := range y {
		yy += v * v
		yf += v * f[i]
	}
	scale := 1.0
	if yy > 0 {
		scale = min(max(yf/yy, 1/mostScale), mostScale)
	}
	for i, v := range y {
		d := scale*v - f[i]
		sum += d * d
	}
	return sum
}

// distDiff is the measure of one value, see profiling.Spread.
func distDiff(fixed, float float64) float64 {
	d, a := math.Abs(fixed-float), math.Abs(float)
	switch {
	case d < a:
		return d / a
	case a > 0 && d > 0:
		return 1
	}
	return 0
}

// accuracy counts the samples whose answer is their label.
func (t *tally) accuracy(y []float64, width int, labels []int) {
	for s, label := range labels {
		if choice(y[s*width:(s+1)*width]) == label {
			t.right++
		}
	}
}

// measure is what a tally says; normed: the rows have been scaled.
func (t *tally) measure(normed, labelled bool) Measure {
	m := Measure{Samples: t.samples, Agreement: -1, Accuracy: -1}
	if t.rows > 0 {
		m.Agreement = float64(t.same) / float64(t.rows)
	}
	if labelled {
		m.Accuracy = float64(t.right) / float64(t.samples)
	}
	power := t.power
	if power == 0 {
		power = 1
	}
	m.Error = math.Sqrt(t.squares / power)
	m.Shape = m.Error
	if normed {
		m.Shape = math.Sqrt(t.residual / power)
	}
	m.DistDiff = t.dist / float64(max(t.values, 1))
	return m
}
