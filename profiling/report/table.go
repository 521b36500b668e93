package report

import (
	"fmt"
	"html/template"
	"math"
	"strconv"
	"strings"
)

// table is a table of the page. One with an ID can be sorted and filtered.
type table struct {
	ID, Caption string
	Columns     []column
	Rows        []tableRow
	Filter      bool
	Matrix      bool // of small numbers, with shades
}

// Wide reports whether the table may scroll sideways in its box, which then must take the focus.
func (t *table) Wide() bool { return len(t.Columns) > 3 }

// Many reports whether the columns have to be narrow to stand side by side.
func (t *table) Many() bool { return len(t.Columns) > 8 && !t.Matrix }

type column struct {
	Name, Title string // Title explains the name
	Number      bool
}

type tableRow struct {
	Mark  string // class of the row
	Cells []cell
}

type cell struct {
	Text string
	Sort string // what the cell is sorted by, where that is not its text
	Link string
	// Shade is the class of a cell of a matrix.
	Shade string
}

// numeric is a cell with a number behind its text.
func numeric(text string, v float64) cell {
	return cell{Text: text, Sort: strconv.FormatFloat(v, 'g', -1, 64)}
}

// number writes a value with four digits.
func number(v float64) string {
	return strings.ReplaceAll(strconv.FormatFloat(v, 'g', 4, 64), "-", "−")
}

// grouped writes 1 234 567 with narrow spaces.
func grouped(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "\u202f" + s[i:]
	}
	return s
}

// percent writes n of total, with as many digits as tell one value from none.
func percent(n, total int64) string {
	if total == 0 {
		return "–"
	}
	const unit = "\u202f%" // no line break before it
	p := 100 * float64(n) / float64(total)
	switch {
	case n == 0:
		return "0" + unit
	case n == total:
		return "100" + unit
	case p < 0.01:
		return "<\u202f0.01" + unit
	case p > 99.99:
		return ">\u202f99.99" + unit
	case p < 1:
		return fmt.Sprintf("%.2f", p) + unit
	}
	return fmt.Sprintf("%.1f", math.Min(p, 99.9)) + unit
}

func (b *builder) settingsTable() *table {
	t := &table{
		ID: "settings-table", Caption: "Settings as they count, and where each comes from", Filter: true,
		Columns: []column{{Name: "Layer"}, {Name: "Setting"}, {Name: "Value"}, {Name: "Origin"}},
	}
	for _, s := range b.Report.Settings {
		c := cell{Text: s.Layer}
		if l := b.byName[s.Layer]; l != nil {
			c.Link = "#" + l.ID
		} else if s.Layer == "" {
			c.Text = "(project)"
		}
		t.Rows = append(t.Rows, tableRow{Cells: []cell{c, {Text: s.Key}, {Text: s.Value}, {Text: s.Origin}}})
	}
	return t
}

// functions are those of the template.
var functions = template.FuncMap{
	"grouped": func(n int) string { return grouped(int64(n)) },
	"colour":  func(model int) string { return [...]string{"before", "after", "second"}[model] },
	"last":    func(i, n int) bool { return i == n-1 },
}
