package report

import (
	"cmp"
	"fmt"
	"html/template"
	"slices"
	"strconv"
	"strings"

	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/profiling"
	"github.com/hlsgo/hlsgo/profiling/graphplot"
)

// Other is a second configuration, to stand beside that of the report.
type Other struct {
	Model      string
	Graph      *ir.Graph
	Comparison *profiling.Comparison // with the float model; nil: there were no samples
	Settings   []Setting
}

// pair is the part of the page about two configurations.
type pair struct {
	First, Second              string
	Measures, Layers, Settings *table
	Rows                       []differenceRow
	Axis                       template.HTML
	Strips                     []template.HTML // of the second graph
	Details                    []*layer        // of the second configuration
	byName                     map[string]*layer
}

// pair makes the part; nil without a second configuration.
func (b *builder) pair() (*pair, error) {
	o := b.Report.Other
	if o == nil {
		return nil, nil
	}
	out := &pair{Axis: differenceLabels()}
	out.First, out.Second = pairNames(b.Model, o.Model)
	out.byName = map[string]*layer{}
	for _, n := range o.Graph.Nodes {
		l, err := newLayer(n, "other-layer-", o.Settings)
		if err != nil {
			return nil, err
		}
		out.Details, out.byName[n.Name] = append(out.Details, l), l
	}
	out.Measures = b.pairMeasures(out)
	out.Layers = b.pairLayers(out)
	out.Settings = b.pairSettings(out)
	out.Rows = b.pairRows(out)
	return out, nil
}

// pairNames tells two configurations apart whose files may have one name.
func pairNames(first, second string) (string, string) {
	if first == second {
		return first + " (first)", second + " (second)"
	}
	return first, second
}

// changed lists the layers whose settings are not the same in both configurations, or which only one has.
func (b *builder) changed() map[string]bool {
	texts := func(all []Setting) map[string]string {
		out := map[string]string{}
		for _, s := range all {
			out[s.Layer] += s.Key + "=" + s.Value + "\n"
		}
		return out
	}
	first, second := texts(b.Report.Settings), texts(b.Report.Other.Settings)
	out := map[string]bool{}
	for _, n := range slices.Concat(b.Graph.Nodes, b.Report.Other.Graph.Nodes) {
		out[n.Name] = first[n.Name] != second[n.Name]
	}
	return out
}

// pairMeasures are the numbers of the two models as wholes.
func (b *builder) pairMeasures(p *pair) *table {
	t := &table{
		Caption: "The two models",
		Columns: []column{{Name: "Measure"}, {Name: p.First, Number: true}, {Name: p.Second, Number: true}},
	}
	o := b.Report.Other
	row := func(name, first, second string) {
		mark := ""
		if first != second {
			mark = string(graphplot.MarkWarn)
		}
		t.Rows = append(t.Rows, tableRow{Mark: mark, Cells: []cell{{Text: name}, {Text: first}, {Text: second}}})
	}
	row("backend", b.Graph.Config.Backend, o.Graph.Config.Backend)
	row("io type", string(b.Graph.Config.IOType), string(o.Graph.Config.IOType))
	row("layers", strconv.Itoa(len(b.Graph.Nodes)), strconv.Itoa(len(o.Graph.Nodes)))
	row("bits of the weights", grouped(weightBits(b.Graph)), grouped(weightBits(o.Graph)))
	row("bits of the layers' answers", grouped(answerBits(b.Graph)), grouped(answerBits(o.Graph)))
	x, y := b.Report.Comparison, o.Comparison
	if x == nil || y == nil {
		return t
	}
	if x.Float != nil && y.Float != nil {
		row("accuracy, floating point", accuracy(x.Float), accuracy(y.Float))
		row("accuracy, fixed point", accuracy(x.Fixed), accuracy(y.Fixed))
	}
	row("dist_diff of the last layer", lastDifference(x), lastDifference(y))
	row("first layer that departs", departs(x), departs(y))
	return t
}

func weightBits(g *ir.Graph) (bits int64) {
	for _, n := range g.Nodes {
		for _, w := range n.Weights {
			bits += int64(len(w.Data.Data)) * int64(w.Type.Format.W)
		}
	}
	return bits
}

func answerBits(g *ir.Graph) (bits int64) {
	for _, n := range g.Nodes {
		for _, v := range n.Vars {
			bits += int64(v.Size()) * int64(v.Type.Format.W)
		}
	}
	return bits
}

func lastDifference(c *profiling.Comparison) string {
	if len(c.Layers) == 0 {
		return "–"
	}
	return number(c.Layers[len(c.Layers)-1].Dist.Mean)
}

func departs(c *profiling.Comparison) string {
	if c.Departs == "" {
		return "none"
	}
	return c.Departs
}

