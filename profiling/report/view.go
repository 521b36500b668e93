package report

import (
	"fmt"
	"html/template"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/hlsgo/hlsgo/config"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/profiling"
	"github.com/hlsgo/hlsgo/profiling/graphplot"
	"github.com/hlsgo/hlsgo/sim"
)

// view is a report made ready for the template: texts and pictures, no numbers.
// The template decides nothing: all that depends on numbers is decided in Go, where it can be tested.
type view struct {
	Model, Version string
	Facts          []fact
	Findings       []finding
	More           int // findings that are not listed
	Strips         []template.HTML
	Layers         []*layer
	Overviews      []overview
	Health         *table
	Comparison     *comparison
	Cure           *cure
	Pair           *pair
	Scores         *scores
	Settings       *table
	Warnings       []string
	Samples        int
	HasProfile     bool
	graphWidth     float64
	graphHeight    float64
	stripHeights   []float64
}

// fact is one line about the whole model.
type fact struct{ Name, Value string }

// layer is the part of the page about one layer of the final graph.
type layer struct {
	ID, Name, Kind string
	Type           string // of its result
	Status         status
	Facts          []fact
	Attributes     []fact
	Flags, YAML    string // its settings, to copy
	Tensors        []*tensor
	Health         *table
}

// status says how a layer or tensor fares, in a word and a mark.
type status struct {
	Mark graphplot.Mark
	Word string
}

// newView makes the parts in the order in which they need each other: layers first, since all others add to
// them or link to them.
func newView(r Report) (view, error) {
	v := view{Model: r.Model, Version: r.Version, Warnings: r.Warnings, HasProfile: r.Profile != nil}
	b := &builder{Report: r, byName: map[string]*layer{}}
	if r.Profile != nil {
		v.Samples = r.Profile.Samples
		b.axis = newAxis(r.Profile.Tensors)
	}
	if r.Profile == nil && r.Comparison != nil {
		v.Samples = r.Comparison.Samples
	}
	if err := b.layers(); err != nil {
		return v, err
	}
	b.tensors()
	v.Comparison, v.Scores, v.Cure = b.compare(), b.scores(), b.cure()
	var err error
	if v.Pair, err = b.pair(); err != nil {
		return v, err
	}
	if v.Pair != nil {
		v.Model = v.Pair.First + " and " + v.Pair.Second
	}
	v.Layers = b.list
	v.Facts = b.facts()
	v.Findings, v.More = b.findings()
	v.Overviews = b.overviews()
	if r.Health != nil {
		v.Health = b.healthTable("health", "Health of every tensor", r.Health.Tensors, true)
	}
	if len(r.Settings) > 0 {
		v.Settings = b.settingsTable()
	}
	return v, b.graph(&v)
}

// builder turns a report into a view.
type builder struct {
	Report
	axis   axis
	list   []*layer
	byName map[string]*layer
}

// layers makes the part of each node.
func (b *builder) layers() error {
	for _, n := range b.Graph.Nodes {
		l, err := newLayer(n, "layer-", b.Report.Settings)
		if err != nil {
			return err
		}
		if b.Report.Health != nil {
			own := b.healthOf(n.Name)
			for i := range own {
				l.Status = worse(l.Status, healthStatus(&own[i]))
			}
			if len(own) > 0 {
				l.Health = b.healthTable("", "Health of "+n.Name, own, false)
			}
		}
		b.list = append(b.list, l)
		b.byName[n.Name] = l
	}
	return nil
}

// newLayer is what is known of a layer without any data.
func newLayer(n *ir.Node, prefix string, settings []Setting) (*layer, error) {
	own := written(ownSettings(settings, n.Name))
	text, err := config.Only(own...)
	if err != nil {
		return nil, err
	}
	l := &layer{
		ID: prefix + strconv.Itoa(n.Index), Name: n.Name, Kind: n.Kind,
		Facts: layerFacts(n), Attributes: attributes(n), Flags: config.Flags(" \\\n", own...), YAML: text,
	}
	if len(n.Vars) > 0 {
		l.Type = n.Out().Type.Format.String()
	}
	return l, nil
}

func (b *builder) healthOf(layer string) []sim.TensorHealth {
	var own []sim.TensorHealth
	for _, t := range b.Report.Health.Tensors {
		if t.Layer == layer {
			own = append(own, t)
		}
	}
	return own
}

// layerFacts lists what a layer is, without any data.
func layerFacts(n *ir.Node) []fact {
	facts := []fact{{"kind", n.Kind}}
	if len(n.Vars) > 0 {
		facts = append(facts, fact{"values per sample", fmt.Sprint(n.Out().Size())})
	}
	for _, w := range n.Weights {
		text := fmt.Sprintf("%s, %s", w.Type.Format, dims(w.Data.Shape))
		facts = append(facts, fact{w.Role, text})
	}
	for _, t := range n.Types {
		facts = append(facts, fact{t.Key, t.Type.Format.String()})
	}
	if n.Strategy != "" {
		facts = append(facts, fact{"strategy", string(n.Strategy)},
			fact{"reuse factor", strconv.Itoa(n.ReuseFactor)})
	}
	if made := strings.Join(n.Origin, ", "); made != "" && made != n.Name {
		facts = append(facts, fact{"made from", made})
	}
	return facts
}

func dims(shape []int) string {
	words := make([]string, len(shape))
	for i, d := range shape {
		words[i] = strconv.Itoa(d)
	}
	return strings.Join(words, "×")
}

