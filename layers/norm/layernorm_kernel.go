package norm

import (
	"math"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/sim"
)

// layerNormKernel mirrors nnet::layernormalize in nnet_layernorm.h.
var layerNormKernel = sim.Kernel{Lower: lowerLayerNorm, Eval: evalLayerNorm}

// layerNorm is a layer normalization ready to run.
type layerNorm struct {
	*LayerNormAttrs
	in, accum, table, result fixed.Format
	inverse                  sim.Num // 1/dim in the accumulator
	roots                    []sim.Num
	scale, bias              []sim.Num
}

func newLayerNorm(n *ir.Node) (*layerNorm, error) {
	l := &layerNorm{
		LayerNormAttrs: ir.Attrs[LayerNormAttrs](n), in: n.In(0).Type.Format, accum: n.Format("accum_t"),
		table: n.Format("table_t"), result: n.Out().Type.Format,
		scale: sim.WeightNums(n.Weight("scale")), bias: sim.WeightNums(n.Weight("bias")),
	}
	if err := l.check(n); err != nil {
		return nil, err
	}
	if scale := n.Format("scale_t"); fixed.ProductOf(l.in, scale) != fixed.Mult {
		return nil, n.Errorf("scale type: got %s for data of %s, want types with a plain product", scale, l.in)
	}
	l.inverse = sim.FromFloat64(1/float64(l.dim()), l.accum)
	l.roots = l.inverseRoots()
	return l, nil
}

// inverseRoots is the table of 1/sqrt(x) for x from epsilon on. mirrors init_invert_sqr_table, which counts
// in floats.
func (l *layerNorm) inverseRoots() []sim.Num {
	low := float32(math.Pow(10, -float64(l.EpsilonPower)))
	step := float32(math.Ldexp(1, -l.TableRangePower)) / float32(l.TableSize)
	out := make([]sim.Num, l.TableSize)
	for i := range out {
		// The conversion keeps Go from fusing product and sum, which g++ does not do on plain x86-64 either.
		moved := float32(step * float32(i))
		x := low + moved
		out[i] = sim.FromFloat64(1/float64(float32(math.Sqrt(float64(x)))), l.table)
	}
	return out
}

// tell tells a health report of the table of roots, which end where the function does not.
func (l *layerNorm) tell(env *sim.Env, n *ir.Node) {
	env.Table(n, "table_t", l.roots)
	high := math.Ldexp(1, -l.TableRangePower)
	env.Reads(n, sim.AddressedTable{Places: l.TableSize, High: high, Open: true})
}

func evalLayerNorm(env *sim.Env, n *ir.Node) (sim.Evaluator, error) {
	l, err := newLayerNorm(n)
	if err != nil {
		return nil, err
	}
	l.tell(env, n)
	return func(in, out [][]sim.Num) {
		for row := range l.SeqLen {
			l.row(in[0][row*l.dim():][:l.dim()], out[0][row*l.dim():])
		}
	}, nil
}

// row mirrors nnet::layernorm_1d.
func (l *layerNorm) row(x, y []sim.Num) {
	sum, squares := sim.NewNum(0, l.accum), sim.NewNum(0, l.accum)
	for _, v := range x {
		// Values are cast before they are added, and the sum after: with an accumulator that rounds and
		// saturates, as hls4ml's default does, both change the answer.
		sum = sum.Add(v.Cast(l.accum)).Cast(l.accum)
	}
	sim.NoteSum(sim.RoleAccum, sum, x...)
	mean := sum.Mul(l.inverse).CastAs(sim.RoleAccum, l.accum)
	diff, square := make([]sim.Num, len(x)), make([]sim.Num, len(x))
	for i, v := range x {
		diff[i] = v.Cast(l.accum).Sub(mean).CastAs(sim.RoleAccum, l.accum)
		square[i] = diff[i].Mul(diff[i])
		squares = squares.Add(square[i].Cast(l.accum)).Cast(l.accum)
	}
	sim.NoteSum(sim.RoleAccum, squares, square...)
	variance := squares.Mul(l.inverse).CastAs(sim.RoleAccum, l.accum)
	at := variance.Mul(sim.CUnsigned(int64(l.TableSize))).Mul(sim.CInt(1 << l.TableRangePower)).Int()
	sim.NoteIndex(variance, int64(at), l.TableSize)
	root := l.roots[min(max(int(at), 0), l.TableSize-1)]
	for i, d := range diff {
		y[i] = d.Mul(root).Mul(l.scale[i]).Add(l.bias[i]).Cast(l.result)
	}
}

func lowerLayerNorm(lo *sim.Lowering, n *ir.Node) error {
	l, err := newLayerNorm(n)
	if err != nil {
		return err
	}
	l.tell(lo.Env(), n)
	raws := make([]int64, len(l.roots))
	for i, r := range l.roots {
		if !r.X.IsInt64() {
			lo.NeedEval("a value of the table needs more than 64 bits")
			return nil
		}
		raws[i] = r.X.Int64()
	}
	table, x := sim.NewTable(0, raws), lo.In(n, 0).Planes
	var out []sim.Plane
	for row := range l.SeqLen {
		out = append(out, l.lowerRow(lo, x[row*l.dim():][:l.dim()], table)...)
	}
	lo.SetOut(n, 0, out)
	return nil
}

// lowerRow appends the operations of row.
func (l *layerNorm) lowerRow(lo *sim.Lowering, x []sim.Plane, table *sim.Table) []sim.Plane {
	a, none := l.accum, sim.NewNum(0, fixed.UInt(1))
	add := func(p, q sim.Plane) sim.Plane { return lo.Cast(lo.Add(p, a, q, a), fixed.Add(a, a), a) }
	average := func(p sim.Plane) sim.Plane {
		return lo.MulAddAs(sim.RoleAccum, p, a, fixed.Mult, l.inverse, none, a)
	}
	values, sum, squares := make([]sim.Plane, len(x)), lo.Const(0), lo.Const(0)
	for i, p := range x {
		values[i] = lo.Cast(p, l.in, a)
		sum = add(sum, values[i])
	}
	lo.WatchSum(sim.RoleAccum, x, l.in, sum, a)
	mean := average(sum)
	square := make([]sim.Plane, len(x))
	for i, p := range values {
		values[i] = lo.CastAs(sim.RoleAccum, lo.Sub(p, a, mean, a), fixed.Sub(a, a), a)
		square[i] = lo.Mul(values[i], values[i])
		squares = add(squares, lo.Cast(square[i], fixed.Mul(a, a), a))
	}
	lo.WatchSum(sim.RoleAccum, square, fixed.Mul(a, a), squares, a)
	root := lo.Lookup(l.index(lo, average(squares)), table)
	for i, d := range values {
		values[i] = lo.MulAdd(lo.Mul(d, root), fixed.Mul(a, l.table), fixed.Mult, l.scale[i], l.bias[i], l.result)
	}
	return values
}

// index appends the place of a variance in the table.
func (l *layerNorm) index(lo *sim.Lowering, variance sim.Plane) sim.Plane {
	full := fixed.Format{W: 63, I: 63 - l.accum.F(), Signed: true}
	at := lo.Scale(variance, int64(l.TableSize)<<l.TableRangePower, 0)
	at = lo.Cast(at, full, fixed.Int(32))
	lo.WatchIndex(at, l.TableSize)
	return lo.Clamp(at, 0, int64(l.TableSize-1))
}
