package report

import (
	"fmt"
	"html/template"
	"strconv"
	"strings"

	"github.com/hlsgo/hlsgo/profiling"
)

// scores is the part of the page about how well both models tell classes apart.
type scores struct {
	Models       []fact // accuracies
	Float, Fixed string
	Doubt        string // see profiling.Scores.Doubt
	Classes      *table
	Curves       []rocCurve
	Confusion    []*table // none for very many classes
}

// mostClasses is for how many classes the confusion is shown.
const mostClasses = 40

func (b *builder) scores() *scores {
	c := b.Report.Comparison
	if c == nil || c.Float == nil || c.Fixed == nil {
		return nil
	}
	models := b.judged()
	out := &scores{
		Float: accuracy(c.Float), Fixed: accuracy(c.Fixed), Doubt: c.Float.Doubt(), Classes: classTable(models),
	}
	for _, m := range models {
		out.Models = append(out.Models, fact{m.name, accuracy(m.scores)})
	}
	if len(c.Float.Confusion) <= mostClasses {
		out.Curves = curves(models)
		for _, m := range models {
			out.Confusion = append(out.Confusion, confusion(m.name+": samples by class and answer", m.scores))
		}
	}
	return out
}

// judged is a model that told classes apart; class is that of its lines in pictures.
type judged struct {
	name, short, class string
	scores             *profiling.Scores
}

// judged lists the models of the page: in floating point, in fixed point, and in that of a second
// configuration.
func (b *builder) judged() []judged {
	c := b.Report.Comparison
	out := []judged{{"Floating point", "float", "before", c.Float}, {"Fixed point", "fixed", "after", c.Fixed}}
	if o := b.Report.Other; o != nil && o.Comparison != nil && o.Comparison.Fixed != nil &&
		len(o.Comparison.Fixed.Confusion) == len(c.Fixed.Confusion) {
		first, second := pairNames(b.Model, o.Model)
		out[1].name, out[1].short = "Fixed point, "+first, first
		out = append(out, judged{"Fixed point, " + second, second, "second", o.Comparison.Fixed})
	}
	return out
}

func accuracy(s *profiling.Scores) string { return fmt.Sprintf("%.2f\u202f%%", 100*s.Accuracy) }

func classTable(models []judged) *table {
	t := &table{
		ID: "classes-table", Caption: "Classes: area under the ROC curve, and share answered rightly",
		Columns: []column{{Name: "Class"}, {Name: "Samples", Number: true}},
	}
	for _, what := range []string{"AUC, ", "Right, "} {
		for _, m := range models {
			t.Columns = append(t.Columns, column{Name: what + m.short, Number: true})
		}
	}
	for k, row := range models[0].scores.Confusion {
		n := 0
		for _, v := range row {
			n += v
		}
		cells := []cell{numeric(strconv.Itoa(k), float64(k)), numeric(grouped(int64(n)), float64(n))}
		for _, m := range models {
			cells = append(cells, aucCell(m.scores, k))
		}
		for _, m := range models {
			right := m.scores.Confusion[k][k]
			share := -1.0 // before all others, as a class without an AUC
			if n > 0 {
				share = float64(right) / float64(n)
			}
			cells = append(cells, numeric(percent(int64(right), int64(n)), share))
		}
		t.Rows = append(t.Rows, tableRow{Cells: cells})
	}
	return t
}

// aucCell is the AUC of a class, or a dash.
func aucCell(s *profiling.Scores, class int) cell {
	auc, _, ok := s.Class(class)
	if !ok {
		return numeric("–", -1)
	}
	return numeric(fmt.Sprintf("%.4f", auc), auc)
}

// shades is the number of colours of a confusion matrix.
const shades = 8

// confusion shades each cell by its share of the class.
// By share of the class and not of all samples: a rare class that is always mistaken should be seen.
func confusion(caption string, s *profiling.Scores) *table {
	t := &table{Caption: caption, Columns: []column{{Name: "Class"}}, Matrix: true}
	for k := range s.Confusion {
		t.Columns = append(t.Columns, column{Name: strconv.Itoa(k), Number: true})
	}
	for k, row := range s.Confusion {
		n := 0
		for _, v := range row {
			n += v
		}
		cells := []cell{{Text: strconv.Itoa(k)}}
		for _, v := range row {
			c := cell{Text: strconv.Itoa(v)}
			if v > 0 {
				c.Shade = "shade" + strconv.Itoa(min(1+v*(shades-1)/n, shades))
			}
			cells = append(cells, c)
		}
		t.Rows = append(t.Rows, tableRow{Cells: cells})
	}
	return t
}

// rocCurve is the ROC picture of a class.
type rocCurve struct {
	Class, Note string
	Picture     template.HTML
}

// curves draws a small picture per class, all models in it: with all classes in one, ten curves would lie on
// each other.
func curves(models []judged) []rocCurve {
	var out []rocCurve
	for k := range models[0].scores.Confusion {
		var areas []string
		var lines strings.Builder
		for _, m := range models {
			auc, roc, ok := m.scores.Class(k)
			if !ok || len(roc) == 0 {
				continue
			}
			areas = append(areas, fmt.Sprintf("%.4f", auc))
			fmt.Fprintf(&lines, `<path class="%s" d="`, m.class)
			for i, r := range roc {
				fmt.Fprintf(&lines, "%c%.4g %.4g", "ML"[min(i, 1)], 100*r.False, 100-100*r.True)
			}
			lines.WriteString(`"/>`)
		}
		if len(areas) == 0 {
			continue
		}
		note := strings.Join(areas, ", ")
		out = append(out, rocCurve{strconv.Itoa(k), note, rocPicture(k, note, lines.String())})
	}
	return out
}

// rocPicture draws curves over the diagonal of a model that knows nothing.
func rocPicture(class int, areas, lines string) template.HTML {
	return template.HTML(fmt.Sprintf(`<svg class="roc" viewBox="-2 -2 104 104" role="img" `+
		`aria-label="ROC curves of class %d against the others, areas %s">`+
		`<rect class="field" x="0" y="0" width="100" height="100"/>`+
		`<path class="chance" d="M0 100L100 0"/>%s</svg>`, class, areas, lines))
}
