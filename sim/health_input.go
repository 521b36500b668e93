package sim

import (
	"math"
	"math/big"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/sim/health"
)

// Inputs are counted by where numbers lie, not by converting each of them a second time: a conversion is
// monotone, so that those that overflow are the ones beyond two numbers, and those that vanish the ones
// between two others. The four are found by bisection over all float32, which are ordered as their bits are.

// inputCount is how an input is counted: in which tally, and between which numbers what happens. A number
// below low or from high on overflows; one from tinyLow to below tinyHigh becomes zero.
type inputCount struct {
	slot                         int
	low, high, tinyLow, tinyHigh float32
	// apInt: in an ap_int, numbers between -1/2 and zero become one, which it holds, and those from there to
	// -1 become zero.
	apInt    bool
	oneByOne bool // the numbers that overflow are not just the large ones
}

// newInputCount finds the numbers by asking what becomes of some.
func newInputCount(slot int, f fixed.Format) inputCount {
	c := inputCount{slot: slot}
	if !health.Countable(f) {
		return c
	}
	overflows := func(v float32) bool {
		var t health.Tally
		t.Input(float64(v), f)
		return t.Wrapped+t.Saturated > 0
	}
	stays := func(v float32) bool {
		var t health.Tally
		t.Input(float64(v), f)
		return t.Vanished == 0
	}
	c.low, c.high = -before(-1, overflows), least(1, overflows)
	c.tinyLow, c.tinyHigh = -before(-1, stays), least(1, stays)
	c.apInt = f.Family == fixed.AP && f.Kind == fixed.KindInt
	c.oneByOne = c.apInt && f.Signed && f.W == 1
	return c
}

// least is the magnitude of the smallest float32 of a sign for which a condition holds that then holds for
// all larger ones; infinity where it never does.
func least(sign float32, holds func(float32) bool) float32 {
	i := search(1, 0x7f7fffff, func(b int64) bool {
		return holds(sign * math.Float32frombits(uint32(b)))
	})
	return math.Float32frombits(uint32(i))
}

// before is the magnitude of the float32 before that of least.
func before(sign float32, holds func(float32) bool) float32 {
	v := least(sign, holds)
	if math.IsInf(float64(v), 0) {
		return v
	}
	return math.Float32frombits(math.Float32bits(v) - 1)
}

// countInput counts the conversion of an input's samples, which the planes hold already.
func countInput[T Float](m *memory, how *inputCount, t Port, src []T) {
	c := &m.health.slots[how.slot]
	c.Values += int64(len(src))
	if !health.Countable(t.Format) {
		return
	}
	if x, ok := any(src).([]float32); !ok || how.oneByOne || !inputFloats(m, c, t.Format, how, x) {
		inputOneByOne(c, t.Format, src)
	}
	for i, p := range t.tensor.Planes {
		if m.lanes[p] != laneWide {
			m.grain(c, t.tensor.Planes[i:i+1], 0)
			continue
		}
		for i := range m.big(p)[:m.used] {
			c.GrainBig(&m.big(p)[i])
		}
	}
}

// inputOneByOne counts numbers, of which most need a glance only.
func inputOneByOne[T Float](c *health.Tally, f fixed.Format, src []T) {
	step := math.Ldexp(1, -f.F())
	low, high := f.Range()
	// Between these no rounding reaches the ends.
	number := func(raw *big.Int) float64 { return health.RealBig(raw, fixed.Int(64)) }
	safeLow, safeHigh := (number(low)+2)*step, (number(high)-2)*step
	var least, most T
	for _, v := range src {
		if w := float64(v); w > safeLow && w < safeHigh && (w == 0 || w >= step || w <= -step) {
			least, most = min(least, v), max(most, v)
		} else {
			c.Input(w, f)
		}
	}
	c.Input(float64(least), f)
	c.Input(float64(most), f)
}

// inputFloats counts many numbers at once; false: some are infinite.
func inputFloats(m *memory, t *health.Tally, f fixed.Format, how *inputCount, src []float32) bool {
	g := &m.health.floats
	m.loops.Floats(src, how.tinyLow, how.tinyHigh, g)
	if math.IsInf(float64(g.Low), 0) || math.IsInf(float64(g.High), 0) {
		return false
	}
	for _, v := range []float64{float64(g.Low), float64(g.High)} {
		if v >= t.Low && v <= t.High {
			continue // larger numbers have been
		}
		if x, ok := health.InSteps(v, f); ok {
			t.Span(v, x)
		} else {
			t.SpanBig(v, fixed.FromFloat64Big(new(big.Int), v, health.Endless(f)))
		}
	}
	if g.Low < how.low || g.High >= how.high {
		t.Changed(int64(m.loops.FloatsBeyond(src, how.low, how.high)), f)
	}
	t.Vanished += int64(g.Tiny)
	if how.apInt && g.Low < 0 {
		half := math.Nextafter32(-0.5, 0)
		m.loops.Floats(src, half, 0, g)
		if g.Tiny > 0 {
			t.Above = max(t.Above, 1)
		}
		m.loops.Floats(src, math.Nextafter32(-1, 0), half, g)
		t.Vanished += int64(g.Tiny)
	}
	return true
}
