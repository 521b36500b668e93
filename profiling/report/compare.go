package report

import (
	"fmt"
	"html/template"
	"math"
	"strconv"
	"strings"

	"github.com/hlsgo/hlsgo/profiling"
	"github.com/hlsgo/hlsgo/profiling/graphplot"
)

// comparison is the part of the page about fixed point next to the float model.
type comparison struct {
	Departs, Link string // the first layer that departs
	Samples       int
	Suspects      []suspect
	Rows          []differenceRow
	Axis          template.HTML
	Table         *table
}

// suspect is a tensor at fault.
type suspect struct {
	Mark        graphplot.Mark
	Layer, Link string
	Text        string // what is wrong with its type
	Cure        string // what mends it; "": nothing was found, or tried
	Flag, ID    string // the setting that cures it, and where it stands on the page
	Parts       string // where the layer's difference comes from
	Bar         template.HTML
}

// differenceRow is the difference of a layer's answers as a bar.
type differenceRow struct {
	Label, Link, Note string
	Picture           template.HTML
}

// compare makes the part, and marks the layer that departs.
func (b *builder) compare() *comparison {
	c := b.Report.Comparison
	if c == nil {
		return nil
	}
	out := &comparison{Departs: c.Departs, Samples: c.Samples, Axis: differenceLabels()}
	if l := b.byName[c.Departs]; l != nil {
		out.Link = "#" + l.ID
		l.Status = worse(l.Status, status{graphplot.MarkWarn, "departs"})
	}
	for i := range c.Suspects {
		out.Suspects = append(out.Suspects, b.suspect(&c.Suspects[i], i))
	}
	out.Table = &table{
		ID: "comparison-table", Caption: "Difference of each layer's answers, fixed and float", Filter: true,
		Columns: []column{
			{Name: "Layer"}, {Name: "Type"},
			{Name: "dist_diff", Number: true, Title: "mean difference of a value as a share of the float value"},
			{Name: "Median", Number: true, Title: "median of dist_diff"},
			{Name: "Largest", Number: true, Title: "largest dist_diff, at most 1"},
			{Name: "Inherited", Number: true, Title: "the worst mean dist_diff of the layers it reads"},
			{Name: "norm_diff", Number: true, Title: "root of the sum of the squared differences"},
			{Name: "Departs"},
		},
	}
	for _, l := range c.Layers {
		b.difference(out, l)
	}
	return out
}

// difference adds a layer twice: as a bar to be seen and as a line to be sorted and searched.
func (b *builder) difference(out *comparison, l profiling.LayerDiff) {
	name := cell{Text: l.Layer}
	if own := b.byName[l.Layer]; own != nil {
		name.Link = "#" + own.ID
	}
	row := tableRow{Cells: []cell{name, {Text: l.Type}}}
	for _, v := range []float64{l.Dist.Mean, l.Dist.Median, l.Dist.Max, l.Inherited, l.Norm} {
		row.Cells = append(row.Cells, numeric(number(v), v))
	}
	departs := cell{}
	if l.Departs {
		departs.Text, row.Mark = "departs", string(graphplot.MarkBad)
	}
	row.Cells = append(row.Cells, departs)
	out.Table.Rows = append(out.Table.Rows, row)
	note := number(l.Dist.Mean)
	if l.Departs {
		note += ", departs"
	}
	if len(l.Folded) > 0 {
		note += "; with " + strings.Join(l.Folded, ", ")
	}
	out.Rows = append(out.Rows, differenceRow{l.Layer, name.Link, note, differenceBar(l)})
}

// leastDifference is the left end of the logarithmic axis of differences; the right end is 1.
const leastDifference = 1e-5

// differenceAt is a place on that axis in percent.
// Differences of a good model lie around 1e-3 and those of a broken one at 1: only logarithms show both.
func differenceAt(v float64) float64 {
	if v <= leastDifference {
		return 0
	}
	return 100 * (1 - math.Log10(min(v, 1))/math.Log10(leastDifference))
}

