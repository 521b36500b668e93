// Package adders turns products with constants into additions and subtractions of shifted values.
//
// Every constant is written in signed digits (-1, 0, 1), as few as possible, so that a product is a sum of
// shifted inputs; a Solver finds sums that several products share. Nothing is rounded: whatever graph a
// solver finds, its outputs are the products to the last bit, and which adder stands where is no matter to
// the answers. A stronger solver takes the place of Pairs without a change elsewhere.
package adders

import (
	"fmt"
	"math/big"
)

// Matrix holds constants, exactly: W[i*Outs+j] is the factor of input i in output j.
type Matrix struct {
	Ins, Outs int
	W         []float64 // finite
}

// Graph computes the products of a matrix with a vector. Its values are the inputs, then the result of each
// operation, in order.
type Graph struct {
	Inputs  int
	Ops     []Op
	Outputs []Term // one for each output
}

// Op is value A plus, or with Sub minus, value B times 2^Shift. A and B are results of earlier operations, or
// inputs.
type Op struct {
	A, B, Shift int
	Sub         bool
}

// Term is a value times 2^Shift, or with Neg its opposite; Value is None where it is zero.
type Term struct {
	Value, Shift int
	Neg          bool
}

// None is the Value of a Term that is zero.
const None = -1

// Solver finds a graph for a matrix. The same matrix gives the same graph.
type Solver interface {
	Solve(m Matrix) Graph
}

// Depth is the largest number of operations, one behind the other, from an input to an output.
func (g *Graph) Depth() int {
	depth, most := make([]int, g.Inputs+len(g.Ops)), 0
	for i, o := range g.Ops {
		depth[g.Inputs+i] = 1 + max(depth[o.A], depth[o.B])
	}
	for _, t := range g.Outputs {
		if t.Value != None {
			most = max(most, depth[t.Value])
		}
	}
	return most
}

// Check reports what is wrong with a graph, as a plugin's solver may make it: values that are not there yet.
func (g *Graph) Check(m Matrix) error {
	if g.Inputs != m.Ins || len(g.Outputs) != m.Outs {
		return fmt.Errorf("adders: got a graph of %d inputs and %d outputs, want %d and %d",
			g.Inputs, len(g.Outputs), m.Ins, m.Outs)
	}
	for i, o := range g.Ops {
		if have := g.Inputs + i; o.A < 0 || o.B < 0 || o.A >= have || o.B >= have {
			return fmt.Errorf("adders: operation %d: got values %d and %d, want those before %d", i, o.A, o.B, have)
		}
	}
	for j, t := range g.Outputs {
		if have := g.Inputs + len(g.Ops); t.Value < None || t.Value >= have {
			return fmt.Errorf("adders: output %d: got value %d, want one before %d", j, t.Value, have)
		}
	}
	return nil
}

// A Range is what a value can be: whole multiples of 2^-F from Lo to Hi times 2^-F.
type Range struct {
	Lo, Hi *big.Int
	F      int
}

// Ranges proves the range of every value from those of the inputs.
func (g *Graph) Ranges(inputs []Range) []Range {
	out := append([]Range(nil), inputs...)
	for _, o := range g.Ops {
		out = append(out, out[o.A].plus(out[o.B].Times(o.Shift, o.Sub)))
	}
	return out
}

// Times is the range of the values times 2^shift, or of their opposites.
func (r Range) Times(shift int, neg bool) Range {
	r.F -= shift
	if neg {
		r.Lo, r.Hi = new(big.Int).Neg(r.Hi), new(big.Int).Neg(r.Lo)
	}
	return r
}

func (r Range) plus(s Range) Range {
	f := max(r.F, s.F)
	return Range{
		Lo: new(big.Int).Add(onGrid(r.Lo, f-r.F), onGrid(s.Lo, f-s.F)),
		Hi: new(big.Int).Add(onGrid(r.Hi, f-r.F), onGrid(s.Hi, f-s.F)), F: f,
	}
}

func onGrid(x *big.Int, shift int) *big.Int { return new(big.Int).Lsh(x, uint(shift)) }

// Bits is the narrowest type that holds the range: its width, its integer bits, sign included, and whether it
// has a sign. Nothing but zero has one bit.
func (r Range) Bits() (w, i int, signed bool) {
	signed = r.Lo.Sign() < 0
	w = r.Hi.BitLen()
	if signed {
		below := new(big.Int).Not(r.Lo) // -1 needs no bit beside the sign
		w = 1 + max(w, below.BitLen())
		if r.Hi.Sign() < 0 {
			w = 1 + below.BitLen()
		}
	}
	w = max(w, 1)
	return w, w - r.F, signed
}
