package act

import (
	"fmt"
	"math"

	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/fixed/kif"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
	"github.com/hlsgo/hlsgo/sim"
)

// UnaryLUTAttrs are the attributes of UnaryLUT, a layer of HGQ's proxy models.
type UnaryLUTAttrs struct {
	DataFormat string `hls:"data_format"`
	Activation string `hls:"activation"` // "unary_lut"
	NIn        int    `hls:"n_in"`       // values of one sample
	TableSize  int    `hls:"table_size"`
	// FractionIn is the number of fractional bits of the inputs that the table was made for.
	FractionIn int `hls:"-"`
}

var unaryLUTDef = layers.Def{
	Kind:  "UnaryLUT",
	Doc:   "a table with one entry for every input",
	Attrs: func() any { return &UnaryLUTAttrs{DataFormat: "channels_last"} },
	Options: []ir.Option{
		{Name: "n_in"},
		{Name: "table_t", Class: ir.TypeOption, Default: fixed.Fixed(18, 8)},
		{Name: "table", Class: ir.WeightOption},
	},
	Init: initUnaryLUT,
	Bits: layers.Bits{Make: makeUnaryLUT},
	Ref:  unaryLUTRef,
	Impl: map[codegen.Dialect]layers.Impl{
		codegen.Xilinx: {Kernel: unaryLUTKernel, Emit: codegen.Emitter{Emit: emitUnaryLUT}},
	},
}

// maxLUT bounds the inputs' bits: the firmware counts in an unsigned.
const maxLUT = 31

// initUnaryLUT mirrors UnaryLUT.initialize of hls4ml's model/optimizer/passes/hgq_proxy_model.py.
func initUnaryLUT(n *ir.Node, data ir.Data) error {
	a, in, table := ir.Attrs[UnaryLUTAttrs](n), n.In(0), data.Tensors["table_data"]
	switch {
	case in == nil:
		return n.Errorf("input %q: got no such tensor", n.Inputs[0])
	case table == nil || len(table.Shape) != 1 || len(table.Data) == 0:
		return n.Errorf("table: got none, want one axis of values")
	}
	a.Activation, a.NIn, a.TableSize = "unary_lut", in.Size(), len(table.Data)
	if err := n.AddOutput(in.Shape); err != nil {
		return err
	}
	return n.AddWeight(ir.WeightSpec{Role: "table", Var: fmt.Sprintf("table%d", n.Index), Data: table})
}

// checkTable wants an entry for every bit pattern of the input.
func checkTable(n *ir.Node) error {
	a, in := ir.Attrs[UnaryLUTAttrs](n), n.In(0).Type.Format
	if !in.IsFixedOrInt() || in.W > maxLUT || a.TableSize < 1<<in.W {
		return n.Errorf("table: got %d entries for inputs of %s, want one for each of its bit patterns",
			a.TableSize, in)
	}
	return nil
}

// unaryLUTKernel mirrors nnet::unary_lut in nnet_activation.h: the bits of the input, read as an unsigned
// number, are the index.
var unaryLUTKernel = kernel(func(_ *sim.Env, n *ir.Node) (function, error) {
	if err := checkTable(n); err != nil {
		return function{}, err
	}
	f := formats{in: n.In(0).Type.Format, out: n.Out().Type.Format}
	mask, half := int64(1)<<f.in.W-1, int64(1)<<f.in.W>>1
	entries := sim.WeightNums(n.Weight("table"))
	for i, e := range entries {
		entries[i] = e.Cast(f.out)
	}
	low := int64(0)
	if f.in.Signed {
		low = -half
	}
	return function{
		Key:  f.key("unary_lut", n.Name),
		Eval: func(x sim.Num) sim.Num { return entries[x.X.Int64()&mask] },
		Lower: func(lo *sim.Lowering, x sim.Plane) sim.Plane {
			ordered := make([]sim.Num, mask+1)
			for i := range ordered {
				ordered[i] = entries[(low+int64(i))&mask]
			}
			t, ok := sim.NumTable(low, ordered)
			if !ok {
				lo.NeedEval("the result needs more than 64 bits")
				return x
			}
			return lo.Lookup(x, t)
		},
	}, nil
})

// emitUnaryLUT writes a configuration derived from nnet::activ_config and a call of nnet::unary_lut.
func emitUnaryLUT(env *codegen.Env, n *ir.Node) (*codegen.Fragment, error) {
	if err := checkTable(n); err != nil {
		return nil, err
	}
	a, w := ir.Attrs[UnaryLUTAttrs](n), n.Weight("table")
	c := tableConfig(env, n, &Base{Activation: a.Activation, NIn: a.NIn, TableSize: a.TableSize})
	return fragment(c, env.Call(n, "nnet::unary_lut", c.Name, w.Var)), nil
}

// makeUnaryLUT counts the bits of the entries. It does not ask what reaches the table, which was made for all
// of it.
func makeUnaryLUT(n *ir.Node, _ layers.BitsEnv) (kif.Tensor, error) {
	k, i, f := kif.Minimal(n.Weight("table").Data.Data...)
	return kif.New(n.Out().Shape, k, i, f), nil
}

// unaryLUTRef looks the float up that the table was made for: inputs are on its grid.
var unaryLUTRef = perValue(func(n *ir.Node) (func(x float64) float64, error) {
	a, table := ir.Attrs[UnaryLUTAttrs](n), n.Weight("table").Unquantized.Data
	size := int64(len(table))
	return func(x float64) float64 {
		i := int64(math.RoundToEven(math.Ldexp(x, a.FractionIn))) % size
		return table[(i+size)%size]
	}, nil
})
