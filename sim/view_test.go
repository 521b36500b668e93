package sim_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/internal/oracletest"
	"github.com/hlsgo/hlsgo/sim"
)

// An interpreter runs a view for one sample as its descriptions say, one number at a time: the test that they
// leave nothing out.
type interpreter struct {
	v      *sim.View
	values []int64
}

// readable reports whether plane operations alone make up the view.
func readable(v *sim.View) bool {
	for _, o := range v.Ops() {
		if o.Kind == sim.OpEval {
			return false
		}
	}
	for _, tensors := range [][]sim.Tensor{v.Inputs(), v.Outputs()} {
		for _, t := range tensors {
			for _, p := range t.Planes {
				if v.Plane(p).Wide {
					return false
				}
			}
		}
	}
	return true
}

// run computes one sample; in holds the raws of each input.
func (x *interpreter) run(t *testing.T, in [][]int64) {
	x.values = make([]int64, x.v.Planes())
	for p, c := range x.v.Constants() {
		x.values[p] = c
	}
	for i, tensor := range x.v.Inputs() {
		for k, p := range tensor.Planes {
			x.set(t, p, in[i][k])
		}
	}
	x.stretch(t, 0, x.v.Len())
}

// stretch runs the operations from one index to before another.
func (x *interpreter) stretch(t *testing.T, from, to int) {
	for i := from; i < to; i++ {
		o := x.v.Op(i)
		loop, ok := o.Detail.(sim.LoopInfo)
		if !ok {
			x.step(t, o)
			continue
		}
		require.Equal(t, []any{sim.OpLoop, i}, []any{o.Kind, loop.Begin})
		end := x.v.Op(loop.End).Detail.(sim.LoopInfo)
		require.Equal(t, []int{i, loop.Steps}, []int{end.Begin, end.Steps})
		for s := range loop.Steps {
			x.copy(t, loop.At, loop.From(s))
			x.stretch(t, i+1, loop.End)
			x.copy(t, end.From(s), end.At)
		}
		i = loop.End
	}
}

func (x *interpreter) copy(t *testing.T, dst, src []sim.Plane) {
	for i, p := range src {
		x.set(t, dst[i], x.values[p])
	}
}

// set writes a plane; what is proved of it must hold.
func (x *interpreter) set(t *testing.T, p sim.Plane, v int64) {
	info := x.v.Plane(p)
	if info.Low == 0 {
		r := info.Range
		require.True(t, r.Lo <= v && v <= r.Hi && (v == 0 || v%(1<<min(r.Zeros, 62)) == 0),
			"plane %d: got %d, proved %+v", p, v, r)
	}
	x.values[p] = v
}

func (x *interpreter) step(t *testing.T, o sim.OpInfo) {
	at := func(p sim.Plane) int64 { return x.values[p] }
	switch d := o.Detail.(type) {
	case sim.CastInfo:
		x.set(t, d.To, d.Plan.Apply(at(d.From)))
	case sim.PairInfo:
		a, b := at(d.A)<<d.ShiftA, at(d.B)<<d.ShiftB
		x.set(t, d.To, map[sim.OpKind]int64{
			sim.OpAdd: a + b, sim.OpSub: a - b, sim.OpMul: a * b, sim.OpMax: max(a, b),
		}[o.Kind])
	case sim.ScaleInfo:
		if o.Kind == sim.OpQuotient {
			x.set(t, d.To, at(d.From)/d.Factor)
		} else {
			x.set(t, d.To, at(d.From)*d.Factor+d.Offset)
		}
	case sim.SelectInfo:
		from := d.Below
		if at(d.X) > d.Threshold {
			from = d.Above
		}
		x.set(t, d.To, at(from))
	case sim.LookupInfo:
		x.set(t, d.To, d.Table.At(at(d.From)))
	case sim.ArgmaxInfo:
		best := 0
		for k, p := range d.X {
			if at(p) > at(d.X[best]) {
				best = k
			}
		}
		for k, p := range d.To {
			x.set(t, p, map[bool]int64{true: d.One}[k == best])
		}
	case *sim.SumInfo:
		for f := range d.Filters() {
			filter := d.Filter(f)
			for pixel := range d.Pixels() {
				x.set(t, d.Result(pixel, f), x.sum(t, &filter, d.Pixel(pixel)))
			}
		}
	default:
		require.Equal(t, sim.OpCount, o.Kind)
	}
}