// facts are about the model as a whole.
func (b *builder) facts() []fact {
	c := b.Graph.Config
	var weights int
	for _, n := range b.Graph.Nodes {
		for _, w := range n.Weights {
			weights += len(w.Data.Data)
		}
	}
	facts := []fact{
		{"backend", c.Backend}, {"io type", string(c.IOType)}, {"part", c.Part},
		{"layers", strconv.Itoa(len(b.Graph.Nodes))}, {"weights", grouped(int64(weights))},
	}
	if c.ClockPeriod > 0 {
		facts = slices.Insert(facts, 3, fact{"clock", fmt.Sprintf("%g ns", c.ClockPeriod)})
	}
	if b.Profile != nil && b.Profile.Samples > 0 {
		facts = append(facts, fact{"samples", grouped(int64(b.Profile.Samples))})
	}
	return slices.DeleteFunc(facts, func(f fact) bool { return f.Value == "" })
}

// graph draws the graph, each box a link to the part of its layer; of two configurations both graphs, with
// marks on the layers that are not the same.
func (b *builder) graph(v *view) error {
	mark := func(n *ir.Node) graphplot.Mark { return b.byName[n.Name].Status.Mark }
	if v.Pair != nil {
		changed := b.changed()
		mark = func(n *ir.Node) graphplot.Mark {
			return map[bool]graphplot.Mark{true: graphplot.MarkWarn}[changed[n.Name]]
		}
		link := func(n *ir.Node) string { return "#" + v.Pair.byName[n.Name].ID }
		p, err := drawGraph(b.Report.Other.Graph, mark, link)
		if err != nil {
			return err
		}
		v.Pair.Strips, _ = stripsOf(p)
	}
	p, err := drawGraph(b.Graph, mark, func(n *ir.Node) string { return "#" + b.byName[n.Name].ID })
	if err != nil {
		return err
	}
	v.Strips, v.stripHeights = stripsOf(p)
	v.graphWidth, v.graphHeight = p.Width, p.Height
	return nil
}

func drawGraph(
	g *ir.Graph, mark func(*ir.Node) graphplot.Mark, link func(*ir.Node) string,
) (*graphplot.Picture, error) {
	o := graphplot.Everything()
	o.Columns = 1 // the page folds it
	o.Link, o.Mark = link, mark
	return graphplot.New(g, o)
}

func stripsOf(p *graphplot.Picture) (all []template.HTML, heights []float64) {
	for _, s := range p.Strips() {
		all = append(all, template.HTML(s.SVG)) // names of layers are escaped by graphplot
		heights = append(heights, s.Height)
	}
	return all, heights
}

// graphCSS fits the columns of the graph to the window: on a phone one, elsewhere as many as stand side by
// side, and more, to be scrolled to, where those would be too high to be seen at once.
func (v *view) graphCSS() string {
	const (
		gap  = 24   // between columns
		wide = 1100 // that columns side by side may be
		less = 570  // and that they may be on a tablet
		nice = 420  // height of a column
	)
	height := func(wide float64) float64 {
		room := max(math.Floor(wide/(v.graphWidth+gap)), 1)
		return v.columnHeight(min(room, math.Ceil(v.graphHeight/nice)))
	}
	return fmt.Sprintf(".strips{column-width:%.0fpx;height:%.0fpx}\n"+
		"@media(min-width:40rem){.strips{height:%.0fpx}}\n@media(min-width:75rem){.strips{height:%.0fpx}}\n",
		v.graphWidth, v.columnHeight(1), height(less), height(wide))
}

// columnHeight is the height of the graph in so many columns, or in more where each would be too high.
func (v *view) columnHeight(columns float64) float64 {
	const (
		padding = 20
		highest = 1500 // of a column
		good    = 1100 // of each of several
	)
	if v.graphHeight/columns > highest {
		columns = math.Ceil(v.graphHeight / good)
	}
	return math.Ceil(fold(v.stripHeights, int(columns))) + padding
}

// fold is the least height of columns in which strips of the heights stand, one column filled after the
// other.
// Browsers fill columns of a given height one after the other, so that is what has to be found. Each turn
// grows the height by the least that changes anything, and so cannot step over the answer.
func fold(heights []float64, columns int) float64 {
	height, total := 0.0, 0.0
	for _, h := range heights {
		height, total = max(height, h), total+h
	}
	height = max(height, total/float64(max(columns, 1)))
	for {
		used, at := 1, 0.0
		more := math.Inf(1) // the least that the first strip of a column lacks to stand in the one before
		for _, h := range heights {
			if at+h > height+1e-6 {
				more = min(more, at+h-height)
				used, at = used+1, 0
			}
			at += h
		}
		if used <= columns || math.IsInf(more, 1) {
			return height
		}
		height += more
	}
}

// overview shows all tensors of a group as box plots, one below the other, as hls4ml's figures do.
type overview struct {
	ID, Title string
	Rows      []overviewRow
	Axis      template.HTML
}

type overviewRow struct {
	Label, Link string
	Note        string // what the picture does not show
	Picture     template.HTML
}

// overviews shows all tensors of a group on one axis, to find the odd one.
func (b *builder) overviews() []overview {
	titles := map[profiling.Group]string{
		profiling.Weights: "Weights", profiling.Activations: "Activations",
	}
	var out []overview
	for _, g := range profiling.Groups() {
		o := overview{ID: "all-" + string(g), Title: titles[g], Axis: b.axis.labels()}
		for _, l := range b.list {
			for _, t := range l.Tensors {
				if t.group == g {
					o.Rows = append(o.Rows, overviewRow{t.Label, "#" + l.ID, t.Note, b.axis.boxes(t)})
				}
			}
		}
		if len(o.Rows) > 0 {
			out = append(out, o)
		}
	}
	return out
}
