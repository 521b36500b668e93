package rnn

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/codegen/xilinx/spell"
	"github.com/hlsgo/hlsgo/ir"
)

// emitSingle writes configurations of both products, of the activations and of the layer, and a call of
// nnet::lstm_stack or its like; of nnet::recurrent_states where states enter or leave.
func emitSingle(env *codegen.Env, n *ir.Node) (*codegen.Fragment, error) {
	p := parts(n)[0]
	f := &codegen.Fragment{Includes: []string{"nnet_recurrent.h"}}
	names, err := emitPart(env, n, p, f)
	if err != nil {
		return nil, err
	}
	common := CommonOf(n)
	c := env.Config(n, "nnet::"+structName(p.kind)+"_config")
	partMembers(c, n, p, names)
	c.Uint("n_in", common.NIn)
	c.Uint("n_out", common.NOut)
	c.Uint("n_state", p.units)
	sequenceMembers(c, n)
	f.Configs = append(f.Configs, c)
	args := []string{}
	for _, role := range []string{"weight", "recurrent_weight", "bias", "recurrent_bias"} {
		if w := p.weight(n, role); w != nil {
			args = append(args, w.Var)
		}
	}
	if !stateless(n) {
		stateMembers(env, c, n, p)
		f.Call = &codegen.Call{
			Function: "nnet::recurrent_states", Template: []string{c.Name}, Args: append(tensors(n), args...),
		}
		return f, nil
	}
	function := "nnet::" + structName(p.kind) + "_stack"
	if p.before {
		function += "_one_bias"
	}
	f.Call = env.Call(n, function, c.Name, args...)
	return f, nil
}

// stateMembers writes what nnet::recurrent_states asks of a configuration besides.
func stateMembers(env *codegen.Env, c *codegen.Config, n *ir.Node, p part) {
	t := n.Out().Type.Name
	if env.Stream() {
		t += "::value_type"
	}
	c.Type("state_t", t)
	c.Using("cell", cellClass(p), "class x_T", "class y_T", "typename config_T", "bool backward")
}

// tensors lists input, initial states, sequence and final states as nnet::recurrent_states takes them.
func tensors(n *ir.Node) []string {
	args := []string{n.In(0).Name}
	for range 5 {
		args = append(args, "nnet::nothing")
	}
	for i := 1; i < len(n.Inputs); i++ {
		args[i] = n.In(i).Name
	}
	places := map[string]int{YieldSequence: 3, YieldHidden: 4, YieldInner: 5}
	for i, y := range CommonOf(n).yields(n.Kind) {
		args[places[y]] = n.Vars[i].Name
	}
	return args
}

// cellClass is the class of the library that takes the steps.
func cellClass(p part) string {
	class := "nnet::" + structName(p.kind) + "_class"
	if p.before {
		class += "_one_bias"
	}
	return class
}

// emitBidirectional writes the same for both directions, a configuration that joins them, and a call of
// nnet::bidirectional_stack.
func emitBidirectional(env *codegen.Env, n *ir.Node) (*codegen.Fragment, error) {
	f := &codegen.Fragment{Includes: []string{"nnet_recurrent.h"}}
	c := env.Config(n, "nnet::bidirectional_config")
	common, a := CommonOf(n), ir.Attrs[BidirectionalAttrs](n)
	var args []string
	for _, p := range parts(n) {
		names, err := emitPart(env, n, p, f)
		if err != nil {
			return nil, err
		}
		direction := strings.TrimSuffix(p.prefix, "_")
		one := codegen.NewConfig(fmt.Sprintf("%s_%s", c.Name, direction), "nnet::single_layer_config")
		partMembers(one, n, p, names)
		one.Uint("n_in", common.NIn)
		one.Uint("n_state", p.units)
		one.Uint("n_mult", p.gates())
		one.Bool("pytorch_order", false)
		f.Configs = append(f.Configs, one)
		class := cellClass(p)
		if common.Static {
			class += "_static"
		}
		c.Type(strings.ToUpper(direction)+"_CONFIG", one.Name)
		c.Using("RNNfunc_"+direction, class, "class x_T", "class y_T", "typename config_T", "bool backward")
		for _, role := range []string{"weight", "recurrent_weight", "bias", "recurrent_bias"} {
			args = append(args, p.weight(n, role).Var)
		}
	}
	c.Uint("n_in", common.NIn)
	c.Uint("n_out", common.NOut)
	sequenceMembers(c, n)
	if a.MergeMode != "concat" {
		c.Enum("nnet::merge_mode", "merge", "nnet::merge_"+a.MergeMode)
	}
	f.Configs = append(f.Configs, c)
	f.Call = env.Call(n, "nnet::bidirectional_stack", c.Name, args...)
	return f, nil
}

// structName is the kind as the library spells it.
func structName(kind string) string {
	if kind == "SimpleRNN" {
		return "simple_rnn"
	}
	return strings.ToLower(kind)
}

// partNames are the names of the structs that a part refers to.
type partNames struct{ input, again, recurrent, act string }

