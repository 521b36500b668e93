package report

import (
	"fmt"
	"strconv"

	"github.com/hlsgo/hlsgo/profiling"
)

// scores is the part of the page about how well both models tell classes apart.
type scores struct {
	Float, Fixed string // accuracies
	Classes      *table
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
			cells = append(cells, numeric(percent(int64(s.Confusion[k][k]), int64(n)), float64(s.Confusion[k][k])))
		}
		t.Rows = append(t.Rows, tableRow{Cells: cells})
	}
	return t
}

// aucCell is the AUC of a class. A model of one answer has that of class 1 alone.
func aucCell(s *profiling.Scores, class int) cell {
	if len(s.AUC) == 1 {
		class--
	}
	if class < 0 || class >= len(s.AUC) || s.AUC[class] < 0 {
		return numeric("–", -1)
	}
	return numeric(fmt.Sprintf("%.4f", s.AUC[class]), s.AUC[class])
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
