package sim

import (
	"math"
	"math/big"

	"github.com/hlsgo/hlsgo/fixed"
)

// inputCount is how an input is counted: in which tally, and between which numbers what happens. A number
// below low or from high on overflows; one from tinyLow to below tinyHigh becomes zero.
type inputCount struct {
	slot                         int
	low, high, tinyLow, tinyHigh float32
	// apInt: in an ap_int, numbers between -1/2 and zero become one, which it holds, and those from there to -1
	// become zero.
	apInt    bool
	oneByOne bool // the numbers that overflow are not just the large ones
}

// newInputCount finds the numbers by asking what becomes of some.
func newInputCount(slot int, f fixed.Format) inputCount {
	c := inputCount{slot: slot}
	if !countable(f) {
		return c
	}
	overflows := func(v float32) bool {
		var t tally
		t.input(float64(v), f)
		return t.wrapped+t.saturated > 0
	}
	stays := func(v float32) bool {
		var t tally
		t.input(float64(v), f)
		return t.vanished == 0
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
	c.values += int64(len(src))
	if !countable(t.Format) {
		return
	}
	if x, ok := any(src).([]float32); !ok || how.oneByOne || !c.inputFloats(m, t.Format, how, x) {
		inputOneByOne(c, t.Format, src)
	}
	for i, p := range t.tensor.Planes {
		if m.lanes[p] != laneWide {
			m.grain(c, t.tensor.Planes[i:i+1], 0)
			continue
		}
		for i := range m.big(p)[:m.used] {
			if x := &m.big(p)[i]; x.Sign() != 0 {
				c.fine = min(c.fine, int(x.TrailingZeroBits()))
			}
		}
	}
}

// inputOneByOne counts numbers, of which most need a glance only.
func inputOneByOne[T Float](c *tally, f fixed.Format, src []T) {
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
}

// input counts one number of a user on its way into a format. What is infinite or no number is counted
// elsewhere.
func (t *tally) input(v float64, f fixed.Format) {
	if math.IsInf(v, 0) || math.IsNaN(v) {
		return
	}
	if q, ok := inSteps(v, f); ok {
		t.span(v, q)
		switch x := fixed.FromFloat64(v, f); {
		case q != x:
			t.changed(1, f)
		case v != 0 && x == 0:
			t.vanished++
		}
		return
	}
	x := fixed.FromFloat64Big(new(big.Int), v, f)
	t.becomes(v, fixed.FromFloat64Big(new(big.Int), v, endless(f)), x, f)
}

// inSteps is a number on the grid of a format without an end; ok is false where 63 bits do not hold it.
func inSteps(v float64, f fixed.Format) (q int64, ok bool) {
	if !f.Narrow() || math.Abs(v) >= math.Ldexp(1, 60-f.F()) {
		return 0, false
	}
	return fixed.FromFloat64(v, grid(f, fullBits)), true
}

// endless is a format on the grid of f that holds every float64. It is none of ac_fixed or ac_int, which
// would scale the float by its own width.
func endless(f fixed.Format) fixed.Format {
	if f.Family == fixed.AC && f.Kind == fixed.KindInt {
		f.Kind, f.Q = fixed.KindFixed, fixed.TRN
	}
	f.Family = fixed.AP
	return grid(f, f.W+1100)
}

// inputFloats counts many numbers at once; false: some are infinite.
func (t *tally) inputFloats(m *memory, f fixed.Format, how *inputCount, src []float32) bool {
	g := &m.health.floats
	m.loops.Floats(src, how.tinyLow, how.tinyHigh, g)
	if math.IsInf(float64(g.Low), 0) || math.IsInf(float64(g.High), 0) {
		return false
	}
	for _, v := range []float64{float64(g.Low), float64(g.High)} {
		if v >= t.low && v <= t.high {
			continue // larger numbers have been
		}
		if x, ok := inSteps(v, f); ok {
			t.span(v, x)
		} else {
			t.spanBig(v, fixed.FromFloat64Big(new(big.Int), v, endless(f)))
		}
	}
	if g.Low < how.low || g.High >= how.high {
		t.changed(int64(m.loops.FloatsBeyond(src, how.low, how.high)), f)
	}
	t.vanished += int64(g.Tiny)
	if how.apInt && g.Low < 0 {
		half := math.Nextafter32(-0.5, 0)
		m.loops.Floats(src, half, 0, g)
		if g.Tiny > 0 {
			t.above = max(t.above, 1)
		}
		m.loops.Floats(src, math.Nextafter32(-1, 0), half, g)
		t.vanished += int64(g.Tiny)
	}
	return true
}
