package report

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/hlsgo/hlsgo/profiling/graphplot"
	"github.com/hlsgo/hlsgo/sim"
)

// mostFindings is how many findings the top of the page lists.
const mostFindings = 8

// finding is something the reader should know first.
type finding struct {
	status
	Layer, Link string
	Text        string
	Cure        string
	weight      float64
}

// rank orders marks.
func rank(m graphplot.Mark) int {
	return map[graphplot.Mark]int{graphplot.MarkBad: 2, graphplot.MarkWarn: 1}[m]
}

func worse(a, b status) status {
	if rank(b.Mark) > rank(a.Mark) {
		return b
	}
	return a
}

// healthStatus judges a tensor: wrapped values are wrong; saturated ones, and places beyond a table, only
// worth a look.
// Saturation is what a type with SAT was chosen for, and most tables end where their function is flat;
// wrapping turns the largest number into the smallest, which nobody wants.
func healthStatus(t *sim.TensorHealth) status {
	switch {
	case t.Wrapped > 0:
		return status{graphplot.MarkBad, "wraps"}
	case t.Saturated > 0:
		return status{graphplot.MarkWarn, "saturates"}
	case t.Outside > 0 && (t.Open || t.Places == 0):
		return status{graphplot.MarkWarn, "leaves its table"}
	}
	return status{}
}

// findings lists what is wrong, the worst first, and how many more there are.
func (b *builder) findings() ([]finding, int) {
	var all []finding
	switch {
	case b.Report.Health != nil:
		for i := range b.Report.Health.Tensors {
			if f, ok := b.healthFinding(&b.Report.Health.Tensors[i]); ok {
				all = append(all, f)
			}
		}
	// Without counts from a run, ranges can still tell that a value would not fit.
	case b.Profile != nil:
		all = b.profileFindings()
	}
	slices.SortStableFunc(all, func(x, y finding) int {
		if c := rank(y.Mark) - rank(x.Mark); c != 0 {
			return c
		}
		return cmp.Compare(y.weight, x.weight)
	})
	shown := min(len(all), mostFindings)
	return all[:shown], len(all) - shown
}

func (b *builder) healthFinding(t *sim.TensorHealth) (finding, bool) {
	s := healthStatus(t)
	if s.Mark == graphplot.MarkNone {
		return finding{}, false
	}
	n := max(t.Wrapped, t.Saturated, t.Outside)
	f := finding{
		status: s, Layer: t.Layer, weight: t.Share(n), Cure: b.cureOf(t.Layer, t.Key),
		Text: fmt.Sprintf("%s %s in %s of %s values", t.Role, s.Word, percent(n, t.Values), grouped(t.Values)),
	}
	if t.Missing > 0 {
		f.Text += fmt.Sprintf(": %s lacks %s", t.Type, bits(t.Missing, "integer bit"))
	}
	if t.NeedsSign {
		f.Text += "; values below zero met a type without sign"
	}
	if l := b.byName[t.Layer]; l != nil {
		f.Link = "#" + l.ID
	}
	return f, true
}

// profileFindings look at ranges alone, where values were not counted: what does not fit would overflow.
func (b *builder) profileFindings() []finding {
	var all []finding
	for _, l := range b.list {
		for _, t := range l.Tensors {
			if t.after == nil || t.after.Fit == nil || t.after.Fit.Short == 0 {
				continue
			}
			s := status{graphplot.MarkBad, "too narrow"}
			all = append(all, finding{
				status: s, Layer: l.Name, Link: "#" + l.ID, weight: float64(t.after.Fit.Short),
				Text: fmt.Sprintf("%s should hold |x| up to %s: %s lacks %s", t.Label,
					number(b.Profile.Ideal(t.after).Abs.Max), t.after.Type, bits(t.after.Fit.Short, "integer bit")),
			})
			l.Status = worse(l.Status, s)
		}
	}
	return all
}

func bits(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// places is how many places of a table a tensor reaches, and how far apart their arguments are.
func places(t *sim.TensorHealth) cell {
	if t.Places == 0 {
		return cell{Text: "–"}
	}
	text := grouped(int64(t.Reached)) + " of " + grouped(int64(t.Places)) + ", by " + number(t.Step)
	return numeric(text, float64(t.Reached)/float64(t.Places))
}

// healthTable lists tensors; the one of all layers names and links them.
func (b *builder) healthTable(id, caption string, tensors []sim.TensorHealth, layers bool) *table {
	t := &table{ID: id, Caption: caption, Filter: layers}
	if layers {
		t.ID = id + "-table"
		t.Columns = []column{{Name: "Layer"}}
	}
	t.Columns = append(t.Columns,
		column{Name: "Tensor"}, column{Name: "Type"}, column{Name: "Values", Number: true},
		column{Name: "Wrapped", Number: true, Title: "changed by overflow in a type that wraps"},
		column{Name: "Saturated", Number: true, Title: "changed by overflow in a type that saturates"},
		column{Name: "Vanished", Number: true, Title: "not zero before the conversion, zero after"},
		column{Name: "Outside", Number: true, Title: "beyond the ends of a table"},
		column{Name: "Places", Number: true, Title: "of a table that the values reach, and how far apart"},
		column{Name: "Largest |x|", Number: true},
		column{Name: "Bits short", Number: true, Title: "integer bits that the type lacks"},
		column{Name: "Bits spare", Number: true, Title: "integer bits that no value needs"},
		column{Name: "Fraction unused", Number: true, Title: "fractional bits that are zero in all values"},
	)
	for i := range tensors {
		h := &tensors[i]
		row := tableRow{Mark: string(healthStatus(h).Mark)}
		if layers {
			c := cell{Text: h.Layer}
			if l := b.byName[h.Layer]; l != nil {
				c.Link = "#" + l.ID
			}
			row.Cells = append(row.Cells, c)
		}
		count := func(n int64) cell {
			if n == 0 {
				return numeric("0", 0)
			}
			return numeric(grouped(n)+" ("+percent(n, h.Values)+")", h.Share(n))
		}
		whole := func(n int) cell { return numeric(fmt.Sprint(n), float64(n)) }
		row.Cells = append(row.Cells,
			cell{Text: h.Role}, cell{Text: h.Type}, numeric(grouped(h.Values), float64(h.Values)),
			count(h.Wrapped), count(h.Saturated), count(h.Vanished), count(h.Outside), places(h),
			numeric(number(h.Largest()), h.Largest()), whole(h.Missing), whole(h.Spare), whole(h.UnusedFraction),
		)
		t.Rows = append(t.Rows, row)
	}
	return t
}
