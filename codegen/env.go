package codegen

import (
	"github.com/hlsgo/hlsgo/ir"
)

// Env is what emitters may ask beyond their node: the tool, its io type and where generated classes live.
type Env struct {
	Dialect Dialect
	Backend string // its name, for messages only
	IOType  ir.IOType
	// Namespace holds the project's C++ names; "" leaves them global.
	Namespace string
	// Spell writes the tool's words.
	Spell Spelling
}

// Stream reports whether tensors travel as streams of words.
func (e *Env) Stream() bool { return e.IOType == ir.Stream }

// IOEnum is the io type as the C++ enumerator, nnet::io_parallel or nnet::io_stream.
func (e *Env) IOEnum() string { return "nnet::" + string(e.IOType) }

// StrategyEnum is the constant of nnet_utils for a strategy.
func StrategyEnum(s ir.Strategy) string { return "nnet::" + string(s) }

// Owner is the namespace that generated classes belong to: the project's, or nnet when it has none.
// Two projects in one program may have layers of the same index, hence classes of the same name.
func (e *Env) Owner() string {
	if e.Namespace != "" {
		return e.Namespace
	}
	return "nnet"
}

// Config starts the configuration struct config<index> of a node.
func (e *Env) Config(n *ir.Node, base string) *Config { return NewConfig(ConfigName(n), base) }

// Call is the statement function<in type, out type, config>(in, out, extra...), the form of most layers.
func (e *Env) Call(n *ir.Node, function, config string, extra ...string) *Call {
	in, out := n.In(0), n.Out()
	return &Call{
		Function: function,
		Template: []string{in.Type.Name, out.Type.Name, config},
		Args:     append([]string{in.Name, out.Name}, extra...),
	}
}

// Unsupported is the error for a node that the backend has no C++ for.
func (e *Env) Unsupported(n *ir.Node, what string) error {
	return n.Errorf("%s: no C++ for backend %s with %s", what, e.Backend, e.IOType)
}
