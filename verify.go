package hlsgo

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/internal/csim"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/sim"
)

// MissingCompilerError says that firmware cannot be compiled because there is no C++ compiler.
type MissingCompilerError struct {
	Tried []string // commands that were looked for
	text  string
}

// Error implements error.
func (e *MissingCompilerError) Error() string { return e.text }

// compilerError is err, or that of this package for a compiler that is missing.
func compilerError(err error) error {
	var missing *csim.MissingCompilerError
	if errors.As(err, &missing) {
		return &MissingCompilerError{missing.Tried, err.Error()}
	}
	return err
}

// VerifyJob says on what samples firmware and prediction are compared.
type VerifyJob struct {
	// N is the largest number of samples; 0: 100.
	N int
	// Inputs are the samples, one array per input of the model, or InputFiles, .npy or .dat. Neither: the
	// configuration's InputData, else artificial samples drawn with Seed over the range of the inputs and
	// beyond it.
	Inputs     []*Array
	InputFiles []string
	Seed       uint64
	// Progress is told the samples done.
	Progress func(done, total int)
}

// VerifyReport tells where the compiled firmware and the prediction differ.
type VerifyReport struct {
	Samples int           `json:"samples"`
	Seed    uint64        `json:"seed"`
	Layers  []VerifyLayer `json:"layers"`
	OK      bool          `json:"ok"` // equal in every bit
}

// VerifyLayer is one row of a report: a layer of the final graph, or an output as the number that the caller
// gets (Kind "Output").
type VerifyLayer struct {
	Name   string `json:"name"`
	Kind   string `json:"kind"`
	Type   string `json:"type"`
	Values int    `json:"values"` // compared
	Differ int    `json:"differ"` // of them
	First  *Diff  `json:"first,omitempty"`
}

// Diff is one value in which firmware and prediction differ: raw integers of layers, numbers of outputs.
// As text, because raw integers may have a thousand bits and JSON's numbers have 53.
type Diff struct {
	Sample int    `json:"sample"`
	Index  int    `json:"index"` // of the value in its tensor
	Got    string `json:"got"`   // prediction
	Want   string `json:"want"`  // firmware
}

// FirmwareOptions tune CompileFirmware.
type FirmwareOptions struct {
	// VendorTypes names a folder with the tool vendor's ap_fixed.h, used in place of hlsgo's own number
	// types.
	VendorTypes string
	// CacheDir keeps compiled firmware; "": the folder HLSGO_CACHE, else one in the user's cache folder.
	CacheDir string
}

// Firmware is the generated firmware of one or more models, compiled for this machine.
type Firmware struct {
	program  *csim.Program
	names    []string // of the models in the program
	models   []*Model
	programs []*sim.Program
}

// CompileFirmware compiles the generated projects of the models into one executable, with every layer
// traced. Without a compiler the error is a *MissingCompilerError.
func CompileFirmware(ctx context.Context, models []*Model, o FirmwareOptions) (*Firmware, error) {
	f := &Firmware{models: models}
	var sources []csim.Model
	var failed []error
	for i, m := range models {
		writer := m.config.Writer
		if len(models) > 1 {
			// Side by side they need names of their own, and text files of weights are not found.
			writer.Namespace, writer.WriteWeightsTxt = fmt.Sprintf("model%d", i), false
		}
		if _, err := m.GraphContext(ctx); ctx.Err() != nil {
			return nil, cmp.Or(err, ctx.Err()) // a graph that was there is no reason to go on
		}
		// Nothing stops at the first model: of a hundred, all that fail are told at once.
		source, err := m.firmware(writer)
		if err == nil {
			var p *sim.Program
			p, err = m.CompileContext(ctx, sim.Options{})
			f.programs = append(f.programs, p)
		}
		if err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", m.name, err))
		}
		sources, f.names = append(sources, source), append(f.names, source.Key())
	}
	if err := errors.Join(failed...); err != nil {
		return nil, err
	}
	var err error
	f.program, err = csim.Build(ctx, sources, o.csim(models))
	return f, compilerError(err)
}

// csim says how the models are compiled: side by side, so that all are of the first one's tool or its like.
func (o FirmwareOptions) csim(models []*Model) csim.Options {
	c := csim.Options{Cache: o.CacheDir, APTypes: o.VendorTypes, Joined: len(models) > 1}
	if len(models) > 0 && models[0].backend.CSim != nil {
		c.Std, c.Types = models[0].backend.CSim.Std, models[0].backend.CSim.NumberTypes
	}
	if o.VendorTypes != "" {
		c.Flags = []string{"-DNDEBUG"} // the vendor's assertions forbid conversions that have a result all the same
	}
	return c
}

