// Package group holds layers made of other layers, which passes unfold.
package group

import (
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// Defs returns the kinds of the family, values of the caller's own.
func Defs() []layers.Def {
	return layers.Fresh(groupDef, timeDistributedDef)
}

// Attrs are the attributes of LayerGroup.
type Attrs struct {
	DataFormat   string      `hls:"data_format"`
	Layers       []*ir.Layer `hls:"layer_list"` // in order, input layers included
	InputLayers  []string    `hls:"input_layers"`
	OutputLayers []string    `hls:"output_layers"`
	OutputShape  []int       `hls:"output_shape"` // without the batch axis
}

var groupDef = layers.Def{
	Kind:  "LayerGroup",
	Doc:   "a model inside the model",
	Attrs: func() any { return &Attrs{} },
	Options: []ir.Option{
		{Name: "layer_list"}, {Name: "input_layers"}, {Name: "output_layers"}, {Name: "data_reader"},
		{Name: "output_shape"},
	},
	Init: func(n *ir.Node, _ ir.Data) error {
		return n.AddOutput(ir.Attrs[Attrs](n).OutputShape)
	},
	Rewrites: groupExpansion,
	Ref:      groupRef,
	Missing:  "expanded into its layers before lowering",
}
