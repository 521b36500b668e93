package xilinx

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/ir"
)

// port declares a variable as a parameter of the top function.
// Streams go by reference, as a queue that is copied is another queue.
func (w *writer) port(v *ir.Variable) string {
	if w.Env.Stream() {
		return fmt.Sprintf("%s &%s", w.Env.Spell.Stream(v.Type.Name), v.Name)
	}
	return w.local(v, "")
}

// local declares a variable, with a suffix to its name.
func (w *writer) local(v *ir.Variable, suffix string) string {
	if w.Env.Stream() {
		return fmt.Sprintf("%s %s%s(%q)", w.Env.Spell.Stream(v.Type.Name), v.Name, suffix, v.Name)
	}
	return fmt.Sprintf("%s %s%s[%s]", v.Type.Name, v.Name, suffix, codegen.SizeText(v.Shape))
}

// ports lists the parameters of the top function: inputs, outputs, weights kept in block memory.
func (w *writer) ports() []string {
	var out []string
	for _, v := range slices.Concat(w.Inputs, w.Outputs) {
		out = append(out, w.port(v))
	}
	for _, p := range w.Ports() {
		out = append(out, codegen.WeightDecl(p))
	}
	return out
}

// arguments lists what a caller passes to the top function, with a suffix to the tensors' names.
func (w *writer) arguments(suffix string) string {
	var out []string
	for _, v := range slices.Concat(w.Inputs, w.Outputs) {
		out = append(out, v.Name+suffix)
	}
	for _, p := range w.Ports() {
		out = append(out, p.Var)
	}
	return strings.Join(out, ", ")
}

// prototype writes the head of the top function, which the header declares and the source defines.
func (w *writer) prototype(out *codegen.Writer, end string) {
	out.Open("void %s(", w.project.Name)
	ports := w.ports()
	for i, p := range ports {
		comma := ","
		if i == len(ports)-1 {
			comma = ""
		}
		out.Line("%s%s", p, comma)
	}
	out.Close(")%s", end)
}

// top is firmware/<project>.cpp: the top function with one call per layer.
func (w *writer) top() []byte {
	var out codegen.Writer
	out.Line("#include <iostream>")
	out.Blank()
	out.Line("#include \"%s.h\"", w.project.Name)
	out.Line("#include \"parameters.h\"")
	out.Blank()
	out.InNamespace(w.Env.Namespace, func() {
		w.prototype(&out, " {")
		out.Open("")
		w.interfaces(&out)
		w.loadWeights(&out)
		w.declarations(&out)
		w.calls(&out)
		out.Close("}")
	})
	return out.Bytes()
}

// interfaces writes the pragmas of the ports and of the whole function.
func (w *writer) interfaces(out *codegen.Writer) {
	names := func(vars []*ir.Variable) string {
		list := make([]string, len(vars))
		for i, v := range vars {
			list[i] = v.Name
		}
		return strings.Join(list, ",")
	}
	all := slices.Concat(w.Inputs, w.Outputs)
	protocol := "axis"
	// Arrays are told apart by a valid signal; streams are AXI, which brings its own handshake.
	if !w.Env.Stream() {
		protocol = "ap_vld"
		for _, v := range all {
			out.Line("%s", w.Env.Spell.Storage(v))
		}
	}
	out.Line("#pragma HLS INTERFACE %s port=%s", protocol, names(all))
	if ports := w.Ports(); w.Env.Stream() && len(ports) > 0 {
		list := make([]string, len(ports))
		for i, p := range ports {
			list[i] = p.Var
		}
		out.Line("#pragma HLS INTERFACE bram port=%s", strings.Join(list, ","))
	}
	out.Line("%s", pipeline(w.Graph))
	out.Blank()
}

// pipeline is the style that the passes have decided on, with the interval where one was asked for.
func pipeline(g *ir.Graph) string {
	text := "#pragma HLS " + strings.ToUpper(string(g.PipelineStyle))
	if g.PipelineStyle == ir.Pipeline && g.PipelineII != nil {
		text += fmt.Sprintf(" II=%d", *g.PipelineII)
	}
	return text
}

// loadWeights fills the weights from their text files at the first call of the simulation.
func (w *writer) loadWeights(out *codegen.Writer) {
	if !w.cfg.Writer.WriteWeightsTxt {
		return
	}
	out.Line("#ifndef __SYNTHESIS__")
	out.Line("static bool loaded_weights = false;")
	out.Open("if (!loaded_weights) {")
	for _, weight := range w.Weights() {
		out.Line("%s;", codegen.WeightLoad(weight))
	}
	out.Line("loaded_weights = true;")
	out.Close("}")
	out.Line("#endif")
	out.Blank()
}

// declarations declares the tensors between the layers.
func (w *writer) declarations(out *codegen.Writer) {
	ports := slices.Concat(w.Inputs, w.Outputs)
	for _, n := range w.Nodes {
		for _, v := range n.Node.Vars {
			switch {
			case slices.Contains(ports, v):
			// A reference costs nothing in hardware: the reshaped tensor is the same registers or the same
			// queue.
			case v.Alias != nil:
				out.Line("auto &%s = %s;", v.Name, v.Alias.Name)
			default:
				out.Line("%s;", w.local(v, ""))
				if v.Pragma != "" {
					out.Line("%s", w.Env.Spell.Storage(v))
				}
			}
		}
	}
}

// calls runs the layers.
func (w *writer) calls(out *codegen.Writer) {
	for _, n := range w.Nodes {
		if n.Call == nil {
			continue
		}
		out.Blank()
		if n.Loop != nil {
			out.Open("%s {", n.Loop.Head)
			if n.Loop.Pragma != "" {
				out.Line("%s", n.Loop.Pragma)
			}
		}
		out.Line("%s; // %s", n.Call, n.Node.Name)
		if n.EndLoop {
			out.Close("}")
		}
		if !w.traced(n) {
			continue
		}
		out.Line("#ifndef __SYNTHESIS__")
		// The first output stands for the layer, as in hls4ml's trace; copies of a Clone are equal anyway.
		v := n.Node.Out()
		out.Line("nnet::save_layer_output<%s>(%s, \"%s\", %s);",
			v.Type.Name, v.Name, n.Node.Name, codegen.SizeText(v.Shape))
		out.Line("#endif")
	}
}

// traced reports whether the simulation keeps the output of a node.
func (w *writer) traced(n codegen.NodeCode) bool {
	return n.Call != nil && (w.options.TraceAll || w.cfg.TraceOutput && n.Node.Trace)
}
