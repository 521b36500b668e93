package xilinx

import (
	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/codegen/xilinx/spell"
	"github.com/hlsgo/hlsgo/ir"
)

func vitis() tool {
	return tool{
		name: "Vitis", uncertainty: "27%", optionsFile: true, spell: spell.Spelling{BindStorage: true},
	}
}

// Vitis is Vitis HLS.
func Vitis() codegen.Backend {
	b := vitis().backend("Vitis HLS, Xilinx's newer tool", VitisFlow())
	b.Start = func() *ir.Tree {
		writer := writerKeys()
		writer.Set("WriteEmulationConstants", false) // of emulators for Vitis alone
		return vitis().start(writer)
	}
	return b
}
