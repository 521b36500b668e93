package softmax

import (
	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
)

// tableSizes returns the entries of the exponential and the inverse table as the firmware has them: the
// stable form needs no more exponentials than a signed input has non-negative values. Mirrors
// SoftmaxConfigTemplate of core_templates.py.
func tableSizes(n *ir.Node, a *Attrs) (exp, inv int) {
	exp, inv = a.TableSize, a.TableSize
	if a.ExpTableSize != nil {
		exp = *a.ExpTableSize
	}
	if a.InvTableSize != nil {
		inv = *a.InvTableSize
	}
	in := n.In(0).Type.Format
	if a.Implementation == Stable && n.Type("inp_norm_t") == nil && in.Signed {
		exp = inv
		if w := in.W - 1; w < 31 {
			exp = min(exp, 1<<w)
		}
	}
	return exp, inv
}

// inverseInput is the type that indexes the inverse table. A layer whose types come from the model's default
// uses the type of the exponentials.
func inverseInput(n *ir.Node) *ir.Type {
	if t := n.Type("inv_inp_t"); t.Name != "model_default_t" {
		return t
	}
	return n.Type("exp_table_t")
}

// differenceFormat is the type of max-x in the stable form: the input's without sign, so that a spread beyond
// it wraps. Other forms do not use it.
func differenceFormat(n *ir.Node, a *Attrs) fixed.Format {
	if a.Implementation != Stable {
		return fixed.Fixed(1, 0)
	}
	if t := n.Type("inp_norm_t"); t != nil {
		return t.Format
	}
	in := n.In(0).Type.Format
	if in.Signed {
		return fixed.UFixed(in.W-1, in.I-1)
	}
	return fixed.UFixed(in.W, in.I)
}
