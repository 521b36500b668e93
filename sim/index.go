package sim

import (
	"math"
	"math/bits"

	"github.com/hlsgo/hlsgo/fixed"
)

// The arithmetic of an index is the C++'s, quirks included: the product has the width of an unsigned, the
// quotient is cut toward zero, the conversion to int may wrap, and only then the index is clamped.

// TableIndex is the rule by which most tables of nnet_activation.h are read:
//
//	int data_round = x * size / d;
//	int index = data_round + offset;  // then clamped to 0..size-1
//
// with size unsigned, as in the C++.
func TableIndex(x Num, size, d, offset int) int {
	dataRound := x.Mul(CUnsigned(int64(size))).Div(CInt(int64(d))).Int()
	index := int32(uint32(dataRound) + uint32(offset))
	NoteIndex(x, int64(index), size)
	return int(min(max(index, 0), int32(size-1)))
}

// TableIndex appends the operations of the function of that name for x in format in.
func (lo *Lowering) TableIndex(x Plane, in fixed.Format, size, d, offset int) Plane {
	quotient := fixed.Div(fixed.Mul(in, fixed.UInt(32)), fixed.Int(32))
	q := x
	if size%d == 0 {
		q = lo.Scale(x, int64(size/d), 0)
	} else {
		q = lo.Quo(lo.Scale(x, int64(size), 0), int64(d))
	}
	i := lo.Cast(q, quotient, fixed.Int(32))
	if offset != 0 {
		i = lo.Cast(lo.Scale(i, 1, int64(offset)), fixed.Int(40), fixed.Int(32))
	}
	lo.WatchIndex(i, size)
	return lo.Clamp(i, 0, int64(size-1))
}

// TableAt appends a look-up at the place that TableIndex gives, in the table of all results by that place.
func (lo *Lowering) TableAt(x Plane, in fixed.Format, t *Table, d, offset int) Plane {
	size := t.size()
	if i, ok := lo.centredIndex(x, in, size, d, offset); ok {
		key := movedTable{t, -int64(offset)}
		if lo.moved[key] == nil {
			lo.moved[key] = t.from(key.lo)
		}
		return lo.Lookup(i, lo.moved[key])
	}
	return lo.Lookup(lo.TableIndex(x, in, size, d, offset), t)
}

// movedTable is a table for other arguments.
type movedTable struct {
	table *Table
	lo    int64
}

// Where size/d is a power of two the whole rule is one shift with a clamp behind it, as long as nothing wraps
// on the way to an int. The offset moves into the table: it then starts at -offset.

// centredIndex is TableIndex less its offset, as a single conversion; ok is false where it takes more.
// Functions of one value, which become tables, have no use for it.
func (lo *Lowering) centredIndex(x Plane, in fixed.Format, size, d, offset int) (i Plane, ok bool) {
	quotient := fixed.Div(fixed.Mul(in, fixed.UInt(32)), fixed.Int(32))
	step := size / d
	if lo.health != nil && lo.health.sub || d < 1 || size%d != 0 || step < 1 || step&(step-1) != 0 ||
		quotient.Kind != fixed.KindFixed {
		return x, false
	}
	quotient.I += bits.TrailingZeros(uint(step)) // x times the power of two
	r := lo.ranges[x]
	p, ok := fixed.TryPlan(quotient, r.Lo, r.Hi, r.Zeros, fixed.Int(32))
	if !ok || p.General || p.Over != fixed.OverNone || p.OutHi+int64(offset) > math.MaxInt32 {
		return x, false
	}
	lo.watchPlace(x, p, size, offset)
	p.Over, p.Lo, p.Hi = fixed.OverClamp, int64(-offset), int64(size-1-offset)
	p.OutLo, p.OutHi = min(max(p.OutLo, p.Lo), p.Hi), min(max(p.OutHi, p.Lo), p.Hi)
	return lo.Apply(x, p), true
}

// watchPlace counts the place p(x) + offset in a table of size entries.
func (lo *Lowering) watchPlace(x Plane, p fixed.Plan, size, offset int) {
	if h := lo.health; h != nil && !lo.wide {
		lo.emit(&indexWatch{
			slot: h.slot(RoleIndex, fixed.Int(32)), plane: x, plan: p, offset: int64(offset),
			fits: between(&p, lo.ranges[x], int64(-offset), int64(size-1-offset)),
		})
	}
}

// TopIndex is the number in the top bits of x that address a table of size entries, a power of two no larger
// than x has values. mirrors nnet::softmax_idx_from_real_val in nnet_activation.h.
func TopIndex(x Num, size int) int { return x.Bits(x.T.W-1, x.T.W-CeilLog2(size)) }

// NoteTop counts the place of TopIndex, for a health report, in the order of the values.
func NoteTop(x Num, size int) {
	at := TopIndex(x, size)
	if x.T.Signed {
		at = (at + size/2) % size
	}
	NoteIndex(x, int64(at), size)
}

// WatchTop counts the place of TopIndex of x in format in, in the order of the values.
func (lo *Lowering) WatchTop(x Plane, in fixed.Format, size int) {
	if lo.health == nil || lo.wide {
		return
	}
	place := fixed.Format{W: CeilLog2(size), I: in.I, Signed: in.Signed}
	i := lo.Cast(x, in, place)
	if in.Signed {
		i = lo.Scale(i, 1, int64(size/2))
	}
	lo.WatchIndex(i, size)
}

// TopIndex appends the operation of the function of that name for x in format in.
func (lo *Lowering) TopIndex(x Plane, in fixed.Format, size int) Plane {
	return lo.topBits(x, in.W, in.W-CeilLog2(size))
}
