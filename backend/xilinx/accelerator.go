package xilinx

import (
	"fmt"

	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/ir"
)

// VivadoAccelerator is Vivado HLS with a design for the board round the network. Graphs, and so predictions,
// are those of Vivado.
func VivadoAccelerator() codegen.Backend {
	t := vivado()
	t.name = "VivadoAccelerator"
	b := t.backend("Vivado HLS, with a design for a board", VivadoFlow())
	b.Emit, b.Missing = nil, "the designs and drivers of its boards are not written yet"
	b.Keys, b.Bus = []string{"AcceleratorConfig"}, acceleratorBus
	b.Start = func() *ir.Tree {
		keys := t.start(writerKeys())
		keys.Set("AcceleratorConfig", ir.NewTree("Board", "pynq-z2", "Interface", "axi_stream", "Driver", "python",
			"Precision", ir.NewTree("Input", "float", "Output", "float")))
		return keys
	}
	return b
}

// acceleratorBus reads AcceleratorConfig.Precision. hls4ml's C simulation goes by the bus too: a float bus
// rounds doubles on their way in and out. It writes fixed-point ones without "ap_", which does not compile.
func acceleratorBus(cfg *ir.Config) (ir.DType, error) {
	bus := ir.Float64
	precision := treeIn(treeIn(cfg.Document, "AcceleratorConfig"), "Precision")
	for _, key := range []string{"Input", "Output"} {
		got, ok := precision.Get(key)
		if !ok {
			got = "float"
		}
		switch got {
		case "float":
			bus = ir.Float32
		case "double":
		default:
			return bus, fmt.Errorf("AcceleratorConfig.Precision.%s: got %v, which hls4ml 1.3.0 cannot compile, "+
				"want float or double", key, got)
		}
	}
	return bus, nil
}

// treeIn is the mapping under a key, an empty one where there is none.
func treeIn(t *ir.Tree, key string) *ir.Tree {
	if v, ok := t.Get(key); ok {
		if below, ok := v.(*ir.Tree); ok {
			return below
		}
	}
	return &ir.Tree{}
}
