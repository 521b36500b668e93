package codegen

import (
	"fmt"

	"github.com/hlsgo/hlsgo/ir"
)

// Emitter writes the C++ of one layer kind in one dialect.
type Emitter struct {
	// Emit returns the configuration structs and the call for the node.
	Emit func(env *Env, n *ir.Node) (*Fragment, error)
}

// Emitters finds the emitter of a layer kind; the registry's view of one dialect implements it.
type Emitters interface {
	Emitter(kind string) (Emitter, bool)
}

// Fragment is the C++ of one node. The empty fragment is right for nodes that only rename a tensor.
// A fragment does not say where its parts go. Configurations, calls and classes of one layer stand in three
// different files, and which files those are is the tool's business.
type Fragment struct {
	Configs  []*Config // in the order in which they must be declared
	Call     *Call     // nil: the node computes nothing
	Includes []string  // headers of nnet_utils that Configs and Call need, such as "nnet_dense.h"
	// Loop opens a loop before Call; the fragment of a later node closes it with EndLoop, behind its own Call.
	Loop    *Loop
	EndLoop bool
	Code    string // generated classes for nnet_code_gen.h, inside the namespace Env.Owner
}

// Loop is the head of a loop round the calls of several nodes.
type Loop struct {
	Head   string // "for (...)"
	Pragma string // the tool's, "" for none
}

// Call is one statement of the top function.
type Call struct {
	Function string   // with namespace: "nnet::dense"
	Template []string // template arguments
	Args     []string
}

// ConfigName is the name hls4ml gives the configuration struct of a node, such as config2.
func ConfigName(n *ir.Node) string { return fmt.Sprintf("config%d", n.Index) }
