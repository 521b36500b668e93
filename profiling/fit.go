package profiling

import (
	"fmt"
	"math"
	"strings"
)

// Fit compares the values that a tensor should hold with the range of its type.
type Fit struct {
	// Short is the number of integer bits that the largest value lacks; the value overflows.
	Short int `json:"short"`
	// Spare is the number of integer bits that no value needs.
	Spare int `json:"spare"`
	// Lost is the share of the values other than zero that are smaller than the type's step.
	Lost float64 `json:"lost"`
}

// FitTo compares the values with a range. It is nil without a range or without a value other than zero.
func (s *Stats) FitTo(r *Range) *Fit {
	if r == nil || s.Abs == nil {
		return nil
	}
	f := &Fit{}
	if over := s.high() - r.High; over > 0 {
		f.Short = over
	} else {
		f.Spare = -over
	}
	lost := int64(0)
	for _, b := range s.Bins {
		if b.Log2 < r.Low {
			lost += b.Count
		}
	}
	// Bins are octaves and the step is a power of two, so this count is exact. Zeros are left out, since a
	// zero is held by every type and lost by none.
	f.Lost = float64(lost) / float64(s.Count-s.Zeros)
	return f
}

// high is the smallest High of a Range that holds all values. A negative power of two needs no bit for
// itself: -2^n is the first value of a signed type.
func (s *Stats) high() int {
	above := func(a float64) int { return math.Ilogb(a) + 1 }
	switch {
	case s.Max <= 0 || -s.Min > s.Max && isPower(-s.Min):
		low := above(-s.Min)
		if isPower(-s.Min) {
			low--
		}
		if s.Max <= 0 {
			return low
		}
		return max(low, above(s.Max))
	default:
		return above(s.Abs.Max)
	}
}

func isPower(a float64) bool {
	m, _ := math.Frexp(a)
	return m == 0.5
}

// Limits of what String mentions.
const (
	spareBits = 2
	lostShare = 0.01
)

// Wasteful reports whether two integer bits or more are never used.
func (f *Fit) Wasteful() bool { return f.Spare >= spareBits }

// Overflow says what has become of a tensor whose larger values do not fit: "wrapped" or "saturated", of what
// layers answer in fixed point; "" for all others. Its statistics are those after the overflow.
func (t *Tensor) Overflow() string {
	switch {
	case t.Stage != After || t.Group != Activations || t.Fit == nil || t.Fit.Short == 0:
		return ""
	case strings.Contains(t.Type, ",SAT"):
		return "saturated"
	}
	return "wrapped"
}

// String says what is wrong in a few words: "2 bits short", "3 bits spare, 12 % below step"; "" where the
// type fits: at most one bit spare, at most 1 % of the values below its step.
func (f *Fit) String() string {
	if f == nil {
		return ""
	}
	var words []string
	switch {
	case f.Short > 0:
		words = append(words, bits(f.Short)+" short")
	case f.Wasteful():
		words = append(words, bits(f.Spare)+" spare")
	}
	if f.Lost > lostShare {
		words = append(words, percent(f.Lost)+" below step")
	}
	return strings.Join(words, ", ")
}

func bits(n int) string {
	if n == 1 {
		return "1 bit"
	}
	return fmt.Sprintf("%d bits", n)
}

// percent writes a share, and never one of some values as none or as all.
func percent(share float64) string {
	p := 100 * share
	switch {
	case p > 0 && p < 0.1:
		return "<0.1 %"
	case p > 99.9 && p < 100:
		return ">99.9 %"
	case p == 0 || p == 100:
		return fmt.Sprintf("%.0f %%", p)
	}
	return fmt.Sprintf("%.1f %%", p)
}

// PartnerOf returns the tensor that holds the same values at the other stage, or nil.
func (p *Profile) PartnerOf(t *Tensor) *Tensor {
	if t.Partner == "" {
		return nil
	}
	if t.Stage == Before {
		return p.Find(t.Group, After, t.Partner)
	}
	return p.Find(t.Group, Before, t.Partner)
}

// Firmware returns the type that the firmware gives the tensor's values, and its range: the tensor's own
// type, or that of its partner where the own one is still open.
func (p *Profile) Firmware(t *Tensor) (string, *Range) {
	if t.Range == nil && t.Stage == Before {
		if other := p.PartnerOf(t); other != nil {
			return other.Type, other.Range
		}
	}
	return t.Type, t.Range
}

// judge compares what each tensor should hold with its type in the firmware. Weights and what layers answer
// in floating point are judged as they are; what layers answer in fixed point is inside its type already, and
// the floating-point values of the same layer are judged instead.
func (p *Profile) judge() {
	for i := range p.Tensors {
		t := &p.Tensors[i]
		_, r := p.Firmware(t)
		t.Fit = p.Ideal(t).FitTo(r)
	}
}

// Ideal returns the statistics of what the tensor should hold: those of its floating-point partner for what
// layers answer in fixed point, else its own.
func (p *Profile) Ideal(t *Tensor) *Stats {
	if t.Stage == After && t.Group == Activations {
		if other := p.PartnerOf(t); other != nil {
			return &other.Stats
		}
	}
	return &t.Stats
}
