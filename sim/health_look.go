package sim

import (
	"math"
	"unsafe"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/sim/vec"
)

// Several counts look at the same plane, and planes are often conversions of others. So what is known of a
// plane in a block is kept, with the number of the block: nothing need be cleared between blocks.

// healthMemory is what a worker needs to count: its tallies and, for the block at hand, what is known of the
// planes.
type healthMemory struct {
	*tallies
	planes []planeFacts
	origin []*castOp // of each plane, the conversion that writes it; nil: something else
	block  uint32
	tap    tapFacts
	seen   []span            // of the taps of all sums
	bases  [4]unsafe.Pointer // of the stages of a sum in full
	full   vec.Facts         // of sums in full
	floats vec.FloatFacts    // of an input
}

// span is an interval.
type span struct{ low, high int64 }

// nowhere is the span that holds nothing.
var nowhere = span{math.MaxInt64, math.MinInt64}

func (s *span) add(low, high int64) { s.low, s.high = min(s.low, low), max(s.high, high) }

// planeFacts are what is known of a plane in a block.
type planeFacts struct {
	ends, all uint32 // the block of which the ends are known, and all facts
	vec.Facts
}

// count gives the memory of a worker what a program that counts needs.
func (m *memory) count(p *Program, c *code) {
	if !p.counts {
		return
	}
	m.health = &healthMemory{
		tallies: newTallies(len(p.slots)), planes: make([]planeFacts, len(m.lanes)), origin: c.origins,
		seen: make([]span, p.taps),
	}
}

// origins are the conversions of a program by the planes that they write.
func (lo *Lowering) origins() []*castOp {
	out := make([]*castOp, len(lo.ranges))
	for _, o := range lo.ops {
		if c, ok := o.(*castOp); ok {
			out[c.dst] = c
		}
	}
	return out
}

func (h *healthMemory) nextBlock() {
	if h != nil {
		h.block++
	}
}

// recorder counts for the plain evaluator of a node; nil: nobody counts.
func (m *memory) recorder(node int) *recorder {
	if m.health == nil || node < 0 {
		return nil
	}
	return &recorder{m.health.tallies, node}
}

// ends are the ends of a narrow plane, found when they are first asked for in a block: from those of the
// plane that it is converted from, where they are known, else by looking at all values.
func (m *memory) ends(p Plane) *planeFacts {
	h := m.health
	f := &h.planes[p]
	if f.ends == h.block {
		return f
	}
	f.ends = h.block
	if o := h.origin[p]; o != nil && h.planes[o.src].ends == h.block {
		x := &h.planes[o.src]
		if low, high, ok := endsAfter(&o.plan, x.Low, x.High); ok {
			f.Low, f.High = low, high
			return f
		}
	}
	m.loops.Ends(m.address(p), m.used, m.lanes[p].bits(), &f.Facts)
	return f
}

// endsAfter are the ends of low..high after a conversion that keeps their order; ok is false for others.
func endsAfter(p *fixed.Plan, low, high int64) (a, b int64, ok bool) {
	if p.General || p.Shift < 0 && p.Over != fixed.OverNone {
		return 0, 0, false
	}
	a, b = p.Quantize(low), p.Quantize(high)
	switch p.Over {
	case fixed.OverNone:
		return a, b, true
	case fixed.OverClamp:
		return min(max(a, p.Lo), p.Hi), min(max(b, p.Lo), p.Hi), true
	case fixed.OverWrap:
		least, greatest := int64(0), int64(1)<<p.WrapW-1
		if p.WrapSigned {
			least, greatest = int64(-1)<<(p.WrapW-1), int64(1)<<(p.WrapW-1)-1
		}
		return a, b, a >= least && b <= greatest
	}
	return 0, 0, false
}

// facts are those of a narrow plane, found when they are first asked for in a block.
func (m *memory) facts(p Plane) *planeFacts {
	f := &m.health.planes[p]
	if f.all != m.health.block {
		f.all, f.ends = m.health.block, m.health.block
		m.loops.Facts(m.address(p), m.used, m.lanes[p].bits(), &f.Facts)
	}
	return f
}

// within counts the values of a narrow plane from low to high.
func (m *memory) within(p Plane, low, high int64) int {
	return m.loops.Within(m.address(p), m.used, m.lanes[p].bits(), low, high)
}

// tiny is within without the zeros.
func (m *memory) tiny(p Plane, low, high int64) int {
	return m.loops.Tiny(m.address(p), m.used, m.lanes[p].bits(), low, high)
}
