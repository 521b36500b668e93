package sim

import (
	"unsafe"

	"github.com/hlsgo/hlsgo/fixed"
)

// weaveOp makes one picture of several that are as large as each other: each has the pixels of one place in
// every tile of the result.
type weaveOp struct {
	src      []Plane // of the places in a tile, row by row
	dst      Plane
	from, to grid
	fh, fw   int // of a tile
}

// Woven weaves fh by fw pictures on the grid at hand, each given by its channels, into one that is as many
// times as large. From then on the node's planes have the positions of that.
func (lo *Lowering) Woven(pictures [][]Plane, fh, fw int) []Plane {
	from := *lo.grid
	to := grid{from.h * fh, from.w * fw, from.w * fw}
	lo.setGrid(to)
	out := make([]Plane, len(pictures[0]))
	for c := range out {
		o := &weaveOp{from: from, to: to, fh: fh, fw: fw}
		r := lo.ranges[pictures[0][c]]
		for _, p := range pictures {
			o.src = append(o.src, p[c])
			r = r.union(lo.ranges[p[c]])
		}
		o.dst = lo.newPlaneIn(r, lo.widest(o.src, 0))
		lo.emit(o)
		out[c] = o.dst
	}
	return out
}

func (o *weaveOp) planes(visit func(Plane, bool)) {
	for _, p := range o.src {
		visit(p, false)
	}
	visit(o.dst, true)
}

func (o *weaveOp) renamed(stand func(Plane) Plane) op {
	c := *o
	c.src = renamedPlanes(o.src, stand)
	return &c
}

func (o *weaveOp) run(m *memory) {
	switch m.lanes[o.dst] {
	case lane8:
		weaveTo[int8](m, o)
	case lane16:
		weaveTo[int16](m, o)
	case lane32:
		weaveTo[int32](m, o)
	default:
		weaveTo[int64](m, o)
	}
}

func weaveTo[D fixed.Lane](m *memory, o *weaveOp) {
	for k, p := range o.src {
		switch m.lanes[p] {
		case lane8:
			weaveLanes[D, int8](m, o, k)
		case lane16:
			weaveLanes[D, int16](m, o, k)
		case lane32:
			weaveLanes[D, int32](m, o, k)
		default:
			weaveLanes[D, int64](m, o, k)
		}
	}
	// What lies behind the last position is in the plane's range.
	lanes := o.to.lanes()
	dst := unsafe.Slice((*D)(m.address(o.dst)), roundUp(lanes, planeAlign))
	fillLanes(dst[lanes:], dst[0])
}

// weaveLanes puts picture k into its place of every tile.
func weaveLanes[D, S fixed.Lane](m *memory, o *weaveOp, k int) {
	dst := unsafe.Slice((*D)(m.address(o.dst)), o.to.lanes())
	src := unsafe.Slice((*S)(m.address(o.src[k])), o.from.lanes())
	row, col := k/o.fw, k%o.fw
	for y := range o.from.h {
		to := dst[(y*o.fh+row)*o.to.stride+col:]
		for x, v := range src[y*o.from.stride:][:o.from.w] {
			to[x*o.fw] = D(v)
		}
	}
}