// differenceBar draws the mean, and a line at what the layer inherits.
func differenceBar(l profiling.LayerDiff) template.HTML {
	var b strings.Builder
	class := "mean"
	if l.Departs {
		class += " over"
	}
	fmt.Fprintf(&b, `<svg class="difference" width="100%%" height="22" role="img" aria-label="%s">`,
		template.HTMLEscapeString(fmt.Sprintf("%s: mean dist_diff %s, inherited %s",
			l.Layer, number(l.Dist.Mean), number(l.Inherited))))
	fmt.Fprintf(&b, `<rect class="%s" x="0" y="3" width="%.2f%%" height="16"/>`,
		class, differenceAt(l.Dist.Mean))
	if l.Inherited > leastDifference {
		x := differenceAt(l.Inherited)
		fmt.Fprintf(&b, `<line class="inherited" x1="%.2f%%" x2="%.2f%%" y1="0" y2="22"/>`, x, x)
	}
	b.WriteString("</svg>")
	return template.HTML(b.String())
}

func differenceLabels() template.HTML {
	var b strings.Builder
	b.WriteString(axisHead)
	for e := 0; e < 5; e++ {
		x, anchor := 100-20*e, "middle"
		if e == 0 {
			anchor = "end"
		}
		text := "1"
		if e > 0 {
			text = "0." + strings.Repeat("0", e-1) + "1"
		}
		fmt.Fprintf(&b, `<line x1="%d%%" x2="%d%%" y1="0" y2="4"/>`, x, x)
		fmt.Fprintf(&b, `<text x="%d%%" y="16" text-anchor="%s">%s</text>`, x, anchor, text)
	}
	return template.HTML(b.String() + axisTitle("mean dist_diff, logarithmic axis"))
}

// parts are what a layer's difference may come from, in the order of the computation.
var parts = []struct{ role, name string }{
	{"inputs", "its inputs"}, {"weights", "weights"}, {"accum", "accumulator"}, {"table", "table"},
	{"index", "table index"}, {"result", "result"}, {"rest", "the rest"},
}

func (b *builder) suspect(s *profiling.Suspect, number int) suspect {
	out := suspect{
		Mark: graphplot.MarkWarn, Layer: s.Layer, Cure: cureText(s),
		Text: strings.TrimPrefix(s.Text, s.Layer+" "),
	}
	if out.Cure != "" {
		out.Flag, out.ID = cureSetting(s).Flag(), "cure-"+strconv.Itoa(number)
	}
	if s.Wrapped > 0 {
		out.Mark = graphplot.MarkBad
	}
	if l := b.byName[s.Layer]; l != nil {
		out.Link = "#" + l.ID
	}
	var words []string
	var bar strings.Builder
	x := 0.0
	for i, p := range parts {
		share := s.Shares[p.role]
		if share < 0.005 {
			continue
		}
		words = append(words, fmt.Sprintf("%s %.0f\u202f%%", p.name, 100*share))
		fmt.Fprintf(&bar, `<rect class="part%d" x="%.2f%%" width="%.2f%%" height="14"/>`, i, 100*x, 100*share)
		x += share
	}
	if len(words) > 0 {
		out.Parts = strings.Join(words, ", ")
		out.Bar = template.HTML(`<svg class="parts" width="100%" height="14" aria-hidden="true">` +
			bar.String() + `</svg>`)
	}
	return out
}

// cureText says which type mends a suspect; "" where none was found.
func cureText(s *profiling.Suspect) string {
	if s.Cure == nil || !s.Cure.Cures {
		return ""
	}
	return fmt.Sprintf("%s %s cures it: the layer's dist_diff goes from %s to %s",
		s.Key, s.Cure.Type, number(s.DistDiff), number(s.Cure.DistDiff))
}

// cureOf finds what mends a type of a layer.
func (b *builder) cureOf(layer, key string) string {
	if b.Report.Comparison == nil {
		return ""
	}
	for i := range b.Report.Comparison.Suspects {
		if s := &b.Report.Comparison.Suspects[i]; s.Layer == layer && s.Key == key {
			return cureText(s)
		}
	}
	return ""
}
