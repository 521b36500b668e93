package sim

import "slices"

// join moves conversions into the sums whose results only they read. A sum has its result in registers, or in
// cache, when it is done; converting it there saves writing and reading a plane.
func (z *optimizer) join(outputs []Plane) {
	uses := z.uses(outputs)
	readers := map[Plane]int{} // conversions, by what they read
	for i, o := range z.lo.ops {
		if c, ok := o.(*castOp); ok {
			readers[c.src] = i
		}
	}
	for _, o := range z.lo.ops {
		s, ok := o.(*sumOp)
		if !ok {
			continue
		}
		for f := range s.filters {
			for z.joinFilter(s, f, uses, readers) {
			}
		}
	}
}

// uses counts the operations and outputs that read each plane.
func (z *optimizer) uses(outputs []Plane) []int {
	uses := make([]int, len(z.lo.ranges))
	for _, o := range z.lo.ops {
		if o == nil {
			continue
		}
		o.planes(func(p Plane, write bool) {
			if !write {
				uses[p]++
			}
		})
	}
	for _, p := range outputs {
		uses[p]++
	}
	return uses
}

// joinFilter moves one conversion, the same behind every pixel, into a filter. Nobody else may read the
// result, for it is gone then; and the conversion must read it right from the accumulator's lane, in which
// the steps of finish run one after the other, while its own plane might have been wider. With an affine step
// in finish the first plans are numbered, so such filters are left alone.
func (z *optimizer) joinFilter(s *sumOp, f int, uses []int, readers map[Plane]int) bool {
	filter := &s.filters[f]
	if filter.xnor != 0 || !filter.holds(filter.rng) {
		return false
	}
	n := len(s.filters)
	var first *castOp
	var found []int
	for r := range s.taps {
		p := s.out[r*n+f]
		i, ok := readers[p]
		if !ok || uses[p] != 1 {
			return false
		}
		c := z.lo.ops[i].(*castOp)
		if first == nil {
			first = c
		}
		if c.plan != first.plan || z.lo.lanes[c.dst] != z.lo.lanes[first.dst] {
			return false
		}
		found = append(found, i)
	}
	filter.finish = append(slices.Clone(filter.finish), first.plan)
	filter.then = append(slices.Clone(filter.then), filter.rng)
	filter.rng = z.lo.ranges[first.dst]
	for r, i := range found {
		s.out[r*n+f] = z.lo.ops[i].(*castOp).dst
		z.lo.ops[i] = nil
	}
	return true
}

// holds reports whether the accumulator's lane, in whichever loop, holds values of the range.
func (f *filter) holds(r Range) bool {
	switch {
	case f.acc16:
		return fitsBits(r.Lo, r.Hi, 16)
	case !f.wide:
		return fitsBits(r.Lo, r.Hi, 32)
	}
	return true
}

// sweep removes what no output depends on. From back to front, an operation is needed if somebody behind it
// reads one of its results; then what it reads is needed too. Of a sum only some filters and pixels may be.
func (z *optimizer) sweep(outputs []Plane) {
	live := make([]bool, len(z.lo.ranges))
	for _, p := range outputs {
		live[p] = true
	}
	for i, o := range slices.Backward(z.lo.ops) {
		if o == nil {
			continue
		}
		if s, ok := o.(*sumOp); ok {
			s.dropDead(live)
		}
		needed := isLoop(o) || counts(o) // the ends of a loop stay together
		o.planes(func(p Plane, write bool) { needed = needed || write && live[p] })
		if !needed {
			z.lo.ops[i] = nil
			continue
		}
		o.planes(func(p Plane, write bool) { live[p] = live[p] || !write })
	}
	var ops []op
	var nodes []int
	var steps []int32
	for i, o := range z.lo.ops {
		if o != nil {
			ops, nodes, steps = append(ops, o), append(nodes, z.nodes[i]), append(steps, z.lo.steps[i])
		}
	}
	z.lo.ops, z.lo.steps, z.nodes = ops, steps, nodes
	z.lo.constants = slices.DeleteFunc(z.lo.constants, func(c constant) bool { return !live[c.plane] })
}

func isLoop(o op) bool {
	switch o.(type) {
	case *loopHead, *loopTail:
		return true
	}
	return false
}

// counts reports whether an operation is there for a health report.
func counts(o op) bool {
	switch o.(type) {
	case *castWatch, *indexWatch, *tableWatch, *sumWatch:
		return true
	}
	return false
}

// dropDead forgets pixels and filters whose results nobody reads.
func (o *sumOp) dropDead(live []bool) {
	n := len(o.filters)
	var taps [][]Plane
	var out []Plane
	filters := make([]bool, n)
	for r, row := range o.taps {
		results := o.out[r*n : (r+1)*n]
		if slices.ContainsFunc(results, func(p Plane) bool { return live[p] }) {
			taps, out = append(taps, row), append(out, results...)
		}
		for f, p := range results {
			filters[f] = filters[f] || live[p]
		}
	}
	o.taps, o.out = taps, out
	var keep []int
	for f, needed := range filters {
		if needed {
			keep = append(keep, f)
		}
	}
	o.keepFilters(keep)
	if len(keep) > 0 {
		o.dropColumns()
	}
}
