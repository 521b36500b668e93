package norm

import (
	"fmt"
	"math"

	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// LayerNormAttrs are the attributes of LayerNormalization.
type LayerNormAttrs struct {
	DataFormat string  `hls:"data_format"`
	Epsilon    float64 `hls:"epsilon"`
	NIn        int     `hls:"n_in"` // values of one sample
	NOut       int     `hls:"n_out"`
	SeqLen     int     `hls:"seq_len"` // rows, each normalized on its own
	Axis       int     `hls:"axis"`
	// EpsilonPower says that the firmware's epsilon is 10 to the power of -EpsilonPower.
	EpsilonPower int `hls:"epsilon_power_of_10"`
	// TableRangePower says that the table ends at a variance of 2 to the power of -TableRangePower.
	TableRangePower int `hls:"table_range_power2"`
	TableSize       int `hls:"table_size"`
}

var layerNormDef = layers.Def{
	Kind:   "LayerNormalization",
	Doc:    "mean and variance of every row made 0 and 1, then scale and shift",
	Traits: layers.Rows,
	Attrs:  func() any { return &LayerNormAttrs{Axis: 2, EpsilonPower: 3, Epsilon: 1e-3, TableSize: 4096} },
	Options: []ir.Option{
		{Name: "n_in"},
		{Name: "seq_len"},
		{Name: "axis", Default: 2},
		{Name: "epsilon_power_of_10", Default: 3},
		{Name: "scale", Class: ir.WeightOption},
		{Name: "bias", Class: ir.WeightOption},
		layers.TypeRole("scale_t"),
		layers.TypeRole("bias_t"),
		{
			Name: "accum_t", Class: ir.TypeOption, Needs: layers.FixedPoint,
			Default: fixed.Fixed(14, 4).With(fixed.RNDConv, fixed.SAT),
		},
		layers.ReuseFactorOption(),
		{Name: "table_range_power2", Class: ir.Configurable, Default: 0, Needs: layers.RowTables},
		{Name: "table_size", Class: ir.Configurable, Default: 4096, Needs: layers.RowTables},
		{
			Name: "table_t", Class: ir.TypeOption, Needs: layers.RowTables,
			Default: fixed.UFixed(8, 5).With(fixed.RNDConv, fixed.SAT),
		},
	},
	Init:  initLayerNorm,
	Infer: layers.InferScale,
	Ref:   layerNormRef,
	Impl: map[codegen.Dialect]layers.Impl{
		codegen.Xilinx: {Kernel: layerNormKernel, Emit: codegen.Emitter{Emit: emitLayerNorm}},
	},
}

// initLayerNorm adds scale and bias, one value per column; missing ones are neutral. Mirrors
// LayerNormalization.initialize.
func initLayerNorm(n *ir.Node, data ir.Data) error {
	a, in := ir.Attrs[LayerNormAttrs](n), n.In(0)
	switch {
	case in == nil:
		return n.Errorf("input %q: got no such tensor", n.Inputs[0])
	case a.SeqLen < 1 || a.NIn != in.Size() || a.SeqLen*in.Shape[len(in.Shape)-1] != a.NIn:
		// a global pooling leaves out an axis of one step, so that a single row may have one axis
		return n.Errorf("input: got shape %v, want %d rows and %d values", in.Shape, a.SeqLen, a.NIn)
	}
	if err := a.check(n); err != nil {
		return err
	}
	if err := n.AddOutput(in.Shape); err != nil {
		return err
	}
	for _, w := range []struct {
		role, source, letter string
		neutral              float64
	}{{"scale", "gamma", "s", 1}, {"bias", "beta", "b", 0}} {
		t := ir.NewTensor(ir.Float32, a.dim()).Map(func(float64) float64 { return w.neutral })
		if data.Tensors[w.source+"_data"] != nil {
			var err error
			if t, err = layers.CheckTensor(n, data, w.source, []int{a.dim()}); err != nil {
				return err
			}
		}
		spec := ir.WeightSpec{Role: w.role, Var: fmt.Sprintf("%s%d", w.letter, n.Index), Data: t}
		if err := n.AddWeight(spec); err != nil {
			return err
		}
	}
	return nil
}

// dim is the number of values in a row.
func (a *LayerNormAttrs) dim() int { return a.NIn / a.SeqLen }

// maxTable bounds the table of inverse square roots, and maxPower the powers of ten and two.
const (
	maxTable = 1 << 20
	maxPower = 30
)

func (a *LayerNormAttrs) check(n *ir.Node) error {
	switch {
	case a.EpsilonPower < 1 || a.EpsilonPower > maxPower:
		return n.Errorf("epsilon_power_of_10: got %d, want 1 to %d", a.EpsilonPower, maxPower)
	case a.TableRangePower < 0 || a.TableRangePower > maxPower:
		return n.Errorf("TableRangePower2: got %d, want 0 to %d", a.TableRangePower, maxPower)
	case a.TableSize < 1 || a.TableSize > maxTable:
		return n.Errorf("TableSize: got %d, want 1 to %d", a.TableSize, maxTable)
	}
	return nil
}

// layerNormRef is the float reference, with the epsilon of the framework.
var layerNormRef layers.RefFunc = func(n *ir.Node) (func(in [][]float64, out []float64), error) {
	a := ir.Attrs[LayerNormAttrs](n)
	scale, bias := n.Weight("scale").Unquantized.Data, n.Weight("bias").Unquantized.Data
	return func(in [][]float64, out []float64) {
		for row := range a.SeqLen {
			x, y := in[0][row*a.dim():][:a.dim()], out[row*a.dim():]
			mean, variance := moments(x)
			for i, v := range x {
				y[i] = (v-mean)/math.Sqrt(variance+a.Epsilon)*scale[i] + bias[i]
			}
		}
	}, nil
}

func moments(x []float64) (mean, variance float64) {
	for _, v := range x {
		mean += v / float64(len(x))
	}
	for _, v := range x {
		variance += (v - mean) * (v - mean) / float64(len(x))
	}
	return mean, variance
}

// emitLayerNorm writes a configuration derived from nnet::layernorm_config and a call of
// nnet::layernormalize.
func emitLayerNorm(env *codegen.Env, n *ir.Node) (*codegen.Fragment, error) {
	a := ir.Attrs[LayerNormAttrs](n)
	if env.Stream() && n.In(0).Pack != a.dim() {
		return nil, n.Errorf("input %q: got a stream of words of %d values, want words of one row of %d",
			n.Inputs[0], n.In(0).Pack, a.dim())
	}
	if _, err := newLayerNorm(n); err != nil {
		return nil, err
	}
	c := env.Config(n, "nnet::layernorm_config")
	c.Uint("n_in", a.NIn)
	c.Uint("seq_len", a.SeqLen)
	c.Uint("axis", a.Axis)
	c.Uint("epsilon_power_of_10", a.EpsilonPower)
	c.Uint("table_range_power2", a.TableRangePower)
	c.Uint("table_size", a.TableSize)
	for _, role := range []string{"accum_t", "bias_t", "scale_t", "table_t"} {
		c.Type(role, n.Type(role).Name)
	}
	c.Expr("io_type", env.IOEnum())
	c.Uint("reuse_factor", n.ReuseFactor)
	c.Product(n.In(0).Type.Format, n.Format("scale_t"))
	return &codegen.Fragment{
		Configs:  []*codegen.Config{c},
		Call:     env.Call(n, "nnet::layernormalize", c.Name, n.Weight("scale").Var, n.Weight("bias").Var),
		Includes: []string{"nnet_layernorm.h", "nnet_layernorm_stream.h"},
	}, nil
}