// firmware is the model's project as csim takes it, with all layers traced.
func (m *Model) firmware(writer ir.WriterConfig) (csim.Model, error) {
	how, err := m.backend.Compiler()
	if err != nil {
		return csim.Model{}, err
	}
	final, err := m.Graph()
	if err != nil {
		return csim.Model{}, err
	}
	// Shallow copies: the writer's options change, and the model's own graph must not see that.
	g, cfg := *final, *final.Config
	cfg.Writer = writer
	g.Config = &cfg
	p, err := m.emit(&g, codegen.Options{TraceAll: true, Sources: m.sources()})
	if err != nil {
		return csim.Model{}, err
	}
	out := csim.Model{Name: p.Name, Namespace: writer.Namespace, Files: map[string][]byte{}}
	for _, f := range p.Files() {
		// Scripts and test bench would only make the cache miss where they change.
		if strings.HasPrefix(f.Path, "firmware/") {
			out.Files[f.Path] = f.Data
		}
	}
	out.Inputs, out.Outputs = firmwarePorts(&g, g.Inputs, how), firmwarePorts(&g, g.Outputs, how)
	for _, n := range g.Nodes {
		for _, w := range n.Weights {
			// Large weights become arguments of the top function, which the test bench passes in.
			if w.Storage == "bram" {
				out.Extra = append(out.Extra, w.Var)
				out.Headers = append(out.Headers, "weights/"+w.Var+".h")
			}
		}
	}
	return out, nil
}

func firmwarePorts(g *ir.Graph, tensors []string, how codegen.CSim) []csim.Port {
	stream := ""
	if g.Config.IOType == ir.Stream {
		stream = how.Stream
	}
	var out []csim.Port
	for _, name := range tensors {
		v := g.Var(name)
		out = append(out, csim.Port{Name: v.Name, Type: v.Type.Name, Size: v.Size(), Stream: stream})
	}
	return out
}

// Verify compiles the generated firmware, runs it and the simulator on the same samples, and compares the
// raw integers of every layer and the bits of the outputs. A report that is not OK is no error.
func (m *Model) Verify(ctx context.Context, job VerifyJob) (*VerifyReport, error) {
	f, err := CompileFirmware(ctx, []*Model{m}, FirmwareOptions{})
	if err != nil {
		return nil, err
	}
	return f.Verify(ctx, 0, job)
}

// Verify compares model i with its prediction; see Model.Verify.
func (f *Firmware) Verify(ctx context.Context, i int, job VerifyJob) (*VerifyReport, error) {
	if job.N == 0 {
		job.N = 100
	}
	m, p := f.models[i], f.programs[i]
	in, err := m.verifyInputs(p, job)
	if err != nil {
		return nil, err
	}
	if err := m.checkInputs(p.Inputs, in); err != nil {
		return nil, err
	}
	r, err := newVerifyReport(m, p, in[0].Double())
	if err != nil {
		return nil, err
	}
	r.Seed, r.Samples = job.Seed, min(job.N, in[0].Samples())
	if in[0].Double() {
		err = verify(ctx, f, i, r, doubles(in), job.Progress)
	} else {
		err = verify(ctx, f, i, r, singles(in), job.Progress)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", m.name, err)
	}
	r.OK = true
	for _, l := range r.Layers {
		r.OK = r.OK && l.Differ == 0
	}
	return r, nil
}

// newVerifyReport has a row for every traced layer and every output.
func newVerifyReport(m *Model, p *sim.Program, double bool) (*VerifyReport, error) {
	g, err := m.Graph()
	if err != nil {
		return nil, err
	}
	r := &VerifyReport{}
	for _, t := range p.Traced {
		r.Layers = append(r.Layers, VerifyLayer{Name: t.Name, Kind: g.Node(t.Name).Kind, Type: t.Format.String()})
	}
	number := map[bool]string{false: "float", true: "double"}[double]
	for _, t := range p.Outputs {
		r.Layers = append(r.Layers, VerifyLayer{Name: t.Name, Kind: "Output", Type: number})
	}
	return r, nil
}
