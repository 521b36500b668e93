package sim

import (
	"math/big"
	"unsafe"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/sim/num"
	"github.com/hlsgo/hlsgo/sim/vec"
)

// Planes live in one arena and are addressed by offset: the loops take the distance of their operands as a
// parameter, which must be the same for every block, and one allocation serves a worker for all of its life.

// memory is what one worker needs to run blocks of a program: an arena of planes, wide planes, scratch.
type memory struct {
	base    unsafe.Pointer // 64-byte aligned
	offset  []int          // of each plane in the arena, in bytes; of a wide plane, its slot in wide
	lanes   []lane
	rooms   []int // of a program with grids, see layout; else nil
	block   int   // samples that planes have room for
	n       int   // samples that operations compute, a multiple of 64
	used    int   // samples that count, at most n
	wide    [][]big.Int
	scratch [4][]int64
	keep    []byte // the arena
	loops   *vec.Set
	vector  vectorMemory
	health  *healthMemory // of a program that counts; else nil
	params  vec.Params    // of the loop that runs
	// stop is closed when nobody wants the block any more; nil: somebody always does.
	stop <-chan struct{}
	// broken is set when an operation has ended early. No other may run then: what it would read need not be
	// in the range that its loops count on.
	broken bool
}

// canceled reports whether the block is to be left as it is: nobody will look at it.
func (m *memory) canceled() bool {
	if !m.broken {
		select {
		case <-m.stop:
			m.broken = true
		default:
		}
	}
	return m.broken
}

// planeAlign is the multiple of samples that blocks have: planes of the narrowest lane then begin at cache
// lines, and every loop runs over whole vectors, of at most 64 lanes, with no tail.
const planeAlign = 64

// newMemory makes memory for blocks of `block` samples, a multiple of 64; in a program with grids, for
// operations on so many lanes.
func newMemory(p *layout, block int) *memory {
	m := &memory{block: block, n: block, used: block, lanes: p.lanes, rooms: p.rooms, loops: p.set}
	each := block // bytes of the arena per byte of a slot
	wide := block
	if p.rooms != nil {
		each, wide = 1, planeAlign // what is wide is on no grid
	}
	arena := roundUp(p.perSample*each, planeAlign)
	m.keep = make([]byte, arena+p.staging.size(block)+planeAlign)
	start := unsafe.Pointer(unsafe.SliceData(m.keep))
	m.base = unsafe.Add(start, -uintptr(start)&(planeAlign-1))
	m.vector = newVectorMemory(p.staging, block, unsafe.Add(m.base, arena))
	m.offset = make([]int, len(p.slot))
	for i, s := range p.slot {
		m.offset[i] = s * each
		if p.lanes[i] == laneWide {
			m.offset[i] = s
		}
	}
	m.wide = make([][]big.Int, p.wideSlots)
	for i := range m.wide {
		m.wide[i] = make([]big.Int, wide)
	}
	for i := range m.scratch {
		m.scratch[i] = make([]int64, block)
	}
	for _, c := range p.constants {
		m.store(c.plane, fill(m.scratch[0], c.value))
	}
	return m
}

func fill(s []int64, v int64) []int64 {
	num.Fill(s, v)
	return s
}

// view is a plane of lane T. No check says that it is: whoever names T has looked at the lane.
func view[T fixed.Lane](m *memory, p Plane) []T {
	return unsafe.Slice((*T)(unsafe.Add(m.base, m.offset[p])), m.n)
}

// accumulator is scratch space as lane A.
func accumulator[A num.Acc](m *memory) []A {
	return unsafe.Slice((*A)(unsafe.Pointer(unsafe.SliceData(m.scratch[0]))), m.n)
}

// floats is scratch space for one column of a tensor as floats.
func floats[T Float](m *memory) []T {
	return unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(m.scratch[3]))), m.n)
}

// load is a narrow plane as int64: the plane itself, or a copy in scratch k.
func (m *memory) load(p Plane, k int) []int64 {
	dst := m.scratch[k][:m.n]
	switch m.lanes[p] {
	case lane8:
		num.Copy(dst, view[int8](m, p))
	case lane16:
		num.Copy(dst, view[int16](m, p))
	case lane32:
		num.Copy(dst, view[int32](m, p))
	default:
		return view[int64](m, p)
	}
	return dst
}

// store writes int64 values to a narrow plane that holds them.
func (m *memory) store(p Plane, src []int64) {
	src = src[:m.n]
	switch m.lanes[p] {
	case lane8:
		num.Copy(view[int8](m, p), src)
	case lane16:
		num.Copy(view[int16](m, p), src)
	case lane32:
		num.Copy(view[int32](m, p), src)
	default:
		copy(view[int64](m, p), src)
	}
}

// big is a wide plane.
func (m *memory) big(p Plane) []big.Int { return m.wide[m.offset[p]][:m.n] }

// applyTo converts src by plan into the plane. Each pair of lanes has its own loop, made by the compiler.
func applyTo[S fixed.Lane](m *memory, plan fixed.Plan, dst Plane, src []S) {
	switch m.lanes[dst] {
	case lane8:
		fixed.ApplyLanes(plan, view[int8](m, dst), src)
	case lane16:
		fixed.ApplyLanes(plan, view[int16](m, dst), src)
	case lane32:
		fixed.ApplyLanes(plan, view[int32](m, dst), src)
	default:
		fixed.ApplyLanes(plan, view[int64](m, dst), src)
	}
}

// apply converts one plane by plan into another.
func (m *memory) apply(plan fixed.Plan, dst, src Plane) {
	switch m.lanes[src] {
	case lane8:
		applyTo(m, plan, dst, view[int8](m, src))
	case lane16:
		applyTo(m, plan, dst, view[int16](m, src))
	case lane32:
		applyTo(m, plan, dst, view[int32](m, src))
	default:
		applyTo(m, plan, dst, view[int64](m, src))
	}
}

// at is one value of a narrow plane.
func (m *memory) at(p Plane, s int) int64 {
	switch m.lanes[p] {
	case lane8:
		return int64(view[int8](m, p)[s])
	case lane16:
		return int64(view[int16](m, p)[s])
	case lane32:
		return int64(view[int32](m, p)[s])
	}
	return view[int64](m, p)[s]
}

// set changes one value of a narrow plane.
func (m *memory) set(p Plane, s int, v int64) {
	switch m.lanes[p] {
	case lane8:
		view[int8](m, p)[s] = int8(v)
	case lane16:
		view[int16](m, p)[s] = int16(v)
	case lane32:
		view[int32](m, p)[s] = int32(v)
	default:
		view[int64](m, p)[s] = v
	}
}
