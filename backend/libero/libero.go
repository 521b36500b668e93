// Package libero holds Microchip's SmartHLS with Libero.
package libero

import (
	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// Libero is SmartHLS, whose cores Libero puts on a device.
func Libero() codegen.Backend {
	return codegen.Backend{
		Tool: ir.Tool{
			Name: "Libero", Dialect: codegen.Libero,
			Can: []ir.Capability{layers.FixedPoint, layers.StrategyOption},
		},
		Doc: "SmartHLS and Libero of Microchip", Missing: "no layer has kernels and C++ for it yet",
		Keys: []string{"FPGAFamily", "Board", "SmartHLSPath"},
		Start: func() *ir.Tree {
			return ir.NewTree("FPGAFamily", "PolarFire", "Part", "MPF300", "Board", "hw_only", "ClockPeriod", 5,
				"IOType", "io_parallel", "SmartHLSPath", nil, "HLSConfig", nil,
				"WriterConfig", ir.NewTree("Namespace", nil, "WriteWeightsTxt", true, "WriteTar", false))
		},
	}
}
