package sim

import (
	"unsafe"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/sim/vec"
)

// staging is the memory that tiles need beside the planes, the most of any sum of a program.
type staging struct {
	perSample int // bytes per sample of a block
	inputs    int // values of the largest input
	units     int
	terms     int // of all passes of a group
	strips    bool
}

// strip is how many lanes of data a sum brings into another form at once. Of a block of samples that is all
// of it, for all pixels to read. A plane on a grid may be longer than any cache, and has one reader.
func (s staging) strip(block int) int {
	const (
		cache = 256 << 10
		most  = 2048 // of data that are read where they are, so that all groups of filters find them in the cache
	)
	if !s.strips {
		return block
	}
	return min(block, most, max(cache/max(s.perSample, 1)/planeAlign, 1)*planeAlign)
}

// unitPad keeps the units of a stage from sharing cache sets: blocks are powers of two long, so that without
// it the same sample of every unit would fall into one set, and the loops read them side by side.
const unitPad = 64

// maxTile is the largest tile in bytes.
const maxTile = 8 * 128

func (s *staging) add(t *tiles) {
	perSample, units := 0, 0
	for _, st := range t.stages {
		perSample += len(st.units) * st.bytes()
		units += len(st.units)
	}
	s.perSample, s.units = max(s.perSample, perSample), max(s.units, units)
	for _, g := range t.groups {
		terms := 0
		for _, p := range g.passes {
			terms += p.terms(&t.stages[p.stage])
		}
		s.terms = max(s.terms, terms)
	}
}

// bytes is the size of one sample of a unit.
func (s *stage) bytes() int {
	if s.pairs {
		return 2 * s.lane.bytes()
	}
	return s.lane.bytes()
}

// vectorMemory is what a worker needs for tiles.
type vectorMemory struct {
	stage unsafe.Pointer // aligned
	tile  unsafe.Pointer // aligned
	zero  unsafe.Pointer // a plane of zeros
	temp  [4]unsafe.Pointer
	offs  []int64
	steps []int32 // of inputs, for inputChunk samples
	tail  []float32
	strip int // lanes of a stage
}

// size is the bytes of a vectorMemory beside its slices.
func (s staging) size(block int) int {
	return maxTile + 5*8*block + s.perSample*s.strip(block) + s.units*unitPad
}

// newVectorMemory lays the memory out from at, which is aligned. It belongs to the allocation of the planes,
// because the loops address both by offsets from one pointer.
func newVectorMemory(s staging, block int, at unsafe.Pointer) vectorMemory {
	plane := 8 * block
	v := vectorMemory{offs: make([]int64, s.terms), steps: make([]int32, s.inputs*inputChunk)}
	v.tail, v.strip = make([]float32, vec.StepsBlock), s.strip(block)
	take := func(n int) unsafe.Pointer {
		p := at
		at = unsafe.Add(at, n)
		return p
	}
	v.tile, v.zero = take(maxTile), take(plane)
	for i := range v.temp {
		v.temp[i] = take(plane)
	}
	v.stage = at
	return v
}

// run computes the filters that have vector code, over all pixels. Data that the loops want in another form
// are brought there once for all filters.
func (t *tiles) run(m *memory, o *sumOp) {
	for from := 0; from < m.n && !m.canceled(); from += m.vector.strip {
		t.runStrip(m, o, from, min(m.n-from, m.vector.strip))
	}
}

// runStrip is run for n lanes.
func (t *tiles) runStrip(m *memory, o *sumOp, from, n int) {
	var bases [4]unsafe.Pointer
	t.begin(m, bases[:], from, n)
	for r, row := range o.taps {
		out := o.out[r*len(o.filters) : (r+1)*len(o.filters)]
		for g := range t.groups {
			t.groups[g].locate(m, t, r, row)
			t.groups[g].run(m, o, t, bases[:], out, from, n)
		}
	}
}

// begin brings n lanes of the data into the form that the loops read, and finds where that is.
func (t *tiles) begin(m *memory, bases []unsafe.Pointer, from, n int) {
	at := m.vector.stage
	for i := range t.stages {
		s := &t.stages[i]
		if s.direct {
			bases[i] = unsafe.Add(m.base, from*s.bytes())
			continue
		}
		bases[i] = at
		at = s.fill(m, at, from, n)
	}
}

// stride is the distance of two units of a stage in bytes.
func (s *stage) stride(m *memory) int { return m.vector.strip*s.bytes() + unitPad }

// fill brings n lanes of the planes of the stage into its units, and returns the memory behind them.
func (s *stage) fill(m *memory, at unsafe.Pointer, from, n int) unsafe.Pointer {
	for _, u := range s.units {
		if !s.pairs {
			runPlane(s.widen, at, m.addressAt(u[0], from), n)
		} else {
			s.pack(m, at, u, from, n)
		}
		at = unsafe.Add(at, s.stride(m))
	}
	return at
}

