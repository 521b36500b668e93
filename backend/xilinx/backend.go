package xilinx

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/codegen/xilinx/spell"
	"github.com/hlsgo/hlsgo/hlslib"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// tool is one of the HLS tools of the dialect. A value with what differs between the tools, and no code per
// tool: a third tool of this family is a third value.
type tool struct {
	name        string // hls4ml's name of the backend
	uncertainty string // of the clock, when the configuration has none
	spell       spell.Spelling
	can         []ir.Capability // beyond what all tools of the dialect have
	optionsFile bool            // build options stand in build_opt.tcl instead of on the command line
}

// backend is what the tools of the dialect share.
func (t tool) backend(doc string, flow *ir.Flow) codegen.Backend {
	return codegen.Backend{
		Tool: ir.Tool{Name: t.name, Dialect: codegen.Xilinx, Can: append(shared(), t.can...)},
		Doc:  doc, Flow: flow, Emit: t.emit,
		Library: func() map[string][]byte { return hlslib.Files(library + "/nnet_utils") },
		CSim:    &codegen.CSim{NumberTypes: "ap_types", Std: "c++11", Stream: "hls::stream"},
	}
}

// shared is what all tools of the dialect have.
func shared() []ir.Capability {
	return []ir.Capability{
		layers.FixedPoint, layers.ConvChoice, layers.ParallelPixels, layers.RecurrentState, layers.RowTables,
		layers.StepLoops,
	}
}

// library is the folder of hlslib for the dialect.
const library = "xilinx"

// emit returns the project of a final graph, with the files and the layout of hls4ml 1.3.0. What has no C++
// is an error that names every such layer.
func (t tool) emit(g *ir.Graph, emitters codegen.Emitters, o codegen.Options) (*codegen.Project, error) {
	cfg := g.Config
	if err := check(cfg); err != nil {
		return nil, err
	}
	env := &codegen.Env{
		Dialect: codegen.Xilinx, Backend: t.name, IOType: cfg.IOType,
		Namespace: cfg.Writer.Namespace, Spell: t.spell,
	}
	code, err := codegen.Generate(g, emitters, env)
	if err != nil {
		return nil, err
	}
	w := &writer{Code: code, tool: t, cfg: cfg, options: o, project: codegen.NewProject(cfg.ProjectName)}
	if err := w.write(); err != nil {
		return nil, err
	}
	return w.project, nil
}

// check refuses settings that cannot become C++ or Tcl.
// Settings end up in Tcl, which would run what stands in brackets.
func check(cfg *ir.Config) error {
	var bad []error
	if err := projectName(cfg); err != nil {
		bad = append(bad, err)
	}
	if err := namespace(cfg); err != nil {
		bad = append(bad, err)
	}
	if cfg.IOType != ir.Parallel && cfg.IOType != ir.Stream {
		bad = append(bad, fmt.Errorf("IOType %q: unknown: got %q, want io_parallel or io_stream",
			cfg.IOType, cfg.IOType))
	}
	switch cfg.Writer.TBOutputStream {
	case "", "stdout", "file", "both":
	default:
		bad = append(bad, fmt.Errorf("TBOutputStream %q: unknown: got %q, want stdout, file or both",
			cfg.Writer.TBOutputStream, cfg.Writer.TBOutputStream))
	}
	for _, s := range []struct{ what, value string }{
		{"Part", cfg.Part}, {"ClockUncertainty", cfg.ClockUncertainty}, {"Version", cfg.Version},
	} {
		if strings.ContainsAny(s.value, "\"\\[]${};\n\r") {
			bad = append(bad, fmt.Errorf("%s %q: not for Tcl: got %q, want no quotes, brackets or line breaks",
				s.what, s.value, s.value))
		}
	}
	return errors.Join(bad...)
}

// writer lays the code of a graph out in files.
type writer struct {
	*codegen.Code
	tool    tool
	cfg     *ir.Config
	options codegen.Options
	project *codegen.Project
}

func (w *writer) write() error {
	// First, as it may refuse names, and nothing should be laid out then.
	defines, err := w.defines()
	if err != nil {
		return err
	}
	p, name := w.project, w.project.Name
	p.Add("firmware/"+name+".cpp", w.top())
	p.Add("firmware/"+name+".h", w.header())
	w.weights()
	p.Add("firmware/defines.h", defines)
	p.Add("firmware/parameters.h", w.parameters())
	if err := w.testBench(); err != nil {
		return err
	}
	if err := w.library(); err != nil {
		return err
	}
	return w.scripts()
}

// weights prints the largest part of a project by far, which is why progress is counted here and in values.
func (w *writer) weights() {
	txt := w.cfg.Writer.WriteWeightsTxt
	done, total := 0, 0
	for _, weight := range w.Weights() {
		total += len(weight.Data.Data)
	}
	for _, weight := range w.Weights() {
		stem := "firmware/weights/" + weight.Var
		w.project.Add(stem+".h", codegen.WeightHeader(weight, w.Env.Namespace, txt))
		if txt {
			w.project.Add(stem+".txt", codegen.WeightTxt(weight))
		}
		done += len(weight.Data.Data)
		if w.options.Progress != nil {
			w.options.Progress(done, total)
		}
	}
}

// mark is the line of nnet_code_gen.h that generated classes replace.
// The words are those of hls4ml's own header, so that its writer can work with this one.
const mark = "// hls4ml insert code\n"

// library adds the headers of hlslib; nnet_code_gen.h takes the generated classes, in the project's namespace
// when it has one.
func (w *writer) library() error {
	for _, dir := range []string{"nnet_utils", "ap_types"} {
		files := hlslib.Files(library + "/" + dir)
		for _, name := range slices.Sorted(maps.Keys(files)) {
			data := files[name]
			if name == "nnet_code_gen.h" {
				data = w.generated(string(data))
			}
			w.project.Add("firmware/"+dir+"/"+name, data)
		}
	}
	for _, path := range slices.Sorted(maps.Keys(w.options.Sources)) {
		w.project.Add("firmware/nnet_utils/"+path, w.options.Sources[path])
	}
	// A plugin's layer may include a header that it forgot to bring; g++ would say so at some line of
	// parameters.h.
	for _, h := range w.Includes() {
		if _, ok := w.project.Read("firmware/nnet_utils/" + h); !ok {
			return fmt.Errorf("header %q: not in the library: a layer includes it and hlslib has no such file", h)
		}
	}
	return nil
}

// generated puts the classes of layers into the header that all others include first, since configurations
// name these classes.
func (w *writer) generated(text string) []byte {
	if !strings.Contains(text, mark) {
		panic("BUG: nnet_code_gen.h has no mark for generated code")
	}
	// Its guard too: the header of a second project would otherwise be skipped as if it were the first one's.
	if ns := w.Env.Namespace; ns != "" {
		text = strings.ReplaceAll(text, "namespace nnet", "namespace "+ns)
		text = strings.ReplaceAll(text, "NNET_CODE_GEN_H_", strings.ToUpper(ns)+"_NNET_CODE_GEN_H_")
	}
	var code strings.Builder
	for _, n := range w.Nodes {
		if n.Code != "" {
			code.WriteString("// " + n.Node.Name + "\n" + n.Code + "\n")
		}
	}
	return []byte(strings.Replace(text, mark, code.String(), 1))
}
