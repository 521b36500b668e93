package sim

import (
	"slices"
	"unsafe"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/sim/num"
)

// moveOp puts positions of a plane on a grid in other places: what padding, cropping, strides and repeated
// pixels do.
type moveOp struct {
	src, dst      Plane
	from, to      grid
	rows, columns []int32 // of the source, for each of the result; -1: pad
	pad           int64
	views         []shifted // the result, read from other lanes on
}

// shifted is a plane that begins at a later lane of another.
type shifted struct {
	plane Plane
	lanes int
}

// move appends a moveOp and gives its result.
func (lo *Lowering) move(src Plane, from, to grid, rows, columns []int32, l lane, pad int64) Plane {
	o := lo.moveOf(src, from, to, rows, columns, l, pad)
	lo.emit(o)
	return o.dst
}

// moveOf makes a moveOp. Behind its last position the plane holds the pad, which is in its range with that.
func (lo *Lowering) moveOf(src Plane, from, to grid, rows, columns []int32, l lane, pad int64) *moveOp {
	extent := lo.extent
	lo.extent = int32(to.lanes())
	r := lo.ranges[src].union(rangeOf(pad))
	o := &moveOp{src: src, from: from, to: to, rows: rows, columns: columns, pad: pad}
	o.dst = lo.newPlaneIn(r, max(l, laneOf(rangeOf(pad))))
	lo.extent = extent
	return o
}

func (o *moveOp) planes(visit func(Plane, bool)) {
	visit(o.src, false)
	visit(o.dst, true)
	for _, v := range o.views {
		visit(v.plane, true)
	}
}

func (o *moveOp) renamed(stand func(Plane) Plane) op {
	c := *o
	c.src = stand(o.src)
	return &c
}

// room is the lanes that the result takes. The last view ends with the last position, but its readers run
// over whole vectors.
func (o *moveOp) room() int {
	n := roundUp(o.to.lanes(), planeAlign)
	if len(o.views) > 0 {
		n += planeAlign
	}
	return n
}

func (o *moveOp) run(m *memory) {
	switch m.lanes[o.dst] {
	case lane8:
		moveTo[int8](m, o)
	case lane16:
		moveTo[int16](m, o)
	case lane32:
		moveTo[int32](m, o)
	default:
		moveTo[int64](m, o)
	}
}

func moveTo[D fixed.Lane](m *memory, o *moveOp) {
	switch m.lanes[o.src] {
	case lane8:
		moveLanes[D, int8](m, o)
	case lane16:
		moveLanes[D, int16](m, o)
	case lane32:
		moveLanes[D, int32](m, o)
	default:
		moveLanes[D, int64](m, o)
	}
}

// moveLanes fills row by row. Where the columns of the source follow each other, as they do but for strides
// and repetitions, a row is one copy with the pad at both ends.
func moveLanes[D, S fixed.Lane](m *memory, o *moveOp) {
	dst := unsafe.Slice((*D)(m.address(o.dst)), o.room())
	src := unsafe.Slice((*S)(m.address(o.src)), o.from.lanes())
	pad := D(o.pad)
	first, last, plain := unbroken(o.columns)
	for y, row := range o.rows {
		to := dst[y*o.to.stride:][:o.to.w]
		if row < 0 {
			fillLanes(to, pad)
			continue
		}
		from := src[int(row)*o.from.stride:][:o.from.w]
		if !plain {
			pick(to, from, o.columns, pad)
			continue
		}
		fillLanes(to[:first], pad)
		if first < last {
			copyLanes(to[first:last], from[o.columns[first]:][:last-first])
		}
		fillLanes(to[last:], pad)
	}
	fillLanes(dst[o.to.lanes():], pad)
}

// pick sets each value to that of its column.
func pick[D, S fixed.Lane](dst []D, src []S, columns []int32, pad D) {
	dst = dst[:len(columns)]
	for x, c := range columns {
		v := pad
		if c >= 0 {
			v = D(src[c])
		}
		dst[x] = v
	}
}

// copyLanes and fillLanes take the ways that memory has for what needs no conversion.
func copyLanes[D, S fixed.Lane](dst []D, src []S) {
	if unsafe.Sizeof(D(0)) == unsafe.Sizeof(S(0)) {
		copy(dst, unsafe.Slice((*D)(unsafe.Pointer(unsafe.SliceData(src))), len(src)))
		return
	}
	num.Copy(dst, src)
}

func fillLanes[D fixed.Lane](dst []D, v D) {
	if v == 0 {
		clear(dst)
		return
	}
	num.Fill(dst, v)
}

// unbroken is the part of the columns that is not the pad, and whether they count up by one in it.
func unbroken(columns []int32) (first, last int, plain bool) {
	is := func(c int32) bool { return c >= 0 }
	first = slices.IndexFunc(columns, is)
	if first < 0 {
		return 0, 0, true
	}
	for last = first; last < len(columns) && columns[last] == columns[first]+int32(last-first); {
		last++
	}
	return first, last, !slices.ContainsFunc(columns[last:], is)
}

// splitOp takes planes on a grid apart: each position and channel becomes a plane of one sample. The lanes
// behind it hold the same value, so that they are in its range.
type splitOp struct {
	src, dst []Plane // dst position by position
	grid     grid
}

func (o *splitOp) planes(visit func(Plane, bool)) {
	for _, p := range o.src {
		visit(p, false)
	}
	for _, p := range o.dst {
		visit(p, true)
	}
}

func (o *splitOp) renamed(stand func(Plane) Plane) op {
	return &splitOp{src: renamedPlanes(o.src, stand), dst: o.dst, grid: o.grid}
}

func (o *splitOp) run(m *memory) {
	for c, p := range o.src {
		switch m.lanes[p] {
		case lane8:
			splitLanes[int8](m, o, c)
		case lane16:
			splitLanes[int16](m, o, c)
		case lane32:
			splitLanes[int32](m, o, c)
		default:
			splitLanes[int64](m, o, c)
		}
	}
}

func splitLanes[S fixed.Lane](m *memory, o *splitOp, c int) {
	src := unsafe.Slice((*S)(m.address(o.src[c])), o.grid.lanes())
	for y := range o.grid.h {
		for x, v := range src[y*o.grid.stride:][:o.grid.w] {
			spread := words(m, o.dst[(y*o.grid.w+x)*len(o.src)+c], int(unsafe.Sizeof(v)))
			num.Fill(spread, repeated(v))
		}
	}
}

// words is the memory of a narrow plane of one sample, whose lanes have so many bytes.
func words(m *memory, p Plane, bytes int) []int64 {
	return unsafe.Slice((*int64)(m.address(p)), planeAlign*bytes/8)
}

// repeated is a word of as many lanes as it holds, all of them v.
func repeated[S fixed.Lane](v S) int64 {
	bits := 8 * unsafe.Sizeof(v)
	w := uint64(v) << (64 - bits) >> (64 - bits)
	for ; bits < 64; bits *= 2 {
		w |= w << bits
	}
	return int64(w)
}
