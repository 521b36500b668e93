package sim

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/sim/vec"
)

// Options tune Compile. None of them changes an answer.
type Options struct {
	// Block is the number of samples that a worker takes at once; 0: chosen from the memory they need.
	Block int
	// Plain runs the plain evaluator of every node instead of plane operations.
	Plain bool
	// Loops is the vector code to use; nil: the best that the machine has. An empty set: none.
	Loops *vec.Set
	// Samples is how many samples the program will run, where that is known; 0: it is not. Of few, most of
	// the time goes into making the program.
	Samples int
	// Memory is the bytes that a program and a run of it may take; 0: what room.Allowed says, see
	// docs/architecture.md, "Bad input". More is refused.
	Memory int64
	// Grid says whether pictures lie on grids.
	Grid GridUse
	// Health makes a program that counts what becomes of every value in its type, see Report.Health.
	Health bool
	// Moving leaves constants, such as weights and tables, out of the report: what they become is the same for
	// all samples, and takes longer to find than many samples take to run.
	Moving bool
}

// Program is a graph ready to run. It does not change: any number of runs may share it. Kernels lower the
// graph once; of the result two forms are made when a run first asks for them, since few callers need both.
type Program struct {
	Inputs  []Port // in the model's order
	Outputs []Port
	// Traced lists what a trace holds: one tensor per node of the graph, inputs and reshapes in place apart,
	// under hls4ml's name, which is the node's.
	Traced []Port

	lowered *Lowering // operations as the kernels made them
	nodes   []step
	notes   []KernelInfo
	opts    Options
	cost    int64           // bytes of making it
	apart   func() *Program // the same program without grids, made once; nil: it has none
	forms   [2]madeOnce     // for runs without a trace, and with one

	// Of a program that counts; else empty.
	counts      bool
	graphNodes  []*ir.Node
	slots       []slotKey
	taps        int                         // of all sums that are counted
	static      [][]TensorHealth            // of constants, by node
	places      map[placeKey]AddressedTable // that types address
	inputCounts []inputCount                // of each input
}

// Port is a tensor of a program that the outside sees.
type Port struct {
	Name   string // of the node
	Shape  []int  // of one sample, channels last
	Format fixed.Format
	tensor Tensor
}

// Size is the number of values of one sample.
func (p Port) Size() int { return ir.Size(p.Shape) }

// step is a node's part of a program.
type step struct {
	end    int // index behind its last operation
	traced int // index of its tensor in Traced; -1 if none
}

// KernelNote tells how some of a node's results are computed.
type KernelNote struct {
	Class Class
	Lane  string // of data and accumulator: "int16 into int32"; "any" of plain evaluators
	Why   string // the reason in words
	Count int    // of results
}

// KernelInfo tells how a node runs.
type KernelInfo struct {
	Node, Kind string
	Notes      []KernelNote
	Operations int      // plane operations per block
	Loops      []string // of its sums in vector code, with the set's name; none: plain loops
}

// Kernels tells, node by node, which kernels predictions use and why. A trace, which looks at every node,
// runs each conversion where it stands.
func (p *Program) Kernels() []KernelInfo { return p.codeOf(false).describe(p.notes) }

// BlockSize is the number of samples that a worker of a prediction takes at once.
func (p *Program) BlockSize() int { return p.codeOf(false).block }

// Compile lowers the final graph into a program of plane operations. All nodes that cannot run are reported
// together.
func Compile(g *ir.Graph, lookup Lookup, opts Options) (*Program, error) {
	return CompileContext(context.Background(), g, lookup, opts)
}

// CompileContext is Compile until ctx is canceled.
func CompileContext(ctx context.Context, g *ir.Graph, lookup Lookup, opts Options) (p *Program, err error) {
	m := newMeter(ctx, opts.Memory)
	err = m.guard(func() error {
		if p, err = compile(g, lookup, opts, m); err == nil {
			p.cost = m.used
		}
		return err
	})
	return p, err
}