// sum computes one filter of one pixel, in an accumulator as narrow as the view says is enough.
func (x *interpreter) sum(t *testing.T, f *sim.FilterInfo, row []sim.Plane) int64 {
	acc := f.Start
	for i, k := range f.Taps {
		product := x.values[row[k]] * f.Weights[i]
		if f.ProductsFit {
			require.True(t, f.Products.Lo <= product && product <= f.Products.Hi)
		}
		acc = f.Add.Apply(acc + f.Product.Apply(product))
	}
	if f.TotalFits {
		require.True(t, f.Total.Lo <= acc && acc <= f.Total.Hi, "%s: total %d, proved %+v", f.Class, acc, f.Total)
	}
	if w := f.AccumulatorWidth(); w == 0 {
		require.Zero(t, acc)
	} else if f.Total.Lo < 0 || !f.TotalFits || f.Modulo <= w {
		acc = acc << (64 - w) >> (64 - w)
	}
	for i, p := range f.Finish {
		acc = p.Apply(acc)
		if i == 0 && f.Xnor != 0 {
			acc = 2*acc - f.Xnor
		}
	}
	return acc
}

// interpret runs the first samples of a case through a view of a program.
func interpret(t *testing.T, p *sim.Program, v *sim.View, in [][]float64, check func(x *interpreter, s int)) {
	x := &interpreter{v: v}
	for s := range min(3, len(in[0])/p.Inputs[0].Size()) {
		raws := make([][]int64, len(in))
		for i, port := range p.Inputs {
			for _, value := range in[i][s*port.Size() : (s+1)*port.Size()] {
				raws[i] = append(raws[i], fixed.FromFloat64(value, port.Format))
			}
		}
		x.run(t, raws)
		check(x, s)
	}
}

// keepRaws is a sink for the raws of a trace.
type keepRaws [][]int64

func (k *keepRaws) WriteRaw(_ int, tensors []sim.Raw) error {
	for i, t := range tensors {
		if len(*k) <= i {
			*k = append(*k, nil)
		}
		(*k)[i] = append((*k)[i], t.Narrow...)
	}
	return nil
}

// TestViewsAreComplete interprets the views of every case that plane operations can run: every tensor of the
// lowered program, and the outputs of both, have the raws and numbers that the program gives.
func TestViewsAreComplete(t *testing.T) {
	kernels := view(t)
	read := 0
	for _, name := range caseNames(t) {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(oracle, "cases", name)
			p, err := sim.Compile(loadGraph(t, dir), kernels, sim.Options{})
			require.NoError(t, err)
			if !readable(p.Lowered()) {
				t.Skip("plain evaluators, whose arithmetic a view does not describe")
			}
			read++
			in := inDoubles(t, dir)
			want, err := p.Predict64(in)
			require.NoError(t, err)
			for _, v := range []*sim.View{p.Lowered(), p.Optimized()} {
				interpret(t, p, v, in, func(x *interpreter, s int) {
					for i, out := range p.Outputs {
						for k, plane := range v.Outputs()[i].Planes {
							got := fixed.ToFloat64(x.values[plane], out.Format)
							require.Equal(t, want[i][s*out.Size()+k], got, "output %d, value %d", i, k)
						}
					}
				})
			}
			compareTraced(t, p, in)
		})
	}
	require.GreaterOrEqual(t, read, 292, "cases that no longer can be read")
}

// compareTraced compares every tensor of a lowered program with the raws of a trace.
func compareTraced(t *testing.T, p *sim.Program, in [][]float64) {
	src, err := sim.NewSlices(p, in)
	require.NoError(t, err)
	var raws keepRaws
	_, err = sim.Run(t.Context(), p, sim.Job[float64]{Source: src, Raw: &raws})
	require.NoError(t, err)
	v := p.Lowered()
	require.Len(t, v.Traced(), len(p.Traced))
	interpret(t, p, v, in, func(x *interpreter, s int) {
		for i, port := range p.Traced {
			for k, plane := range v.Traced()[i].Planes {
				require.Equal(t, raws[i][s*port.Size()+k], x.values[plane], "%s, value %d", port.Name, k)
			}
		}
	})
}

