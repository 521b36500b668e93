package conv

import (
	"fmt"

	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/codegen/xilinx/spell"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// emitAdders writes a convolution of arrays whose product is a graph of adders: the function, the class that
// fills the windows, a configuration that names both, and a call of nnet::conv1d_cl or conv2d_cl.
func emitAdders(env *codegen.Env, n *ir.Node) (*codegen.Fragment, error) {
	a, g, dims := CommonOf(n), geometry(n), axes(n)
	if a.DataFormat == "channels_first" {
		return nil, env.Unsupported(n, "data_format channels_first")
	}
	function, err := adderFunction(env, n)
	if err != nil {
		return nil, err
	}
	partitions := StateOf(n).NPartitions
	windows, err := bufferCode(n, g, dims, partitions)
	if err != nil {
		return nil, err
	}
	in, out, c := n.In(0), n.Out(), env.Config(n, "")
	height := func(size int) int { // hls4ml writes -1 for the axis that is not there
		if dims == 1 {
			return -1
		}
		return size
	}
	for _, u := range []struct {
		name  string
		value int
	}{
		{"in_height", height(g.height)}, {"in_width", g.width}, {"n_chan", a.NChan},
		{"out_height", height(g.outH)}, {"out_width", g.outW}, {"n_filt", a.NFilt},
		{"filt_height", height(g.filtH)}, {"filt_width", g.filtW},
		{"stride_height", height(g.strideH)}, {"stride_width", g.strideW},
	} {
		c.Uint(u.name, u.value)
	}
	c.Expr("strategy", codegen.StrategyEnum(n.Strategy))
	c.Uint("n_partitions", partitions)
	c.Uint("n_pixels", g.outH*g.outW/partitions)
	c.Auto("dense_da", fmt.Sprintf("%s::%s<%s, %s>", env.Owner(), adderName(n), in.Type.Name, out.Type.Name))
	buffer(c, env, n, dims)
	return &codegen.Fragment{
		Configs: []*codegen.Config{c}, Code: function + "\n" + windows,
		Call: &codegen.Call{
			Function: fmt.Sprintf("nnet::conv%dd_cl", dims), Template: []string{c.Name, in.Type.Name, out.Type.Name},
			Args: []string{in.Name, out.Name},
		},
		Includes: []string{"nnet_da_wrappers.h", fmt.Sprintf("nnet_conv%dd.h", dims), "nnet_conv_stream.h"},
	}, nil
}

func adderName(n *ir.Node) string { return fmt.Sprintf("dense_da_%d", n.Index) }

func adderFunction(env *codegen.Env, n *ir.Node) (string, error) {
	return spell.AdderFunction(env, n, spell.Adders{
		Name: adderName(n), Inputs: layers.AdderInputs(n, geometry(n).size()), Outs: CommonOf(n).NFilt,
		Weight: n.Weight("weight").Data.Data, Bias: n.Weight("bias").Data.Data,
	})
}

// adderKernel adds the graph of adders to a convolution of streams, as the class of its dense product. The
// weights stay in the call, as in hls4ml, and nobody reads them.
func adderKernel(f *codegen.Fragment, env *codegen.Env, n *ir.Node) error {
	function, err := adderFunction(env, n)
	if err != nil {
		return err
	}
	var w codegen.Writer
	w.Line("template <class inp_t, class out_t, class CONFIG_T>")
	w.Open("struct dense_da_wrapper_%d {", n.Index)
	w.Line("static void dense(inp_t inp[%d], out_t out[%d], const void * = nullptr, const void * = nullptr) {",
		geometry(n).size(), CommonOf(n).NFilt)
	w.Line("    %s<inp_t, out_t>(inp, out);", adderName(n))
	w.Line("}")
	w.Close("};")
	f.Code += function + w.String()
	return nil
}
