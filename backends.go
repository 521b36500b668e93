package hlsgo

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/config"
	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
)

// xilinxPart is the part of hls4ml's starting configurations for the tools of Xilinx.
const xilinxPart = "xcvu13p-flga2577-2-e"

// hls4mlBackends lists the backends of hls4ml 1.3.0 as its create_initial_config functions have them. Not all
// of them can generate here: a configuration of any may be read, and its keys are known with every other,
// since people take their configurations from tool to tool.
func hls4mlBackends() []config.Backend {
	return []config.Backend{
		{Name: "Vivado", Start: startVivado},
		{Name: "Vitis", Start: startVitis},
		{Name: "VivadoAccelerator", Start: startAccelerator, Keys: []string{"AcceleratorConfig"}},
		{Name: "Quartus", Start: startQuartus, Family: fixed.AC},
		{Name: "oneAPI", Start: startOneAPI, Family: fixed.AC, Keys: []string{"HyperoptHandshake"}},
		{
			Name: "Catapult", Start: startCatapult, Family: fixed.AC,
			Keys: []string{"Technology", "ASICLibs", "FIFO"},
		},
		{Name: "Libero", Start: startLibero, Keys: []string{"FPGAFamily", "Board", "SmartHLSPath"}},
		{
			Name: "SymbolicExpression", Start: startSymbolic,
			Keys: []string{
				"Compiler", "HLSIncludePath", "HLSLibsPath", "Expression", "NSymbols", "LUTFunctions",
			},
		},
	}
}

func startVivado() *ir.Tree {
	return ir.NewTree("Part", xilinxPart, "ClockPeriod", 5, "ClockUncertainty", "12.5%",
		"IOType", "io_parallel", "HLSConfig", nil, "WriterConfig", vivadoWriter())
}

func vivadoWriter() *ir.Tree {
	return ir.NewTree("Namespace", nil, "WriteWeightsTxt", true, "WriteTar", false, "TBOutputStream", "both")
}

// startVitis is Vivado's with another margin of the clock and one more key of the writer.
func startVitis() *ir.Tree {
	t, writer := startVivado(), vivadoWriter()
	writer.Set("WriteEmulationConstants", false)
	t.Set("ClockUncertainty", "27%")
	t.Set("WriterConfig", writer)
	return t
}

func startAccelerator() *ir.Tree {
	t := startVivado()
	t.Set("AcceleratorConfig", ir.NewTree("Board", "pynq-z2", "Interface", "axi_stream", "Driver", "python",
		"Precision", ir.NewTree("Input", "float", "Output", "float")))
	return t
}

func startQuartus() *ir.Tree {
	return ir.NewTree("Part", "Arria10", "ClockPeriod", 5, "IOType", "io_parallel", "HLSConfig", nil,
		"WriterConfig", ir.NewTree("WriteTar", false))
}

func startOneAPI() *ir.Tree {
	return ir.NewTree("Part", "Agilex7", "ClockPeriod", 5, "HyperoptHandshake", false, "IOType", "io_parallel",
		"HLSConfig", nil, "WriterConfig", ir.NewTree("WriteTar", false))
}

func startCatapult() *ir.Tree {
	return ir.NewTree("Technology", "fpga", "Part", "xcku115-flvb2104-2-i", "ClockPeriod", 5, "FIFO", nil,
		"IOType", "io_parallel", "HLSConfig", nil)
}

func startLibero() *ir.Tree {
	return ir.NewTree("FPGAFamily", "PolarFire", "Part", "MPF300", "Board", "hw_only", "ClockPeriod", 5,
		"IOType", "io_parallel", "SmartHLSPath", nil, "HLSConfig", nil,
		"WriterConfig", ir.NewTree("Namespace", nil, "WriteWeightsTxt", true, "WriteTar", false))
}

func startSymbolic() *ir.Tree {
	return ir.NewTree("Part", "xcvu9p-flga2577-2-e", "ClockPeriod", 5, "ClockUncertainty", "12.5%",
		"IOType", "io_parallel", "Compiler", "vivado_hls", "HLSIncludePath", nil, "HLSLibsPath", nil,
		"HLSConfig", nil)
}

// hls4mlBackend finds one of hls4mlBackends by name, without regard to case.
func hls4mlBackend(name string) (config.Backend, bool) {
	all := hls4mlBackends()
	i := slices.IndexFunc(all, func(b config.Backend) bool { return strings.EqualFold(b.Name, name) })
	if i < 0 {
		return config.Backend{Name: name}, false
	}
	return all[i], true
}

// configBackends lists what configurations must know of the registered tools.
func (r *Registry) configBackends() []config.Backend {
	list := make([]config.Backend, len(r.backends))
	for i, b := range r.backends {
		list[i], _ = hls4mlBackend(b.Name())
	}
	return list
}

// StartConfig returns a whole configuration to start from for a backend of hls4ml ("" means Vivado), with hls
// in the place of HLSConfig, and behind it the keys of source, each before its file; see config.Start.
func StartConfig(backend string, o config.StartOptions, hls *ir.Tree, source ...string) (*ir.Tree, error) {
	if backend == "" {
		backend = "Vivado"
	}
	b, ok := hls4mlBackend(backend)
	if !ok {
		return nil, fmt.Errorf("backend %q: got no keys to start from, want one of %s", backend,
			strings.Join(config.BackendNames(hls4mlBackends()), ", "))
	}
	return config.Start(b, o, hls, source...), nil
}
