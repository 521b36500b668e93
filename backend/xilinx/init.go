package xilinx

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

// The initializers of single kinds run the Setup of the kind, those of derived classes in hls4ml included.
var (
	InitBidirectional = setup("vivado:init_bidirectional", "Bidirectional")

	InitConv1D = setup("vivado:init_conv1d", "Conv1D", "DepthwiseConv1D", "PointwiseConv1D")
	InitConv2D = setup("vivado:init_conv2d", "Conv2D", "Conv2DBatchnorm", "DepthwiseConv2D", "PointwiseConv2D")
	InitDense  = setup("vivado:init_dense", "Dense")

	InitEinsum      = setup("vivado:init_einsum", "Einsum")
	InitEinsumDense = setup("vivado:init_einsum_dense", "EinsumDense")

	InitGRU  = setup("vivado:init_gru", "GRU")
	InitLSTM = setup("vivado:init_lstm", "LSTM")

	// hls4ml's stack is a GarNet too, so both find it; the second changes nothing.
	InitGarNet      = setup("vivado:init_garnet", "GarNet", "GarNetStack")
	InitGarNetStack = setup("vivado:init_garnet_stack", "GarNetStack")

	InitPooling1D = setup("vivado:init_pooling1d", "Pooling1D")
	InitPooling2D = setup("vivado:init_pooling2d", "Pooling2D")

	InitTimeDistributed = setup("vivado:init_time_distributed", "TimeDistributed")
)

// initializers lists those of single kinds, in hls4ml's order.
func initializers() []ir.Pass {
	return []ir.Pass{
		InitBidirectional, InitConv1D, InitConv2D, InitDense, InitEinsum, InitEinsumDense, InitGarNet, InitGRU,
		InitLSTM, InitPooling1D, InitPooling2D, InitTimeDistributed, InitGarNetStack,
	}
}

// InitExtension runs the Setup of kinds that no other initializer knows, such as a plugin's.
var InitExtension = ir.Pass{
	Name: "init_extension",
	Doc:  setupDoc,
	Match: func(n *ir.Node) bool {
		return hasSetup(n) &&
			!slices.ContainsFunc(initializers(), func(p ir.Pass) bool { return p.Match(n) })
	},
	Apply: runSetup,
}

const setupDoc = "decide strategy, reuse factor and partitions"

func setup(name string, kinds ...string) ir.Pass {
	return ir.Pass{
		Name:  name,
		Doc:   setupDoc,
		Match: func(n *ir.Node) bool { return slices.Contains(kinds, n.Kind) && hasSetup(n) },
		Apply: runSetup,
	}
}

func hasSetup(n *ir.Node) bool { return layers.ImplOf(n).Setup != nil }

func runSetup(n *ir.Node) (bool, error) { return false, layers.ImplOf(n).Setup(n) }
