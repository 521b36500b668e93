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
		// One flat table of rows, as the array in C++ is: an index that the formats let run into the next
		// row reads there, like the firmware does.
		table, ok := sim.NumTable(0, entries(n))
		if !ok {
			lo.NeedEval("a value of the table needs more than 64 bits")
			return nil
		}
		tell(lo.Env(), n, a)
		out := make([]sim.Plane, a.NIn*a.NOut)
		for i := range a.NOut {
			// The place in the row is part of the key, as the same index leads to another entry for each;
			// the name stands for the table.
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
	Eval: func(env *sim.Env, n *ir.Node) (sim.Evaluator, error) {
		a, table := ir.Attrs[Attrs](n), entries(n)
		tell(env, n, a)
		return func(in, out [][]sim.Num) {
			for k, x := range in[0] {
				// The product and the sum are ap types in full; C++ cuts them toward zero only where they
				// become the index. An x of 1.5 with rows of four therefore reads from the middle of row 1.
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

// tell tells a health report of the rows.
func tell(env *sim.Env, n *ir.Node, a *Attrs) {
	env.Reads(n, sim.AddressedTable{Places: a.NOut * a.VocabSize, High: float64(a.VocabSize), Open: true})
}

// index appends the place of entry i of the row of x.
func index(lo *sim.Lowering, x sim.Plane, f fixed.Format, a *Attrs, i int) sim.Plane {
	// The raw of x counts steps of 2^-F: the row length scales it, and the place in the row is shifted to
	// the same grid.
	offset, step, bits := int64(i), int64(a.NOut), max(f.F(), 0)
	// Beyond this the raw of the index, with a table of up to 2^30 entries, may leave 64 bits.
	if f.F() > 30 || f.F() < -20 {
		lo.NeedEval("the index needs more than 64 bits")
		return lo.Const(0)
	}
	offset <<= bits
	step <<= bits - f.F() // a type whose step is above 1
	full := fixed.Format{W: 63, I: 63 - bits, Signed: true}
	at := lo.Cast(lo.Scale(x, step, offset), full, fixed.Int(32))
	// Health reports count what is outside before the clamp hides it.
	lo.WatchIndex(at, a.NOut*a.VocabSize)
	return lo.Clamp(at, 0, int64(a.NOut*a.VocabSize-1))
}

// entries are the values of the table in the type of the result. The firmware converts an entry when it is
// read; converting the table once is the same and spares a cast per value.
func entries(n *ir.Node) []sim.Num {
	out := sim.WeightNums(n.Weight("embeddings"))
	for i, v := range out {
		out[i] = v.Cast(n.Out().Type.Format)
	}
	return out
}
