package einsum

import (
	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/sim"
)

// einsumKernel mirrors nnet::einsum in nnet_einsum.h: products go into the sum as they are, and the sum is
// converted after each.
var einsumKernel = sim.Kernel{Lower: lowerEinsum, Eval: evalEinsum}

// product is an Einsum ready to run: where values stand.
type product struct {
	*State
	left, right []int // of the transposed inputs
	to          []int // of each result
}

func newProduct(n *ir.Node) (*product, error) {
	s, a := n.State.(*State), ir.Attrs[Attrs](n)
	if s.Blocks < 1 {
		return nil, n.Errorf("BUG: equation %q: got no set-up", a.Equation)
	}
	return &product{
		State: s, left: ir.Permuted(a.Inp0Shape, s.Inp0Transpose), right: ir.Permuted(a.Inp1Shape, s.Inp1Transpose),
		to: inverse(ir.Permuted(s.Between, s.OutTranspose)),
	}, nil
}

// terms are the places of the operands of result col of a row, counted through all blocks.
func (p *product) terms(row, col int) (left, right []int) {
	at := row/p.Rows*p.Cols + col
	return p.left[row*p.Terms:][:p.Terms], p.right[at*p.Terms:][:p.Terms]
}

func lowerEinsum(lo *sim.Lowering, n *ir.Node) error {
	p, err := newProduct(n)
	if err != nil {
		return err
	}
	lo.Env().Expect(sim.ValueCost, p.Blocks, p.Rows, p.Cols, p.Terms)
	x, y, accum, result := lo.In(n, 0), lo.In(n, 1), n.Format("accum_t"), n.Out().Type.Format
	if fixed.ProductOf(x.Format, y.Format) != fixed.Mult {
		lo.NeedEval("the product is not a plain one")
	}
	full := fixed.Mul(x.Format, y.Format)
	out, products := make([]sim.Plane, len(p.to)), make([]sim.Plane, p.Terms)
	for row := range p.Blocks * p.Rows {
		for col := range p.Cols {
			left, right := p.terms(row, col)
			acc := lo.Const(0)
			for t := range products {
				products[t] = lo.Mul(x.Planes[left[t]], y.Planes[right[t]])
				acc = lo.Cast(lo.Add(acc, accum, products[t], full), fixed.Add(accum, full), accum)
			}
			lo.WatchSum(sim.RoleAccum, products, full, acc, accum)
			out[p.to[row*p.Cols+col]] = lo.Cast(acc, accum, result)
		}
	}
	lo.SetOut(n, 0, out)
	return nil
}

func evalEinsum(_ *sim.Env, n *ir.Node) (sim.Evaluator, error) {
	p, err := newProduct(n)
	if err != nil {
		return nil, err
	}
	times := fixed.ProductOf(n.In(0).Type.Format, n.In(1).Type.Format)
	accum, result := n.Format("accum_t"), n.Out().Type.Format
	return func(in, out [][]sim.Num) {
		terms := make([]sim.Num, p.Terms)
		for row := range p.Blocks * p.Rows {
			for col := range p.Cols {
				left, right := p.terms(row, col)
				acc := sim.NewNum(0, accum)
				for t := range terms {
					terms[t] = sim.Multiply(times, in[0][left[t]], in[1][right[t]])
					acc = acc.Add(terms[t]).Cast(accum)
				}
				sim.NoteSum(sim.RoleAccum, acc, terms...)
				out[0][p.to[row*p.Cols+col]] = acc.Cast(result)
			}
		}
	}, nil
}
