package xilinx

import (
	"fmt"
	"strconv"
)

// tclVariable is one setting of project.tcl.
type tclVariable struct{ Name, Value string }

// tclVariables lists the settings that the scripts read from project.tcl.
// Settings stand in a file of their own, so that the scripts are the same text in all projects and users may
// change either without the other.
func (w *writer) tclVariables() []tclVariable {
	quoted := func(s string) string { return `"` + s + `"` }
	uncertainty := w.cfg.ClockUncertainty
	if uncertainty == "" {
		uncertainty = w.tool.uncertainty
	}
	version := w.cfg.Version
	if version == "" {
		version = "1.0.0"
	}
	return []tclVariable{
		{"project_name", quoted(w.project.Name)},
		{"backend", quoted(w.tool.tclName())},
		{"part", quoted(w.cfg.Part)},
		// Without an exponent, in as many digits as the configuration had: Tcl would read 5e-1, people would
		// not.
		{"clock_period", strconv.FormatFloat(w.cfg.ClockPeriod, 'f', -1, 64)},
		{"clock_uncertainty", uncertainty},
		{"version", quoted(version)},
		{"maximum_size", w.maximumSize()},
	}
}

// maximumSize is the largest array that the tool may split completely.
func (w *writer) maximumSize() string {
	if v, ok := w.cfg.Document.Get("MaximumSize"); ok {
		if n, ok := v.(int); ok {
			return strconv.Itoa(n)
		}
	}
	return "4096"
}

// tclName is how the scripts tell the tools apart.
func (t tool) tclName() string {
	if t.optionsFile {
		return "vitis"
	}
	return "vivado"
}

// scripts adds what drives the tool and the C++ compiler. The stamp covers all files before build_lib.sh.
func (w *writer) scripts() error {
	names := []string{"project.tcl", "build_prj.tcl", "vivado_synth.tcl"}
	for _, name := range names {
		text, err := w.render(name + ".tmpl")
		if err != nil {
			return err
		}
		w.project.Add(name, text)
	}
	if w.tool.optionsFile {
		w.project.Add("build_opt.tcl", BuildOptions(DefaultBuild()))
	}
	// build_lib.sh and the configuration carry the stamp, so they cannot be part of it.
	w.project.SetStamp()
	text, err := w.render("build_lib.sh.tmpl")
	if err != nil {
		return err
	}
	w.project.AddExec("build_lib.sh", text)
	if w.options.Config == nil {
		return nil
	}
	config, err := w.options.Config(w.project.Stamp)
	if err != nil {
		return fmt.Errorf("hls4ml_config.yml: %w", err)
	}
	w.project.Add("hls4ml_config.yml", config)
	return nil
}

// Build says which steps build_prj.tcl runs.
type Build struct {
	Reset      bool // start from an empty tool project
	CSim       bool // C simulation
	Synth      bool // C synthesis
	CoSim      bool // simulation of the synthesized design
	Validation bool // compare the results of both simulations
	Export     bool // package the core
	VSynth     bool // logic synthesis
	FIFOOpt    bool // record how full the streams get, with CoSim
}

// DefaultBuild is what the scripts run when nothing is said.
func DefaultBuild() Build { return Build{CSim: true, Synth: true, CoSim: true, Validation: true} }

// Options lists the steps by the names that build_prj.tcl knows, with 0 or 1.
func (b Build) Options() []string {
	var out []string
	for _, o := range []struct {
		name string
		on   bool
	}{
		{"reset", b.Reset}, {"csim", b.CSim}, {"synth", b.Synth}, {"cosim", b.CoSim}, {"validation", b.Validation},
		{"export", b.Export}, {"vsynth", b.VSynth}, {"fifo_opt", b.FIFOOpt},
	} {
		out = append(out, o.name, map[bool]string{false: "0", true: "1"}[o.on])
	}
	return out
}

// BuildOptions is the text of build_opt.tcl, from which Vitis projects read their steps.
func BuildOptions(b Build) []byte {
	text := "array set opt {\n"
	list := b.Options()
	for i := 0; i < len(list); i += 2 {
		text += fmt.Sprintf("    %-10s %s\n", list[i], list[i+1])
	}
	return []byte(text + "}\n")
}
