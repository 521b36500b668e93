package layerstest

import (
	"fmt"
	"strings"

	"github.com/hlsgo/hlsgo/ir"
)

// drawPrecision draws a type of low to high bits: mostly everyday ones, now and then an odd or integer one,
// under any rounding and overflow.
func drawPrecision(n *Net, signed bool, low, high int) string {
	u := ""
	if !signed {
		u = "u"
	}
	w := n.Between(low, high)
	i := n.Between(1, w)
	switch n.IntN(12) {
	case 0:
		return fmt.Sprintf("%sint<%d>", u, max(w/2, 2))
	case 1, 2:
		i = n.Between(-2, w+2)
	}
	text := fmt.Sprintf("%sfixed<%d,%d", u, w, i)
	if n.IntN(2) == 0 {
		return text + ">"
	}
	rounding := []string{"TRN", "TRN_ZERO", "RND", "RND_ZERO", "RND_INF", "RND_MIN_INF", "RND_CONV"}
	overflow := []string{"WRAP", "SAT", "SAT_ZERO", "SAT_SYM"}
	return fmt.Sprintf("%s,%s,%s>", text, rounding[n.IntN(len(rounding))], overflow[n.IntN(len(overflow))])
}

func (n *Net) reuse() int { return []int{1, 1, 2, 3, 4, 6, 12}[n.IntN(7)] }

// section draws the settings of a layer: every type that the kind's options name, and that of the result.
func (c *checker) section(tr *trial, l *ir.Layer) *ir.Section {
	out := &ir.Section{Name: l.Name}
	for _, role := range c.roles(l.Kind, tr.place.backend) {
		text, settled := tr.sample.Types[role]
		if role == "result" && l.Kind == "Input" {
			text, settled = tr.sample.Types["input"]
		}
		if !settled && tr.net.IntN(6) == 0 {
			continue // left to what the model or the kind says
		}
		if !settled {
			text = drawPrecision(tr.net, tr.net.IntN(5) > 0, 4, 20)
		}
		setType(out, role, text)
	}
	return out
}

// setType settles a type in both ways that a configuration has: Precision is read for results, sums and
// weights, a key of the layer for tables.
func setType(s *ir.Section, role, text string) {
	s.Precision = append(s.Precision, ir.Precision{Var: role, Text: text})
	if role != "result" && role != "accum" {
		s.Keys = append(s.Keys, ir.Key{Name: role + "_t", Value: text})
	}
}

// roles lists the types that a layer's settings name: those of its options and weights.
func (c *checker) roles(kind, backend string) []string {
	k, _ := c.registry.Kind(kind)
	tool, _ := c.toolkit.Tool(backend)
	var out []string
	for _, o := range k.Options(tool) {
		switch o.Class {
		case ir.TypeOption:
			out = append(out, strings.TrimSuffix(o.Name, "_t"))
		case ir.WeightOption:
			out = append(out, o.Name)
		}
	}
	return out
}

// settings is a configuration of one precision for the whole network.
func (c *trial) settings(precision string, reuse int) *ir.Config {
	model := &ir.Section{
		Precision: []ir.Precision{{Var: "default", Text: precision}},
		Keys:      []ir.Key{{Name: "ReuseFactor", Value: reuse}},
	}
	if c.place.strategy != "" {
		model.Keys = append(model.Keys, ir.Key{Name: "Strategy", Value: string(c.place.strategy)})
	}
	return &ir.Config{
		ProjectName: "myproject", OutputDir: "prj", Version: "1.0.0", ClockPeriod: 5, Part: "xcvu13p-flga2577-2-e",
		Backend: c.place.backend, IOType: c.place.io, Writer: ir.WriterConfig{TBOutputStream: "both"},
		HLS: ir.HLSConfig{Model: model},
	}
}
