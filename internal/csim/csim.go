package csim

import (
	"fmt"
	"path"
	"regexp"
	"strings"
	"time"
)

// A Port is an input or output of a model's top function.
type Port struct {
	Name   string // of the variable, also the name of the tensor in the result
	Type   string // C++ type of the argument's elements, such as "input_t"; of a stream's words when Stream
	Size   int    // numbers per sample
	Stream string // class template of which Type is the argument, such as "hls::stream"; "": an array
}

// A Model is a project in memory and how to call it.
type Model struct {
	Name      string            // of the top function, declared in firmware/<Name>.h
	Namespace string            // of the generated code, "" when it has none
	Files     map[string][]byte // the project, by path relative to its folder
	Inputs    []Port
	Outputs   []Port
	Extra     []string // further arguments of the top function, such as weights that are ports
	Headers   []string // headers below firmware that Extra needs, such as "weights/w2.h"
}

// Options say how a program is compiled. The zero value is g++ -O1 -std=c++11, with the flags of $CXXFLAGS
// behind.
// The default is -O1, since -O0 leaves the templates of the number types as calls and runs far longer, while
// -O2 compiles far longer.
type Options struct {
	Opt string // optimization flag, "-O1" when empty
	Std string // language standard, "c++11" when empty
	// Types is the folder of the project's number types below firmware, "ap_types" when empty.
	Types string
	// APTypes is a folder to take in its place, such as the vendor's (see VendorAPTypes).
	APTypes string
	// Joined compiles all models as one translation unit, which saves reading the headers once per model. The
	// models need distinct namespaces, include guards and weights in their headers.
	Joined  bool
	Flags   []string      // further compiler flags
	Cache   string        // folder of compiled programs; when empty $HLSGO_CACHE, else the user's cache folder
	Timeout time.Duration // of the compiler, ten minutes when zero
}

func (o Options) withDefaults() Options {
	if o.Opt == "" {
		o.Opt = "-O1"
	}
	if o.Std == "" {
		o.Std = "c++11"
	}
	if o.Types == "" {
		o.Types = "ap_types"
	}
	if o.Timeout == 0 {
		o.Timeout = 10 * time.Minute
	}
	return o
}

var (
	identifier = regexp.MustCompile(`^[A-Za-z_]\w*$`)
	typeName   = regexp.MustCompile(`^[A-Za-z_][\w:<>, ]*$`)
)

// check refuses a model whose names would break the driver, and paths outside its folder.
// Names are pasted into C++ text and paths into a folder of the cache, and both may come from a model file.
func (m Model) check() error {
	if !identifier.MatchString(m.Name) || m.Namespace != "" && !identifier.MatchString(m.Namespace) {
		return fmt.Errorf("model %q: no C++ name: got namespace %q, function %q", m.Name, m.Namespace, m.Name)
	}
	for _, p := range append(append([]Port(nil), m.Inputs...), m.Outputs...) {
		if !identifier.MatchString(p.Name) || !typeName.MatchString(p.Type) || p.Size < 1 {
			return fmt.Errorf("model %q: port %q: got type %q, size %d, want a C++ name, a type and a positive size",
				m.Name, p.Name, p.Type, p.Size)
		}
	}
	for name := range m.Files {
		if path.Clean(name) != name || path.IsAbs(name) || strings.HasPrefix(name, "..") {
			return fmt.Errorf("model %q: file %q is not inside the project", m.Name, name)
		}
	}
	for _, name := range []string{m.source(), m.header()} {
		if _, ok := m.Files[name]; !ok {
			return fmt.Errorf("model %q: no file %q in the project", m.Name, name)
		}
	}
	return nil
}

func (m Model) source() string { return "firmware/" + m.Name + ".cpp" }
func (m Model) header() string { return "firmware/" + m.Name + ".h" }

// Key is how the program is asked for the model.
func (m Model) Key() string {
	if m.Namespace != "" {
		return m.Namespace + "::" + m.Name
	}
	return m.Name
}

// checkAll checks every model and that they can share a program.
func checkAll(models []Model, joined bool) error {
	if len(models) == 0 {
		return fmt.Errorf("csim: no model to compile")
	}
	seen := map[string]bool{}
	for _, m := range models {
		if err := m.check(); err != nil {
			return err
		}
		// Functions such as nnet::dense are templates over structs config2, config3 ... Two models that both
		// define them in one namespace would break the rule of one definition, and a linker keeps either
		// without a word.
		if len(models) > 1 && (m.Namespace == "" || seen[m.Namespace]) {
			return fmt.Errorf("model %q: models in one program need namespaces of their own: got %q",
				m.Name, m.Namespace)
		}
		seen[m.Namespace] = true
		// Weights in text files are found through the macro WEIGHTS_DIR, which is one per translation unit
		// while the headers that use it are included once.
		if joined && m.readsWeights() {
			return fmt.Errorf("model %q: reads weights from text files: want them in headers when models are joined",
				m.Name)
		}
	}
	return nil
}

func (m Model) readsWeights() bool {
	for name := range m.Files {
		if path.Dir(name) == "firmware/weights" && path.Ext(name) == ".txt" {
			return true
		}
	}
	return false
}
