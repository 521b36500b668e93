package ir

import "github.com/hlsgo/hlsgo/fixed"

// OptionClass tells what an expected attribute of a layer kind is.
type OptionClass uint8

// The classes of hls4ml's attribute declarations.
const (
	Plain        OptionClass = iota // needed by the layer, not the user's to set
	Configurable                    // the user may set it
	Choice                          // the user may set it to one of Choices
	TypeOption                      // a type role; Name ends in _t
	WeightOption                    // a weight tensor
)

// Option declares one expected attribute of a layer kind, in hls4ml's order. The order is that of the
// configurations which hls4ml generates.
type Option struct {
	Name    string // snake_case: "table_size", "accum_t"
	Class   OptionClass
	Default any // nil, int, bool, string, float64, or fixed.Format for types
	Choices []string
	// NotConfigurable hides a Choice or a type from generated configurations.
	NotConfigurable bool
	// Optional marks a type that a node may be without: nothing gives it one but a setting or a front end.
	Optional bool
	// Needs is what a tool must have to add the attribute; "": it is part of the kind itself.
	Needs Capability
}

// DefaultFormat returns the default of a type option.
func (o Option) DefaultFormat() (fixed.Format, bool) {
	f, ok := o.Default.(fixed.Format)
	return f, ok
}

// Kind is what the graph must know of a layer kind in order to make a node of it.
// Functions and no interface: a kind is a value with everything in one literal, and what it lacks shows as
// nil.
type Kind struct {
	Name string // hls4ml's IR class
	// NewAttrs returns a pointer to a fresh attribute struct with defaults.
	NewAttrs func() any
	// NewState returns what a tool keeps of a node beside its attributes, as Node.State has it; nil: nothing.
	NewState func(t Tool) any
	// Constant marks kinds that read no tensor: their values are in their attributes and weights.
	Constant bool
	// Options returns the expected attributes for a tool, base attributes first.
	Options func(t Tool) []Option
	// Types returns what a generated configuration sets under Precision for a layer with that reuse factor, in
	// place of the types of Options; nil: those of Options.
	Types func(l *Layer, reuseFactor int) (*Tree, error)
	// Init fills shapes, output variables and weights of a new node from its attributes, its inputs and
	// the data that the front end read. It mirrors Layer.initialize of hls4ml's model/layers.py.
	Init func(n *Node, data Data) error
}

func (k *Kind) newState(t Tool) any {
	if k.NewState == nil {
		return nil
	}
	return k.NewState(t)
}

// Data holds what the front end read for a node, by hls4ml's names: "weight_data", "bias_data", ...
// It may hold Quantizers too ("weight_quantizer").
type Data struct {
	Tensors    map[string]*Tensor
	Quantizers map[string]Quantizer
	// OutputFirst says that weights are (outputs, inputs, kernel axes...), as PyTorch stores them, and not
	// (kernel axes..., inputs, outputs).
	OutputFirst bool
}

// Schema finds layer kinds by name. layers.Registry implements it.
type Schema interface {
	Kind(name string) (*Kind, bool)
	// KindNames lists the kinds, sorted; for messages.
	KindNames() []string
}
