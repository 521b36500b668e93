package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
)

// GenerateOptions are the arguments of hls4ml's config_from_keras_model.
type GenerateOptions struct {
	Granularity  string  // "model", "type" or "name"; empty: "model"
	Tool         ir.Tool // whose attributes layers have; the zero value: none
	Precision    string  // the model's default; empty: fixed<16,6>
	MaxPrecision string  // the largest that inference may choose; empty: no limit
	ReuseFactor  int     // 0: 1
}

// defaultPrecision is the model's type where nothing else is asked for.
const defaultPrecision = "fixed<16,6>"

// Generate returns the HLSConfig section to start from for a network. Key by key and in its order it is
// what hls4ml's config_from_keras_model returns, or for networks with channels first
// config_from_pytorch_model (utils/config.py).
func Generate(p *ir.Parsed, schema ir.Schema, o GenerateOptions) (*ir.Tree, error) {
	if o.Precision == "" {
		o.Precision = defaultPrecision
		if p.ChannelsFirst {
			o.Precision = "ap_" + defaultPrecision // as config_from_pytorch_model spells it
		}
	}
	if o.ReuseFactor == 0 {
		o.ReuseFactor = 1
	}
	precision := ir.NewTree("default", o.Precision)
	if o.MaxPrecision != "" {
		precision.Set("maximum", o.MaxPrecision)
	}
	model := ir.NewTree("Precision", precision, "ReuseFactor", o.ReuseFactor)
	if p.ChannelsFirst {
		model.Set("ChannelsLastConversion", "full")
		model.Set("TransposeOutputs", false)
	}
	for _, key := range []struct {
		name  string
		value any
	}{{"Strategy", "Latency"}, {"BramFactor", 1_000_000_000}, {"TraceOutput", false}} {
		model.Set(key.name, key.value)
	}
	out := ir.NewTree("Model", model)
	var section string
	var key func(*ir.Layer) string
	switch strings.ToLower(o.Granularity) {
	case "", "model":
		return out, nil
	case "type":
		section, key = "LayerType", func(l *ir.Layer) string { return l.ClassName }
	case "name":
		section, key = "LayerName", func(l *ir.Layer) string { return l.Name }
	default:
		return nil, fmt.Errorf("granularity: got %q, want model, type or name", o.Granularity)
	}
	layers := &ir.Tree{}
	for _, l := range p.Layers {
		if _, seen := layers.Get(key(l)); seen {
			continue
		}
		c, err := layerConfig(l, schema, o)
		if err != nil {
			return nil, err
		}
		layers.Set(key(l), c)
	}
	out.Set(section, layers)
	return out, nil
}

// layerConfig lists what the user may set of a layer: its types under Precision, then the rest.
func layerConfig(l *ir.Layer, schema ir.Schema, o GenerateOptions) (*ir.Tree, error) {
	k, ok := schema.Kind(l.Kind)
	if !ok {
		return nil, fmt.Errorf("layer %q: unknown kind: got %s", l.Name, l.Kind)
	}
	c := &ir.Tree{}
	for _, opt := range k.Options(o.Tool) {
		switch {
		case opt.NotConfigurable || opt.Class == ir.Plain || opt.Class == ir.WeightOption:
		case opt.Class == ir.TypeOption:
			precisionOf(c).Set(strings.TrimSuffix(opt.Name, typeSuffix), typeText(opt))
		case opt.Name == "reuse_factor":
			c.Set("ReuseFactor", o.ReuseFactor)
		case opt.Default != nil:
			c.Set(ir.PascalCase(opt.Name), opt.Default)
		}
	}
	quantizerTypes(c, l.Data.Quantizers)
	if k.Types != nil {
		t, err := k.Types(l, o.ReuseFactor)
		if err != nil {
			return nil, fmt.Errorf("layer %q: %w", l.Name, err)
		}
		c.Set("Precision", t)
	}
	return c, nil
}

func precisionOf(c *ir.Tree) *ir.Tree {
	if v, ok := c.Get("Precision"); ok {
		return v.(*ir.Tree)
	}
	t := &ir.Tree{}
	c.Set("Precision", t)
	return t
}

// typeText is the default of a type in hls4ml's long form, or auto.
func typeText(o ir.Option) string {
	f, ok := o.DefaultFormat()
	if !ok || f == fixed.Auto {
		return "auto"
	}
	return f.Long()
}

// quantizerOrder is the order in which hls4ml's front ends store quantizers, where it shows: types that the
// layer does not declare come behind those it does.
var quantizerOrder = []string{"mean", "variance", "beta", "gamma"}

// quantizerTypes overwrites the types that quantizers of the model fix.
func quantizerTypes(c *ir.Tree, quantizers map[string]ir.Quantizer) {
	names := make([]string, 0, len(quantizers))
	for name := range quantizers {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		place := func(s string) int { return slices.Index(quantizerOrder, strings.TrimSuffix(s, "_quantizer")) }
		return cmp.Or(cmp.Compare(place(a), place(b)), cmp.Compare(a, b))
	})
	for _, name := range names {
		variable, _, named := strings.Cut(strings.ToLower(name), "_quantizer")
		if !named { // the gates' activation of a recurrent layer, which has no type of its own
			continue
		}
		if variable == "activation" {
			variable = "result"
		}
		precisionOf(c).Set(variable, quantizers[name].Format().Long())
	}
}
