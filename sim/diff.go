package sim

import (
	"fmt"
	"math"
	"math/big"
	"slices"
)

// Diff is the first place where two runs differ.
type Diff struct {
	Node      string
	Sample    int
	Index     []int  // of the value in the sample
	Got, Want string // value and pattern
	Count     int    // values that differ
	Total     int    // values compared
}

// Error says where and how the two differ.
func (d *Diff) Error() string {
	return fmt.Sprintf("layer %q, sample %d, value %v: got %s, want %s (%d of %d values differ)",
		d.Node, d.Sample, d.Index, d.Got, d.Want, d.Count, d.Total)
}

// FirstDiff compares the samples of a tensor bit by bit; nil: they are equal.
func FirstDiff[T Float](p Port, got, want []T) error {
	equal := func(i int) bool { return bitsOf(got[i]) == bitsOf(want[i]) }
	return firstDiff(p, len(got), len(want), equal, func(i int) (string, string) {
		return showBits(got[i]), showBits(want[i])
	})
}

// FirstRawDiff is FirstDiff for raw integers.
func FirstRawDiff(p Port, got, want Raw) error {
	equal := func(i int) bool { return got.at(i).Cmp(want.at(i)) == 0 }
	return firstDiff(p, got.len(), want.len(), equal, func(i int) (string, string) {
		return "raw " + got.at(i).String(), "raw " + want.at(i).String()
	})
}

// firstDiff finds the first of the values that differ, and counts the others: one or all is a hint at the
// cause.
func firstDiff(p Port, got, want int, equal func(i int) bool, show func(i int) (got, want string)) error {
	if got != want {
		return fmt.Errorf("layer %q: got %d values, want %d", p.Name, got, want)
	}
	var first *Diff
	for i := range got {
		if equal(i) {
			continue
		}
		if first == nil {
			a, b := show(i)
			first = &Diff{Node: p.Name, Sample: i / p.Size(), Index: p.index(i), Got: a, Want: b, Total: got}
		}
		first.Count++
	}
	if first == nil {
		return nil
	}
	return first
}

// index is the position of value i of the samples within its sample.
func (p Port) index(i int) []int {
	out := slices.Clone(p.Shape)
	for axis := len(out) - 1; axis >= 0; axis-- {
		out[axis], i = i%p.Shape[axis], i/p.Shape[axis]
	}
	return out
}

func showBits[T Float](v T) string { return fmt.Sprintf("%v (bits %#x)", v, bitsOf(v)) }

// bitsOf is the pattern of a float: -0 is not 0, and a NaN equals itself.
func bitsOf[T Float](v T) uint64 {
	if f, ok := any(v).(float32); ok {
		return uint64(math.Float32bits(f))
	}
	return math.Float64bits(float64(v))
}

func (r Raw) len() int { return max(len(r.Narrow), len(r.Wide)) }

func (r Raw) at(i int) *big.Int {
	if r.Wide != nil {
		return &r.Wide[i]
	}
	return big.NewInt(r.Narrow[i])
}