// runPlane runs a loop without constants over n samples, a multiple of its block.
func runPlane(loop vec.Plane, dst, src unsafe.Pointer, n int) {
	loop.Run((*byte)(dst), (*byte)(src), n/loop.Block, nil)
}

// pack interleaves n lanes of two planes of 16 bits.
func (s *stage) pack(m *memory, at unsafe.Pointer, u [2]Plane, from, n int) {
	src := [2]unsafe.Pointer{m.vector.zero, m.vector.zero}
	for i, p := range u {
		if p == NoPlane {
			continue
		}
		src[i] = m.addressAt(p, from)
		if s.widen.Ready() {
			runPlane(s.widen, m.vector.temp[i], src[i], n)
			src[i] = m.vector.temp[i]
		}
	}
	m.params = vec.Params{Add: int64(uintptr(src[1]) - uintptr(src[0]))}
	loop := m.loops.Pack16
	loop.Run((*byte)(at), (*byte)(src[0]), n/loop.Block, &m.params)
}

// locate finds where the data of one pixel are for all passes. It does not depend on the column of samples.
func (g *tileGroup) locate(m *memory, t *tiles, r int, row []Plane) {
	offs := m.vector.offs
	for i := range g.passes {
		p := &g.passes[i]
		p.locate(m, &t.stages[p.stage], offs, r, row)
		offs = offs[p.terms(&t.stages[p.stage]):]
	}
}

// run computes one group of filters of one pixel, from a lane on: for each column of samples that the tile
// holds, it starts from the biases, runs every pass over all terms, and converts the rows to the results.
func (g *tileGroup) run(m *memory, o *sumOp, t *tiles, bases []unsafe.Pointer, out []Plane, from, n int) {
	samples := g.samples
	tile := unsafe.Slice((*byte)(m.vector.tile), len(g.init))
	for s := 0; s < n; s += samples {
		copy(tile, g.init)
		offs := m.vector.offs
		for i := range g.passes {
			p := &g.passes[i]
			st := &t.stages[p.stage]
			k := p.terms(st)
			p.loop.Run((*byte)(unsafe.Add(bases[p.stage], s*st.bytes())), offs[:k], &p.weights[0], &tile[0], &p.params)
			offs = offs[k:]
		}
		g.store(m, o, from+s, out)
	}
}

func (p *tilePass) terms(s *stage) int {
	if s.pairs {
		return len(p.taps) / 2
	}
	return len(p.taps)
}

// locate finds where the data of each term is, for pixel r.
func (p *tilePass) locate(m *memory, s *stage, offs []int64, r int, row []Plane) {
	if s.direct {
		for i, k := range p.taps {
			offs[i] = int64(m.offset[row[k]])
		}
		return
	}
	stride := int64(s.stride(m))
	for i, u := range p.units[r] {
		offs[i] = int64(u) * stride
	}
}

// store converts the rows of the tile to results, for the samples from s on.
func (g *tileGroup) store(m *memory, o *sumOp, s int, out []Plane) {
	samples := g.samples
	for row, f := range g.filters {
		src := unsafe.Add(m.vector.tile, row*samples*g.acc.bytes())
		dst := out[f]
		loops := g.finish[row]
		if loops == nil {
			g.storePlain(m, &o.filters[f], src, dst, s)
			continue
		}
		for i := range loops[:len(loops)-1] {
			loops[i].run(src, src, samples)
		}
		loops[len(loops)-1].run(unsafe.Add(m.address(dst), s*m.lanes[dst].bytes()), src, samples)
	}
}

// storePlain is store by the plans themselves.
func (g *tileGroup) storePlain(m *memory, f *filter, src unsafe.Pointer, dst Plane, s int) {
	switch g.acc {
	case lane16:
		finishPlain[int16](m, f, src, dst, s, g.samples)
	case lane32:
		finishPlain[int32](m, f, src, dst, s, g.samples)
	default:
		finishPlain[int64](m, f, src, dst, s, g.samples)
	}
}

// finishPlain converts n accumulators to results by the plans of a filter, from sample s on.
func finishPlain[A fixed.Lane](m *memory, f *filter, src unsafe.Pointer, dst Plane, s, n int) {
	acc := unsafe.Slice((*A)(src), n)
	last := len(f.finish) - 1
	for _, p := range f.finish[:last] {
		fixed.ApplyLanes(p, acc, acc)
	}
	at := unsafe.Add(m.address(dst), s*m.lanes[dst].bytes())
	switch m.lanes[dst] {
	case lane8:
		fixed.ApplyLanes(f.finish[last], unsafe.Slice((*int8)(at), n), acc)
	case lane16:
		fixed.ApplyLanes(f.finish[last], unsafe.Slice((*int16)(at), n), acc)
	case lane32:
		fixed.ApplyLanes(f.finish[last], unsafe.Slice((*int32)(at), n), acc)
	default:
		fixed.ApplyLanes(f.finish[last], unsafe.Slice((*int64)(at), n), acc)
	}
}
