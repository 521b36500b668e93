package sim

import (
	"iter"
	"math/bits"

	"github.com/hlsgo/hlsgo/fixed"
)

// View is a look at the operations of a program for those who do not run it: estimators of resources,
// emitters of hardware descriptions. It copies nothing, so that a network of a million weights costs no
// second million; slices that its methods return belong to the program and must not be changed.
//
// Operations stand in an order in which they can run, those of a node together and in the order of the graph.
// A plane is one value of one sample: each is written by one operation, before it is read (within a loop:
// once per step). A reader that runs all operations of a view in int64, as their descriptions say, gets the
// raw integers that the program gives.
type View struct {
	lo                      *Lowering
	nodes                   []int  // of each operation
	low                     []bool // planes that are right modulo their lane only; nil: there are none
	notes                   []KernelInfo
	inputs, outputs, traced []Tensor
}

// Lowered is the program as its layers made it: each conversion of the generated code stands where the C++
// has it, and every tensor of a trace is there. This is what hardware computes.
func (p *Program) Lowered() *View {
	if p.apart != nil { // a plane of a view is one value
		return p.apart().Lowered()
	}
	return &View{
		lo: p.lowered, nodes: p.nodeOf(), notes: p.notes,
		inputs: tensorsOf(p.Inputs), outputs: tensorsOf(p.Outputs), traced: tensorsOf(p.Traced),
	}
}

// Optimized is the program as predictions run it: what no output needs is gone, conversions have joined each
// other and the sums before them, and planes of which few bits count hold only these. It is made anew at each
// call, and has no trace.
func (p *Program) Optimized() *View {
	if p.apart != nil {
		return p.apart().Optimized()
	}
	outputs := tensorsOf(p.Outputs)
	z := p.lowered.optimized(p.nodeOf(), portPlanes(p.Outputs), nil)
	planes := z.outputs
	for i := range outputs {
		n := len(outputs[i].Planes)
		outputs[i].Planes, planes = planes[:n], planes[n:]
	}
	return &View{
		lo: z.lo, nodes: z.nodes, low: z.low, notes: p.notes, inputs: tensorsOf(p.Inputs), outputs: outputs,
	}
}

func tensorsOf(ports []Port) []Tensor {
	out := make([]Tensor, len(ports))
	for i, t := range ports {
		out[i] = t.tensor
	}
	return out
}

// Inputs are the tensors of Program.Inputs: their planes are written before the first operation, with raws in
// the tensor's format.
func (v *View) Inputs() []Tensor { return v.inputs }

// Outputs are the tensors of Program.Outputs, after the last operation.
func (v *View) Outputs() []Tensor { return v.outputs }

// Traced are the tensors of Program.Traced, each after the last operation of its node; nil of an optimized
// program. The planes of a loop's step, and what is computed of them, then hold the last step.
func (v *View) Traced() []Tensor { return v.traced }

// Constants are the planes that hold one value throughout, and that no operation writes.
func (v *View) Constants() iter.Seq2[Plane, int64] {
	return func(yield func(Plane, int64) bool) {
		for _, c := range v.lo.constants {
			if !yield(c.plane, c.value) {
				return
			}
		}
	}
}

// PlaneInfo is what is proved of a plane.
type PlaneInfo struct {
	Range Range // of the raws; of no use where Wide
	// Wide says that values may need more than 64 bits: only plain evaluators touch such planes.
	Wide bool
	// Low, when not zero, says that the plane is right in its Low lowest bits and that no reader looks at
	// others; Range then is that of a signed number of so many bits.
	Low int
}

// Planes is how many planes there are: their names are 0 to Planes()-1. Some may be in no operation.
func (v *View) Planes() int { return len(v.lo.ranges) }

// Plane tells what is proved of a plane.
func (v *View) Plane(p Plane) PlaneInfo {
	i := PlaneInfo{Range: v.lo.ranges[p], Wide: v.lo.lanes[p] == laneWide}
	if v.low != nil && v.low[p] {
		i.Low = v.lo.lanes[p].bits()
	}
	return i
}

// Width is how many bits hold every raw of the range, the sign's included, and whether there is a sign. No
// bit holds a range of nothing but zero. The lowest Zeros bits of them are always zero: a multiplier or adder
// need not have them.
func (r Range) Width() (w int, signed bool) {
	if r.Lo >= 0 {
		return bits.Len64(uint64(r.Hi)), false
	}
	return max(bits.Len64(^uint64(r.Lo)), bits.Len64(uint64(max(r.Hi, 0)))) + 1, true
}

// NodeInfo is a node's part of a view.
type NodeInfo struct {
	Name, Kind string // of the node of the graph
	First, End int    // its operations are First to End-1
	// Steps is how often the generated code runs the loop of a recurrent node, whose steps stand here one
	// after the other, see OpInfo.Step; 0: the node has no such loop. Loops over the steps of other layers
	// are operations: see OpLoop.
	Steps int
}

// Nodes are the nodes of the graph, in its order; those without an operation are among them.
func (v *View) Nodes() []NodeInfo {
	out := make([]NodeInfo, len(v.notes))
	at := 0
	for i, n := range v.notes {
		out[i] = NodeInfo{Name: n.Node, Kind: n.Kind, First: at}
		for ; at < len(v.nodes) && v.nodes[at] == i; at++ {
			out[i].Steps = max(out[i].Steps, int(v.lo.steps[at]))
		}
		out[i].End = at
	}
	return out
}

// Len is the number of operations.
func (v *View) Len() int { return len(v.lo.ops) }

// Ops are the operations by their index.
func (v *View) Ops() iter.Seq2[int, OpInfo] {
	return func(yield func(int, OpInfo) bool) {
		for i := range v.lo.ops {
			if !yield(i, v.Op(i)) {
				return
			}
		}
	}
}

// OpInfo describes one operation.
type OpInfo struct {
	Kind OpKind
	Node int // index in View.Nodes
	Step int // of the recurrent loop that it is part of, see NodeInfo.Steps; -1: of none
	// Detail is what the kind has: CastInfo of OpCast, PairInfo of OpAdd, OpSub, OpMul and OpMax, ScaleInfo
	// of OpScale and OpQuotient, SelectInfo, LookupInfo, ArgmaxInfo, SumInfo, LoopInfo of OpLoop and
	// OpLoopEnd, EvalInfo; nil of OpCount.
	Detail Detail

	op op
}

// Touch calls visit for every plane that the operation reads and, with write set, for every one it writes.
func (o *OpInfo) Touch(visit func(p Plane, write bool)) { o.op.planes(visit) }

// Op describes operation i.
func (v *View) Op(i int) OpInfo {
	o := OpInfo{Node: v.nodes[i], Step: int(v.lo.steps[i]) - 1, op: v.lo.ops[i]}
	o.Kind, o.Detail = v.describe(i)
	return o
}

// Formats are the types of a sum in the configuration, for those who want to say what could be narrower.
type Formats struct {
	X, Weight, Bias fixed.Format
	Product         fixed.Product
	Accum           fixed.Format // the zero Format: products and bias add up in full
	Result          fixed.Format
}
