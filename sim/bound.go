package sim

import (
	"context"
	"math"

	"github.com/hlsgo/hlsgo/internal/room"
	"github.com/hlsgo/hlsgo/ir"
)

// A file of 300 bytes can ask for a program of any size. What is added to one is therefore counted, in bytes
// that the process will have taken at its peak, and what goes beyond the bound ends the lowering: before a
// node whose size tells, in a kernel that makes long lists before it makes them, else at the operation.
// Kernels need no error path for that, and lowering takes long enough that an interrupt has to be noticed
// here as well. What workers take beside the program is in budget.go.

// What one more of each costs in bytes, with all that optimizing and placing add to it and what the collector
// leaves lying about. Measured with layers of four million values.
const (
	planeCost = 150
	opCost    = 600
	// weightCost is for a weight of the graph, as the raw integers that sums and evaluators have of it.
	weightCost = 70
	// ValueCost is for a result of one operation, in Env.Expect.
	ValueCost = planeCost + opCost
	// TapCost is for one place of a window or one input of a sum, in Env.Need.
	TapCost = 40
)

// meter counts what a program costs.
type meter struct {
	ctx  context.Context
	node *ir.Node // at hand
	used int64
	most int64 // 0: nobody has looked yet
	next int64 // of used, at which to look up
}

// lookEvery is how many bytes are counted between two looks at the context.
const lookEvery = 16 << 20

func newMeter(ctx context.Context, most int64) *meter { return &meter{ctx: ctx, most: max(most, 0)} }

// stopped ends a lowering from wherever it is.
type stopped struct{ err error }

// add counts bytes of the node at hand. It does not return where there is no room or no time for them.
func (m *meter) add(bytes int64) {
	if m == nil {
		return
	}
	if m.used = room.Plus(m.used, bytes); m.used < m.next {
		return
	}
	m.check(0)
	m.next = room.Plus(m.used, lookEvery)
	if m.most > 0 {
		m.next = min(m.next, m.most)
	}
}

// check does not return where there is no time, or no room for so many bytes more.
func (m *meter) check(more int64) {
	m.look()
	need := room.Plus(m.used, more)
	if m.most == 0 && need > room.Freely {
		m.most = room.Allowed()
	}
	if m.most > 0 && need > m.most {
		text := room.Refusal("the layers up to this one, written out value by value", need, m.most)
		panic(stopped{m.node.Errorf("%s", text)})
	}
}

// look does not return where nobody waits for the program any more.
func (m *meter) look() {
	if m == nil {
		return
	}
	if err := m.ctx.Err(); err != nil {
		panic(stopped{err})
	}
}

// begin says whose costs the next ones are, and counts the weights.
func (m *meter) begin(n *ir.Node) {
	m.node = n
	weights := 0
	for _, w := range n.Weights {
		weights += len(w.Data.Data)
	}
	m.add(room.Times(weights, weightCost))
}

// guard runs f and returns what ended it.
func (m *meter) guard(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			s, ok := p.(stopped)
			if !ok {
				panic(p)
			}
			err = s.err
		}
	}()
	m.next = 0
	return f()
}

// Need says that a kernel is about to make a list whose length is the product of sizes, of elements of so
// many bytes each. Where that does not fit into what a program may take the call does not return, and Compile
// answers with an error.
func (e *Env) Need(bytes int, sizes ...int) {
	if e.meter != nil {
		e.meter.add(room.Times(append(sizes, bytes)...))
	}
}

// Expect is Need for what is counted when it is made: it is refused now, and not after a while.
func (e *Env) Expect(bytes int, sizes ...int) {
	if e.meter != nil {
		e.meter.check(room.Times(append(sizes, bytes)...))
	}
}

// forecast refuses at once what long vectors will take that do not lie on grids: a result of an
// operation for each value that a layer without weights makes of them. What it does count is counted
// when it is made.
func (m *meter) forecast(g *ir.Graph, lookup Lookup, lo *Lowering) {
	vector := func(v *ir.Variable) bool { return v != nil && len(v.Shape) == 1 }
	ahead := int64(0)
	for _, n := range g.Nodes {
		k, ok := lookup.Kernel(n.Kind)
		if _, fits := lo.onVectorGrid(n.Out().Shape); k.Each && fits {
			continue // unless its input comes value by value, which is counted then
		}
		if !ok || k.Moves || len(n.Inputs) == 0 || len(n.Weights) > 0 || !vector(n.In(0)) || !vector(n.Out()) {
			continue
		}
		m.node = n
		ahead = room.Plus(ahead, room.Times(n.Out().Size(), ValueCost))
		m.check(ahead)
	}
}

// foresee refuses a node that is lowered value by value where its shapes alone say that it does not fit. What
// it does count is counted when it is made.
func (lo *Lowering) foresee(n *ir.Node, k Kernel) {
	if lo.meter == nil {
		return
	}
	planes, taps := int64(0), int64(0)
	for _, name := range n.Inputs {
		if t := lo.tensors[name]; t.grid != nil && lo.apart[name].Planes == nil { // which is taken apart
			planes = room.Plus(planes, room.Times(t.grid.positions(), len(t.Planes)))
		}
	}
	if !k.Moves {
		for _, v := range n.Vars {
			planes = room.Plus(planes, int64(v.Size()))
		}
		taps = tapsOf(n)
	}
	lo.meter.check(room.Plus(room.Times(int(min(planes, math.MaxInt)), planeCost),
		room.Times(int(min(taps, math.MaxInt)), TapCost)))
}

// tapsOf is how many inputs the sums of a node have that runs one matrix at many places; 0: it does not.
func tapsOf(n *ir.Node) int64 {
	w := n.Weight("weight")
	if w == nil || len(n.Out().Shape) < 2 {
		return 0
	}
	channels := n.Out().Shape[len(n.Out().Shape)-1]
	return room.Times(n.Out().Size()/channels, len(w.Data.Data)/channels)
}
