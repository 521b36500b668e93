package spell

import (
	"fmt"

	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/ir"
)

// DenseKernel is the class that multiplies nIn values by the weights of n under its strategy and reuse
// factor. Dense, convolution and recurrent layers share it. mirrors the choice in hls4ml's core_templates.py.
func DenseKernel(env *codegen.Env, n *ir.Node, nIn int) (string, error) {
	return ProductKernel(env, n, fmt.Sprint(n.Index), nIn, n.ReuseFactor)
}

// ProductKernel is DenseKernel for one of several products of a layer, with a reuse factor of its own; suffix
// names the class that UnrolledProduct writes.
func ProductKernel(env *codegen.Env, n *ir.Node, suffix string, nIn, reuse int) (string, error) {
	switch {
	case n.Strategy == ir.Latency:
		return "nnet::DenseLatency", nil
	case n.Strategy == ir.Resource && reuse <= nIn:
		return "nnet::DenseResource_rf_leq_nin", nil
	case n.Strategy == ir.Resource && reuse%nIn == 0:
		return "nnet::DenseResource_rf_gt_nin_rem0", nil
	case n.Strategy == ir.Resource:
		return "nnet::DenseResource_rf_gt_nin", nil
	case n.Strategy == ir.ResourceUnrolled:
		return fmt.Sprintf("%s::%s", env.Owner(), unrolledClass(suffix)), nil
	case n.Strategy == ir.DistributedArithmetic:
		return fmt.Sprintf("%s::dense_da_wrapper_%s", env.Owner(), suffix), nil
	}
	return "", env.Unsupported(n, fmt.Sprintf("strategy %q", n.Strategy))
}

func unrolledClass(suffix string) string { return "dense_resource_unrolled_" + suffix }

// UnrolledDense writes the class that a dense product under strategy resource_unrolled calls: one statement
// per weight that is not zero, in the order of the resource strategy, so that weights in one block memory
// that are all zero cost nothing. weights is stored as (nOut, nIn). mirrors unrolled_codegen.py.
//
// In step r of the reuse factor the multipliers take the weights r, r+reuse, r+2*reuse, ...
func UnrolledDense(
	env *codegen.Env, n *ir.Node, suffix string, nIn, nOut int, weights *ir.Tensor,
) (string, error) {
	reuse := n.ReuseFactor
	if reuse < 2 || nIn*nOut%reuse != 0 || nIn%reuse != 0 && reuse%nIn != 0 {
		return "", n.Errorf("reuse_factor: strategy resource_unrolled: got %d, want more than 1 and a divisor "+
			"or multiple of n_in = %d that divides n_in*n_out = %d", reuse, nIn, nIn*nOut)
	}
	return UnrolledProduct(env, suffix, nIn, nOut, reuse, weights), nil
}

// UnrolledProduct is UnrolledDense for one of several products of a layer, whose reuse factor, a divisor or
// multiple of nIn, may be one.
func UnrolledProduct(env *codegen.Env, suffix string, nIn, nOut, reuse int, weights *ir.Tensor) string {
	var w product
	w.Line("template <class data_T, class res_T, typename CONFIG_T>")
	w.Open("class %s : public nnet::DenseKernel<data_T, res_T, CONFIG_T> {", unrolledClass(suffix))
	w.Line("public:")
	w.Open("static void dense(data_T data[CONFIG_T::n_in], res_T res[CONFIG_T::n_out],")
	w.Line("typename CONFIG_T::weight_t weights[CONFIG_T::n_in * CONFIG_T::n_out],")
	w.Line("typename CONFIG_T::bias_t biases[CONFIG_T::n_out]) {")
	w.unrolledProlog(env)
	limit := ceilDiv(nIn*nOut, min(nIn, reuse)) - zeroRows(weights, reuse)
	w.Line("%s", env.Spell.Multipliers(limit))
	w.Open("MULT: {")
	for r := range reuse {
		w.unrolledStep(r, reuse, nIn, weights)
	}
	w.Close("}")
	w.unrolledEpilog(env)
	w.Close("}")
	w.Close("};")
	return w.String()
}

func (w *product) unrolledProlog(env *codegen.Env) {
	w.Line("%s", env.Spell.Pipeline("CONFIG_T::reuse_factor"))
	w.Line("constexpr int block_factor = DIV_ROUNDUP(CONFIG_T::n_in * CONFIG_T::n_out, CONFIG_T::reuse_factor);")
	w.Line("(void)block_factor; // read by the pragma only")
	w.Line("%s", env.Spell.Pack("weights", "block_factor"))
	w.Line("%s", env.Spell.ROM("weights"))
	w.Line("%s", env.Spell.Split("biases"))
	w.Line("typename CONFIG_T::accum_t acc[CONFIG_T::n_out];")
	w.Line("%s", env.Spell.Split("acc"))
	w.Blank()
	w.Line("InitAccum:")
	w.Open("for (unsigned i = 0; i < CONFIG_T::n_out; i++) {")
	w.Line("%s", env.Spell.Unroll())
	w.Line("acc[i] = (typename CONFIG_T::accum_t)biases[i];")
	w.Close("}")
	w.Blank()
}

func (w *product) unrolledStep(r, reuse, nIn int, weights *ir.Tensor) {
	w.Open("M%d: {", r)
	for i := r; i < len(weights.Data); i += reuse {
		if weights.Data[i] != 0 {
			w.Line("acc[%d] += static_cast<typename CONFIG_T::accum_t>(CONFIG_T::template "+
				"product<data_T, typename CONFIG_T::weight_t>::product(data[%d], weights[%d]));", i/nIn, i%nIn, i)
		}
	}
	w.Close("}")
}

func (w *product) unrolledEpilog(env *codegen.Env) {
	w.Blank()
	w.Line("Result:")
	w.Open("for (unsigned i = 0; i < CONFIG_T::n_out; i++) {")
	w.Line("%s", env.Spell.Unroll())
	w.Line("res[i] = nnet::cast<data_T, res_T, CONFIG_T>(acc[i]);")
	w.Close("}")
}

// zeroRows counts the multipliers whose weights are all zero: rows of the weights taken reuse at a time.
func zeroRows(weights *ir.Tensor, reuse int) int {
	rows := 0
	for at := 0; at+reuse <= len(weights.Data); at += reuse {
		row := ir.Tensor{Data: weights.Data[at : at+reuse]}
		if row.AllEqual(0) {
			rows++
		}
	}
	return rows
}

// product prints the class of an unrolled product.
type product struct{ codegen.Writer }

func ceilDiv(a, b int) int { return (a + b - 1) / b }
