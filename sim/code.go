package sim

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sync"
	"sync/atomic"
)

// code is a program in the form that workers run: with every node's tensor for a trace, or optimized for
// predictions. It does not change; it is made at the first run that needs it.
type code struct {
	inputs, outputs, traced []Port
	ops                     []op
	nodes                   []step // that are traced; empty without a trace
	nodeOf                  []int  // of each operation
	layout                  *layout
	block                   int          // samples that a worker takes at once
	lanes                   []int32      // that count of each operation where planes lie on grids; else nil
	inputLoops              []*inputLoop // of each input, nil where there is no vector code
	inputCounts             []inputCount // of each input of a program that counts
	origins                 []*castOp    // of such a program's planes
	memories                sync.Pool    // *memory that no worker uses
}

// code is the program for runs with a trace, or without. Who waits for it until ctx is canceled gets
// an error; whoever wants it next makes it.
func (p *Program) code(ctx context.Context, traced bool) (*code, error) {
	f := &p.forms[0]
	if traced {
		f = &p.forms[1]
	}
	if c := f.made.Load(); c != nil {
		return c, nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if c := f.made.Load(); c != nil {
		return c, nil
	}
	m := newMeter(ctx, math.MaxInt64) // Compile has counted it
	err := m.guard(func() error {
		m.look()
		if traced {
			f.made.Store(p.whole(m))
		} else {
			f.made.Store(p.lean(m))
		}
		return nil
	})
	return f.made.Load(), err
}

// codeOf is code for those who wait as long as it takes.
func (p *Program) codeOf(traced bool) *code {
	c, err := p.code(context.Background(), traced)
	if err != nil {
		panic("BUG: sim: " + err.Error()) // nothing else ends it
	}
	return c
}

// madeOnce is one of the two forms of a program, once somebody has wanted it.
type madeOnce struct {
	mu   sync.Mutex // held by who makes it
	made atomic.Pointer[code]
}

// nodeOf is the node of each operation.
func (p *Program) nodeOf() []int {
	out := make([]int, 0, len(p.lowered.ops))
	for i, s := range p.nodes {
		for len(out) < s.end {
			out = append(out, i)
		}
	}
	return out
}

// whole is the code in which every tensor stays until its node ends, so that a trace can read it there.
// Nothing is optimized: a conversion that had joined another would leave out the tensor between them.
func (p *Program) whole(m *meter) *code {
	lo := *p.lowered
	lo.ops = make([]op, len(p.lowered.ops))
	for i, o := range p.lowered.ops {
		lo.ops[i] = o.renamed(func(p Plane) Plane { return p })
	}
	if err := linkLoops(lo.ops); err != nil {
		panic("BUG: sim: " + err.Error()) // Compile has looked
	}
	c := &code{
		inputs: p.Inputs, outputs: p.Outputs, traced: p.Traced, ops: lo.ops, nodes: p.nodes, nodeOf: p.nodeOf(),
		inputCounts: p.inputCounts,
	}
	nodeEnd := make([]int, len(lo.ops))
	for i, n := range c.nodeOf {
		nodeEnd[i] = p.nodes[n].end - 1
	}
	m.look()
	c.prepare(&lo, nodeEnd, p.sights(), p.opts, m)
	if p.opts.Block <= 0 && c.lanes == nil {
		c.shrink(1<<20, c.traced)
	}
	return c
}

// A trace delivers all tensors of a block, an output layer may be large, and several blocks are under way at
// once: their values are counted beside the planes.

// shrink makes the block a number of samples of which the tensors take so many values at most, and one line
// of vectors at least.
func (c *code) shrink(most int, ports ...[]Port) {
	values := 1
	for _, list := range ports {
		for _, t := range list {
			values += t.Size()
		}
	}
	c.block = min(c.block, max(most/values/planeAlign, 1)*planeAlign)
}

// lean is the code that computes the outputs only, and what is counted.
func (p *Program) lean(m *meter) *code {
	z := p.lowered.optimized(p.nodeOf(), portPlanes(p.Outputs), m)
	lo, planes := z.lo, z.outputs
	c := &code{
		inputs: p.Inputs, outputs: slices.Clone(p.Outputs), ops: lo.ops, nodeOf: z.nodes,
		inputCounts: p.inputCounts,
	}
	for i := range c.outputs {
		t := &c.outputs[i].tensor
		n := len(t.Planes)
		t.Planes, planes = planes[:n], planes[n:]
	}
	c.prepare(lo, nil, nil, p.opts, m)
	if p.opts.Block <= 0 && c.lanes == nil {
		c.shrink(1<<24, c.inputs, c.outputs)
	}
	return c
}

func portPlanes(ports []Port) (out []Plane) {
	for _, t := range ports {
		out = append(out, t.tensor.Planes...)
	}
	return out
}

// prepare gives the planes their memory, finds vector code, which needs lanes and adds to that memory, and
// chooses the block size.
func (c *code) prepare(lo *Lowering, nodeEnd []int, seen []sight, opts Options, m *meter) {
	if len(c.inputCounts) > 0 {
		c.origins = lo.origins()
	}
	c.layout = lo.layoutNodes(portPlanes(c.inputs), portPlanes(c.outputs), nodeEnd, seen)
	m.look()
	c.vectorize(lo, opts.Loops)
	m.look()
	if c.lanes = lo.opLanes(); c.lanes != nil {
		c.block = 1
		return
	}
	c.block = opts.Block
	if c.block <= 0 {
		c.block = blockFor(c.layout.perSample)
		if opts.Samples > 0 {
			c.block = min(c.block, opts.Samples)
		}
	}
	c.block = roundUp(c.block, planeAlign)
}

// blockFor is a number of samples whose planes stay in a core's second-level cache. Fewer than the smallest
// would spend their time on calling loops; more than the largest win nothing, as each call is long enough
// then.
func blockFor(perSample int) int {
	const (
		cache    = 512 << 10
		smallest = 128
		largest  = 1024
		beyond   = 64 << 20
	)
	if perSample*smallest > beyond { // beyond any cache, where a longer block wins nothing
		return planeAlign
	}
	return min(max(cache/max(perSample, 1), smallest), largest)
}

// borrow is memory for a worker that takes so many samples at once, until giveBack. It is kept between runs:
// making it costs more than predicting a few samples, for its constants and the pages of the arena.
func (c *code) borrow(samples int) *memory {
	need := min(c.block, roundUp(samples, planeAlign))
	if c.lanes != nil {
		need = c.layout.most
	}
	if m, ok := c.memories.Get().(*memory); ok && m.block >= need {
		return m
	}
	return newMemory(c.layout, need)
}

func (c *code) giveBack(m *memory) {
	m.stop, m.broken = nil, false // a pooled memory keeps no context
	c.memories.Put(m)
}

// describe completes the notes of the nodes by what the code does for them.
func (c *code) describe(notes []KernelInfo) []KernelInfo {
	out := slices.Clone(notes)
	set := c.layout.set
	for i, o := range c.ops {
		k := &out[c.nodeOf[i]]
		k.Operations++
		if o, ok := o.(*sumOp); ok {
			k.Loops = append(k.Loops, o.loopNames(set)...)
		}
	}
	for i := range out {
		slices.Sort(out[i].Loops)
		out[i].Loops = slices.Compact(out[i].Loops)
		out[i].Notes = left(out[i].Notes, out[i].Operations)
	}
	return out
}

// left are the notes of a node that has some operations left.
func left(notes []KernelNote, operations int) []KernelNote {
	if len(notes) != 1 || notes[0].Class != ClassPlanes || notes[0].Why == operationsLeft(operations) {
		return notes
	}
	n := notes[0]
	n.Why = operationsLeft(operations)
	if operations == 0 {
		n.Class, n.Why = ClassJoined, "runs within the sums before it, or has nothing to do"
	}
	return []KernelNote{n}
}

func operationsLeft(n int) string { return fmt.Sprintf("%d operations", n) }
