package ir

import (
	"fmt"
	"slices"

	"github.com/hlsgo/hlsgo/fixed"
)

// Type is a named C++ type. Nodes may share one Type: renaming or widening it in one place then shows in
// all, as hls4ml's NamedType objects do.
type Type struct {
	Name   string
	Format fixed.Format
	// Own, when set, is the format that the node would have: C++ has one type of a name, that of the first
	// node which brings it. Weights are still printed with the digits of their own format.
	Own *fixed.Format
}

// Text is the format with whose digits values of t are printed.
func (t *Type) Text() fixed.Format {
	if t.Own != nil {
		return *t.Own
	}
	return t.Format
}

// TypeSlot is one type of a node under its role, such as "accum_t" or "table_t".
type TypeSlot struct {
	Key  string
	Type *Type
}

// Variable is an output tensor of a node.
type Variable struct {
	Name  string // C++ name, such as layer2_out
	Shape []int  // without the batch axis, channels last
	Type  *Type
	// Alias, when set, is the tensor whose storage this one shares (reshapes in place).
	Alias *Variable
	// Pragma is the storage that the backend chose: "partition", "reshape", "stream" or "".
	Pragma string
	// Factor is the number of banks that a partition spreads the values over in turn; 0: a register for each.
	Factor int
	// Depth is the FIFO depth in words of a stream; 0 until the backend decides.
	Depth int
	// Pack is the number of values in one word of a stream; 0 for arrays.
	Pack int
}

// Size is the number of values of one sample.
func (v *Variable) Size() int { return Size(v.Shape) }

// Weight is a constant tensor of a node, still in floating point: quantization happens once, at lowering
// and printing, through the decimal text of fixed.WeightText.
type Weight struct {
	Role        string // "weight", "bias", "scale", ...: hls4ml's attribute name
	Var         string // C++ name, such as w2
	Type        *Type
	Shape       []int // as declared; passes that transpose change the shape of Data only
	Data        *Tensor
	Unquantized *Tensor // before Quantizer, same as Data without one
	Quantizer   Quantizer
	// Storage is "register", "bram" (passed through a port of the top function) or Wired.
	Storage string

	counted *Count
}

// Wired is the Storage of weights that generated code has in its wiring: the firmware has no array of them,
// and no type.
const Wired = "wired"

// Stored lists the weights of n that the firmware has arrays of.
func (n *Node) Stored() []*Weight {
	if !slices.ContainsFunc(n.Weights, func(w *Weight) bool { return w.Storage == Wired }) {
		return n.Weights
	}
	return slices.DeleteFunc(slices.Clone(n.Weights), func(w *Weight) bool { return w.Storage == Wired })
}

// Wire says that the firmware has weights of n in its wiring; no roles: all of them.
func (n *Node) Wire(roles ...string) {
	for _, w := range n.Weights {
		if len(roles) == 0 || slices.Contains(roles, w.Role) {
			w.Storage = Wired
		}
	}
}

// Count says how many values of a weight are zero, and how many are not.
type Count struct{ Zeros, Nonzeros int }

// Count counts the values of w. hls4ml counts once, when it makes a weight: passes that put other data into
// the same weight keep the old count with KeepCount.
func (w *Weight) Count() Count {
	if w.counted == nil {
		return countOf(w.Data)
	}
	return *w.counted
}

// KeepCount makes c the answer of Count, whatever the data.
func (w *Weight) KeepCount(c Count) { w.counted = &c }

func countOf(t *Tensor) Count {
	c := Count{Nonzeros: len(t.Data)}
	for _, v := range t.Data {
		if v == 0 {
			c.Zeros++
			c.Nonzeros--
		}
	}
	return c
}

// Node is one layer instance.
type Node struct {
	Name      string
	Kind      string // hls4ml's IR class, the key into the schema: "Dense", "Activation", ...
	ClassName string // the framework's class: "InputLayer", "QDense", ...; "" for inserted nodes
	Index     int    // from 1 in order of creation; names of variables carry it
	Inputs    []string
	Outputs   []string
	Attrs     any // pointer to the kind's attribute struct, see Fields
	// State is what the backend keeps of the node beside its attributes, a pointer to a struct of the kind's and
	// the dialect's own; nil: nothing. From outside its fields look like attributes.
	State any

	Trace        bool
	ReuseFactor  int
	TargetCycles *int
	Strategy     Strategy // "" where it means nothing

	Vars    []*Variable // one per entry of Outputs
	Types   []TypeSlot  // every role but result_t, which is Vars[0].Type
	Weights []*Weight

	// Data is what the node was made from. Folding passes leave it alone; passes that make another kind of the
	// node start from it, as hls4ml does.
	Data Data
	// ChannelsLast is set once the node has been converted from channels first.
	ChannelsLast bool
	// Exact is set once the types of the node follow from quantizers and weights.
	Exact bool

	// Origin lists the source layers, as the front end read them, whose work this node does.
	Origin []string

	graph *Graph
	// place orders the nodes of a graph with an index; it is not a position. See index.
	place  int64
	placed bool // the node is in the list of nodes
	seen   int  // the step of the graph in whose surroundings the node was last
}

