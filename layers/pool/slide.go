package pool

import (
	"math/bits"

	"github.com/hlsgo/hlsgo/sim"
)

// Windows that overlap much share most of their work. The maximum of a window is that of its rows' maxima,
// and rows next to each other have these in common; along an axis the maximum of a stretch is that of two
// shorter ones, 2^k values long, that begin and end with it. Operations are then few per value whatever the
// size of the windows.

// fewPlaces is the size of windows from which on sharing pays.
const fewPlaces = 16

// overlaps reports whether windows are large and have most of their places in common.
func (p *pooling) overlaps() bool {
	strides := min(p.strideH, p.height) * min(p.strideW, p.width)
	return p.places() > fewPlaces && p.places() > 4*strides && p.outputs() > p.chans
}

// slide is the maximum of each window, in the order of the outputs.
func (p *pooling) slide(lo *sim.Lowering, x []sim.Plane) []sim.Plane {
	cols, rows := make([]span, p.outW), make([]span, p.outH)
	for i := range cols {
		cols[i] = clipped(i*p.strideW-p.padLeft, p.poolW, p.width)
	}
	for i := range rows {
		rows[i] = clipped(i*p.strideH-p.padTop, p.poolH, p.height)
	}
	across := make([]sim.Plane, p.height*p.outW*p.chans)
	for row := range p.height {
		for c := range p.chans {
			maxima(lo, axis{x[row*p.width*p.chans+c:], p.chans, p.width}, cols,
				axis{across[row*p.outW*p.chans+c:], p.chans, p.outW})
		}
	}
	out := make([]sim.Plane, p.outputs())
	step := p.outW * p.chans
	for i := range step {
		maxima(lo, axis{across[i:], step, p.height}, rows, axis{out[i:], step, p.outH})
	}
	return out
}

// axis is every step-th plane of a list, n of them.
type axis struct {
	planes  []sim.Plane
	step, n int
}

// maxima puts the maximum of each span of x into out.
func maxima(lo *sim.Lowering, x axis, spans []span, out axis) {
	line := make([]sim.Plane, x.n)
	for i := range line {
		line[i] = x.planes[i*x.step]
	}
	levels := [][]sim.Plane{line} // of level k the maxima of 2^k values from each place on
	for i, s := range spans {
		k := bits.Len(uint(s.size())) - 1
		for len(levels) <= k {
			levels = append(levels, doubled(lo, levels[len(levels)-1], 1<<(len(levels)-1)))
		}
		a, b := levels[k][s.from], levels[k][s.to-1<<k]
		if a != b {
			a = lo.Max(a, b)
		}
		out.planes[i*out.step] = a
	}
}

// doubled are the maxima of twice as many values as those of a level, which have n each.
func doubled(lo *sim.Lowering, level []sim.Plane, n int) []sim.Plane {
	out := make([]sim.Plane, len(level)-n)
	for i := range out {
		out[i] = lo.Max(level[i], level[i+n])
	}
	return out
}
