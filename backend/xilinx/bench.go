package xilinx

import (
	"bytes"
	"embed"
	"fmt"
	"strings"
	"text/template"

	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/ir"
)

// files holds the parts of a project that are mostly fixed text: test bench, bridge, scripts.
//
//go:embed files
var files embed.FS

// view is what the templates see.
type view struct {
	Name, Guard, Namespace string
	Inputs, Outputs        []portView
	BRAM                   []string // names of weights kept in block memory
	Traced                 []traceView
	Call, CallAP           string // arguments of the top function
	ToStdout, ToFile       bool
	Stamp                  string
	OptionsFile            bool
	Types                  []string // C types of the bridge
	Tcl                    []tclVariable
}

// portView is an input or output of the top function.
type portView struct {
	Name, Type, Size string
	Local, LocalAP   string // declarations, the second with the suffix _ap
	Offset           int    // of its values in a line of the test data
}

type traceView struct{ Layer, Size string }

// portViews gives each port its place in a line of the test data, where the inputs of a sample follow each
// other.
func (w *writer) portViews(vars []*ir.Variable) []portView {
	var out []portView
	offset := 0
	for _, v := range vars {
		out = append(out, portView{
			Name: v.Name, Type: v.Type.Name, Size: codegen.SizeText(v.Shape),
			Local: w.local(v, ""), LocalAP: w.local(v, "_ap"), Offset: offset,
		})
		offset += v.Size()
	}
	return out
}

// view gathers all that the templates may ask in one value, so that none of them computes anything.
func (w *writer) view() view {
	sink := w.cfg.Writer.TBOutputStream
	v := view{
		Name: w.project.Name, Guard: strings.ToUpper(w.project.Name), Namespace: w.Env.Namespace,
		Inputs: w.portViews(w.Inputs), Outputs: w.portViews(w.Outputs),
		Call: w.arguments(""), CallAP: w.arguments("_ap"),
		Types: []string{"float", "double"}, ToStdout: sink != "file", ToFile: sink != "stdout",
		Stamp: w.project.Stamp, OptionsFile: w.tool.optionsFile, Tcl: w.tclVariables(),
	}
	for _, p := range w.Ports() {
		v.BRAM = append(v.BRAM, p.Var)
	}
	for _, n := range w.Nodes {
		if !w.traced(n) {
			continue
		}
		for _, out := range n.Node.Vars {
			v.Traced = append(v.Traced, traceView{n.Node.Name, codegen.SizeText(out.Shape)})
		}
	}
	return v
}

// render fills the template of that name.
func (w *writer) render(name string) ([]byte, error) {
	t, err := template.New(name).ParseFS(files, "files/"+name)
	if err != nil {
		return nil, fmt.Errorf("BUG: template %s: %w", name, err)
	}
	var out bytes.Buffer
	if err := t.Execute(&out, w.view()); err != nil {
		return nil, fmt.Errorf("BUG: template %s: %w", name, err)
	}
	return out.Bytes(), nil
}

// testBench adds the C++ that runs the firmware: the tool's test bench with its data, and the bridge through
// which a library of the firmware is called.
func (w *writer) testBench() error {
	p := w.project
	// The folder must be there without any data too: the test bench writes its results into it.
	p.AddDir("tb_data")
	if w.options.TBInput != nil {
		p.Add("tb_data/tb_input_features.dat", w.options.TBInput)
	}
	if w.options.TBOutput != nil {
		p.Add("tb_data/tb_output_predictions.dat", w.options.TBOutput)
	}
	for _, f := range []struct{ template, path string }{
		{"test.cpp.tmpl", p.Name + "_test.cpp"}, {"bridge.cpp.tmpl", p.Name + "_bridge.cpp"},
	} {
		text, err := w.render(f.template)
		if err != nil {
			return err
		}
		p.Add(f.path, text)
	}
	return nil
}
