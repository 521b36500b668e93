package sim

import (
	"fmt"
	"unsafe"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
)

// A loop is a stretch of the program that runs once per step of a tensor's first axis, with the same weights
// and the same planes each time. BeginLoop and EndLoop bracket it.
//
// The operation at its head runs all steps but the last, each followed by the one at its end; the program
// then goes on into the stretch by itself, which is the last step. So whoever looks at the planes in between,
// a trace, finds the values of the last step, as in the generated loop.

// In the list of operations a stretch stands once, between its ends. Its head holds the stretch as a slice of
// that same list: whoever copies or rewrites the list has to link it again.

// loopHead brings the planes of a step to where the stretch reads them.
type loopHead struct {
	steps [][]Plane // [step][value]
	at    []Plane   // the values of one step
	tail  *loopTail
	body  []op // from behind the head to the tail, the tail included
}

// loopTail puts the planes that the stretch wrote where they belong in the whole tensor.
type loopTail struct {
	head  *loopHead
	at    []Plane
	steps [][]Plane
}

func (h *loopHead) run(m *memory) {
	last := len(h.steps) - 1
	for s := range last {
		if m.canceled() {
			return
		}
		m.copyPlanes(h.at, h.steps[s])
		m.health.nextBlock() // what was known of the stretch's planes holds no longer
		for _, o := range h.body[:len(h.body)-1] {
			if o.run(m); m.broken {
				return
			}
		}
		m.copyPlanes(h.tail.steps[s], h.tail.at)
	}
	m.copyPlanes(h.at, h.steps[last])
	m.health.nextBlock()
}

func (t *loopTail) run(m *memory) { m.copyPlanes(t.steps[len(t.steps)-1], t.at) }

// planes claims the places of the whole result at the head already: they are filled step by step.
func (h *loopHead) planes(visit func(Plane, bool)) {
	visitAll(h.steps, false, visit)
	visitAll([][]Plane{h.at}, true, visit)
	if h.tail != nil {
		visitAll(h.tail.steps, true, visit)
	}
}

// planes keeps the places of the input until the last step is done.
func (t *loopTail) planes(visit func(Plane, bool)) {
	visitAll(t.head.steps, false, visit)
	visitAll([][]Plane{t.at}, false, visit)
	visitAll(t.steps, true, visit)
}

func visitAll(rows [][]Plane, write bool, visit func(Plane, bool)) {
	for _, row := range rows {
		for _, p := range row {
			visit(p, write)
		}
	}
}

// copyPlanes copies values from planes to planes whose lanes hold them.
func (m *memory) copyPlanes(dst, src []Plane) {
	for i, p := range src {
		if m.lanes[p] == laneWide {
			to := m.big(dst[i])
			for s, x := range m.big(p) {
				to[s].Set(&x)
			}
			continue
		}
		if m.lanes[dst[i]] == m.lanes[p] {
			k := m.n * m.lanes[p].bytes()
			copy(unsafe.Slice((*byte)(m.address(dst[i])), k), unsafe.Slice((*byte)(m.address(p)), k))
			continue
		}
		m.apply(fixed.Plan{}, dst[i], p)
	}
}

// BeginLoop starts a loop over the first axis of the node's input: the node's output is one step of it,
// converted to the output's type.
func (lo *Lowering) BeginLoop(n *ir.Node, steps int) error {
	x := lo.converted(lo.In(n, 0), n.Out().Type.Format)
	size := n.Out().Size()
	if steps < 1 || len(x.Planes) != steps*size {
		return n.Errorf("steps: got %d of %d values for an input of %d", steps, size, len(x.Planes))
	}
	h := &loopHead{at: make([]Plane, size)}
	for s := range steps {
		h.steps = append(h.steps, x.Planes[s*size:(s+1)*size])
	}
	for i := range h.at {
		r, l := lo.ranges[h.steps[0][i]], lo.lanes[h.steps[0][i]]
		for _, row := range h.steps {
			r, l = r.union(lo.ranges[row[i]]), max(l, lo.lanes[row[i]])
		}
		h.at[i] = lo.newPlaneIn(r, l)
	}
	lo.SetOut(n, 0, h.at)
	lo.emit(h)
	lo.loops = append(lo.loops, h)
	return nil
}

// EndLoop ends the loop that was begun last: the node's output has every step of its input, converted to the
// output's type, one behind the other.
func (lo *Lowering) EndLoop(n *ir.Node) error {
	if len(lo.loops) == 0 {
		return n.Errorf("end of a loop over steps: got no loop begun before it")
	}
	h := lo.loops[len(lo.loops)-1]
	lo.loops = lo.loops[:len(lo.loops)-1]
	x := lo.converted(lo.In(n, 0), n.Out().Type.Format)
	if len(x.Planes)*len(h.steps) != n.Out().Size() {
		return n.Errorf("steps: got %d of %d values for an output of %d",
			len(h.steps), len(x.Planes), n.Out().Size())
	}
	t := &loopTail{head: h, at: x.Planes}
	var all []Plane
	for range h.steps {
		row := make([]Plane, len(x.Planes))
		for i, p := range x.Planes {
			row[i] = lo.newPlaneIn(lo.ranges[p], lo.lanes[p])
		}
		t.steps, all = append(t.steps, row), append(all, row...)
	}
	h.tail = t
	lo.SetOut(n, 0, all)
	lo.emit(t)
	return nil
}

// converted is the tensor in another format: by plane operations where they can, else value by value.
func (lo *Lowering) converted(x Tensor, to fixed.Format) Tensor {
	if x.Format == to {
		return x
	}
	out := Tensor{Format: to, Planes: make([]Plane, len(x.Planes))}
	if lo.plain || !lo.narrow(x) || !to.Narrow() {
		for i := range out.Planes {
			out.Planes[i] = lo.anyPlane(to)
		}
		lo.emit(&evalOp{node: -1, in: []Tensor{x}, out: []Tensor{out}, eval: func(in, out [][]Num) {
			for i, v := range in[0] {
				out[0][i] = v.Cast(to)
			}
		}})
		return out
	}
	for i, p := range x.Planes {
		out.Planes[i] = lo.Cast(p, x.Format, to)
	}
	return out
}

// renamed leaves the tail to linkLoops.
func (h *loopHead) renamed(stand func(Plane) Plane) op {
	c := &loopHead{at: h.at, tail: h.tail}
	for _, row := range h.steps {
		c.steps = append(c.steps, renamedPlanes(row, stand))
	}
	return c
}

// renamed leaves the head to linkLoops.
func (t *loopTail) renamed(stand func(Plane) Plane) op {
	return &loopTail{head: t.head, at: renamedPlanes(t.at, stand), steps: t.steps}
}

// linkLoops gives every loop its ends and its stretch of the operations.
func linkLoops(ops []op) error {
	var open []int
	for i, o := range ops {
		switch o := o.(type) {
		case *loopHead:
			open = append(open, i)
		case *loopTail:
			at := open[len(open)-1]
			open = open[:len(open)-1]
			o.head = ops[at].(*loopHead)
			o.head.tail, o.head.body = o, ops[at+1:i+1]
		}
	}
	if len(open) > 0 {
		return fmt.Errorf("loop over steps: got a beginning without an end")
	}
	return nil
}
