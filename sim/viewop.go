package sim

import (
	"fmt"

	"github.com/hlsgo/hlsgo/fixed"
)

// OpKind is what an operation does. The set is closed: every layer is made of these.
type OpKind uint8

// The operations; x, a and b are read, y is written. All arithmetic is that of integers, and no result leaves
// int64, sums modulo 2^n apart (FilterInfo.Modulo).
const (
	OpCast     OpKind = iota // y = Plan(x)
	OpAdd                    // y = a<<ShiftA + b<<ShiftB
	OpSub                    // y = a<<ShiftA - b<<ShiftB
	OpMul                    // y = a*b
	OpMax                    // y = max(a, b)
	OpScale                  // y = x*Factor + Offset
	OpQuotient               // y = x/Factor, cut toward zero
	OpSelect                 // y = x > Threshold ? above : below
	OpLookup                 // y = Table.At(x)
	OpArgmax                 // y[i] = One where x[i] is the first maximum of x, else 0
	OpSum                    // sums of products, see SumInfo
	OpLoop                   // the operations up to End run once per step, see LoopInfo
	OpLoopEnd                // ends a step
	OpEval                   // a node that plane operations cannot do in 64 bits
	OpCount                  // counts for a health report; writes nothing
)

// String is the name of the kind: "cast", "sum", ...
func (k OpKind) String() string {
	names := [...]string{
		"cast", "add", "sub", "mul", "max", "scale", "quotient", "select", "lookup", "argmax", "sum", "loop",
		"loop end", "eval", "count",
	}
	if int(k) >= len(names) {
		return fmt.Sprintf("OpKind(%d)", uint8(k))
	}
	return names[k]
}

// Detail is what the operations of one kind have; OpInfo.Detail lists the types.
type Detail interface{ detail() }

// CastInfo converts the raws of a plane: between formats, to a shorter range, or, with the identity, to
// another width of machine words.
type CastInfo struct {
	From, To Plane
	Plan     fixed.Plan
}

// PairInfo is an operation on two planes.
type PairInfo struct {
	A, B, To       Plane
	ShiftA, ShiftB uint // to one grid; of OpAdd and OpSub
}

// ScaleInfo is an operation on a plane and constants. Factor is the divisor of OpQuotient, which has no
// Offset.
type ScaleInfo struct {
	From, To       Plane
	Factor, Offset int64
}

// SelectInfo chooses between two planes.
type SelectInfo struct {
	X, Above, Below, To Plane
	Threshold           int64
}

// LookupInfo is a function of one plane as a table. Equal functions share one Table: a pointer tells.
type LookupInfo struct {
	From, To Plane
	Table    *Table
}

// ArgmaxInfo marks the first maximum.
type ArgmaxInfo struct {
	X, To []Plane
	One   int64
}

// LoopInfo is a stretch of operations that runs once per step of a tensor's first axis, with the same weights
// and planes each time. Before step s the planes From(s) are copied to At; then the operations behind Begin
// run, up to the one before End; then the planes that OpLoopEnd has as At are copied to its From(s).
type LoopInfo struct {
	Steps      int
	Begin, End int // indices of the OpLoop and its OpLoopEnd
	At         []Plane
	steps      [][]Plane
}

// From are the planes of one step of the whole tensor: the loop's input of OpLoop, its output of OpLoopEnd.
func (l LoopInfo) From(step int) []Plane { return l.steps[step] }

// EvalInfo is a node that runs one sample at a time with numbers of any width. View.Nodes names it; its
// arithmetic is that of the layer's C++ and not described here.
type EvalInfo struct{ In, Out []Tensor }

func (CastInfo) detail()   {}
func (PairInfo) detail()   {}
func (ScaleInfo) detail()  {}
func (SelectInfo) detail() {}
func (LookupInfo) detail() {}
func (ArgmaxInfo) detail() {}
func (*SumInfo) detail()   {}
func (LoopInfo) detail()   {}
func (EvalInfo) detail()   {}

// describe is the kind and detail of operation i.
func (v *View) describe(i int) (OpKind, Detail) {
	switch o := v.lo.ops[i].(type) {
	case *castOp:
		return OpCast, CastInfo{o.src, o.dst, o.plan}
	case *binaryOp:
		kind := [...]OpKind{opAdd: OpAdd, opSub: OpSub, opMul: OpMul, opMax: OpMax}[o.kind]
		return kind, PairInfo{o.a, o.b, o.dst, o.s, o.t}
	case *scaleOp:
		if o.divide {
			return OpQuotient, ScaleInfo{From: o.src, To: o.dst, Factor: o.w}
		}
		return OpScale, ScaleInfo{o.src, o.dst, o.w, o.b}
	case *selectOp:
		return OpSelect, SelectInfo{o.x, o.above, o.below, o.dst, o.t}
	case *lookupOp:
		return OpLookup, LookupInfo{o.src, o.dst, o.table}
	case *argmaxOp:
		return OpArgmax, ArgmaxInfo{o.x, o.dst, o.one}
	case *sumOp:
		return OpSum, &SumInfo{o: o, lo: v.lo}
	case *loopHead:
		return OpLoop, LoopInfo{len(o.steps), i, i + len(o.body), o.at, o.steps}
	case *loopTail:
		return OpLoopEnd, LoopInfo{len(o.steps), i - len(o.head.body), i, o.at, o.steps}
	case *evalOp:
		return OpEval, EvalInfo{o.in, o.out}
	}
	return OpCount, nil
}

// First is the argument of the table's first entry.
func (t *Table) First() int64 { return t.lo }

// Len is the number of entries: those of First(), First()+1, ...
func (t *Table) Len() int { return t.size() }

// At is the entry of an argument that the table has.
func (t *Table) At(x int64) int64 { return t.at(x) }

// Range is the range of the entries.
func (t *Table) Range() Range { return t.rng }
