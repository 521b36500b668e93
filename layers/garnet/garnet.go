package garnet

import (
	"fmt"
	"math"

	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// Common are the attributes of both kinds.
type Common struct {
	DataFormat  string `hls:"data_format"`
	InputFormat string `hls:"input_format"` // "xn": vertices and their number
	NVertices   int    `hls:"n_vertices"`
	Collapse    string `hls:"collapse"` // "mean", or "" for an answer at every vertex
	MeanByNVert bool   `hls:"mean_by_nvert"`
}

// Attrs are the attributes of GarNet.
type Attrs struct {
	Common
	NAggregators int `hls:"n_aggregators"`
	NOutFeatures int `hls:"n_out_features"`
	NPropagate   int `hls:"n_propagate"`
	NInFeatures  int `hls:"n_in_features"`
}

// StackAttrs are the attributes of GarNetStack, with one entry per layer of the stack.
type StackAttrs struct {
	Common
	NSublayers   int   `hls:"n_sublayers"`
	NAggregators []int `hls:"n_aggregators"`
	NOutFeatures []int `hls:"n_out_features"`
	NPropagate   []int `hls:"n_propagate"`
	NInFeatures  []int `hls:"n_in_features"`
}

var (
	garnetDef = def("GarNet", "vertices send features to aggregators and collect them again",
		func() any { return &Attrs{} })
	stackDef = def("GarNetStack", "several GarNets, one behind the other", func() any { return &StackAttrs{} })
)

// def is one of the two kinds, which differ in their attributes.
func def(kind, doc string, attrs func() any) layers.Def {
	return layers.Def{
		Kind:    kind,
		Doc:     doc,
		Attrs:   attrs,
		Options: options(),
		Types:   generatedTypes,
		Init:    initGarNet,
		Ref:     garnetRef,
		Impl: map[codegen.Dialect]layers.Impl{
			codegen.Xilinx: {
				Kernel: garnetKernel, Emit: codegen.Emitter{Emit: emitGarNet},
				Setup:  spread,
				Limits: limits,
			},
		},
	}
}

// limits are those of both kinds.
var limits = []layers.Limit{
	{IOType: ir.Stream, Why: "there is code for arrays of vertices alone, as in hls4ml: use io_parallel"},
}

// options names what Precision may set beside the result: the types of the values between, see typesOf, and
// that of a weight nobody reads.
func options() []ir.Option {
	out := []ir.Option{layers.ReuseFactorOption()}
	for _, r := range between(1, 1) {
		out = append(out, ir.Option{Name: r.name, Class: ir.WeightOption})
	}
	return append(out, ir.Option{Name: "output_transform_weights", Class: ir.WeightOption})
}

// sizes are those of one layer.
type sizes struct{ in, aggregators, out, propagate int }

// sublayer is one layer: its sizes, and how its weights are called, "_0" behind the operation in a stack.
type sublayer struct {
	sizes
	suffix string // of weights: "" or "_0"
	data   string // of the framework's weights: "" or "0"
}

func common(n *ir.Node) *Common {
	if a, ok := n.Attrs.(*StackAttrs); ok {
		return &a.Common
	}
	return &ir.Attrs[Attrs](n).Common
}

// sublayers lists the layers of n; one for GarNet.
func sublayers(n *ir.Node) ([]sublayer, error) {
	a, ok := n.Attrs.(*StackAttrs)
	if !ok {
		g := ir.Attrs[Attrs](n)
		return []sublayer{{sizes: sizes{g.NInFeatures, g.NAggregators, g.NOutFeatures, g.NPropagate}}}, nil
	}
	k := a.NSublayers
	if k < 1 || len(a.NAggregators) != k || len(a.NOutFeatures) != k || len(a.NPropagate) != k ||
		len(a.NInFeatures) != k {
		return nil, n.Errorf("n_sublayers: got %d, want as many aggregators, filters and features", k)
	}
	out := make([]sublayer, k)
	for i := range out {
		out[i] = sublayer{
			sizes{a.NInFeatures[i], a.NAggregators[i], a.NOutFeatures[i], a.NPropagate[i]},
			fmt.Sprintf("_%d", i), fmt.Sprint(i),
		}
	}
	return out, nil
}

// initGarNet mirrors GarNet.initialize and GarNetStack's of hls4ml's model/layers.py.
func initGarNet(n *ir.Node, data ir.Data) error {
	c := common(n)
	subs, err := sublayers(n)
	if err != nil {
		return err
	}
	if err := checkInputs(n, c, subs[0]); err != nil {
		return err
	}
	for i := range subs {
		if err := addTransforms(n, data, &subs[i]); err != nil {
			return err
		}
	}
	last := subs[len(subs)-1].out
	if c.Collapse != "" {
		return n.AddOutput([]int{last})
	}
	return n.AddOutput([]int{c.NVertices, last})
}

// spread lays the vertices out so that those of one turn of the loop are read, and written, at once. mirrors
// init_garnet of hls4ml's backends/vivado/vivado_backend.py.
func spread(n *ir.Node) error {
	c := common(n)
	vars := []*ir.Variable{n.In(0), n.Out()}
	if c.Collapse != "" {
		vars = vars[:1]
	}
	for _, v := range vars {
		if v.Factor == 0 { // not laid out for another layer
			v.Factor = v.Shape[1] * (c.NVertices / n.ReuseFactor)
		}
	}
	return nil
}

func checkInputs(n *ir.Node, c *Common, first sublayer) error {
	_, stacked := n.Attrs.(*StackAttrs)
	rf, _ := n.Graph().Config.ReuseFactor(n.Name, n.Kind)
	switch {
	case len(n.Inputs) != 2 || n.In(0) == nil || n.In(1) == nil:
		return n.Errorf("inputs: got %v, want the vertices and their number", n.Inputs)
	case len(n.In(0).Shape) != 2 || n.In(0).Shape[0] != c.NVertices || n.In(0).Shape[1] != first.in ||
		n.In(1).Size() != 1:
		return n.Errorf("inputs: got shapes %v and %v, want [%d %d] and [1]",
			n.In(0).Shape, n.In(1).Shape, c.NVertices, first.in)
	case c.Collapse != "" && c.Collapse != "mean":
		return n.Errorf("collapse: got %q, which has no firmware, want mean or none", c.Collapse)
	case stacked && c.Collapse == "":
		return n.Errorf("collapse: got none, which has no firmware for a stack, want mean")
	case c.NVertices < 1 || rf > 0 && c.NVertices%rf != 0:
		return n.Errorf("ReuseFactor: got %d, want a divisor of the %d vertices", rf, c.NVertices)
	}
	return nil
}

// addTransforms adds the weights of one layer. The transform of the inputs and that of the outputs, both
// linear, become one.
func addTransforms(n *ir.Node, data ir.Data, s *sublayer) error {
	kernel, bias, err := contract(n, data, s)
	if err != nil {
		return err
	}
	ternary := data.Quantizers["quantizer"] != nil
	if err := addWeight(n, "input_transform", "weights", s, kernel, ternary); err != nil {
		return err
	}
	if err := addWeight(n, "input_transform", "biases", s, bias, ternary); err != nil {
		return err
	}
	if s.suffix == "" { // a left-over of hls4ml that nothing reads
		one := ir.NewTensor(ir.Float64, 1).Map(func(float64) float64 { return 1 })
		err := n.AddWeight(ir.WeightSpec{
			Role: "output_transform_weights", Var: fmt.Sprintf("output_transform_w%d", n.Index), Data: one,
		})
		if err != nil {
			return err
		}
	}
	distance, err := tensor(n, data, "S"+s.data+"_kernel", s.in, s.aggregators)
	if err != nil {
		return err
	}
	if err := addWeight(n, "aggregator_distance", "weights", s, distance.Transpose(1, 0), false); err != nil {
		return err
	}
	for _, w := range []struct {
		op, source string
		size       int
	}{{"aggregator_distance", "S", s.aggregators}, {"output_transform", "Fout", s.out}} {
		t, err := tensor(n, data, w.source+s.data+"_bias", w.size)
		if err != nil {
			return err
		}
		if err := addWeight(n, w.op, "biases", s, t, false); err != nil {
			return err
		}
	}
	return nil
}

func tensor(n *ir.Node, data ir.Data, role string, shape ...int) (*ir.Tensor, error) {
	t := data.Tensors[role+"_data"]
	if t == nil || fmt.Sprint(t.Shape) != fmt.Sprint(shape) {
		return nil, n.Errorf("%s: got none or another shape, want %v", role, shape)
	}
	return t, nil
}

// contract multiplies the transform of the inputs by that of the outputs: for each aggregator, a kernel of
// (out, aggregators, in) and a bias of (out, aggregators). mirrors _make_input_transform_weights.
func contract(n *ir.Node, data ir.Data, s *sublayer) (kernel, bias *ir.Tensor, err error) {
	flr, err := tensor(n, data, "FLR"+s.data+"_kernel", s.in, s.propagate)
	if err != nil {
		return nil, nil, err
	}
	flrBias, err := tensor(n, data, "FLR"+s.data+"_bias", s.propagate)
	if err != nil {
		return nil, nil, err
	}
	fout, err := tensor(n, data, "Fout"+s.data+"_kernel", s.aggregators*s.propagate, s.out)
	if err != nil {
		return nil, nil, err
	}
	if q := data.Quantizers["quantizer"]; q != nil {
		for _, t := range []**ir.Tensor{&flr, &flrBias, &fout} {
			if *t, err = q.Quantize(*t); err != nil {
				return nil, nil, err
			}
		}
	}
	kernel = ir.NewTensor(max(flr.DType, fout.DType), s.out, s.aggregators, s.in)
	bias = ir.NewTensor(max(flrBias.DType, fout.DType), s.out, s.aggregators)
	for o := range s.out {
		for a := range s.aggregators {
			for p := range s.propagate {
				w := fout.Data[(a*s.propagate+p)*s.out+o]
				at := o*s.aggregators + a
				bias.Data[at] = rounded(bias, bias.Data[at]+rounded(bias, flrBias.Data[p]*w))
				for x := range s.in {
					k := at*s.in + x
					kernel.Data[k] = rounded(kernel, kernel.Data[k]+rounded(kernel, flr.Data[x*s.propagate+p]*w))
				}
			}
		}
	}
	return kernel, bias, nil
}

func rounded(t *ir.Tensor, v float64) float64 {
	if t.DType == ir.Float32 {
		return float64(float32(v))
	}
	return v
}

// fractionBits is what every transform keeps behind the point.
const fractionBits = 10

// addWeight adds a weight in the narrowest type that holds its integer part. mirrors _add_variable.
func addWeight(n *ir.Node, op, what string, s *sublayer, t *ir.Tensor, whole bool) error {
	role := op + s.suffix + "_" + what
	signed := false
	for _, v := range t.Data {
		signed = signed || v < 0
	}
	i := minimumWidth(t, signed)
	f := fixed.Format{W: i + fractionBits, I: i, Signed: signed, Q: fixed.RND, O: fixed.SAT}
	if whole {
		f = fixed.Format{W: i, I: i, Signed: signed, Kind: fixed.KindInt}
	}
	return n.AddWeight(ir.WeightSpec{
		Role: role, Var: fmt.Sprintf("%s%s_%c%d", op, s.suffix, what[0], n.Index), Data: t,
		Precision: f, HasPrecision: true, TypeName: fmt.Sprintf("%s%d_t", role, n.Index),
	})
}

// minimumWidth is the number of integer bits that hold all values. mirrors find_minimum_width.
func minimumWidth(t *ir.Tensor, signed bool) int {
	top := 0.0
	for _, v := range t.Data {
		top = max(top, math.Abs(v))
	}
	if top == 0 {
		return 1
	}
	log := math.Log2(top)
	if t.DType == ir.Float32 {
		log = float64(float32(log))
	}
	w := max(0, int(math.Ceil(log)))
	if w == int(math.Floor(log)) { // a power of two needs one bit more
		w++
	}
	if signed {
		w++
	}
	return w
}
