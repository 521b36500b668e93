package codegen

// Dialect names a family of HLS tools that share C++ headers and arithmetic.
type Dialect string

// The dialects. Tools of one dialect differ in flow, validation and project files only.
const (
	Xilinx   Dialect = "xilinx"   // Vivado, Vitis, VivadoAccelerator
	AC       Dialect = "ac"       // Quartus, oneAPI
	Catapult Dialect = "catapult" // Catapult
	Libero   Dialect = "libero"   // Libero
)

// Dialects lists the dialects.
func Dialects() []Dialect { return []Dialect{Xilinx, AC, Catapult, Libero} }
