package codegen

import "github.com/hlsgo/hlsgo/ir"

// Dialect names a family of HLS tools that share C++ headers and arithmetic; see ir.Dialect.
type Dialect = ir.Dialect

// The dialects of hls4ml's tools. Tools of one dialect differ in flow, capabilities and project files only.
const (
	Xilinx   Dialect = "xilinx"   // Vivado, Vitis, VivadoAccelerator
	AC       Dialect = "ac"       // Quartus, oneAPI
	Catapult Dialect = "catapult" // Catapult
	Libero   Dialect = "libero"   // Libero
)
