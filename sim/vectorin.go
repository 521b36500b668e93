package sim

import (
	"math"
	"unsafe"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/sim/vec"
)

// inputLoop converts float32 samples in vector code: to steps of the input's format, all values of some
// samples at once, then the overflow step, then to the planes.
type inputLoop struct {
	steps vec.Steps
	scale float32
	over  *castLoop // nil: storing in the planes' lane does it
}

// inputChunk is the samples that an inputLoop takes at a time: as many as a cache line of the narrowest plane
// has, so that every line of a plane is written once and in full.
const inputChunk = 64

// newInputLoop finds vector code for an input; nil where there is none. The loop multiplies by 2^F in
// float32, which is exact, and rounds to int32: numbers beyond that, and formats whose steps are not such
// products, take the plain way.
func newInputLoop(set *vec.Set, t Port, lanes []lane) *inputLoop {
	f := t.Format
	if set == nil || f.Kind != fixed.KindFixed || !f.Narrow() || f.F() < 0 || f.F() > 60 || f.O == fixed.WRAPSM {
		return nil
	}
	l := &inputLoop{steps: stepsOf(set, f.Q), scale: float32(math.Ldexp(1, f.F()))}
	to := lanes[t.tensor.Planes[0]]
	if !l.steps.Ready() || to > lane32 {
		return nil
	}
	all := Range{Lo: math.MinInt32, Hi: math.MaxInt32}
	p := fixed.NewPlan(fixed.Fixed(32, 32-f.F()), all.Lo, all.Hi, f)
	if p.Over == fixed.OverWrap && p.WrapSigned && p.WrapW == to.bits() {
		return l // storing the low bits of a step is the wrap
	}
	c, ok := vectorCast(set, p, all, lane32, lane32)
	if !ok {
		return nil
	}
	l.over = &c
	return l
}

func stepsOf(set *vec.Set, q fixed.Q) vec.Steps {
	switch q {
	case fixed.TRN:
		return set.Floor
	case fixed.RND:
		return set.Up
	case fixed.RNDConv:
		return set.Even
	}
	return vec.Steps{}
}

// run converts n samples of src, or n positions on a grid; false: some value is no number or far out of
// range, and the plain conversion has to take them all.
func (l *inputLoop) run(m *memory, t Port, src []float32, n int) bool {
	size := len(t.tensor.Planes)
	for s := 0; s < m.n; s += inputChunk {
		k := min(max(n-s, 0), inputChunk)
		steps := m.vector.steps[:inputChunk*size]
		if k > 0 && !l.convert(m, steps, src[s*size:(s+k)*size]) {
			return false
		}
		clear(steps[k*size:])
		if l.over != nil {
			p := unsafe.Pointer(&steps[0])
			l.over.run(p, p, len(steps))
		}
		m.spread(t.tensor.Planes, steps, s)
	}
	return true
}

// convert brings values to steps; those behind the last whole block of the loop go through a block of zeros.
func (l *inputLoop) convert(m *memory, steps []int32, src []float32) bool {
	whole := len(src) / vec.StepsBlock * vec.StepsBlock
	if !l.steps.Run(steps, src[:whole], l.scale) {
		return false
	}
	if whole == len(src) {
		return true
	}
	tail := m.vector.tail
	clear(tail[copy(tail, src[whole:]):])
	return l.steps.Run(steps[whole:], tail, l.scale)
}

// spread stores steps, value by value of each sample, in planes from sample s on.
func (m *memory) spread(planes []Plane, steps []int32, s int) {
	const together = 16 // planes written at once, so that their lines stay in the cache
	for k := 0; k < len(planes); k += together {
		group := planes[k:min(k+together, len(planes))]
		switch m.lanes[group[0]] {
		case lane8:
			spreadLane[int8](m, group, steps[k:], len(planes), s)
		case lane16:
			spreadLane[int16](m, group, steps[k:], len(planes), s)
		default:
			spreadLane[int32](m, group, steps[k:], len(planes), s)
		}
	}
}

func spreadLane[D fixed.Lane](m *memory, planes []Plane, steps []int32, size, s int) {
	for i, p := range planes {
		dst := unsafe.Slice((*D)(m.address(p)), m.n)[s : s+inputChunk]
		at := i
		for j := range dst {
			dst[j] = D(steps[at])
			at += size
		}
	}
}
