// Package catapult holds Siemens' Catapult HLS.
package catapult

import (
	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// Catapult is Catapult HLS, for FPGAs and for chips.
func Catapult() codegen.Backend {
	return codegen.Backend{
		Tool: ir.Tool{
			Name: "Catapult", Dialect: codegen.Catapult, Family: fixed.AC,
			Can: []ir.Capability{
				layers.FixedPoint, layers.ConvChoice, layers.ParallelPixels, layers.RecurrentState, layers.RowTables,
			},
		},
		Doc: "Catapult HLS of Siemens, for FPGAs and chips", Missing: "no layer has kernels and C++ for it yet",
		Keys: []string{"Technology", "ASICLibs", "FIFO"},
		Start: func() *ir.Tree {
			return ir.NewTree("Technology", "fpga", "Part", "xcku115-flvb2104-2-i", "ClockPeriod", 5, "FIFO", nil,
				"IOType", "io_parallel", "HLSConfig", nil)
		},
	}
}
