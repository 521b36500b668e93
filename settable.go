package hlsgo

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/config"
	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
)

// Load reads CONFIG.yml, or a model file with the settings of a generated configuration (granularity model),
// and the network it names. What is wrong comes back as one error, one line per problem.
//
// A type that o.Set gives a layer must take effect: one that hls4ml cannot set is refused with the reason.
// That of a layer which a tool makes out of another is set at the place where it comes from, with a warning.
func (t *Toolkit) Load(path string, o Overrides) (*Model, error) {
	return settled(func(o Overrides) (*Model, error) { return t.open(path, o) }, o)
}

// settled opens a model so that the types that are set have an effect, or says why they have none.
func settled(open func(Overrides) (*Model, error), o Overrides) (*Model, error) {
	m, err := open(o)
	types := config.TypesOf(o.Set)
	if len(types) == 0 {
		return m, err
	}
	var moved map[string]string
	var notes []string
	if err == nil {
		moved, err = m.withoutEffect(o, types)
	} else {
		// Names of the final graph are known to it alone, so it is built without the settings first.
		plain, failed := open(without(o, types...))
		if failed != nil {
			return nil, err
		}
		moved, notes, err = plain.atSource(types, err)
	}
	if err != nil {
		return nil, err
	}
	if len(moved) > 0 {
		o.Set = replaced(o.Set, moved)
		if m, err = open(o); err != nil {
			return nil, err
		}
	}
	for _, note := range notes {
		m.warn(note)
	}
	return m, nil
}

// without is o without some settings of types.
func without(o Overrides, types ...config.TypeSetting) Overrides {
	o.Set = slices.DeleteFunc(slices.Clone(o.Set), func(s string) bool {
		return slices.ContainsFunc(types, func(t config.TypeSetting) bool { return t.Set == s })
	})
	return o
}

func replaced(sets []string, by map[string]string) []string {
	out := slices.Clone(sets)
	for i, s := range out {
		if other, ok := by[s]; ok {
			out[i] = other
		}
	}
	return out
}

// atSource finds settings that do what those of layers would which only the final graph has, and which were
// refused. The error is that of one for which there is none, or that of the refusal.
func (m *Model) atSource(
	types []config.TypeSetting, refusal error,
) (moved map[string]string, notes []string, err error) {
	g, err := m.Graph()
	if err != nil {
		return nil, nil, refusal
	}
	moved = map[string]string{}
	for _, s := range types {
		n := g.Node(s.Layer)
		if _, ok := typeOf(n, s.Key); !ok {
			continue
		}
		if _, err := m.set(s.Set); err == nil {
			continue
		}
		path := m.instead(n, s)
		if path == "" {
			return nil, nil, m.noPlace(n, s, path)
		}
		moved[s.Set] = path + "=" + s.Text
		notes = append(notes, fmt.Sprintf("--set %s: %s is made from the model's layers: taken as %s",
			s.Path, n.Name, path))
	}
	if len(moved) == 0 {
		return nil, nil, refusal
	}
	return moved, notes, nil
}

// withoutEffect wants types that were set to be in the final graph; those of a layer that is merged into
// another may change it in any way. A type that its layer has by another name is moved to that.
func (m *Model) withoutEffect(o Overrides, types []config.TypeSetting) (moved map[string]string, err error) {
	g, err := m.Graph()
	if err != nil {
		return nil, nil // it is told when the graph is asked for
	}
	moved = map[string]string{}
	for _, s := range types {
		n := g.Node(s.Layer)
		asked, err := m.config.Format(s.Text)
		if err != nil || asked == fixed.Auto {
			continue
		}
		got, ok := typeOf(n, s.Key)
		if ok && got == asked {
			continue
		}
		other, err := m.with(without(o, s))
		if err != nil {
			continue
		}
		plain, err := other.Graph()
		if err != nil || !ok && !sameTypes(plain, g) {
			continue
		}
		// A type that is another one than was asked for may still follow from it.
		if was, _ := typeOf(plain.Node(s.Layer), s.Key); ok && was != got {
			continue
		}
		if n == nil {
			return nil, m.noPlace(n, s, "")
		}
		path := other.instead(n, s)
		if config.LayerOf(path) != s.Layer {
			return nil, m.noPlace(n, s, path)
		}
		moved[s.Set] = path + "=" + s.Text
	}
	return moved, nil
}

// noPlace is the error of a type that cannot be set, with the reason and, at path, what can be.
func (m *Model) noPlace(n *ir.Node, s config.TypeSetting, path string) error {
	why := m.whyNot(n, s)
	if path == "" {
		return fmt.Errorf("--set %s: no setting of hls4ml 1.3.0 changes it: %s", s.Path, why)
	}
	if s.Key == "result_t" {
		why = n.Name + " passes on the type of " + config.LayerOf(path)
	}
	return fmt.Errorf("--set %s: it has no effect: %s; set %s", s.Path, why, path)
}

