package sim

import (
	"context"

	"github.com/hlsgo/hlsgo/internal/room"
	"github.com/hlsgo/hlsgo/ir"
)

// A file of 300 bytes can ask for a program of any size. What is added to one is therefore counted, in bytes
// that the process will have taken at its peak, and what goes beyond the bound ends the lowering: in a kernel
// that makes long lists before it makes them, else at the operation. Kernels need no error path for that, and
// lowering takes long enough that an interrupt has to be noticed here as well.

// What one more of each costs in bytes, with all that optimizing and placing add to it and what the collector
// leaves lying about. Measured with layers of four million values.
const (
	planeCost = 150
	opCost    = 600
	// weightCost is for a weight of the graph, as the raw integers that sums and evaluators have of it.
	weightCost = 70
	// TapCost is for one place of a window or one input of a sum, in Env.Need.
	TapCost = 40
)

// meter counts what a program costs.
type meter struct {
	ctx        context.Context
	node       *ir.Node // at hand
	used, most int64
	next       int64 // of used, at which to look up
}

// lookEvery is how many bytes are counted between two looks at the context.
const lookEvery = 16 << 20

func newMeter(ctx context.Context, most int64) *meter {
	if most <= 0 {
		most = room.Allowed()
	}
	return &meter{ctx: ctx, most: most}
}

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
	if err := m.ctx.Err(); err != nil {
		panic(stopped{err})
	}
	if m.used > m.most {
		panic(stopped{m.tooMuch()})
	}
	m.next = min(m.used+lookEvery, m.most)
}

func (m *meter) tooMuch() error {
	return m.node.Errorf("memory: got %s for the layers up to this one, written out value by value, "+
		"want at most %s: use smaller tensors or windows; %s", room.Text(m.used), room.Text(m.most), room.Advice)
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
