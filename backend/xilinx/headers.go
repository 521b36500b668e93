package xilinx

import (
	"errors"
	"fmt"
	"strings"

	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/ir"
)

// header is firmware/<project>.h: the prototype of the top function.
func (w *writer) header() []byte {
	var out codegen.Writer
	out.Guard(w.Env.Namespace, w.project.Name, func() {
		for _, h := range append(w.Env.Spell.Headers(), w.Env.Spell.StreamHeader()) {
			out.Line("#include \"%s\"", h)
		}
		out.Blank()
		out.Line("#include \"defines.h\"")
		out.Blank()
		out.InNamespace(w.Env.Namespace, func() {
			out.Line("// The top function: what the HLS tool makes a core of.")
			w.prototype(&out, ";")
			if w.cfg.Writer.WriteEmulationConstants {
				w.emulator(&out)
			}
		})
	})
	return out.Bytes()
}

// emulator wraps the top function for emulators that hold all ports in two tuples.
func (w *writer) emulator(out *codegen.Writer) {
	call := ""
	if !w.Env.Stream() {
		call = ".data()"
	}
	params := "inputs_t &inputs, outputs_t &outputs"
	var args []string
	for i := range w.Inputs {
		args = append(args, fmt.Sprintf("std::get<%d>(inputs)%s", i, call))
	}
	for i := range w.Outputs {
		args = append(args, fmt.Sprintf("std::get<%d>(outputs)%s", i, call))
	}
	for _, p := range w.Ports() {
		params += ", " + codegen.WeightDecl(p)
		args = append(args, p.Var)
	}
	out.Blank()
	out.Open("inline void %s_emulator(%s) {", w.project.Name, params)
	out.Line("%s(%s);", w.project.Name, strings.Join(args, ", "))
	out.Close("}")
}

// defines is firmware/defines.h: the types of tensors, weights and tables.
func (w *writer) defines() ([]byte, error) {
	types, err := w.Typedefs()
	if err != nil {
		return nil, err
	}
	if err := errors.Join(w.checkTop(types), w.checkNamespace(types)); err != nil {
		return nil, err
	}
	for _, t := range types {
		if strings.Contains(t.Type, "ap_float") {
			return nil, fmt.Errorf("type %q: no header for it: got %s, want a fixed-point, integer or C++ type",
				t.Name, t.Type)
		}
	}
	var out codegen.Writer
	out.Guard(w.Env.Namespace, "defines", func() {
		for _, h := range append(w.Env.Spell.Headers(), "nnet_utils/nnet_types.h") {
			out.Line("#include \"%s\"", h)
		}
		for _, h := range standardHeaders(types) {
			out.Line("#include <%s>", h)
		}
		out.Blank()
		out.InNamespace(w.Env.Namespace, func() {
			for _, t := range types {
				if t.Struct {
					out.Line("typedef struct %s { %s } %s;", t.Name, t.Type, t.Name)
				} else {
					out.Line("typedef %s %s;", t.Type, t.Name)
				}
			}
			if w.cfg.Writer.WriteEmulationConstants {
				out.Blank()
				out.Line("using inputs_t = std::tuple<%s>;", w.containers(w.Inputs))
				out.Line("using outputs_t = std::tuple<%s>;", w.containers(w.Outputs))
			}
		})
	})
	return out.Bytes(), nil
}

// standardHeaders are those that names of the types need; <stdfloat> is of C++23, which older compilers lack,
// so it is asked for only where one of its types is.
func standardHeaders(types []codegen.Typedef) []string {
	out := []string{"array", "cstddef", "cstdio", "tuple"}
	for _, t := range types {
		if strings.Contains(t.Type, "std::") {
			return append([]string{"stdfloat"}, out...)
		}
	}
	return out
}

// containers lists the types that hold the variables outside the firmware.
func (w *writer) containers(vars []*ir.Variable) string {
	list := make([]string, len(vars))
	for i, v := range vars {
		if w.Env.Stream() {
			list[i] = w.Env.Spell.Stream(v.Type.Name)
		} else {
			list[i] = fmt.Sprintf("std::array<%s, %s>", v.Type.Name, codegen.SizeText(v.Shape))
		}
	}
	return strings.Join(list, ", ")
}

// parameters is firmware/parameters.h: the weights and the configuration of every layer.
func (w *writer) parameters() []byte {
	var out codegen.Writer
	out.Guard(w.Env.Namespace, "parameters", func() {
		for _, h := range w.Env.Spell.Headers() {
			out.Line("#include \"%s\"", h)
		}
		out.Blank()
		for _, h := range append([]string{"nnet_code_gen.h", "nnet_helpers.h"}, w.Includes()...) {
			out.Line("#include \"nnet_utils/%s\"", h)
		}
		out.Blank()
		for _, weight := range w.Weights() {
			// Those come in as arguments of the top function; their headers are for the test bench.
			if weight.Storage != "bram" {
				out.Line("#include \"weights/%s.h\"", weight.Var)
			}
		}
		out.InNamespace(w.Env.Namespace, func() { w.configs(&out) })
	})
	return out.Bytes()
}

// configs writes the structs in the order of the layers, and within one in that of their use: a struct is
// complete before another one names it.
func (w *writer) configs(out *codegen.Writer) {
	for _, n := range w.Nodes {
		for i, c := range n.Configs {
			out.Blank()
			if i == 0 {
				out.Line("// %s", n.Node.Name)
			}
			out.Config(c)
		}
	}
}
