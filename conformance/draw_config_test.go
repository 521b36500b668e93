package conformance_test

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/ir"
)

var (
	roundings  = []string{"TRN", "TRN_ZERO", "RND", "RND_ZERO", "RND_INF", "RND_MIN_INF", "RND_CONV"}
	overflows  = []string{"WRAP", "WRAP", "SAT", "SAT_ZERO", "SAT_SYM"}
	strategies = []string{"Latency", "Latency", "Resource", "Resource_Unrolled"}
)

// precision draws a type: mostly everyday formats, now and then an odd, an integer or a very wide one.
func (b *builder) precision(signed bool, low, high int) string {
	u := map[bool]string{true: "", false: "u"}[signed]
	w := low + b.IntN(high-low+1)
	i := 1 + b.IntN(w)
	switch {
	case b.chance(0.06):
		return fmt.Sprintf("%sint<%d>", u, max(w/2, 1))
	case b.chance(0.03):
		w = 60 + b.IntN(45)
		i = w - 20 - b.IntN(30)
	case b.chance(0.15):
		i = b.IntN(w+5) - 2
	}
	text := fmt.Sprintf("%sfixed<%d,%d", u, w, i)
	if b.chance(0.4) {
		overflow := pick(b, overflows)
		text += fmt.Sprintf(",%s,%s", pick(b, roundings), overflow)
		if overflow == "WRAP" && b.chance(0.3) {
			text += fmt.Sprintf(",%d", b.IntN(min(w, 4)))
		}
	}
	return text + ">"
}

// place draws the tool, the io type and the model's settings, before any layer: some do not work everywhere.
func (b *builder) place() {
	b.out.config = &ir.Config{
		ProjectName: "myproject", OutputDir: "prj", Version: "1.0.0", ClockPeriod: 5,
		Part:    "xcvu13p-flga2577-2-e",
		Backend: pick(b, []string{"Vitis", "Vivado"}),
		IOType:  pick(b, ir.IOTypes()),
		Writer:  ir.WriterConfig{WriteWeightsTxt: b.chance(0.5), TBOutputStream: "both"},
		HLS:     ir.HLSConfig{Model: b.modelSection()},
	}
	for _, tool := range hlsgo.Backends() {
		if tool.Name == b.out.config.Backend {
			b.out.config.SetTool(tool.Tool)
		}
	}
	b.stream = b.out.config.IOType == stream
}

// configure draws the settings of the layers, as a configuration of one granularity or of all at once holds
// them.
func (b *builder) configure() {
	names, types := b.chance(0.65), b.chance(0.25)
	for _, l := range everyLayer(b.layers) {
		if names || b.keys[l.Name] != nil {
			b.out.config.HLS.Names = append(b.out.config.HLS.Names, b.layerSection(l, l.Name, names))
		}
		if types && b.out.config.ByType(l.Kind) == nil {
			b.out.config.HLS.Types = append(b.out.config.HLS.Types, b.layerSection(l, l.Kind, true))
		}
	}
}

// everyLayer lists the layers, those of nested models and of repeated steps among them.
func everyLayer(list []*ir.Layer) []*ir.Layer {
	var out []*ir.Layer
	for _, l := range list {
		switch l.Kind {
		case "LayerGroup":
			inner, _ := ir.GetAttr(l.Attrs, "layer_list")
			for _, m := range everyLayer(inner.([]*ir.Layer)) {
				if m.Kind != "Input" {
					out = append(out, m)
				}
			}
		case "TimeDistributed":
			inner, _ := ir.GetAttr(l.Attrs, "wrapped_layer")
			out = append(append(out, l), everyLayer(inner.([]*ir.Layer))...)
		default:
			out = append(out, l)
		}
	}
	return out
}

func (b *builder) modelSection() *ir.Section {
	s := &ir.Section{
		Precision: []ir.Precision{{Var: "default", Text: b.precision(true, 8, 20)}},
		Keys: []ir.Key{
			{Name: "ReuseFactor", Value: 1 + b.IntN(8)},
			{Name: "Strategy", Value: pick(b, strategies)},
		},
	}
	if b.chance(0.1) {
		text := fmt.Sprintf("fixed<%d,%d>", 12+b.IntN(20), 4+b.IntN(8))
		s.Precision = append(s.Precision, ir.Precision{Var: "maximum", Text: text})
	}
	if b.chance(0.05) {
		s.Keys = append(s.Keys, ir.Key{Name: "PipelineStyle", Value: choose(b, "dataflow", "pipeline")})
	}
	if b.chance(0.1) {
		s.Keys = append(s.Keys, ir.Key{Name: "BramFactor", Value: 5 + b.IntN(60)})
	}
	return s
}

// layerSection draws the settings of a layer or of a kind: types, if so wanted, and what the layer needs.
func (b *builder) layerSection(l *ir.Layer, name string, typed bool) *ir.Section {
	s := &ir.Section{Name: name}
	kind, ok := b.schema.Kind(l.Kind)
	if !ok {
		return s
	}
	if typed {
		s.Precision = b.precisions(l, kind)
		s.Keys = b.layerKeys(l)
	}
	if name == l.Name {
		s.Keys = append(s.Keys, b.keys[name]...)
	}
	return s
}

// precisions draws types for the roles of a layer.
func (b *builder) precisions(l *ir.Layer, kind *ir.Kind) []ir.Precision {
	var out []ir.Precision
	softTables := l.Kind == "Softmax" && b.chance(0.3)
	for _, o := range kind.Options(b.out.config.Tool()) {
		role := strings.TrimSuffix(o.Name, "_t")
		table := strings.Contains(role, "table") || role == "inv_inp"
		if o.Class != ir.TypeOption || o.Optional || table && !softTables || role == "table" {
			continue
		}
		text := "auto"
		switch {
		case table:
			text = b.precision(true, 10, 20)
		case role == "result" && b.types[l.Name] != "":
			text = b.types[l.Name]
		case b.chance(0.5):
			positive := role == "result" && l.Kind != "Input" && b.chance(0.2)
			text = b.precision(!positive, 4, 20)
		}
		out = append(out, ir.Precision{Var: role, Text: text})
	}
	return out
}

// layerKeys draws settings besides types.
func (b *builder) layerKeys(l *ir.Layer) []ir.Key {
	var keys []ir.Key
	add := func(name string, v any) { keys = append(keys, ir.Key{Name: name, Value: v}) }
	switch {
	case l.Kind == "Softmax":
		add("Implementation", pick(b, []string{"stable", "latency", "legacy", "argmax"}))
	case recurrent(l) && b.chance(0.3):
		add("Strategy", pick(b, strategies))
		add("ReuseFactor", 1+b.IntN(40))
	case l.Kind == "TimeDistributed" && b.chance(0.3):
		add("TimeStepLoopParallelism", choose(b, "Off", "Unroll", "Pipeline"))
	case !strings.Contains(l.Kind, "Activation") && !recurrent(l):
	case b.chance(0.2):
		add("TableSize", 1<<(4+b.IntN(8)))
	case b.chance(0.2):
		add("TableSize", 1+b.IntN(3000))
	case b.chance(0.2):
		add("table_t", b.precision(true, 8, 20))
	}
	return keys
}

func recurrent(l *ir.Layer) bool { return l.Kind == "Bidirectional" || slices.Contains(cells, l.Kind) }