// Graph returns the graph that made the node.
func (n *Node) Graph() *Graph { return n.graph }

// Fields lists the attributes of n, then what the backend keeps of it.
func (n *Node) Fields() []Field { return append(Fields(n.Attrs), Fields(n.State)...) }

// Set is SetAttr for the attributes of n and what the backend keeps of it.
func (n *Node) Set(name string, value any) (bool, error) {
	if found, err := SetAttr(n.Attrs, name, value); found || err != nil {
		return found, err
	}
	return SetAttr(n.State, name, value)
}

// Get is GetAttr for the attributes of n and what the backend keeps of it.
func (n *Node) Get(name string) (any, bool) {
	if v, ok := GetAttr(n.Attrs, name); ok {
		return v, true
	}
	return GetAttr(n.State, name)
}

// Attrs returns the attributes of n as a *T. It panics when the node is of another kind, which is a bug of
// the caller.
func Attrs[T any](n *Node) *T {
	a, ok := n.Attrs.(*T)
	if !ok {
		panic(fmt.Sprintf("BUG: ir.Attrs: node %q of kind %s holds %T", n.Name, n.Kind, n.Attrs))
	}
	return a
}

// Type returns the type in the role key ("accum_t", "weight_t", "result_t"), or nil.
func (n *Node) Type(key string) *Type {
	if key == "result_t" && len(n.Vars) > 0 {
		return n.Vars[0].Type
	}
	for _, s := range n.Types {
		if s.Key == key {
			return s.Type
		}
	}
	for _, w := range n.Weights {
		if w.Role+"_t" == key {
			return w.Type
		}
	}
	return nil
}

// Format returns the format in the role key; fixed.Auto when there is none.
func (n *Node) Format(key string) fixed.Format {
	if t := n.Type(key); t != nil {
		return t.Format
	}
	return fixed.Auto
}

// SetType stores t in the role key. Outputs that share the type of the first go with it.
// The pointer is replaced and the old type left alone, since others may share it; who wants all of them to
// change writes into the Type.
func (n *Node) SetType(key string, t *Type) {
	if key == "result_t" {
		old := n.Vars[0].Type
		for _, v := range n.Vars {
			// Outputs of a Clone have one type. One that a pass gave a type of its own keeps it.
			if v.Type == old {
				v.Type = t
			}
		}
		return
	}
	for _, w := range n.Weights {
		if w.Role+"_t" == key {
			w.Type = t
			return
		}
	}
	for i := range n.Types {
		if n.Types[i].Key == key {
			n.Types[i].Type = t
			return
		}
	}
	n.Types = append(n.Types, TypeSlot{key, t})
}

// Weight returns the weight with the role, or nil.
func (n *Node) Weight(role string) *Weight {
	for _, w := range n.Weights {
		if w.Role == role {
			return w
		}
	}
	return nil
}

// SetWeight adds w or replaces the weight of the same role. Its type takes the place of one that the
// configuration gave the role.
func (n *Node) SetWeight(w *Weight) {
	n.Types = slices.DeleteFunc(n.Types, func(s TypeSlot) bool { return s.Key == w.Role+"_t" })
	for i, old := range n.Weights {
		if old.Role == w.Role {
			n.Weights[i] = w
			return
		}
	}
	n.Weights = append(n.Weights, w)
}

// Out is the first output variable.
func (n *Node) Out() *Variable { return n.Vars[0] }

// In is the variable behind input i.
func (n *Node) In(i int) *Variable { return n.graph.Var(n.Inputs[i]) }

// Errorf returns an error that names the node: `Dense "fc1": ...`.
func (n *Node) Errorf(format string, args ...any) error {
	return &NodeError{n.Kind, n.Name, fmt.Errorf(format, args...)}
}

// NodeError is what is wrong with one node.
type NodeError struct {
	Kind, Name string
	Err        error
}

// Error names the node first.
func (e *NodeError) Error() string { return fmt.Sprintf("%s %q: %s", e.Kind, e.Name, e.Err) }

// Unwrap returns what is wrong.
func (e *NodeError) Unwrap() error { return e.Err }

// Quantizer returns the quantizer of a weight role, under hls4ml's attribute "<role>_quantizer", or nil. The
// attribute may outlive the weight's own quantizer and the other way round.
func (n *Node) Quantizer(role string) Quantizer { return n.Data.Quantizers[role+"_quantizer"] }

// SetQuantizer stores q under hls4ml's attribute name; nil removes it.
func (n *Node) SetQuantizer(attribute string, q Quantizer) {
	if q == nil {
		delete(n.Data.Quantizers, attribute)
		return
	}
	if n.Data.Quantizers == nil {
		n.Data.Quantizers = map[string]Quantizer{}
	}
	n.Data.Quantizers[attribute] = q
}
