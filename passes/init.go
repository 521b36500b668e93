package passes

import (
	"slices"

	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// InitBaseLayer gives every node its reuse factor and wanted latency.
var InitBaseLayer = ir.Pass{
	Name:  "vivado:init_base_layer",
	Doc:   "look up reuse factor and target cycles",
	Match: func(*ir.Node) bool { return true },
	Apply: func(n *ir.Node) (bool, error) {
		rf, ok := n.Graph().Config.ReuseFactor(n.Name, n.Kind)
		if !ok {
			return false, n.Errorf("ReuseFactor: got none for the layer or the model, want a positive whole number")
		}
		n.ReuseFactor, n.TargetCycles = rf, n.Graph().Config.TargetCycles(n.Name)
		return false, nil
	},
}

// The initializers of single kinds run the Setup of the kind.
var (
	InitBidirectional = setup("vivado:init_bidirectional", kind("Bidirectional"))

	InitConv1D = setup("vivado:init_conv1d", isConv1D)
	InitConv2D = setup("vivado:init_conv2d", isConv2D)
	InitDense  = setup("vivado:init_dense", kind("Dense"))

	InitGRU  = setup("vivado:init_gru", kind("GRU"))
	InitLSTM = setup("vivado:init_lstm", kind("LSTM"))

	// hls4ml's stack is a GarNet too, so both find it; the second changes nothing.
	InitGarNet      = setup("vivado:init_garnet", isGarNet)
	InitGarNetStack = setup("vivado:init_garnet_stack", kind("GarNetStack"))

	InitPooling1D = setup("vivado:init_pooling1d", kind("Pooling1D"))
	InitPooling2D = setup("vivado:init_pooling2d", kind("Pooling2D"))

	InitTimeDistributed = setup("vivado:init_time_distributed", kind("TimeDistributed"))
)

func kind(name string) func(n *ir.Node) bool {
	return func(n *ir.Node) bool { return n.Kind == name }
}

// The initializers of convolutions go by axes, as hls4ml's classes do.
func isConv1D(n *ir.Node) bool {
	return slices.Contains([]string{"Conv1D", "DepthwiseConv1D", "PointwiseConv1D"}, n.Kind)
}

func isConv2D(n *ir.Node) bool {
	return slices.Contains([]string{"Conv2D", "Conv2DBatchnorm", "DepthwiseConv2D", "PointwiseConv2D"}, n.Kind)
}

func isGarNet(n *ir.Node) bool { return n.Kind == "GarNet" || n.Kind == "GarNetStack" }

// InitExtension runs the Setup of kinds that no other initializer knows, such as a plugin's.
var InitExtension = setup("init_extension", func(n *ir.Node) bool {
	switch n.Kind {
	case "Pooling1D", "Pooling2D", "Bidirectional", "GRU", "LSTM", "TimeDistributed":
		return false
	}
	return !isMatrix(n) && !isGarNet(n)
})

func setup(name string, match func(*ir.Node) bool) ir.Pass {
	return ir.Pass{
		Name: name,
		Doc:  "decide strategy, reuse factor and partitions",
		Match: func(n *ir.Node) bool {
			d, ok := layers.DefOf(n)
			return match(n) && ok && d.Setup != nil
		},
		Apply: func(n *ir.Node) (bool, error) {
			d, _ := layers.DefOf(n)
			return false, d.Setup(n)
		},
	}
}
