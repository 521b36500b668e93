package sim

import "math/bits"

// Planes on grids have sizes of their own, so that their slots are bytes, whatever lane they hold.

// rooms is the lanes that each plane needs memory for, in a program with grids; nil: a block of samples each.
// A constant may be read beside any plane, and has as many lanes as the largest.
func (lo *Lowering) rooms() []int {
	if lo.extents == nil {
		return nil
	}
	out := make([]int, len(lo.extents))
	most := planeAlign
	for p, n := range lo.extents {
		out[p] = roundUp(max(int(n), 1), planeAlign)
		most = max(most, out[p])
	}
	for _, o := range lo.ops {
		if o, ok := o.(*moveOp); ok {
			out[o.dst] = o.room()
		}
	}
	for _, c := range lo.constants {
		out[c.plane] = most
	}
	return out
}

// most is the most lanes that an operation computes.
func (lo *Lowering) most() int {
	most := planeAlign
	for _, n := range lo.extents {
		most = max(most, roundUp(int(n), planeAlign))
	}
	return most
}

// opLanes is how many lanes of each operation count: those of what it writes; of one that only looks, those
// of what it reads. Nil: those of the block.
func (lo *Lowering) opLanes() []int32 {
	if lo.extents == nil {
		return nil
	}
	out := make([]int32, len(lo.ops))
	for i, o := range lo.ops {
		read := int32(1)
		o.planes(func(p Plane, write bool) {
			if write {
				out[i] = max(out[i], lo.extents[p], 1)
			}
			read = max(read, lo.extents[p])
		})
		if out[i] == 0 {
			out[i] = read
		}
	}
	return out
}

// slotBytes is the size of the slot for some bytes. Slots of a few sizes find each other again; and their
// sizes are no multiples of a power of two: the loops read the same lane of many planes side by side, which
// then must not fall into one set of the cache.
func slotBytes(n int) int {
	unit := planeAlign
	if n > 1<<10 {
		unit = 1 << (bits.Len(uint(n)) - 4)
	}
	return roundUp(n, unit) + unitPad
}

// foldViews lets the planes that are read from other lanes on live in that of the whole, for as long as any
// of them is read.
func (lo *Lowering) foldViews(last []int) {
	if lo.extents == nil {
		return
	}
	for _, o := range lo.ops {
		if o, ok := o.(*moveOp); ok {
			for _, v := range o.views {
				last[o.dst] = max(last[o.dst], last[v.plane])
				last[v.plane] = -1
			}
		}
	}
}

// isView reports whether a plane that an operation writes is a part of another.
func (l *layout) isView(o op, p Plane) bool {
	m, ok := o.(*moveOp)
	return ok && p != m.dst
}

// placeViews finds the slots of such planes.
func (l *layout) placeViews(lo *Lowering) {
	for _, o := range lo.ops {
		if o, ok := o.(*moveOp); ok {
			for _, v := range o.views {
				l.slot[v.plane] = l.slot[o.dst] + v.lanes*lo.lanes[o.dst].bytes()
			}
		}
	}
}
