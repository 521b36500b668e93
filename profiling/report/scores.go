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
	Float, Fixed string // accuracies
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
	out := &scores{Float: accuracy(c.Float), Fixed: accuracy(c.Fixed), Classes: classTable(c)}
	if len(c.Float.Confusion) <= mostClasses {
		out.Curves = curves(c)
		out.Confusion = []*table{
			confusion("Float: samples by class and answer", c.Float),
			confusion("Fixed point: samples by class and answer", c.Fixed),
		}
	}
	return out
}

func accuracy(s *profiling.Scores) string { return fmt.Sprintf("%.2f\u202f%%", 100*s.Accuracy) }

func classTable(c *profiling.Comparison) *table {
	t := &table{
		ID: "classes-table", Caption: "Classes: area under the ROC curve, and share answered rightly",
		Columns: []column{
			{Name: "Class"}, {Name: "Samples", Number: true},
			{Name: "AUC, float", Number: true}, {Name: "AUC, fixed", Number: true},
			{Name: "Right, float", Number: true}, {Name: "Right, fixed", Number: true},
		},
	}
	for k, row := range c.Float.Confusion {
		n := 0
		for _, v := range row {
			n += v
		}
		cells := []cell{numeric(strconv.Itoa(k), float64(k)), numeric(grouped(int64(n)), float64(n))}
		for _, s := range []*profiling.Scores{c.Float, c.Fixed} {
			cells = append(cells, aucCell(s, k))
		}
		for _, s := range []*profiling.Scores{c.Float, c.Fixed} {
			right := s.Confusion[k][k]
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

// curves draws a small picture per class, both models in it: with all classes in one, ten curves would lie on
// each other.
func curves(c *profiling.Comparison) []rocCurve {
	var out []rocCurve
	for k := range c.Float.Confusion {
		a, float, ok := c.Float.Class(k)
		b, fixed, _ := c.Fixed.Class(k)
		if !ok || len(float) == 0 || len(fixed) == 0 {
			continue
		}
		note := fmt.Sprintf("%.4f, %.4f", a, b)
		label := fmt.Sprintf("ROC curve of class %d against the others: area %.4f in floating point, %.4f in fixed point",
			k, a, b)
		out = append(out, rocCurve{Class: strconv.Itoa(k), Note: note, Picture: rocPicture(label, float, fixed)})
	}
	return out
}

// rocPicture draws both curves over the diagonal of a model that knows nothing.
func rocPicture(label string, float, fixed []profiling.Rates) template.HTML {
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="roc" viewBox="-2 -2 104 104" role="img" aria-label="%s">`, template.HTMLEscapeString(label))
	b.WriteString(`<rect class="field" x="0" y="0" width="100" height="100"/><path class="chance" d="M0 100L100 0"/>`)
	for _, c := range []struct {
		class string
		curve []profiling.Rates
	}{{"before", float}, {"after", fixed}} {
		fmt.Fprintf(&b, `<path class="%s" d="`, c.class)
		for i, r := range c.curve {
			fmt.Fprintf(&b, "%c%.4g %.4g", "ML"[min(i, 1)], 100*r.False, 100-100*r.True)
		}
		b.WriteString(`"/>`)
	}
	b.WriteString("</svg>")
	return template.HTML(b.String())
}