func compile(g *ir.Graph, lookup Lookup, opts Options, m *meter) (*Program, error) {
	env := &Env{Stream: g.Config.IOType == ir.Stream, meter: m}
	lo := newLowering(g, env)
	lo.plain = opts.Plain
	lo.least, lo.grids = leastPositions(g, opts)
	if !opts.Plain {
		m.forecast(g, lookup, lo)
	}
	p := &Program{lowered: lo, opts: opts}
	if opts.Health {
		lo.health = newHealthLowering(false)
		env.places = lo.health.address
		if !opts.Moving {
			env.tables = lo.health.table
		}
	}
	var problems []error
	for i, n := range g.Nodes {
		lo.health.begin(i)
		m.begin(n)
		if err := lo.node(n, lookup, opts); err != nil {
			problems = append(problems, err)
			continue
		}
		p.notes = append(p.notes, KernelInfo{Node: n.Name, Kind: n.Kind, Notes: lo.notes})
		lo.notes = nil
		p.nodes = append(p.nodes, step{end: len(lo.ops), traced: p.addTraced(g, lo, n)})
	}
	if len(problems) > 0 {
		return nil, errors.Join(problems...)
	}
	if err := p.ports(g, lo); err != nil {
		return nil, err
	}
	p.count(g, lo)
	if lo.extents != nil {
		opts.Grid, opts.Memory = GridNever, math.MaxInt64 // views have no way to refuse
		p.apart = sync.OnceValue(func() *Program {
			q, err := Compile(g, lookup, opts)
			if err != nil {
				panic("BUG: sim: " + err.Error()) // the same nodes were lowered before
			}
			return q
		})
	}
	return p, linkLoops(lo.ops)
}

// node lowers one node: its kernel appends operations and, where one of them would not fit 64 bits, all of
// them are taken back and the plain evaluator runs in their place. After an error its outputs exist all the
// same, so that the nodes behind it can be checked.
func (lo *Lowering) node(n *ir.Node, lookup Lookup, opts Options) error {
	if err := checkNode(n); err != nil {
		lo.external(n)
		return err
	}
	k, ok := lookup.Kernel(n.Kind)
	if !ok {
		lo.external(n)
		return n.Errorf("the simulator has no kernel of this kind")
	}
	if slices.Contains(lo.graph.Inputs, n.Name) {
		lo.input(n, lookup)
		return nil
	}
	if done, err := lo.gridNode(n, k); done || err != nil {
		if err != nil {
			lo.external(n)
		}
		return err
	}
	lo.foresee(n, k)
	for _, name := range n.Inputs {
		lo.flat(name)
	}
	if !k.Moves && (opts.Plain || k.Lower == nil || !lo.narrowNode(n)) {
		return lo.evaluate(n, k, "every step through package fixed")
	}
	mark := len(lo.ops)
	lo.wide, lo.why = false, ""
	err := k.Lower(lo, n)
	lo.Step(-1) // whatever the kernel left
	if err != nil {
		lo.external(n)
		return err
	}
	if lo.wide {
		lo.forget(mark)
		lo.notes = nil
		return lo.evaluate(n, k, lo.why)
	}
	if len(lo.notes) == 0 {
		lo.Note(ClassPlanes, "", operationsLeft(len(lo.ops)-mark), n.Out().Size())
	}
	return nil
}

// checkNode looks for what no kernel can do.
func checkNode(n *ir.Node) error {
	check := func(role string, f fixed.Format) error {
		switch f.Kind {
		case fixed.KindFloat:
			return n.Errorf("%s: floating-point types are not simulated: got %s, want a fixed-point type", role, f)
		case fixed.KindAuto:
			return n.Errorf("%s: got no type, want one (inference left it open)", role)
		}
		return nil
	}
	for _, v := range n.Vars {
		if err := check("result_t", v.Type.Format); err != nil {
			return err
		}
	}
	for _, t := range n.Types {
		if err := check(t.Key, t.Type.Format); err != nil {
			return err
		}
	}
	for _, w := range n.Weights {
		if err := check(w.Role+"_t", w.Type.Format); err != nil {
			return err
		}
	}
	return nil
}

// narrowNode reports whether inputs, outputs and weights of the node fit 64 bits.
func (lo *Lowering) narrowNode(n *ir.Node) bool {
	for i := range n.Inputs {
		if !lo.narrow(lo.In(n, i)) {
			return false
		}
	}
	return narrowWeights(n)
}

