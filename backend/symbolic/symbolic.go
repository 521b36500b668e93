// Package symbolic holds hls4ml's backend for formulas that symbolic regression found.
package symbolic

import (
	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// Expression makes one core of a formula, with the tools and the number types of Xilinx.
func Expression() codegen.Backend {
	return codegen.Backend{
		Tool: ir.Tool{Name: "SymbolicExpression", Dialect: codegen.Xilinx, Can: []ir.Capability{layers.FixedPoint}},
		Doc:  "formulas, for Vivado HLS and Vitis HLS", Missing: "there is no kind of layer for formulas yet",
		Keys: []string{"Compiler", "HLSIncludePath", "HLSLibsPath", "Expression", "NSymbols", "LUTFunctions"},
		Start: func() *ir.Tree {
			return ir.NewTree("Part", "xcvu9p-flga2577-2-e", "ClockPeriod", 5, "ClockUncertainty", "12.5%",
				"IOType", "io_parallel", "Compiler", "vivado_hls", "HLSIncludePath", nil, "HLSLibsPath", nil,
				"HLSConfig", nil)
		},
	}
}
