package shape

import (
	"fmt"

	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// CloneAttrs are the attributes of Clone.
type CloneAttrs struct {
	Size int `hls:"size"` // values of one sample
	// Declared is the result type configured for the layer's own name; its variables have the producer's.
	Declared *ir.Type `hls:"-"`
}

// DeclaredResult implements layers.Declaring.
func (a *CloneAttrs) DeclaredResult() *ir.Type { return a.Declared }

var cloneDef = layers.Def{
	Kind:  "Clone",
	Doc:   "copies of a stream that is read more than once",
	Attrs: func() any { return &CloneAttrs{} },
	Init:  initClone,
	Infer: layers.InferLikeInput,
	Impl: map[codegen.Dialect]layers.Impl{
		codegen.Xilinx: {
			Kernel: cloneKernel, Emit: cloneEmit,
			Limits: []layers.Limit{
				{IOType: ir.Parallel, Why: "arrays can be read more than once: nothing puts it there"},
			},
		},
	},
}

// initClone adds one output per copy, layer<index>_cpy1 and on. Mirrors Clone.initialize.
func initClone(n *ir.Node, _ ir.Data) error {
	in := n.In(0)
	t, err := n.Graph().LookupType(n, "result")
	if err != nil {
		return err
	}
	for i := range n.Outputs {
		name := fmt.Sprintf("layer%d_cpy%d", n.Index, i+1)
		n.AddOutputOf(in.Shape, name, fmt.Sprintf("layer%d_t", n.Index), t.Format)
	}
	ir.Attrs[CloneAttrs](n).Declared = n.Vars[len(n.Vars)-1].Type
	return nil
}
