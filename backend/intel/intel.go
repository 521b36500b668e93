// Package intel holds the HLS tools of Intel, which share C++ headers and the number types of ac_types.
package intel

import (
	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// missing is why none of the tools can generate yet.
const missing = "no layer has kernels and C++ for its number types yet"

// Quartus is Intel's HLS compiler.
func Quartus() codegen.Backend {
	return codegen.Backend{
		Tool: ir.Tool{
			Name: "Quartus", Dialect: codegen.AC, Family: fixed.AC, Can: []ir.Capability{layers.FixedPoint},
		},
		Doc: "Intel HLS, Intel's older tool", Missing: missing,
		Start: func() *ir.Tree {
			return ir.NewTree("Part", "Arria10", "ClockPeriod", 5, "IOType", "io_parallel", "HLSConfig", nil,
				"WriterConfig", ir.NewTree("WriteTar", false))
		},
	}
}

// OneAPI is Intel's oneAPI toolkit.
func OneAPI() codegen.Backend {
	return codegen.Backend{
		Tool: ir.Tool{
			Name: "oneAPI", Dialect: codegen.AC, Family: fixed.AC,
			Can: []ir.Capability{layers.FixedPoint, layers.ParallelPixels},
		},
		Doc: "oneAPI, Intel's newer tool", Missing: missing,
		Keys: []string{"HyperoptHandshake"},
		Start: func() *ir.Tree {
			return ir.NewTree("Part", "Agilex7", "ClockPeriod", 5, "HyperoptHandshake", false,
				"IOType", "io_parallel", "HLSConfig", nil, "WriterConfig", ir.NewTree("WriteTar", false))
		},
	}
}
