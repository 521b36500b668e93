package codegen

import (
	"context"
	"fmt"
	"io"

	"github.com/hlsgo/hlsgo/ir"
)

// Backend is one HLS tool: all that hlsgo knows of it, in one value. A tool's folder below backend/, or a
// plugin, makes it; nothing else names the tool.
type Backend struct {
	// Tool is what graphs and configurations must know; Name and Dialect are set.
	ir.Tool
	// Doc is one line for `hlsgo backends`.
	Doc string
	// Start returns the keys of a configuration to start from, behind Version, in hls4ml's order and with their
	// defaults; the value of HLSConfig is replaced. The caller may change what it gets.
	Start func() *ir.Tree
	// Keys are those keys of the outermost level that mean nothing to other tools.
	Keys []string
	// Missing says why no project can be generated yet; "": it can. Configurations for such a tool have known
	// keys all the same, since people take them from tool to tool, and where it has a Flow, it predicts.
	Missing string
	// Bus is the type in which samples come to the firmware and answers leave it, where the tool puts a bus
	// between; nil: there is none. What no firmware is made for is an error.
	Bus func(cfg *ir.Config) (ir.DType, error)

	// Flow makes a parsed network ready for Emit; it requires all flows before it.
	Flow *ir.Flow
	// Emit returns the project of a final graph. It touches neither disk nor clock: the same graph gives the
	// same bytes.
	Emit func(g *ir.Graph, emitters Emitters, o Options) (*Project, error)
	// Library returns the headers that every project has, by the names with which code includes them; nil: none.
	// They say which names are taken.
	Library func() map[string][]byte
	// CSim is what compiling a project for this machine takes; nil: it cannot be compiled.
	CSim *CSim

	// Build runs the tool on a written project; nil: not there yet.
	Build func(ctx context.Context, job BuildJob) error
	// Reports reads what the tool found out about a written project; nil: not there yet.
	Reports func(dir string) (*Report, error)
}

// CSim is what compiling a project with an ordinary C++ compiler takes.
type CSim struct {
	NumberTypes string // folder below firmware whose headers a vendor's may replace: "ap_types"
	Std         string // language standard: "c++11"
	Stream      string // class template of streams: "hls::stream"
}

// BuildJob is one run of a tool.
type BuildJob struct {
	Dir   string    // the written project
	Steps []string  // by the tool's names; nil: those that the project's scripts run by themselves
	Log   io.Writer // takes what the tool says; nil: nothing does
}

// Report is what a tool found out about a project: figures by name, in the tool's order.
type Report struct {
	Figures []Figure
}

// Figure is one number of a report, such as 42 "cycles" of "latency".
type Figure struct {
	Name  string
	Value float64
	Unit  string // "" for plain counts
}

// Check wants what a backend must have in order to be registered.
func (b *Backend) Check() error {
	switch {
	case b.Name == "":
		return fmt.Errorf(`backend "": name: got none, want one`)
	case b.Dialect == "":
		return b.errorf("dialect: got none, want one")
	case b.Start == nil:
		return b.errorf("Start: got none, want the keys of a configuration to start from")
	case b.Missing != "":
		return nil
	case b.Flow == nil:
		return b.errorf("Flow: got none, want the flow that makes final graphs, or a reason in Missing")
	case b.Emit == nil:
		return b.errorf("Emit: got none, want the function that makes projects, or a reason in Missing")
	}
	return nil
}

// RunBuild runs the tool on a written project.
func (b *Backend) RunBuild(ctx context.Context, job BuildJob) error {
	if b.Build == nil {
		return b.errorf("build: not there yet: got no way to run the tool, want a backend that has one")
	}
	return b.Build(ctx, job)
}

// ReadReports reads the tool's reports about a written project.
func (b *Backend) ReadReports(dir string) (*Report, error) {
	if b.Reports == nil {
		return nil, b.errorf("reports: not there yet: got no reader of them, want a backend that has one")
	}
	return b.Reports(dir)
}

// Compiler is what compiling a project for this machine takes.
func (b *Backend) Compiler() (CSim, error) {
	if b.CSim == nil {
		return CSim{}, b.errorf("C simulation: not there yet: got a project that no C++ compiler takes, " +
			"want a backend whose projects one does")
	}
	return *b.CSim, nil
}

func (b *Backend) errorf(format string, args ...any) error {
	return fmt.Errorf("backend %q: "+format, append([]any{b.Name}, args...)...)
}

// Options is what a project holds beyond its graph.
type Options struct {
	// TBInput and TBOutput become tb_data/tb_input_features.dat and tb_output_predictions.dat; see Samples.
	// nil: no such file.
	TBInput, TBOutput []byte
	// Config returns the text of hls4ml_config.yml for the project's stamp; nil: no such file.
	Config func(stamp string) ([]byte, error)
	// TraceAll writes the output of every layer to the trace in simulation, whatever the configuration says.
	TraceAll bool
	// Sources are the headers and data files of plugins, by their paths beside those of Library.
	Sources map[string][]byte
	// Progress, when set, is told how many of the weights' values are printed.
	Progress func(done, total int)
}
