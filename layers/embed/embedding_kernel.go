package embed

import (
	"fmt"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/sim"
)

// embeddingKernel mirrors nnet::embedding in nnet_embed.h and nnet_embed_stream.h: the entry i of the row of
// x is that at x*n_out + i, cut toward zero. An index out of the table takes its first or last entry, where
// hls4ml reads beyond the array.
var embeddingKernel = sim.Kernel{
	Lower: func(lo *sim.Lowering, n *ir.Node) error {
		a, x := ir.Attrs[Attrs](n), lo.In(n, 0)
		table, ok := sim.NumTable(0, entries(n))
		if !ok {
			lo.NeedEval("a value of the table needs more than 64 bits")
			return nil
		}
		out := make([]sim.Plane, a.NIn*a.NOut)
		for i := range a.NOut {
			key := fmt.Sprintf("embedding %s %d", n.Name, i)
			column := lo.Unary(x, key, func(lo *sim.Lowering, p sim.Plane) sim.Plane {
				return lo.Lookup(index(lo, p, x.Format, a, i), table)
			})
			for k, p := range column {
				out[k*a.NOut+i] = p
			}
		}
		lo.SetOut(n, 0, out)
		return nil
	},
	Eval: func(_ *sim.Env, n *ir.Node) (sim.Evaluator, error) {
		a, table := ir.Attrs[Attrs](n), entries(n)
		return func(in, out [][]sim.Num) {
			for k, x := range in[0] {
				row := x.Mul(sim.CUnsigned(int64(a.NOut)))
				for i := range a.NOut {
					at := row.Add(sim.CUnsigned(int64(i))).Int()
					sim.NoteIndex(x, int64(at), len(table))
					out[0][k*a.NOut+i] = table[min(max(int(at), 0), len(table)-1)]
				}
			}
		}, nil
	},
}

// index appends the place of entry i of the row of x.
func index(lo *sim.Lowering, x sim.Plane, f fixed.Format, a *Attrs, i int) sim.Plane {
	offset, step, bits := int64(i), int64(a.NOut), max(f.F(), 0)
	if f.F() > 30 || f.F() < -20 {
		lo.NeedEval("the index needs more than 64 bits")
		return lo.Const(0)
	}
	offset <<= bits
	step <<= bits - f.F() // a type whose step is above 1
	full := fixed.Format{W: 63, I: 63 - bits, Signed: true}
	at := lo.Cast(lo.Scale(x, step, offset), full, fixed.Int(32))
	lo.WatchIndex(at, a.NOut*a.VocabSize)
	return lo.Clamp(at, 0, int64(a.NOut*a.VocabSize-1))
}

// entries are the values of the table in the type of the result.
func entries(n *ir.Node) []sim.Num {
	out := sim.WeightNums(n.Weight("embeddings"))
	for i, v := range out {
		out[i] = v.Cast(n.Out().Type.Format)
	}
	return out
}
