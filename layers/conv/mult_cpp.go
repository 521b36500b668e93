package conv

import (
	"fmt"
	"strings"

	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/codegen/xilinx/spell"
	"github.com/hlsgo/hlsgo/ir"
)

// multConfig is the configuration of the dense product that a convolution does on each window of nIn
// values. n_zeros and multiplier_limit steer the tool's use of multipliers and no number; the types and the
// product do both.
func multConfig(n *ir.Node, nIn, nOut int, kernel string) *codegen.Config {
	w := n.Weight("weight")
	c := codegen.NewConfig(codegen.ConfigName(n)+"_mult", "nnet::dense_config")
	c.Uint("n_in", nIn)
	c.Uint("n_out", nOut)
	c.Uint("reuse_factor", n.ReuseFactor)
	c.Expr("strategy", codegen.StrategyEnum(n.Strategy))
	c.Uint("n_zeros", w.Count().Zeros)
	c.Expr("multiplier_limit", "DIV_ROUNDUP(n_in * n_out, reuse_factor) - n_zeros / reuse_factor")
	types(c, n)
	c.Kernel(kernel)
	c.Product(n.In(0).Type.Format, w.Type.Format)
	return c
}

// types is written into both configurations: the product adds in accum_t, and the layer's loops name the
// three as well.
func types(c *codegen.Config, n *ir.Node) {
	c.Type("accum_t", n.Type("accum_t").Name)
	c.Type("bias_t", n.Type("bias_t").Name)
	c.Type("weight_t", n.Type("weight_t").Name)
}

// resources writes the constants between the geometry and the pixels.
func resources(c *codegen.Config, n *ir.Node, a *Common) {
	c.Uint("reuse_factor", n.ReuseFactor)
	c.Uint("n_zeros", n.Weight("weight").Count().Zeros)
	c.Expr("multiplier_limit",
		"DIV_ROUNDUP(kernel_size * n_chan * n_filt, reuse_factor) - n_zeros / reuse_factor")
	c.Bool("store_weights_in_bram", false)
	c.Expr("strategy", codegen.StrategyEnum(n.Strategy))
	c.Enum("nnet::conv_implementation", "implementation", "nnet::conv_implementation::"+string(a.Implementation))
}

// buffer names the class that fills the windows: generated for arrays, the library's for streams.
func buffer(c *codegen.Config, env *codegen.Env, n *ir.Node, dims int) {
	class := fmt.Sprintf("nnet::FillConv%dDBuffer", dims)
	if !env.Stream() {
		class = env.Owner() + "::" + bufferClass(n)
	}
	c.Using("fill_buffer", class, "class data_T", "class CONFIG_T")
}

// The index makes the name unique: two convolutions of one geometry still have a class each, as in hls4ml.
func bufferClass(n *ir.Node) string { return fmt.Sprintf("fill_buffer_%d", n.Index) }

// bufferCode writes the class that copies the windows of one partition of the output pixels, value by value:
// the tool then needs no loops whose bounds depend on the geometry. mirrors generate_conv1d_line_buffer_fn
// and generate_conv2d_line_buffer_fn of fpga_backend.py.
func bufferCode(n *ir.Node, g windows, dims, partitions int) (string, error) {
	pixels := g.outH * g.outW
	if partitions < 1 || pixels%partitions != 0 {
		return "", n.Errorf("n_partitions: got %d, want a divisor of the %d output pixels", partitions, pixels)
	}
	data, window := "CONFIG_T::in_width * CONFIG_T::n_chan", "CONFIG_T::filt_width * CONFIG_T::n_chan"
	if dims == 2 {
		data, window = "CONFIG_T::in_height * "+data, "CONFIG_T::filt_height * "+window
	}
	var w codegen.Writer
	w.Line("template <class data_T, typename CONFIG_T>")
	w.Open("class %s : public nnet::FillConv%dDBuffer<data_T, CONFIG_T> {", bufferClass(n), dims)
	w.Line("public:")
	w.Line("static void fill_buffer(data_T data[%s],", data)
	w.Open("data_T buffer[CONFIG_T::n_pixels][%s], const unsigned partition) {", window)
	// A partition is a run of output pixels that the hardware answers at once; the call passes its number,
	// and the branches are constant once the loop over partitions is unrolled.
	each := pixels / partitions
	for p := range partitions {
		w.Open("if (partition == %d) {", p)
		for i := range each {
			at := p*each + i
			w.Line("%s", copies(i, g.pixel(at/g.outW, at%g.outW)))
		}
		w.Close("}")
	}
	w.Close("}")
	w.Close("};")
	return w.String(), nil
}

// copies fills row i of the buffer. One line holds one window, which keeps the file readable next to the
// weights' order: column j meets weight row j. Padding is written as zero and not left out, because the
// buffer is used again for the next partition.
func copies(i int, from []int) string {
	var b strings.Builder
	for j, at := range from {
		if j > 0 {
			b.WriteByte(' ')
		}
		if at < 0 {
			fmt.Fprintf(&b, "buffer[%d][%d] = 0;", i, j)
		} else {
			fmt.Fprintf(&b, "buffer[%d][%d] = data[%d];", i, j, at)
		}
	}
	return b.String()
}

// unrolled adds the generated product of strategy resource_unrolled to f. The weights' data go into the
// text of the code: what is zero makes no multiplication, which is the point of the strategy.
func unrolled(f *codegen.Fragment, env *codegen.Env, n *ir.Node, nIn, nOut int) error {
	if n.Strategy != ir.ResourceUnrolled {
		return nil
	}
	code, err := spell.UnrolledDense(env, n, fmt.Sprint(n.Index), nIn, nOut, n.Weight("weight").Data)
	f.Code += code
	return err
}
