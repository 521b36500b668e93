package layers

import (
	"errors"

	"github.com/hlsgo/hlsgo/fixed/kif"
	"github.com/hlsgo/hlsgo/ir"
)

// Bits is the part of a kind in bit-exact propagation, which gives every tensor the narrowest type that loses
// nothing: what the layer can make of the values before it, cut down to what the layers behind can use. The
// pass asks the nodes in order, forward for what they make, then backward for what is wanted of them.
type Bits struct {
	// Make says which bits the values of the output need; nil: the kind has no rule, and BitExact refuses it.
	// Mirrors _produce_kif of hls4ml's model/optimizer/passes/bit_exact.py.
	Make func(n *ir.Node, env BitsEnv) (kif.Tensor, error)
	// Want says which bits of each input the kind can use; nil: all of them. Mirrors _request_kif.
	Want func(n *ir.Node, env BitsEnv) ([]kif.Tensor, error)
	// OwnSums says that sums of the layer are not what it makes, and so keep their type or get it by Settle.
	OwnSums bool
	// Settle sets what follows from the bits beside the types of results, sums and weights: table sizes, types
	// of parameters. It runs when the nodes before n and n itself have their types; nil: nothing.
	Settle func(n *ir.Node, env BitsEnv) error
}

// BitsEnv is what a rule may ask about the node that it is for. Every question is answered when it is asked
// and not before, because asking has effects, as in hls4ml: a quantizer that is asked what it makes narrows
// its own bits to what reaches it.
type BitsEnv interface {
	// In returns the bits of input i, made anew. Only a rule that mirrors one of hls4ml's which does so may
	// write into them, and tells it by Changed where they are held.
	In(i int) (kif.Tensor, error)
	// Kept returns the bits of input i as they were when first made.
	Kept(i int) (kif.Tensor, error)
	// Wanted returns the bits of the output that the readers of n can use.
	Wanted() (kif.Tensor, error)
	// Changed tells that the rule changed what a node makes beyond its own answer, so that no answer given
	// before may be taken for a later one.
	Changed()
}

// ErrNoBits is the answer of rules that have none for a node.
var ErrNoBits = errors.New("BitExact: no rule for the kind, want another layer, or BitExact: false")

// MakeBits is a Make that looks at the bits of every input and at nothing else: what most kinds need. Errors
// of the rule come to name the node.
func MakeBits(
	rule func(n *ir.Node, in []kif.Tensor) (kif.Tensor, error),
) func(n *ir.Node, env BitsEnv) (kif.Tensor, error) {
	return func(n *ir.Node, env BitsEnv) (kif.Tensor, error) {
		in := make([]kif.Tensor, len(n.Inputs))
		for i := range in {
			var err error
			if in[i], err = env.In(i); err != nil {
				return kif.Tensor{}, err
			}
		}
		out, err := rule(n, in)
		if err != nil {
			return out, n.Errorf("%w", err)
		}
		return out, nil
	}
}

// BiasedBits returns the bits of sums to which a bias is added; nil: none.
func BiasedBits(sums kif.Interval, bias *ir.Weight) (kif.Tensor, error) {
	if bias == nil {
		return sums.Bits()
	}
	sums, err := sums.Plus(kif.Constants(bias.Data.Shape, bias.Data.Data))
	if err != nil {
		return kif.Tensor{}, err
	}
	return sums.Bits()
}

// WantedOfType returns the bits that a conversion to a type with these modes looks at, own being those that
// the type has: saturation looks at every integer bit, rounding below the step. It writes into own.
func WantedOfType(own kif.Tensor, rnd, sat string) kif.Tensor {
	n := len(own.K)
	if sat != "WRAP" {
		own.K, own.I = kif.Fill(n, 1), kif.Fill(n, kif.Unlimited)
	}
	switch rnd {
	case "TRN":
	case "RND": // half a step is all that it adds
		for v := range own.F {
			own.F[v]++
		}
	default: // ties and signs are looked at: any bit may decide
		own.F = kif.Fill(n, kif.Unlimited)
	}
	return own
}