// inDoubles are the first samples of a case.
func inDoubles(t *testing.T, dir string) [][]float64 {
	var out [][]float64
	for _, a := range oracletest.Arrays[array](t, dir, "X") {
		wide := a.F64
		for _, v := range a.F32 {
			wide = append(wide, float64(v))
		}
		out = append(out, wide)
	}
	return out
}

// compiled is the program of a case.
func compiled(t *testing.T, name string) *sim.Program {
	p, err := sim.Compile(loadGraph(t, filepath.Join(oracle, "cases", name)), view(t), sim.Options{})
	require.NoError(t, err)
	return p
}

// part is a node of a view, and how many operations it has of each kind.
func part(t *testing.T, v *sim.View, kind string) (sim.NodeInfo, map[sim.OpKind]int) {
	for i, n := range v.Nodes() {
		if n.Kind != kind {
			continue
		}
		kinds := map[sim.OpKind]int{}
		for k := n.First; k < n.End; k++ {
			o := v.Op(k)
			require.Equal(t, i, o.Node)
			kinds[o.Kind]++
		}
		return n, kinds
	}
	require.Fail(t, "no node of kind "+kind)
	return sim.NodeInfo{}, nil
}

// TestViewOfDense: 4 inputs of 4 integer bits, weights on a grid of quarters.
func TestViewOfDense(t *testing.T) {
	in, w := fixed.Fixed(4, 4), fixed.Fixed(8, 6)
	d := denseOf([]float64{1.25, 0, -3, 2}, w, fixed.Fixed(20, 14), fixed.Fixed(6, 5).With(fixed.RND, fixed.SAT))
	p, err := sim.Compile(chain(t, "io_parallel", []int{4}, in, d), view(t), sim.Options{})
	require.NoError(t, err)
	v := p.Lowered()
	require.Len(t, v.Inputs(), 1)
	n, kinds := part(t, v, "Dense")
	require.Equal(t, map[sim.OpKind]int{sim.OpSum: 1}, kinds)
	o := v.Op(n.First)
	s := o.Detail.(*sim.SumInfo)
	require.Equal(t, []int{1, 4, 1}, []int{s.Pixels(), s.Columns(), s.Filters()})
	require.Equal(t, v.Inputs()[0].Planes, s.Pixel(0))
	require.Equal(t, v.Outputs()[0].Planes, []sim.Plane{s.Result(0, 0)})
	require.Equal(t, sim.Formats{
		X: in, Weight: w, Bias: fixed.Fixed(16, 6), Accum: fixed.Fixed(20, 14), Result: d.result,
	}, s.Formats())
	f := s.Filter(0)
	require.Equal(t, sim.ClassExact, f.Class)
	require.Equal(t, []int32{0, 2, 3}, f.Taps)
	// The accumulator has steps of 1/64, products have quarters: weights are 16 times their raws.
	require.Equal(t, []int64{5 << 4, -12 << 4, 8 << 4}, f.Weights)
	require.Equal(t, int64(32), f.Start)
	require.True(t, f.Product.Identity() && f.Add.Identity())
	require.Equal(t, sim.Range{Lo: -1344, Hi: 1536, Zeros: 4}, f.Products) // 7 * -12 and -8 * -12
	require.Equal(t, sim.Range{Lo: -8*80 - 7*192 - 8*128 + 32, Hi: 7*80 + 8*192 + 7*128 + 32, Zeros: 4}, f.Total)
	require.Equal(t, 64, f.Modulo)
	require.Equal(t, 13, f.AccumulatorWidth())
	require.Len(t, f.Finish, 1)
	require.Equal(t, fixed.OverClamp, f.Finish[0].Over)
	require.Equal(t, 5, f.Finish[0].Shift)
	result := v.Plane(s.Result(0, 0))
	require.Equal(t, sim.PlaneInfo{Range: sim.Range{Lo: -32, Hi: 31}}, result)
	bits, signed := result.Range.Width()
	require.Equal(t, []any{6, true}, []any{bits, signed})
	var reads, writes int
	o.Touch(func(_ sim.Plane, write bool) {
		if write {
			writes++
		} else {
			reads++
		}
	})
	require.Equal(t, []int{4, 1}, []int{reads, writes})
}

