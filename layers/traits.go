package layers

import (
	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
)

// Trait says of a kind what passes need to know that are not about that kind alone. They are hls4ml's
// isinstance tests: where it asks for a class and those derived from it, a pass here asks for a trait, and so
// a plugin's kind takes part by declaring it.
type Trait uint32

// The traits. A kind has any number of them.
const (
	// Entry: the node is an input of the network.
	Entry Trait = 1 << iota
	// Activation: one function of each value; the attributes are Activated.
	Activation
	// Matrix: sums of products with the weights "weight", whose last axis is that of the outputs, and a "bias"
	// on top. What scales or shifts its outputs may be folded into them.
	Matrix
	// Depthwise: a Matrix whose outputs look at one channel each.
	Depthwise
	// Scale: x * scale + bias per channel or value, by weights of these names.
	Scale
	// Moves: values come out as they went in, in another order or shape.
	Moves
	// Reshapes: a Moves that keeps the order as well, so that its result may be the array before it.
	Reshapes
	// AnyWords: on streams, it gathers its input from words of any size.
	AnyWords
	// Elementwise: combines two tensors value by value, of which one may spread over the other.
	Elementwise
	// Pooling: the most, or the mean, of the values in a window.
	Pooling
	// Gated: a recurrent layer with gates.
	Gated
	// Rows: works on the last axis of two, whatever the layout: with channels last it stands between
	// transposes.
	Rows
	// Contracts: a product of tensors along axes that it names.
	Contracts
	// Thresholds: compares with the weights "threshold", or "threshold_lo" and "threshold_hi".
	Thresholds
)

// Has reports whether t has all the traits of want.
func (t Trait) Has(want Trait) bool { return t&want == want }

// KindTraits returns the traits of a kind in a schema; none where the schema is no registry.
func KindTraits(s ir.Schema, kind string) Trait {
	if r, ok := s.(interface{ Def(string) (*Def, bool) }); ok {
		if d, ok := r.Def(kind); ok {
			return d.Traits
		}
	}
	return 0
}

// TraitsOf returns the traits of the kind of n.
func TraitsOf(n *ir.Node) Trait { return KindTraits(n.Graph().Schema, n.Kind) }

// Activated is implemented by the attributes of kinds with the trait Activation.
type Activated interface {
	// Function is the name of the function: "relu", "linear", "binary_tanh", ...
	Function() string
}

// FunctionOf is the function of a node with the trait Activation; "" for others.
func FunctionOf(n *ir.Node) string {
	if a, ok := n.Attrs.(Activated); ok && TraitsOf(n).Has(Activation) {
		return a.Function()
	}
	return ""
}

// Trusting is implemented by the attributes of kinds whose result type may come from the framework, or be
// found for good by a pass. Bit-exact propagation takes such a type as it is.
type Trusting interface {
	// TrustMark is where it is noted.
	TrustMark() *bool
}

// Trusted reports whether the result type of n is one to keep.
func Trusted(n *ir.Node) bool {
	a, ok := n.Attrs.(Trusting)
	return ok && *a.TrustMark()
}

// Permuting is implemented by the attributes of kinds that only change the order of axes.
type Permuting interface {
	// Permutation says for each axis of the output which one of the input it is; without batch.
	Permutation() []int
}

// ChannelsFirst is implemented by the attributes of kinds that name axes, to be changed when the layer's
// tensors get channels last.
type ChannelsFirst interface {
	// TurnLast changes them for tensors of so many axes, two or three without batch. It says what hls4ml 1.3.0,
	// and so the firmware, then computes that is not the network's, or "".
	TurnLast(rank int) string
}

// KeepsAxes reports whether a layer of a network with channels first has its axes in the framework's order
// where other layers get channels last: those over rows, and matrices over the last of several axes, which
// is no axis of channels.
func KeepsAxes(n *ir.Node) bool {
	t := TraitsOf(n)
	matrix := t.Has(Matrix|AnyWords) && n.Data.OutputFirst && len(n.Out().Shape) > 1
	return matrix || t.Has(Rows) || t.Has(Gated) || t.Has(Contracts)
}

// Reshaping is implemented by the attributes of kinds with the trait Reshapes.
type Reshaping interface {
	// Target is the shape that the layer asks for, which a conversion to channels last leaves alone.
	Target() []int
}

// Chained is implemented by the attributes of kinds that merge any number of tensors and have firmware for
// two.
type Chained interface {
	// Chain returns the attributes of all merges of two but the last, which keeps these: they are changed to
	// give the answer that merging that many tensors at once would.
	Chain(tensors int) any
}

// Quantizing is implemented by the attributes of kinds that convert each value to a fixed-point type of its
// own. A network with such a layer asks for exact types.
type Quantizing interface {
	// Uniform reports whether all values have the same type.
	Uniform() bool
	// Type is a type of the mask, with the modes that all share; entry 0 always exists.
	Type(entry int) fixed.Format
	// Carried are settings of other layers that the quantizer brings, by layer and setting; nil: none.
	Carried() map[string]map[string]any
}

// Declaring is implemented by the attributes of kinds whose variables take the type of another node's.
type Declaring interface {
	// DeclaredResult is the type configured for the layer's own name.
	DeclaredResult() *ir.Type
}

// DeclaredResult is the type that hls4ml keeps as result_t of n. For Declaring kinds it is not that of the
// variables; passes that ask the node and not its variable see this one.
func DeclaredResult(n *ir.Node) *ir.Type {
	if d, ok := n.Attrs.(Declaring); ok {
		return d.DeclaredResult()
	}
	return n.Type("result_t")
}

// Rewrite is a step of the flows that is about one kind alone, and so is a part of it.
type Rewrite struct {
	// Pass is the name of the pass that runs it. A kind of a plugin may join one of the passes that there are.
	Pass string
	// Match and Apply are as in ir.Pass, of one that is Near.
	Match func(n *ir.Node) bool
	Apply func(n *ir.Node) (restart bool, err error)
}

// RewriteOf finds the rewrite of the kind of n that the pass runs.
func RewriteOf(n *ir.Node, pass string) (Rewrite, bool) {
	if d, ok := DefOf(n); ok {
		for _, r := range d.Rewrites {
			if r.Pass == pass {
				return r, true
			}
		}
	}
	return Rewrite{}, false
}
