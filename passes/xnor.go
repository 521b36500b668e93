package passes

import (
	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
)

// XnorPooling gives maximum poolings of bits bits as results.
var XnorPooling = ir.Pass{
	Name: "vivado:xnor_pooling",
	Doc:  "keep bits as bits in maximum poolings",
	Match: func(n *ir.Node) bool {
		switch n.Kind {
		case "Pooling1D", "Pooling2D", "GlobalPooling1D", "GlobalPooling2D":
		default:
			return false
		}
		op, _ := ir.GetAttr(n.Attrs, "pool_op")
		isXnor := n.In(0).Type.Format.Kind == fixed.KindXnor
		return op == "Max" && isXnor && n.Format("result_t").Kind != fixed.KindXnor
	},
	Apply: func(n *ir.Node) (bool, error) {
		n.Out().Type.Format = fixed.Xnor()
		return true, nil
	},
}
