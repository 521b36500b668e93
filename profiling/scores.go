package profiling

import (
	"fmt"
	"sort"

	"github.com/hlsgo/hlsgo/sim"
)

// Scores tell how well a model tells classes apart.
type Scores struct {
	Accuracy float64 `json:"accuracy"`
	// AUC is the area under the ROC curve of each class against the others; -1 where one of the two sides
	// has no samples.
	AUC []float64 `json:"auc"`
	// ROC is the ROC curve of each class against the others; empty where AUC is -1. It is for pictures: where
	// there are many samples, points that the eye cannot tell apart are left out.
	ROC [][]Rates `json:"-"`
	// Confusion counts samples by class (row) and answer (column).
	Confusion [][]int `json:"confusion"`
}

// Rates are a point of a ROC curve: the shares of the others and of the class that are taken for the class.
type Rates struct{ False, True float64 }

// Class returns the AUC and the curve of a class, ok where there are any. A model of one answer has those of
// class 1 alone.
func (s *Scores) Class(k int) (auc float64, roc []Rates, ok bool) {
	if len(s.AUC) == 1 {
		k--
	}
	if k < 0 || k >= len(s.AUC) || s.AUC[k] < 0 {
		return 0, nil, false
	}
	if k < len(s.ROC) {
		roc = s.ROC[k]
	}
	return s.AUC[k], roc, true
}

// Score judges answers of `width` values per sample. A single value answers class 1 from one half on.
func Score[T sim.Float](y []T, width int, labels []int) (*Scores, error) {
	n := len(y) / width
	if len(labels) != n {
		return nil, fmt.Errorf("labels: got %d, want %d, one per sample", len(labels), n)
	}
	classes := max(width, 2)
	s := &Scores{Confusion: make([][]int, classes)}
	for i := range s.Confusion {
		s.Confusion[i] = make([]int, classes)
	}
	right := 0
	for i, l := range labels {
		if l < 0 || l >= classes {
			return nil, fmt.Errorf("label of sample %d: got %d, want 0 to %d", i, l, classes-1)
		}
		answer := Choice(y[i*width : (i+1)*width])
		s.Confusion[l][answer]++
		if answer == l {
			right++
		}
	}
	s.Accuracy = float64(right) / float64(n)
	for k := range width {
		class := k
		if width == 1 {
			class = 1
		}
		area, curve := auc(y[k:], width, labels, class)
		s.AUC, s.ROC = append(s.AUC, area), append(s.ROC, curve)
	}
	return s, nil
}

// Doubt says in one line that the float model itself departs from the labels, which no type can mend, and
// what looks wrong; "": it is right in most samples.
func (s *Scores) Doubt() string {
	const sound = 0.9
	if s.Accuracy >= sound {
		return ""
	}
	total, common, class := 0, 0, 0
	for l, row := range s.Confusion {
		of := 0
		for _, n := range row {
			of += n
		}
		if total += of; of > common {
			common, class = of, l
		}
	}
	share, text := float64(common)/float64(total), ""
	for _, by := range []int{1, -1} {
		if moved := s.moved(by, total); moved > sound/2 && moved > s.Accuracy {
			text = fmt.Sprintf("; in %s it answers one %s than the label: do labels count from another number "+
				"than 0?", sim.Percent(moved), map[int]string{1: "more", -1: "less"}[by])
		}
	}
	switch {
	case text != "":
	case s.Accuracy <= chance*share:
		text = fmt.Sprintf(", and class %d alone is %s of them: the labels are not those of the samples, or the "+
			"inputs are not what it was trained with (order, scale)", class, sim.Percent(share))
	default:
		text = ", and types can only make the firmware agree with it"
	}
	return fmt.Sprintf("the float model itself is wrong in %s of the samples", sim.Percent(1-s.Accuracy)) + text
}

// chance is how many times the share of the most common class an accuracy may be and still tell nothing.
const chance = 1.1

// moved is the share of samples whose answer is their label and some more.
func (s *Scores) moved(by, total int) float64 {
	sum := 0
	for l, row := range s.Confusion {
		if l+by >= 0 && l+by < len(row) {
			sum += row[l+by]
		}
	}
	return float64(sum) / float64(total)
}

// Choice is the place of the largest value, the first one of several.
func Choice[T sim.Float](row []T) int {
	if len(row) == 1 {
		if row[0] >= 0.5 {
			return 1
		}
		return 0
	}
	best := 0
	for k, v := range row {
		if v > row[best] {
			best = k
		}
	}
	return best
}

// auc is the share of pairs, one sample of the class and one of the others, in which the class's has the
// larger value; equal ones count half. It comes with the curve, from (0, 0) to (1, 1).
// This is the Mann-Whitney statistic, which equals the area under the curve without making the curve. Ties
// are many here: fixed-point outputs have few values, and a rule that broke them by order would depend on the
// data's.
func auc[T sim.Float](y []T, step int, labels []int, class int) (float64, []Rates) {
	order := make([]int, len(labels))
	for i := range order {
		order[i] = i
	}
	value := func(i int) T { return y[i*step] }
	sort.Slice(order, func(a, b int) bool { return value(order[a]) < value(order[b]) })
	var inside, outside, below, pairs float64 // below: of the others, those with a smaller value
	steps := []Rates{{}}                      // counts so far, from the smallest value up
	for i := 0; i < len(order); {
		j, members, others := i, 0.0, 0.0
		for ; j < len(order) && value(order[j]) == value(order[i]); j++ {
			if labels[order[j]] == class {
				members++
			} else {
				others++
			}
		}
		pairs += members * (below + others/2)
		below += others
		inside, outside = inside+members, outside+others
		steps = append(steps, Rates{outside, inside})
		i = j
	}
	if inside == 0 || outside == 0 {
		// Not NaN, which JSON cannot hold.
		return -1, nil
	}
	return pairs / (inside * outside), curveOf(steps)
}

// rateStep is how far points of a ROC curve are apart at least, both rates together.
const rateStep = 1.0 / 256

// curveOf turns the counts below each value into the rates at or above it.
func curveOf(steps []Rates) []Rates {
	all := steps[len(steps)-1]
	var out []Rates
	for i := len(steps) - 1; i >= 0; i-- {
		r := Rates{1 - steps[i].False/all.False, 1 - steps[i].True/all.True}
		if n := len(out); n == 0 || i == 0 || r.False+r.True-out[n-1].False-out[n-1].True >= rateStep {
			out = append(out, r)
		}
	}
	return out
}
