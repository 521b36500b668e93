package sim

import (
	"slices"
	"unsafe"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/sim/num"
)

// largestOp finds the largest value of all positions of a plane on a grid. The result is one of a sample, and
// the lanes behind it hold the same.
type largestOp struct {
	src, dst Plane
	grid     grid
}

// Largest appends the maximum over all positions of each of some planes of one node on a grid. From then on
// the node's planes have no positions.
func (lo *Lowering) Largest(planes []Plane) []Plane {
	g := *lo.grid
	lo.leaveGrid()
	out := make([]Plane, len(planes))
	for i, p := range planes {
		out[i] = lo.newPlaneIn(lo.ranges[p], lo.lanes[p])
		lo.emit(&largestOp{src: p, dst: out[i], grid: g})
	}
	return out
}

func (o *largestOp) planes(visit func(Plane, bool)) {
	visit(o.src, false)
	visit(o.dst, true)
}

func (o *largestOp) renamed(stand func(Plane) Plane) op {
	return &largestOp{src: stand(o.src), dst: o.dst, grid: o.grid}
}

func (o *largestOp) run(m *memory) {
	switch m.lanes[o.src] {
	case lane8:
		largestLane[int8](m, o)
	case lane16:
		largestLane[int16](m, o)
	case lane32:
		largestLane[int32](m, o)
	default:
		largestLane[int64](m, o)
	}
}

func largestLane[S fixed.Lane](m *memory, o *largestOp) {
	src := unsafe.Slice((*S)(m.address(o.src)), o.grid.lanes())
	v := src[0]
	for y := range o.grid.h {
		v = max(v, slices.Max(src[y*o.grid.stride:][:o.grid.w]))
	}
	num.Fill(words(m, o.dst, int(unsafe.Sizeof(v))), repeated(v))
}
