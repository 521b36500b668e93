package xilinx

import (
	"slices"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
)

// TransformTypes decides how every tensor is stored: arrays of registers, or streams of words that hold the
// last axis. It rejects types that the tool's headers do not have. Types of one name become one.
var TransformTypes = ir.Pass{
	Name:  "vivado:transform_types",
	Doc:   "decide how tensors are stored",
	Match: func(*ir.Node) bool { return true },
	Apply: func(n *ir.Node) (bool, error) {
		for _, f := range formats(n) {
			if f.Kind == fixed.KindFloat && f.Float == fixed.FloatAC {
				return false, n.Errorf("type %s: got an ac_float, want a type that %s has", f, n.Graph().Config.Backend)
			}
		}
		for i, v := range n.Vars {
			switch io := n.Graph().Config.IOType; io {
			case ir.Stream:
				storeStream(v)
			case ir.Parallel:
				storeArray(n, i)
			default:
				return false, n.Errorf("IOType: got %q, want io_parallel or io_stream", io)
			}
			n.Graph().NameOutput(n.Outputs[i])
		}
		n.Graph().ShareTypes(n)
		return false, nil
	},
}

// storeStream makes v a stream of words of its last axis; a flatten shares the stream before it. Each stream
// has a word type of its own.
func storeStream(v *ir.Variable) {
	words := v.Shape
	v.Pragma = "stream"
	if v.Alias != nil {
		words, v.Pragma = v.Alias.Shape, ""
	}
	v.Pack = words[len(words)-1]
	if v.Alias == nil {
		v.Depth = v.Size() / v.Pack
	}
	v.Type = &ir.Type{Name: v.Type.Name, Format: v.Type.Format}
}

func storeArray(n *ir.Node, i int) {
	v := n.Vars[i]
	switch {
	case v.Factor == 0 && slices.Contains(n.Graph().Inputs, n.Outputs[i]):
		v.Pragma = "reshape"
	case v.Alias != nil:
		v.Pragma = ""
	default:
		v.Pragma = "partition"
	}
}
