package xilinx

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/codegen/xilinx/spell"
	"github.com/hlsgo/hlsgo/hlslib"
	"github.com/hlsgo/hlsgo/ir"
)

// The name of a project names its top function, two files and an include guard, so it must differ from what
// the project, C++ and the tools call so already. Without a check the C++ compiler would be the first to say
// it, about a line that nobody wrote.

// globalName returns an error when nothing outside all functions of a project can have that name.
func globalName(key, name string) error {
	switch {
	case codegen.IsKeyword(name):
		return takenError(key, name, "a word of C++'s own")
	case !codegen.IsIdentifier(name):
		return nameError(key, name)
	case strings.HasPrefix(name, "__"), name[0] == '_' && len(name) > 1 && name[1] >= 'A' && name[1] <= 'Z':
		return takenError(key, name, "a name that C++ keeps for its compilers")
	case reserved(name):
		return takenError(key, name, "a name that C++ or the files of every project use")
	}
	return nil
}

// namespace returns an error when a project cannot have the namespace that cfg gives it, whatever its layers.
func namespace(cfg *ir.Config) error {
	ns := cfg.Writer.Namespace
	switch {
	case ns == "", slices.Contains(spell.Spelling{}.Namespaces(), ns): // those can be opened again
		return nil
	case ns == cfg.ProjectName:
		// Test bench and bridge open the namespace, and then the name means both.
		return takenError("Namespace", ns, "ProjectName, that of the top function")
	}
	return globalName("Namespace", ns)
}

// projectName returns an error when a project cannot have the name that cfg gives it, whatever its layers.
func projectName(cfg *ir.Config) error {
	name := cfg.ProjectName
	if err := globalName("ProjectName", name); err != nil {
		return err
	}
	taken := func(by string) error { return takenError("ProjectName", name, by) }
	// Guards are in capitals, and some file systems do not tell a and A apart.
	guard := name
	if ns := cfg.Writer.Namespace; ns != "" {
		guard = ns + "_" + name
	}
	for _, stem := range headers() {
		if strings.EqualFold(stem, name) || strings.EqualFold(stem, guard) {
			return taken("that of the header " + stem + ".h")
		}
	}
	return nil
}

func nameError(what, name string) error {
	return fmt.Errorf("%s %q: not a C++ name: got %q, want letters, digits and _", what, name, name)
}

func takenError(what, name, by string) error {
	return fmt.Errorf("%s %q: taken: got %s, want another name", what, name, by)
}

// headers lists the headers of every project without their ".h".
func headers() []string {
	out := []string{"defines", "parameters"}
	for _, file := range slices.Sorted(maps.Keys(hlslib.Files("xilinx"))) {
		out = append(out, strings.TrimSuffix(path.Base(file), ".h"))
	}
	return out
}

// reserved reports whether the name is one of the library's own macros or files/reserved.txt lists it:
// macros, types and variables that the headers of a project bring in with g++ 12 or clang 14 and glibc, the
// functions of C's standard library, which HLS tools know by name, namespaces, and what test bench and bridge
// declare.
func reserved(name string) bool {
	text, err := files.ReadFile("files/reserved.txt")
	if err != nil {
		panic("BUG: " + err.Error())
	}
	return strings.HasPrefix(name, "HLSGO_") || slices.Contains(strings.Fields(string(text)), name)
}

// checkNamespace refuses a namespace called like something of the layers that test bench and bridge name, or
// that would hide it inside the top function.
func (w *writer) checkNamespace(types []codegen.Typedef) error {
	ns := w.Env.Namespace
	if slices.ContainsFunc(types, func(t codegen.Typedef) bool { return t.Name == ns }) {
		return takenError("Namespace", ns, "that of a type of the firmware")
	}
	for _, v := range slices.Concat(w.Inputs, w.Outputs) {
		if v.Name == ns {
			return takenError("Namespace", ns, "that of an input or output of the firmware")
		}
	}
	return nil
}

// checkTop refuses a project called like something of its layers. Tensors inside the top function may be
// called as it is; those that test bench and bridge declare beside a call of it may not.
func (w *writer) checkTop(types []codegen.Typedef) error {
	name := w.project.Name
	for _, t := range types {
		if t.Name == name {
			return takenError("ProjectName", name, "that of a type of the firmware")
		}
	}
	for _, v := range slices.Concat(w.Inputs, w.Outputs) {
		if v.Name == name {
			return takenError("ProjectName", name, "that of an input or output of the firmware")
		}
	}
	for _, weight := range w.Weights() {
		if strings.EqualFold(weight.Var, name) { // the guard of its header
			return takenError("ProjectName", name, "that of a weight of the firmware")
		}
	}
	for _, n := range w.Nodes {
		for _, c := range n.Configs {
			if c.Name == name {
				return takenError("ProjectName", name, "that of a configuration of the firmware")
			}
		}
	}
	return nil
}
