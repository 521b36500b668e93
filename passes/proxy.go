package passes

import (
	"maps"
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/quant"
)

// EnforceProxyModelEmbeddedConfig applies the settings that quantizers carry for other layers, unless the
// configuration has them. The linear activation that a front end puts behind such a layer goes.
var EnforceProxyModelEmbeddedConfig = ir.Pass{
	Name: "enforce_proxy_model_embedded_config",
	Doc:  "apply settings that quantizers carry for other layers",
	Match: func(n *ir.Node) bool {
		a, ok := n.Attrs.(*quant.FixedPointAttrs)
		return ok && a.Overrides != nil
	},
	Apply: func(n *ir.Node) (bool, error) {
		g, changed := n.Graph(), false
		overrides := ir.Attrs[quant.FixedPointAttrs](n).Overrides
		for _, name := range slices.Sorted(maps.Keys(overrides)) {
			target := g.Node(name)
			if target == nil {
				continue
			}
			if err := override(target, overrides[name]); err != nil {
				return false, err
			}
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

// override stores settings in n, types apart: those follow from the quantizers.
func override(n *ir.Node, settings map[string]any) error {
	own := n.Graph().Config.Layer(n.Name)
	if t := n.Type("accum_t"); t != nil && isPooling(n) && !own.SetsPrecision("accum") {
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
// it, when nobody else reads that. So it does with a linear activation whose type is its framework's.
var FuseFixedPointQuantizer = ir.Pass{
	Name: "fuse_fixed_point_quantizer",
	Doc:  "give the type of a uniform quantizer to the layer before it",
	Match: func(n *ir.Node) bool {
		if a, ok := n.Attrs.(*quant.FixedPointAttrs); ok {
			return n.Exact && a.Mask.Uniform()
		}
		return n.Exact && isActivation(n) && function(n) == "linear" && trusted(n)
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
	if a, ok := n.Attrs.(*quant.FixedPointAttrs); ok && (a.RND != "TRN" || a.SAT != "WRAP") {
		f = a.Type(0)
		f.W = max(f.W, 1)
	}
	return f
}

// handType gives n the result type f. Nodes that only move values hand rounding and overflow further up, and
// keep the bits.
func handType(n *ir.Node, f fixed.Format) {
	n.Out().Type.Format = f
	if n.Kind != "Reshape" && n.Kind != "Transpose" {
		return
	}
	p := producer(n)
	if p == nil || len(readers(p)) != 1 {
		return
	}
	n.Out().Type.Format = f.Plain()
	handType(p, f)
}

// wideInput is the width from which on the type of an input is taken for not known.
const wideInput = 100

// FixInputPrecision gives inputs that only quantizers with several types read a type that holds what these
// can use.
var FixInputPrecision = ir.Pass{
	Name: "fix_input_precision",
	Doc:  "type an input for the quantizers behind it",
	Match: func(n *ir.Node) bool {
		return n.Kind == "Input" && n.Out().Type.Format.W > wideInput
	},
	Apply: fixInput,
}

func fixInput(n *ir.Node) (bool, error) {
	moves, quantizers, err := towardQuantizers(n, n)
	if err != nil {
		return false, err
	}
	if len(quantizers) == 0 {
		n.Out().Type = &ir.Type{Name: n.Name + "_t", Format: exactFormat(0, 0, 1)}
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
		k, i = max(k, slices.Max(x.k)), max(i, slices.Max(x.i))
		a := ir.Attrs[quant.FixedPointAttrs](q)
		saturates = saturates && strings.Contains(a.SAT, "SAT")
		if a.RND != "TRN" && a.RND != "RND" {
			f = 24 // hls4ml's choice
		}
	}
	t := exactFormat(k, i, f)
	if saturates {
		t.O = fixed.SAT
	}
	n.Out().Type = &ir.Type{Name: n.Name + "_t", Format: t}
	if _, err := ir.SetAttr(n.Attrs, "trusted", true); err != nil {
		return false, err
	}
	return false, retype(moves)
}

// retype derives the types of nodes once more.
func retype(nodes []*ir.Node) error {
	e := newExact()
	for _, n := range nodes {
		x, err := e.produce(n)
		if err != nil {
			return err
		}
		e.produced[n] = x
	}
	for _, n := range nodes {
		if err := e.register(n); err != nil {
			return err
		}
	}
	return nil
}

// towardQuantizers lists the nodes that only move values behind n, and the quantizers behind those.
func towardQuantizers(input, n *ir.Node) (moves, quantizers []*ir.Node, err error) {
	for _, r := range readers(n) {
		switch r.Kind {
		case quantizer:
			quantizers = append(quantizers, r)
		case "Reshape", "Transpose", "Concatenate":
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
	Match: kind(quantizer),
	Apply: func(n *ir.Node) (bool, error) {
		if stream(n) {
			return false, n.Errorf("io_stream: got values of different types, want io_parallel")
		}
		return false, nil
	},
}
