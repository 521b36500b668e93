package profiling

import "github.com/hlsgo/hlsgo/ir"

// echoes maps the layers that a profile leaves out to those whose answer they repeat: linear activations that
// the front end made for layers without an activation, where the final graph has none.
// They would be a second row equal to the first, and say nothing new.
func echoes(before, after *ir.Graph) map[string]string {
	implicit := map[string]bool{}
	for _, l := range before.Parsed.Layers {
		implicit[l.Name] = l.Implicit
	}
	out := map[string]string{}
	for _, n := range before.Nodes {
		a, ok := n.Attrs.(interface{ Function() string }) // layers.Activated
		linear := ok && n.Kind == "Activation" && a.Function() == "linear"
		if !implicit[n.Name] || !linear || after.Node(n.Name) != nil {
			continue
		}
		if from := before.Producer(n.Inputs[0]); from != nil {
			out[n.Name] = from.Name
		}
	}
	return out
}

// link makes the tensors of the two stages that hold the same values partners, weights by their label, what
// layers answer by MatchLayers, and judges how they fit their types.
func (p *Profile) link(before, after *ir.Graph, left map[string]string) {
	for _, t := range p.Select(Weights, After) {
		// A pass may change what a weight holds, by folding; that difference is what a reader wants to see.
		// Only the number of elements has to agree.
		if other := p.Find(Weights, Before, t.Label); other != nil && other.Count == t.Count {
			t.Partner, other.Partner = other.Label, t.Label
		}
	}
	for _, m := range MatchLayers(before, after) {
		float := m.Float
		if from, ok := left[float]; ok {
			float = from
		}
		t, other := p.Find(Activations, After, m.Layer), p.Find(Activations, Before, float)
		if t != nil && other != nil {
			t.Partner = other.Label
			if other.Partner == "" {
				other.Partner = t.Label
			}
		}
	}
	p.judge()
}