// whyNot says why a type cannot be set.
func (m *Model) whyNot(n *ir.Node, s config.TypeSetting) string {
	if n == nil {
		return m.mergedInto(s.Layer)
	}
	role := strings.TrimSuffix(s.Key, "_t")
	if w := n.Weight(role); w != nil && w.Quantizer != nil {
		return fmt.Sprintf("the quantizer of %s in the model fixes it", n.Name)
	}
	if exact, _ := m.config.BitExact(); exact {
		return "with BitExact types follow from the quantizers of the model"
	}
	if s.Key == "index_t" {
		return "it counts the steps of the reuse factor"
	}
	if _, ok := typeOf(n, s.Key); !ok {
		return fmt.Sprintf("%s (%s) has no such type", n.Name, n.Kind)
	}
	return fmt.Sprintf("hls4ml derives it when it makes %s (%s)", n.Name, n.Kind)
}

// mergedInto says which nodes do the work of a layer that is none itself.
func (m *Model) mergedInto(layer string) string {
	var source string
	for _, l := range m.parsed.Layers {
		if l.Name == layer {
			source = l.Source
		}
	}
	g, err := m.Graph()
	if err == nil && source != "" {
		for _, n := range g.Nodes {
			if slices.Contains(n.Origin, source) {
				return fmt.Sprintf("%s is merged into %s", layer, n.Name)
			}
		}
	}
	return layer + " is no part of the firmware"
}

// typeOf is the format of a node's type by its name in hls4ml's graph: result_t, weight_t, accum_t.
func typeOf(n *ir.Node, key string) (fixed.Format, bool) {
	if n == nil {
		return fixed.Format{}, false
	}
	if key == "result_t" {
		if len(n.Vars) == 0 {
			return fixed.Format{}, false
		}
		return n.Out().Type.Format, true
	}
	if w := n.Weight(strings.TrimSuffix(key, "_t")); w != nil {
		return w.Type.Format, true
	}
	if t := n.Type(key); t != nil {
		return t.Format, true
	}
	return fixed.Format{}, false
}

// instead is the path of another setting that gives a node's type the format asked for, or "". Passes rename,
// merge and copy types, so it is found by trying.
func (m *Model) instead(n *ir.Node, s config.TypeSetting) string {
	asked, err := m.config.Format(s.Text)
	if err != nil || asked == fixed.Auto {
		return ""
	}
	for _, path := range m.places(n, s.Key) {
		other, err := m.set(path + "=" + s.Text)
		if err != nil {
			continue
		}
		g, err := other.Graph()
		if err != nil {
			continue
		}
		if got, ok := typeOf(g.Node(n.Name), s.Key); ok && got == asked {
			return path
		}
	}
	return ""
}

// places lists paths under which the type of a node may be set: those of the layers whose work it does, and
// of a result those of the layers before it.
func (m *Model) places(n *ir.Node, key string) []string {
	variable := strings.TrimSuffix(key, "_t")
	var out []string
	for _, l := range slices.Backward(m.parsed.Layers) {
		of := config.Join("LayerName", l.Name) + "."
		switch {
		case l.Name == n.Name: // a type that only its kind has
			out = append(out, of+"Precision."+variable)
			continue
		case !slices.Contains(n.Origin, l.Source):
			continue
		}
		if part, ok := strings.CutPrefix(n.Name, l.Name+"_"); ok { // a separable convolution's halves
			out = append(out, of+"Precision."+part+"_"+variable, of+"Precision."+part)
		}
		out = append(out, of+config.PlaceOfType(key))
	}
	// A long way back would be another tensor.
	const most = 8
	for p := n; key == "result_t" && len(p.Inputs) > 0 && len(out) < most; {
		if p = n.Graph().Producer(p.Inputs[0]); p == nil {
			break
		}
		out = append(out, config.Join("LayerName", p.Name, "Precision", "result"))
	}
	return out
}

// sameTypes reports whether two graphs have the same nodes with the same types.
func sameTypes(a, b *ir.Graph) bool {
	return slices.EqualFunc(a.Nodes, b.Nodes, func(x, y *ir.Node) bool {
		return x.Name == y.Name && x.Kind == y.Kind &&
			slices.EqualFunc(x.Vars, y.Vars, func(v, w *ir.Variable) bool { return v.Type.Format == w.Type.Format }) &&
			slices.EqualFunc(x.Weights, y.Weights, func(v, w *ir.Weight) bool {
				return v.Type.Format == w.Type.Format
			}) &&
			slices.EqualFunc(x.Types, y.Types, func(v, w ir.TypeSlot) bool {
				return v.Key == w.Key && v.Type.Format == w.Type.Format
			})
	})
}
