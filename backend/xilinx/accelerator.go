package xilinx

import (
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
	b.Keys = []string{"AcceleratorConfig"}
	b.Start = func() *ir.Tree {
		keys := t.start(writerKeys())
		keys.Set("AcceleratorConfig", ir.NewTree("Board", "pynq-z2", "Interface", "axi_stream", "Driver", "python",
			"Precision", ir.NewTree("Input", "float", "Output", "float")))
		return keys
	}
	return b
}
