package sim

import (
	"math"
	"math/big"

	"github.com/hlsgo/hlsgo/fixed"
)

// countInput counts the conversion of an input's samples, which the planes hold already.
func countInput[T Float](m *memory, slot int, t Port, src []T) {
	c := &m.health.slots[slot]
	c.values += int64(len(src))
	f := t.Format
	if !countable(f) {
		return
	}
	if x, ok := any(src).([]float32); ok {
		src = src[c.inputFloats(m, f, x):]
	}
	step := math.Ldexp(1, -f.F())
	low, high := f.Range()
	// Between these no rounding reaches the ends.
	safeLow, safeHigh := (realBig(low, fixed.Int(64))+2)*step, (realBig(high, fixed.Int(64))-2)*step
	var least, most T
	for _, v := range src {
		if w := float64(v); w > safeLow && w < safeHigh && (w == 0 || w >= step || w <= -step) {
			least, most = min(least, v), max(most, v)
		} else {
			c.input(w, f)
		}
	}
	c.input(float64(least), f)
	c.input(float64(most), f)
	for _, p := range t.tensor.Planes {
		if m.lanes[p] != laneWide {
			m.grain(c, []Plane{p}, 0)
			continue
		}
		for i := range m.big(p)[:m.used] {
			if x := &m.big(p)[i]; x.Sign() != 0 {
				c.fine = min(c.fine, int(x.TrailingZeroBits()))
			}
		}
	}
}

// input counts one number of a user on its way into a format. What is infinite or no number is counted
// elsewhere.
func (t *tally) input(v float64, f fixed.Format) {
	if math.IsInf(v, 0) || math.IsNaN(v) {
		return
	}
	if f.Narrow() && math.Abs(v) < math.Ldexp(1, 60-f.F()) {
		t.inputNarrow(v, f)
		return
	}
	x := fixed.FromFloat64Big(new(big.Int), v, f)
	q := fixed.FromFloat64Big(new(big.Int), v, grid(f, f.W+1100))
	t.becomes(v, q, x, f)
}

// inputNarrow is input where 63 bits hold the number on the format's grid.
func (t *tally) inputNarrow(v float64, f fixed.Format) {
	x, q := fixed.FromFloat64(v, f), fixed.FromFloat64(v, grid(f, fullBits))
	t.span(v, q)
	switch {
	case q != x:
		t.changed(1, f)
	case v != 0 && x == 0:
		t.vanished++
	}
}

// inputFloats counts numbers by vector code, and returns how many of them it did.
func (t *tally) inputFloats(m *memory, f fixed.Format, src []float32) int {
	if m.loops == nil || !f.Narrow() || f.W > 20 || f.Kind != fixed.KindFixed || f.F() < -60 || f.F() > 60 {
		return 0
	}
	step, half := math.Ldexp(1, -f.F()), 0.0
	tiny := [2]float32{0, float32(step)}
	switch f.Q {
	case fixed.TRN:
	case fixed.RND:
		half = 0.5
		tiny = [2]float32{float32(-step / 2), float32(step / 2)}
	default:
		return 0
	}
	g := &m.health.floats
	m.loops.Floats(src, tiny[0], tiny[1], g)
	if math.IsInf(float64(g.Low), 0) || math.IsInf(float64(g.High), 0) {
		return 0
	}
	for _, v := range []float32{g.Low, g.High} {
		if w := float64(v); w >= t.low && w <= t.high {
			continue // and so is what it becomes
		}
		t.spanBig(float64(v), fixed.FromFloat64Big(new(big.Int), float64(v), grid(f, f.W+1100)))
	}
	low, high := rawLimits(f)
	least, end := float32((float64(low)-half)*step), float32((float64(high)+1-half)*step)
	if g.Low < least || g.High >= end {
		t.changed(int64(m.loops.FloatsBeyond(src, least, end)), f)
	}
	t.vanished += int64(g.Tiny)
	return len(src)
}
