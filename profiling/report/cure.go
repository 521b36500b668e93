package report

import (
	"fmt"
	"html/template"
	"strings"

	"github.com/hlsgo/hlsgo/profiling"
)

// Cure is a set of settings that brings the model near to the float model, and what they do.
type Cure struct {
	Changes  []Change
	Measures []Measure // of the whole model
	// Before and After are the layers' differences from the float model, in the order of the graph.
	Before, After []profiling.LayerDiff
	// Flags and YAML are the changes as a command line and as a configuration take them.
	Flags, YAML string
	Notes       []string // what the settings do not mend, and why
}

// Change is one setting of a cure.
type Change struct {
	Setting             string // LayerName.fc1.Precision.result
	Before, After       string
	BitsBefore, BitsNow int64 // of all values that have the type
}

// Measure is a number about the whole model, before and after, with its unit.
type Measure struct{ Name, Before, After string }

// cure is the part of the page about one.
type cure struct {
	Measures, Changes *table
	Rows              []differenceRow
	Axis              template.HTML
	Flags, YAML       string
	Notes             []string
}

func (b *builder) cure() *cure {
	c := b.Report.Cure
	if c == nil {
		return nil
	}
	out := &cure{Flags: c.Flags, YAML: c.YAML, Notes: c.Notes, Axis: differenceLabels()}
	out.Measures = &table{
		Caption: "The whole model, before and after",
		Columns: []column{{Name: "Measure"}, {Name: "Before", Number: true}, {Name: "After", Number: true}},
	}
	for _, m := range c.Measures {
		out.Measures.Rows = append(out.Measures.Rows, tableRow{
			Cells: []cell{{Text: m.Name}, {Text: m.Before}, {Text: m.After}},
		})
	}
	out.Changes = &table{
		ID: "cure-table", Caption: "Settings that change",
		Columns: []column{
			{Name: "Setting"}, {Name: "Before"}, {Name: "After"},
			{Name: "Bits before", Number: true, Title: "of all values of a sample that have the type"},
			{Name: "Bits after", Number: true, Title: "of all values of a sample that have the type"},
		},
	}
	for _, s := range c.Changes {
		out.Changes.Rows = append(out.Changes.Rows, tableRow{Cells: []cell{
			{Text: s.Setting}, {Text: s.Before}, {Text: s.After},
			numeric(grouped(s.BitsBefore), float64(s.BitsBefore)), numeric(grouped(s.BitsNow), float64(s.BitsNow)),
		}})
	}
	after := map[string]float64{}
	for _, l := range c.After {
		after[l.Layer] = l.Dist.Mean
	}
	for _, l := range c.Before {
		now, ok := after[l.Layer]
		if !ok { // another type may merge layers that were apart
			continue
		}
		row := differenceRow{
			Label: l.Layer, Note: number(l.Dist.Mean) + " to " + number(now),
			Picture: twoBars(fmt.Sprintf("%s: mean dist_diff %s before, %s after", l.Layer, number(l.Dist.Mean),
				number(now)), l.Dist.Mean, now),
		}
		if own := b.byName[l.Layer]; own != nil {
			row.Link = "#" + own.ID
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}

// twoBars draws a layer's difference before over that after, or that of one model over another's.
func twoBars(label string, before, after float64) template.HTML {
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="difference" width="100%%" height="26" role="img" aria-label="%s">`,
		template.HTMLEscapeString(label))
	fmt.Fprintf(&b, `<rect class="before" x="0" y="3" width="%.2f%%" height="9"/>`, differenceAt(before))
	fmt.Fprintf(&b, `<rect class="after" x="0" y="14" width="%.2f%%" height="9"/>`, differenceAt(after))
	b.WriteString("</svg>")
	return template.HTML(b.String())
}
