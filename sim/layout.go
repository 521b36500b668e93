package sim

import "github.com/hlsgo/hlsgo/sim/vec"

// layout places the planes of a program in memory: those never alive at the same time share a place. A block
// of samples then takes a fraction of what all planes would, and what is in use stays in the cache.
type layout struct {
	slot      []int // of each plane, in bytes per sample; of a wide plane, its index among wide slots
	rooms     []int // lanes of each plane of a program with grids, whose slots are in bytes; else nil
	most      int   // of lanes that an operation of such a program computes
	lanes     []lane
	constants []constant
	perSample int // bytes of the arena per sample of a block
	wideSlots int
	set       *vec.Set // vector code; nil: none
	staging   staging
}

// pool hands out slots and takes them back, by lane. The slot given back last is handed out first: its lines
// are the ones still in the cache. Slots of one lane never become those of another, which keeps every plane
// aligned.
type pool struct {
	free map[int][]int // by size in bytes; 0: wide planes
	l    *layout
}

func (p *pool) take(x Plane) int {
	size := p.size(x)
	if f := p.free[size]; len(f) > 0 {
		s := f[len(f)-1]
		p.free[size] = f[:len(f)-1]
		return s
	}
	if size == 0 {
		p.l.wideSlots++
		return p.l.wideSlots - 1
	}
	s := p.l.perSample
	p.l.perSample += size
	return s
}

func (p *pool) give(x Plane) {
	size := p.size(x)
	p.free[size] = append(p.free[size], p.l.slot[x])
}

// size is the bytes of a plane: per sample, or all of them.
func (p *pool) size(x Plane) int {
	size := p.l.lanes[x].bytes()
	if p.l.rooms == nil || size == 0 {
		return size
	}
	return slotBytes(size * p.l.rooms[x])
}

// sight is the look of a trace at the planes of a node, behind its last operation.
type sight struct {
	planes []Plane
	end    int // the operation
}

// lifetimes finds, for each plane, the last operation that touches it; nodeEnd, when not nil, maps an
// operation to the last one of its node, until which whatever it writes stays readable. A node may hand on
// planes of nodes before it: they stay until the trace has seen them there.
func (lo *Lowering) lifetimes(outputs []Plane, nodeEnd []int, seen []sight) []int {
	last := make([]int, len(lo.ranges))
	for i := range last {
		last[i] = -1
	}
	for i, o := range lo.ops {
		o.planes(func(p Plane, write bool) {
			last[p] = max(last[p], i)
			if write && nodeEnd != nil {
				last[p] = max(last[p], nodeEnd[i])
			}
		})
	}
	for _, s := range seen {
		for _, p := range s.planes {
			if last[p] >= 0 {
				last[p] = max(last[p], s.end)
			}
		}
	}
	lo.keepInLoops(last)
	// Outputs are read when all is done; constants are written once, when the memory is made.
	for _, p := range outputs {
		last[p] = len(lo.ops)
	}
	lo.foldViews(last)
	for _, c := range lo.constants {
		last[c.plane] = len(lo.ops)
	}
	return last
}

// keepInLoops keeps what a loop reads from before it until its last step is done: the stretch reads it again
// at every step, though the last operation that names it may stand at the stretch's beginning.
func (lo *Lowering) keepInLoops(last []int) {
	var open []int
	written := make([]int, len(last)) // one more than the operation
	ends := map[int]int{}             // of loops, by their heads
	for i, o := range lo.ops {
		switch o.(type) {
		case *loopHead:
			open = append(open, i)
		case *loopTail:
			ends[open[len(open)-1]] = i
			open = open[:len(open)-1]
		}
	}
	if len(ends) == 0 {
		return
	}
	for i, o := range lo.ops {
		o.planes(func(p Plane, write bool) {
			if write && written[p] == 0 {
				written[p] = i + 1
			}
			for _, head := range open {
				if !write && written[p] <= head {
					last[p] = max(last[p], ends[head])
				}
			}
		})
		switch o.(type) {
		case *loopHead:
			open = append(open, i)
		case *loopTail:
			open = open[:len(open)-1]
		}
	}
}

// layout places the planes of the operations, of which inputs exist beforehand and outputs remain.
func (lo *Lowering) layout(inputs, outputs []Plane) *layout {
	return lo.layoutNodes(inputs, outputs, nil, nil)
}

func (lo *Lowering) layoutNodes(inputs, outputs []Plane, nodeEnd []int, seen []sight) *layout {
	l := &layout{
		slot: make([]int, len(lo.ranges)), lanes: lo.lanes, constants: lo.constants, rooms: lo.rooms(),
		most: lo.most(),
	}
	last := lo.lifetimes(outputs, nodeEnd, seen)
	p := &pool{l: l, free: map[int][]int{}}
	placed := make([]bool, len(lo.ranges))
	place := func(x Plane) {
		if !placed[x] {
			placed[x] = true
			l.slot[x] = p.take(x)
		}
	}
	for _, c := range lo.constants {
		place(c.plane)
	}
	for _, x := range inputs {
		place(x)
	}
	// A result is placed before what its operation reads is given back, since no operation may write what it
	// reads.
	dying := make([][]Plane, len(lo.ops)+1)
	for x, i := range last {
		if i >= 0 {
			dying[i] = append(dying[i], Plane(x))
		}
	}
	for i, o := range lo.ops {
		o.planes(func(x Plane, write bool) {
			if write && !l.isView(o, x) {
				place(x)
			}
		})
		for _, x := range dying[i] {
			p.give(x)
		}
	}
	l.placeViews(lo)
	return l
}