// union lists the layers of both graphs: those of the first in their order, and after each those that only
// the second has behind it.
func union(first, second *ir.Graph) []string {
	behind := map[string][]string{}
	last := ""
	for _, n := range second.Nodes {
		if first.Node(n.Name) != nil {
			last = n.Name
			continue
		}
		behind[last] = append(behind[last], n.Name)
	}
	out := behind[""]
	for _, n := range first.Nodes {
		out = append(append(out, n.Name), behind[n.Name]...)
	}
	return out
}

// pairLayers is a line per layer, with its types and differences in both.
func (b *builder) pairLayers(p *pair) *table {
	o := b.Report.Other
	t := &table{
		ID: "pair-table", Filter: true,
		Caption: "Layers: types of the answers, and mean dist_diff from the float model",
		Columns: []column{
			{Name: "Layer"}, {Name: "Type, " + p.First}, {Name: "Type, " + p.Second},
			{Name: "dist_diff, " + p.First, Number: true}, {Name: "dist_diff, " + p.Second, Number: true},
			{Name: "Differs"},
		},
	}
	x, y := differences(b.Report.Comparison), differences(o.Comparison)
	changed := b.changed()
	for _, name := range union(b.Graph, o.Graph) {
		row := tableRow{Cells: []cell{
			b.layerCell(p, name), {Text: answerType(b.Graph.Node(name))}, {Text: answerType(o.Graph.Node(name))},
			differenceCell(x, name), differenceCell(y, name), {},
		}}
		if changed[name] {
			row.Mark = string(graphplot.MarkWarn)
			row.Cells[5].Text = "differs"
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// layerCell is a name that leads to the part of its layer, of the second configuration where only that has
// it.
func (b *builder) layerCell(p *pair, name string) cell {
	c := cell{Text: name}
	if own := cmp.Or(b.byName[name], p.byName[name]); own != nil {
		c.Link = "#" + own.ID
	}
	return c
}

func answerType(n *ir.Node) string {
	if n == nil || len(n.Vars) == 0 {
		return "–"
	}
	return n.Out().Type.Format.String()
}

func differences(c *profiling.Comparison) map[string]float64 {
	out := map[string]float64{}
	if c != nil {
		for _, l := range c.Layers {
			out[l.Layer] = l.Dist.Mean
		}
	}
	return out
}

func differenceCell(all map[string]float64, layer string) cell {
	v, ok := all[layer]
	if !ok {
		return numeric("–", -1)
	}
	return numeric(number(v), v)
}

// pairSettings lists what is set in different ways.
func (b *builder) pairSettings(p *pair) *table {
	t := &table{
		ID: "pair-settings-table", Caption: "Settings that differ", Filter: true,
		Columns: []column{
			{Name: "Layer"}, {Name: "Setting"}, {Name: p.First}, {Name: p.Second}, {Name: "Origin, " + p.First},
			{Name: "Origin, " + p.Second},
		},
	}
	type place struct{ layer, key string }
	second := map[place]Setting{}
	for _, s := range b.Report.Other.Settings {
		second[place{s.Layer, s.Key}] = s
	}
	add := func(layer, key string, x, y Setting) {
		c := b.layerCell(p, layer)
		if layer == "" {
			c.Text = "(project)"
		}
		cells := []cell{c, {Text: key}}
		for _, text := range []string{x.Value, y.Value, x.Origin, y.Origin} {
			if text == "" {
				text = "–"
			}
			cells = append(cells, cell{Text: text})
		}
		t.Rows = append(t.Rows, tableRow{Cells: cells})
	}
	for _, s := range b.Report.Settings {
		at := place{s.Layer, s.Key}
		if other := second[at]; other.Value != s.Value {
			add(s.Layer, s.Key, s, other)
		}
		delete(second, at)
	}
	for _, s := range b.Report.Other.Settings {
		if _, left := second[place{s.Layer, s.Key}]; left {
			add(s.Layer, s.Key, Setting{}, s)
		}
	}
	return t
}

// pairRows shows both differences of each layer as bars.
func (b *builder) pairRows(p *pair) []differenceRow {
	x, y := differences(b.Report.Comparison), differences(b.Report.Other.Comparison)
	var out []differenceRow
	for _, name := range union(b.Graph, b.Report.Other.Graph) {
		first, ok := x[name]
		second, also := y[name]
		if !ok && !also {
			continue
		}
		words := []string{"–", "–"}
		if ok {
			words[0] = number(first)
		}
		if also {
			words[1] = number(second)
		}
		label := fmt.Sprintf("%s: mean dist_diff %s", name, strings.Join(words, " and "))
		out = append(out, differenceRow{
			Label: name, Link: b.layerCell(p, name).Link, Note: strings.Join(words, ", "),
			Picture: twoBars(label, first, second),
		})
	}
	return out
}
