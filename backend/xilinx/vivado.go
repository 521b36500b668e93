package xilinx

import (
	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// part is that of hls4ml's starting configurations.
const part = "xcvu13p-flga2577-2-e"

func vivado() tool {
	return tool{
		name: "Vivado", uncertainty: "12.5%",
		can: []ir.Capability{layers.Encoded, layers.FoldsByOutput},
	}
}

// Vivado is Vivado HLS.
func Vivado() codegen.Backend {
	b := vivado().backend("Vivado HLS, Xilinx's older tool", VivadoFlow())
	b.Start = func() *ir.Tree { return vivado().start(writerKeys()) }
	return b
}

// start lists the keys of a starting configuration, with those of WriterConfig.
func (t tool) start(writer *ir.Tree) *ir.Tree {
	return ir.NewTree("Part", part, "ClockPeriod", 5, "ClockUncertainty", t.uncertainty,
		"IOType", "io_parallel", "HLSConfig", nil, "WriterConfig", writer)
}

// writerKeys are those of WriterConfig that all tools of the dialect have.
func writerKeys() *ir.Tree {
	return ir.NewTree("Namespace", nil, "WriteWeightsTxt", true, "WriteTar", false, "TBOutputStream", "both")
}
