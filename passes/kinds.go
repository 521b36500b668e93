package passes

import (
	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/norm"
	"github.com/hlsgo/hlsgo/layers/shape"
	"github.com/hlsgo/hlsgo/layers/softmax"
)

// The functions below are hls4ml's isinstance tests: a class stands for itself and those derived from it.

func isActivation(n *ir.Node) bool {
	switch n.Kind {
	case "Activation", "ParametrizedActivation", "HardActivation", "PReLU", "Softmax", "TernaryTanh":
		return true
	}
	return false
}

func isBatchNorm(n *ir.Node) bool { return n.Kind == "BatchNormalization" || n.Kind == "ApplyAlpha" }

func isConv1D(n *ir.Node) bool {
	return n.Kind == "Conv1D" || n.Kind == "DepthwiseConv1D" || n.Kind == "PointwiseConv1D"
}

func isDepthwise(n *ir.Node) bool { return n.Kind == "DepthwiseConv1D" || n.Kind == "DepthwiseConv2D" }

func isConv2D(n *ir.Node) bool {
	switch n.Kind {
	case "Conv2D", "Conv2DBatchnorm", "DepthwiseConv2D", "PointwiseConv2D":
		return true
	}
	return false
}

func isMatrix(n *ir.Node) bool { return n.Kind == "Dense" || isConv1D(n) || isConv2D(n) }

// producer is the node that makes the first input of n, or nil.
func producer(n *ir.Node) *ir.Node {
	if len(n.Inputs) == 0 {
		return nil
	}
	return n.Graph().Producer(n.Inputs[0])
}

// consumers lists the nodes that read an output of n, once per use.
func consumers(n *ir.Node) []*ir.Node {
	var out []*ir.Node
	for _, o := range n.Outputs {
		out = append(out, n.Graph().Consumers(o)...)
	}
	return out
}

// resultAuto reports whether the result type of n waits for inference.
func resultAuto(n *ir.Node) bool { return n.Format("result_t") == fixed.Auto }

// function is the activation function of n; "" for other kinds.
func function(n *ir.Node) string {
	switch a := n.Attrs.(type) {
	case *softmax.Attrs:
		return a.Activation
	default:
		v, _ := ir.GetAttr(a, "activation")
		s, _ := v.(string)
		return s
	}
}

// batchNorm returns the attributes that BatchNormalization and ApplyAlpha share.
func batchNorm(n *ir.Node) *norm.Attrs {
	if a, ok := n.Attrs.(*norm.AlphaAttrs); ok {
		return &a.Attrs
	}
	return ir.Attrs[norm.Attrs](n)
}

// declaredResult is the type that hls4ml keeps as result_t of n. For Repack and Clone it is not the type of
// their variables, which take another node's type, but the one configured for their own names; passes that
// ask the node and not its variable see that one.
func declaredResult(n *ir.Node) *ir.Type {
	switch a := n.Attrs.(type) {
	case *shape.RepackAttrs:
		return a.Declared
	case *shape.CloneAttrs:
		return a.Declared
	}
	return n.Type("result_t")
}