// emitPart adds what both layers need of one direction: the products and the activations.
func emitPart(env *codegen.Env, n *ir.Node, p part, f *codegen.Fragment) (partNames, error) {
	suffix := ""
	if p.letter != "" {
		suffix = "_" + p.letter
	}
	base := codegen.ConfigName(n)
	names := partNames{
		input: base + "_1" + suffix, again: base + "_2" + suffix,
		recurrent: fmt.Sprintf("%s_%s%s_recr", p.recurrent, base, suffix),
		act:       fmt.Sprintf("%s_%s%s", p.act, base, suffix),
	}
	for _, m := range []product{
		{names.input, fmt.Sprintf("%d_1%s", n.Index, suffix), CommonOf(n).NIn, *p.reuse, "weight", "bias"},
		{
			names.again, fmt.Sprintf("%d_2%s", n.Index, suffix), p.units, *p.again,
			"recurrent_weight", "recurrent_bias",
		},
	} {
		if err := m.emit(env, n, p, f); err != nil {
			return names, err
		}
	}
	if p.kind != "SimpleRNN" {
		f.Configs = append(f.Configs, activation(env, n, names.recurrent, (p.gates()-1)*p.units))
	}
	f.Configs = append(f.Configs, activation(env, n, names.act, p.units))
	return names, nil
}

// product is one matrix of a part.
type product struct {
	config, suffix string
	nIn, reuse     int
	weight, bias   string // roles
}

func (m product) emit(env *codegen.Env, n *ir.Node, p part, f *codegen.Fragment) error {
	kernel, err := spell.ProductKernel(env, n, m.suffix, m.nIn, m.reuse)
	if err != nil {
		return err
	}
	w := p.weight(n, m.weight)
	bias := p.weight(n, m.bias)
	if bias == nil {
		bias = p.weight(n, "bias")
	}
	zeros := codegen.Zeros(w.Data)
	c := codegen.NewConfig(m.config, "nnet::dense_config")
	c.Uint("n_in", m.nIn)
	c.Uint("n_out", p.width())
	c.Expr("strategy", codegen.StrategyEnum(n.Strategy))
	c.Uint("reuse_factor", m.reuse)
	c.Uint("n_zeros", zeros)
	c.Uint("n_nonzeros", len(w.Data.Data)-zeros)
	c.Expr("multiplier_limit", "DIV_ROUNDUP(n_in * n_out, reuse_factor) - n_zeros / reuse_factor")
	c.Bool("store_weights_in_bram", false)
	c.Type("accum_t", n.Type("accum_t").Name)
	c.Type("bias_t", bias.Type.Name)
	c.Type("weight_t", w.Type.Name)
	c.Kernel(kernel)
	c.Product(n.In(0).Type.Format, w.Type.Format)
	f.Configs = append(f.Configs, c)
	if n.Strategy == ir.ResourceUnrolled {
		f.Code += spell.UnrolledProduct(env, m.suffix, m.nIn, p.width(), m.reuse, w.Data)
	}
	return nil
}

func activation(env *codegen.Env, n *ir.Node, name string, values int) *codegen.Config {
	c := codegen.NewConfig(name, "nnet::activ_config")
	c.Uint("n_in", values)
	c.Uint("table_size", CommonOf(n).TableSize)
	c.Expr("io_type", env.IOEnum())
	c.Uint("reuse_factor", n.ReuseFactor)
	c.Type("table_t", n.Type("table_t").Name)
	return c
}

// partMembers writes what configurations of layers and of directions share.
func partMembers(c *codegen.Config, n *ir.Node, p part, names partNames) {
	c.Type("accum_t", n.Type("accum_t").Name)
	for _, role := range []string{"weight", "recurrent_weight", "bias", "recurrent_bias"} {
		if w := p.weight(n, role); w != nil {
			c.Type(role+"_t", w.Type.Name)
		}
	}
	if p.before {
		c.Uint("bias_offset", int(p.offset(n)))
	}
	c.Type("mult_config1", names.input)
	c.Type("mult_config2", names.again)
	params := []string{"class x_T", "class y_T", "class config_T"}
	if p.kind != "SimpleRNN" {
		c.Type("ACT_CONFIG_"+p.kind, names.recurrent)
		c.Using("activation_recr", "nnet::activation::"+p.recurrent, params...)
	}
	c.Type("ACT_CONFIG_T", names.act)
	c.Using("activation", "nnet::activation::"+p.act, params...)
}

// sequenceMembers writes what configurations of whole layers share.
func sequenceMembers(c *codegen.Config, n *ir.Node) {
	common := CommonOf(n)
	out := 1
	if common.ReturnSequences {
		out = common.NTimesteps
	}
	c.Uint("n_sequence", common.NTimesteps)
	c.Uint("n_sequence_out", out)
	c.Expr("io_type", codegen.StrategyEnum(n.Strategy))
	c.Uint("reuse_factor", n.ReuseFactor)
	c.Bool("store_weights_in_bram", false)
	c.Bool("use_static", common.Static)
	c.Bool("pytorch_order", parts(n)[0].resetGate)
}

// Matrices lists the roles of the weight matrices of a recurrent layer; nil for other kinds.
func Matrices(n *ir.Node) []string {
	if CommonOf(n) == nil {
		return nil
	}
	var out []string
	for _, p := range parts(n) {
		out = append(out, p.prefix+"weight", p.prefix+"recurrent_weight")
	}
	return slices.Clip(out)
}