// TestViewOfConvolution: one sum over six positions, with the weights of one.
func TestViewOfConvolution(t *testing.T) {
	v := compiled(t, "keras2_conv1d_valid_latency_vitis_parallel").Lowered()
	n, kinds := part(t, v, "Conv1D")
	require.Equal(t, map[sim.OpKind]int{sim.OpSum: 1}, kinds)
	s := v.Op(n.First).Detail.(*sim.SumInfo)
	require.Equal(t, []int{6, 9, 4}, []int{s.Pixels(), s.Columns(), s.Filters()})
	x := v.Inputs()[0].Planes
	require.Equal(t, x[3:12], s.Pixel(1)) // three channels further
	f := s.Filter(0)
	require.Equal(t, []int64{-156, -366, -6, -621, 1042, 533, -361, 383, -496}, f.Weights)
	require.Equal(t, 28, f.AccumulatorWidth())
	w, signed := s.Column(0).Width()
	require.Equal(t, []any{16, true}, []any{w, signed})
}

// TestViewOfRecurrent: a sum over the inputs of all five steps, then each step on its own.
func TestViewOfRecurrent(t *testing.T) {
	v := compiled(t, "keras2_rnn_lstm_vitis_parallel").Lowered()
	n, kinds := part(t, v, "LSTM")
	require.Equal(t, 5, n.Steps)
	require.Equal(t, 6, kinds[sim.OpSum])
	inputs := v.Op(n.First)
	require.Equal(t, -1, inputs.Step)
	require.Equal(t, 5, inputs.Detail.(*sim.SumInfo).Pixels())
	steps, last := map[int]int{}, -1
	for i := n.First + 1; i < n.End; i++ {
		o := v.Op(i)
		require.GreaterOrEqual(t, o.Step, last)
		last = o.Step
		if s, ok := o.Detail.(*sim.SumInfo); ok {
			steps[o.Step]++
			require.Equal(t, []int{1, 4, 16}, []int{s.Pixels(), s.Columns(), s.Filters()})
			// The same product at every step: cut to the accumulator's grid, then wrapped to it.
			if f := s.Filter(0); o.Step > 0 {
				require.Equal(t, sim.ClassCut, f.Class)
				require.Equal(t, 10, f.Product.Shift)
				require.LessOrEqual(t, f.AccumulatorWidth(), 16)
			}
		}
	}
	require.Equal(t, map[int]int{0: 1, 1: 1, 2: 1, 3: 1, 4: 1}, steps)
}

// TestViewOfLoop: a layer that runs once per step of its input is there once.
func TestViewOfLoop(t *testing.T) {
	v := compiled(t, "keras2_timedist_dense_vitis_parallel").Lowered()
	var loop sim.LoopInfo
	sums := 0
	for _, o := range v.Ops() {
		switch d := o.Detail.(type) {
		case sim.LoopInfo:
			if o.Kind == sim.OpLoop {
				loop = d
			}
		case *sim.SumInfo:
			sums++
		}
	}
	require.Equal(t, 1, sums)
	require.Equal(t, len(v.Inputs()[0].Planes), loop.Steps*len(loop.At))
	require.Equal(t, v.Inputs()[0].Planes[len(loop.At):2*len(loop.At)], loop.From(1))
}

// TestViewOfSoftmax: differences to the maximum, a table of exponentials, their sum, a table of quotients and
// products.
func TestViewOfSoftmax(t *testing.T) {
	v := compiled(t, "keras2_act_softmax_stable_vitis_parallel").Lowered()
	n, kinds := part(t, v, "Softmax")
	values := len(v.Inputs()[0].Planes)
	require.Equal(t, 12, values)
	for kind, want := range map[sim.OpKind]int{
		sim.OpMax: values - 1, sim.OpSub: values, sim.OpAdd: values - 1, sim.OpMul: values,
		sim.OpLookup: values + 1,
	} {
		require.Equal(t, want, kinds[kind], kind)
	}
	tables := map[*sim.Table]int{}
	for i := n.First; i < n.End; i++ {
		if l, ok := v.Op(i).Detail.(sim.LookupInfo); ok {
			tables[l.Table]++
			require.Equal(t, l.Table.Range(), v.Plane(l.To).Range)
			r := v.Plane(l.From).Range
			require.GreaterOrEqual(t, r.Lo, l.Table.First())
			require.Less(t, r.Hi, l.Table.First()+int64(l.Table.Len()))
		}
	}
	require.Len(t, tables, 2)
}
