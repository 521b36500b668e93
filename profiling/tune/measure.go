package tune

import (
	"math"
	"slices"

	"github.com/hlsgo/hlsgo/profiling"
)

// Measure tells how near a fixed-point model's answers are to the float model's.
type Measure struct {
	Samples int `json:"samples"`
	// Agreement is the share of samples with the same choice, the place of the largest answer, as the float
	// model; -1 where answers are no choices.
	Agreement float64 `json:"agreement"`
	// Accuracy is the share of samples with the choice of their label; -1 without labels.
	Accuracy float64 `json:"accuracy"`
	// Error is the root of the mean over samples of the squared difference, as a share of how far the float
	// answers are from their mean: squared, of the sample and what is usual added. So every sample counts, be
	// its answers large or small. Of the answers of a softmax, Shape is the same after each row is scaled to fit
	// best, which changes no choice; else it is Error.
	Error  float64 `json:"error"`
	Normed bool    `json:"normed"` // the answers are a softmax's
	Shape  float64 `json:"shape"`
	// DistDiff is the mean dist_diff of the answers, as in hls4ml's profiling.compare.
	DistDiff float64 `json:"dist_diff"`
}

// answers are those of one output of the float model.
type answers struct {
	values []float64 // sample by sample
	width  int       // of one sample
	row    int       // values among which one is chosen; 0: answers are no choices
	normed bool      // a softmax: the scale of a row says nothing
	mean   []float64 // of each value over the samples
	usual  float64   // the median over samples of the squared distance from the mean
}

// settle finds mean and usual distance of the answers.
func (o *answers) settle() {
	o.mean = make([]float64, o.width)
	n := float64(len(o.values) / o.width)
	for i, v := range o.values {
		o.mean[i%o.width] += v / n
	}
	var all []float64
	for at := 0; at < len(o.values); at += o.width {
		all = append(all, o.distance(o.values[at:at+o.width]))
	}
	slices.Sort(all)
	o.usual = all[len(all)/2]
	// Answers that are the same for all samples have a distance of their own: from zero.
	const least = 1e-6
	for _, v := range o.mean {
		o.usual = max(o.usual, least*v*v*float64(o.width))
	}
	if o.usual == 0 {
		o.usual = 1
	}
}

// distance is the squared distance of a sample's answers from the mean.
func (o *answers) distance(f []float64) (sum float64) {
	for i, v := range f {
		sum += (v - o.mean[i]) * (v - o.mean[i])
	}
	return sum
}

// tally sums the differences of answers up.
type tally struct {
	samples           int
	squares, residual float64 // of differences as shares, before and after scaling
	dist              float64
	values            int
	rows, same        int
	right             int
}

// add takes the answers of an output to some samples, fixed and float.
func (t *tally) add(fixed, float []float64, o *answers) {
	t.values += len(fixed)
	for at := 0; at < len(fixed); at += o.width {
		t.sample(fixed[at:at+o.width], float[at:at+o.width], o)
	}
}

func (t *tally) sample(fixed, float []float64, o *answers) {
	unit := o.distance(float) + o.usual
	sum := 0.0
	for i, y := range fixed {
		d := y - float[i]
		sum += d * d
		t.dist += profiling.DistDiff(y, float[i])
	}
	t.squares += sum / unit
	for at := 0; at < o.width && o.row > 0; at += o.row {
		y, f := fixed[at:at+o.row], float[at:at+o.row]
		t.rows++
		if profiling.Choice(y) == profiling.Choice(f) {
			t.same++
		}
		if o.normed {
			t.residual += unscaled(y, f) / unit
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

// accuracy counts the samples whose answer is their label.
func (t *tally) accuracy(y []float64, width int, labels []int) {
	for s, label := range labels {
		if profiling.Choice(y[s*width:(s+1)*width]) == label {
			t.right++
		}
	}
}

// measure is what a tally says; normed: the rows have been scaled.
func (t *tally) measure(normed, labelled bool) Measure {
	m := Measure{Samples: t.samples, Agreement: -1, Accuracy: -1, Normed: normed}
	if t.rows > 0 {
		m.Agreement = float64(t.same) / float64(t.rows)
	}
	if labelled {
		m.Accuracy = float64(t.right) / float64(t.samples)
	}
	n := float64(max(t.samples, 1))
	m.Error = math.Sqrt(t.squares / n)
	m.Shape = m.Error
	if normed {
		m.Shape = math.Sqrt(t.residual / n)
	}
	m.DistDiff = t.dist / float64(max(t.values, 1))
	return m
}
