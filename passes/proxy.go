package passes

import (
	"maps"
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/fixed/kif"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// EnforceProxyModelEmbeddedConfig applies the settings that quantizers carry for other layers, unless the
// configuration has them. The linear activation that a front end puts behind such a layer goes.
var EnforceProxyModelEmbeddedConfig = ir.Pass{
	Name: "enforce_proxy_model_embedded_config",
	Doc:  "apply settings that quantizers carry for other layers",
	Match: func(n *ir.Node) bool {
		q, ok := n.Attrs.(layers.Quantizing)
		return ok && q.Carried() != nil
	},
	Apply: func(n *ir.Node) (bool, error) {
		g, changed := n.Graph(), false
		overrides := n.Attrs.(layers.Quantizing).Carried()
		for _, name := range slices.Sorted(maps.Keys(overrides)) {
			target := g.Node(name)
			if target == nil {
				continue
			}
			if err := override(target, overrides[name]); err != nil {
				return false, err
			}
			g.Touch(target)
			if l := g.Node(name + "_linear"); l != nil {
				if err := g.Remove(l); err != nil {
					return false, err
				}
				changed = true
			}
		}
		return changed, nil
	},
}

// override stores settings in n, types apart: those follow from the quantizers. They come by name, from a
// file, for whatever kind the layer is. The sums of poolings are typed by nothing else, and so wait for
// inference.
func override(n *ir.Node, settings map[string]any) error {
	own := n.Graph().Config.Layer(n.Name)
	if t := n.Type("accum_t"); t != nil && has(n, layers.Pooling) && !own.SetsPrecision("accum") {
		t.Format = fixed.Auto
	}
	for _, key := range slices.Sorted(maps.Keys(settings)) {
		name := key
		if key == "parallelization_factor" {
			name = "ParallelizationFactor"
		}
		if _, set := own.Get(name); set || strings.HasSuffix(key, "_t") {
			continue
		}
		if _, err := ir.SetAttr(n.Attrs, key, settings[key]); err != nil {
			return n.Errorf("setting of a quantizer: %w", err)
		}
	}
	return nil
}

// FuseFixedPointQuantizer gives the type of a quantizer with the same bits for all values to the node before
// it, when nobody else reads that. So it does with a linear activation whose type is its framework's. Casting
// once into the last type is casting twice when the type between loses nothing, which bit_exact has seen to:
// only nodes that it has typed are fused.
var FuseFixedPointQuantizer = ir.Pass{
	Name: "fuse_fixed_point_quantizer",
	Doc:  "give the type of a uniform quantizer to the layer before it",
	Match: func(n *ir.Node) bool {
		if q, ok := n.Attrs.(layers.Quantizing); ok {
			return n.Exact && q.Uniform()
		}
		return n.Exact && isLinear(n) && layers.Trusted(n)
	},
	Apply: func(n *ir.Node) (bool, error) {
		p := producer(n)
		if p == nil || len(readers(p)) != 1 {
			return false, nil
		}
		handType(p, fusedType(n))
		return remove(n)
	},
}

// fusedType is the type that n gives to the node before it.
func fusedType(n *ir.Node) fixed.Format {
	f := n.Out().Type.Format
	if q, ok := n.Attrs.(layers.Quantizing); ok {
		if t := q.Type(0); t.Q != fixed.TRN || t.O != fixed.WRAP {
			f = t
			f.W = max(f.W, 1)
		}
	}
	return f
}

// handType gives n the result type f. Nodes that only move values have no arithmetic to round behind: they
// hand rounding and overflow further up, and keep the bits. Where several tensors come together, it ends.
func handType(n *ir.Node, f fixed.Format) {
	n.Out().Type.Format = f
	n.Graph().Touch(n)
	if !has(n, layers.Moves) || len(n.Inputs) != 1 {
		return
	}
	p := producer(n)
	if p == nil || len(readers(p)) != 1 {
		return
	}
	n.Out().Type.Format = f.Plain()
	handType(p, f)
}

// wideInput is the width from which on the type of an input is taken for not known. An input that only
// quantizers with several types read is typed by what it makes, which is kif.Unlimited bits on either side of
// the point; no type that a user writes comes near.
const wideInput = 100

// FixInputPrecision gives inputs that only quantizers with several types read a type that holds what these
// can use.
var FixInputPrecision = ir.Pass{
	Name: "fix_input_precision",
	Doc:  "type an input for the quantizers behind it",
	Match: func(n *ir.Node) bool {
		return has(n, layers.Entry) && n.Out().Type.Format.W > wideInput
	},
	Apply: fixInput,
}

func fixInput(n *ir.Node) (bool, error) {
	moves, quantizers, err := towardQuantizers(n, n)
	if err != nil {
		return false, err
	}
	if len(quantizers) == 0 {
		n.Out().Type = &ir.Type{Name: n.Name + "_t", Format: kif.Format(0, 0, 1)}
		return false, nil
	}
	e := newExact()
	k, i := 0, -1<<30
	f, saturates := n.Out().Type.Format.F(), true
	for _, q := range quantizers {
		x, err := e.produce(q)
		if err != nil {
			return false, err
		}
		k, i = max(k, slices.Max(x.K)), max(i, slices.Max(x.I))
		modes := q.Attrs.(layers.Quantizing).Type(0)
		saturates = saturates && strings.Contains(modes.O.Short(), "SAT")
		if modes.Q != fixed.TRN && modes.Q != fixed.RND {
			f = 24 // hls4ml's choice
		}
	}
	t := kif.Format(k, i, f)
	if saturates {
		t.O = fixed.SAT
	}
	n.Out().Type = &ir.Type{Name: n.Name + "_t", Format: t}
	if a, ok := n.Attrs.(layers.Trusting); ok {
		*a.TrustMark() = true
	}
	for _, m := range moves {
		m.Graph().Touch(m)
	}
	return false, newExact().derive(moves) // which had the type of an input that is not known
}

// towardQuantizers lists the nodes that only move values behind n, and the quantizers behind those.
func towardQuantizers(input, n *ir.Node) (moves, quantizers []*ir.Node, err error) {
	for _, r := range readers(n) {
		switch {
		case isQuantizer(r):
			quantizers = append(quantizers, r)
		case has(r, layers.Moves):
			m, q, err := towardQuantizers(input, r)
			if err != nil {
				return nil, nil, err
			}
			moves, quantizers = append(append(moves, r), m...), append(quantizers, q...)
		default:
			return nil, nil, input.Errorf("BitExact: got %s %q behind it, want a quantizer: its type is not known",
				r.Kind, r.Name)
		}
	}
	return moves, quantizers, nil
}

// ProcessFixedPointQuantizerLayer refuses quantizers with several types on streams, whose words have one.
var ProcessFixedPointQuantizerLayer = ir.Pass{
	Name:  "vivado:process_fixed_point_quantizer_layer",
	Doc:   "refuse quantizers with several types on streams",
	Match: isQuantizer,
	Apply: func(n *ir.Node) (bool, error) {
		if stream(n) {
			return false, n.Errorf("io_stream: got values of different types, want io_parallel")
		}
		return false, nil
	},
}
