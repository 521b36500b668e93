package tune

import (
	"math"
	"slices"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/profiling"
)

// Where the float model itself saturates, a type that saturates with it needs no bits for what lies beyond:
// the 1 of a sigmoid costs an integer bit, or the last step below it.

// saturate gives a knob a cheaper type that saturates, where the float model does.
func (s *search) saturate(k *knob) error {
	for _, f := range s.saturating(k) {
		if s.left <= 0 {
			return nil
		}
		old := k.now
		k.now.format = f
		_, ok, err := s.try()
		if err != nil || ok {
			return err
		}
		k.now = old
	}
	return nil
}

// saturating lists types of a knob that saturate and cost less than the one it has, the cheapest first: the
// user's own, and that of the float model's ends.
func (s *search) saturating(k *knob) []fixed.Format {
	now := k.now.format
	if !k.now.on || k.isSize() || k.fit != nil || profiling.GroupOf(k.places[0].key) != "result" {
		return nil
	}
	low, high := 0.0, 0.0
	for _, p := range k.places {
		// Sums that saturate depend on their order, and the ends of inputs are those of the samples.
		if profiling.GroupOf(p.key) != "result" || slices.Contains(s.base.graph.Inputs, p.node) {
			return nil
		}
		f := s.ends(p)
		if f == nil || !f.saturates() {
			return nil
		}
		low, high = min(low, f.low), max(high, f.high)
	}
	var out []fixed.Format
	add := func(f fixed.Format) {
		f.O, f.N = fixed.SAT, 0
		if f.W >= 2 && f.W < now.W && f.Family == now.Family {
			out = append(out, f)
		}
	}
	if k.format.IsFixedOrInt() {
		add(k.format)
	}
	tight := now
	tight.Signed, tight.I = low < 0, endBits(low, high)
	tight.W = tight.I + now.F()
	add(tight)
	slices.SortStableFunc(out, func(a, b fixed.Format) int { return a.W - b.W })
	return out
}

// ends is how far the answers of a place's layer reach in the float model; nil: they are not known.
func (s *search) ends(p place) *spread {
	w := newWidener(s.bench, s.base, false)
	return s.float.layers[w.matches[p.node]]
}

// endBits is how many integer bits, a sign's included, hold values from low to high but for the last step
// below a power of two.
func endBits(low, high float64) int {
	need := math.Log2(max(high, -low))
	i := int(math.Ceil(need))
	if low < 0 {
		i++
	}
	return i
}