// narrow reports whether the values of a tensor fit 64 bits.
func (lo *Lowering) narrow(t Tensor) bool {
	for _, p := range t.Planes {
		if lo.lanes[p] == laneWide {
			return false
		}
	}
	return true
}

// evaluate runs the plain evaluator of the node.
func (lo *Lowering) evaluate(n *ir.Node, k Kernel, why string) error {
	ev, err := k.Eval(lo.env, n)
	if err != nil {
		lo.external(n)
		return err
	}
	o := &evalOp{eval: ev, node: slices.Index(lo.graph.Nodes, n)}
	for i := range n.Inputs {
		o.in = append(o.in, lo.In(n, i))
	}
	o.out = lo.external(n)
	lo.emit(o)
	lo.Note(ClassPlain, "any", why, n.Out().Size())
	return nil
}

// external makes planes for the outputs of a node of which nothing is known but the format: those of inputs,
// and of plain evaluators, which prove nothing.
func (lo *Lowering) external(n *ir.Node) []Tensor {
	var out []Tensor
	for k, v := range n.Vars {
		t := Tensor{Format: v.Type.Format, Planes: make([]Plane, v.Size())}
		for i := range t.Planes {
			t.Planes[i] = lo.anyPlane(t.Format)
		}
		lo.tensors[n.Outputs[k]] = t
		out = append(out, t)
	}
	return out
}

// input makes the planes of an input of the program.
func (lo *Lowering) input(n *ir.Node, lookup Lookup) {
	v := n.Out()
	g, ok := lo.onGrid(v.Shape)
	if vector, fits := lo.onVectorGrid(v.Shape); fits && takenAlone(lo.graph, lookup, n.Outputs[0]) {
		g, ok = vector, true
	}
	if f := v.Type.Format; !ok || f.Kind > fixed.KindXnor || !f.Narrow() {
		lo.external(n)
		return
	}
	t := Tensor{Format: v.Type.Format, Planes: make([]Plane, v.Size()/g.positions()), grid: &g}
	lo.setGrid(g)
	for i := range t.Planes {
		t.Planes[i] = lo.anyPlane(t.Format)
	}
	lo.leaveGrid()
	lo.tensors[n.Outputs[0]] = t
}

// anyPlane is a plane of which nothing is known but the format.
func (lo *Lowering) anyPlane(f fixed.Format) Plane {
	if f.Kind > fixed.KindXnor || !f.Narrow() {
		return lo.newPlaneIn(Range{}, laneWide)
	}
	return lo.newPlane(Range{f.MinRaw(), f.MaxRaw(), 0})
}

// addTraced adds the first output of the node to the trace, unless it is an input or shares its input's
// storage.
func (p *Program) addTraced(g *ir.Graph, lo *Lowering, n *ir.Node) int {
	if slices.Contains(g.Inputs, n.Name) || n.Out().Alias != nil {
		return -1
	}
	p.Traced = append(p.Traced, port(n.Name, n.Out(), lo.tensors[n.Outputs[0]]))
	return len(p.Traced) - 1
}

func port(name string, v *ir.Variable, t Tensor) Port {
	return Port{Name: name, Shape: slices.Clone(v.Shape), Format: t.Format, tensor: t}
}

// ports finds the inputs and outputs.
func (p *Program) ports(g *ir.Graph, lo *Lowering) error {
	for _, name := range g.Inputs {
		n := g.Node(name)
		if n == nil {
			return fmt.Errorf("input %q: got no node of that name", name)
		}
		p.Inputs = append(p.Inputs, port(name, n.Out(), lo.tensors[n.Outputs[0]]))
	}
	for _, name := range g.Outputs {
		t, ok := lo.tensors[name]
		if !ok {
			return fmt.Errorf("output %q: got no tensor of that name", name)
		}
		p.Outputs = append(p.Outputs, port(name, g.Var(name), t))
	}
	return nil
}

// sights lists the planes that a trace looks at.
func (p *Program) sights() []sight {
	var out []sight
	for _, s := range p.nodes {
		if s.traced >= 0 {
			out = append(out, sight{p.Traced[s.traced].tensor.Planes, s.end - 1})
		}
	}
	return out
}
