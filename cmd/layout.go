package cmd

import (
	"slices"
	"strings"
)

// comfortable is the width to which a column of texts is folded, or half of what it has, before another
// column is left out.
const comfortable = 24

// A layout says which columns of a sheet a terminal shows, and how wide.
type layout struct {
	columns []int
	widths  []int    // of each, without its frame
	nothing []string // columns left out because they have no value
	left    []string // columns left out because there is no room
}

// layout fits the sheet into a width; 0: any. Headers are folded first, then columns of texts; then columns
// that the sheet can spare are left out, those without a value before the others; then texts are folded as
// far as their words allow. Numbers are never folded. Where all of that is not enough it is not ok.
func (s *sheet) layout(width int) (l layout, ok bool) {
	for i := range s.columns {
		l.columns = append(l.columns, i)
	}
	if width < 1 {
		l.widths = make([]int, len(l.columns)) // fold leaves lines whole
		return l, true
	}
	empty, others := s.spareColumns()
	spare := append(empty, others...)
	for n := 0; ; n++ {
		if l.widths, ok = s.widths(l.columns, width, comfortable); ok {
			return l, true
		}
		if n == len(spare) {
			break
		}
		l.columns = slices.DeleteFunc(l.columns, func(c int) bool { return c == spare[n] })
		switch name := s.columns[spare[n]]; {
		case name == "": // of marks, which tell themselves
		case n < len(empty):
			l.nothing = append(l.nothing, name)
		default:
			l.left = append(l.left, name)
		}
	}
	l.widths, ok = s.widths(l.columns, width, 0)
	return l, ok
}

// spareColumns lists the columns to leave out, in that order: those where nothing stands, and those that the
// sheet can spare.
func (s *sheet) spareColumns() (empty, others []int) {
	for i := range s.columns {
		if !slices.ContainsFunc(s.lines, func(line []cell) bool { return !line[i].empty() }) {
			empty = append(empty, i)
		}
	}
	for _, name := range s.spare {
		if c := slices.Index(s.columns, name); !slices.Contains(empty, c) {
			others = append(others, c)
		}
	}
	return empty, others
}

func (c cell) empty() bool { return strings.Join(c.lines, "") == "" }

// widths shares a width among columns: each has what its longest line takes, as long as there is room, and
// the widest give up what is missing, down to their longest word, and no further than to floor.
func (s *sheet) widths(columns []int, width, floor int) ([]int, bool) {
	wide, least := make([]int, len(columns)), make([]int, len(columns))
	left := width - 3*len(columns) - 1 // the frame
	for i, c := range columns {
		wide[i], least[i] = s.extent(c)
		least[i] = max(least[i], min(wide[i]/2, floor))
		left -= wide[i]
	}
	for ; left < 0; left++ {
		widest := -1
		for i := range wide {
			if wide[i] > least[i] && (widest < 0 || wide[i] > wide[widest]) {
				widest = i
			}
		}
		if widest < 0 {
			return nil, false
		}
		wide[widest]--
	}
	return wide, true
}

// extent is how wide a column is at most and at least.
func (s *sheet) extent(column int) (wide, least int) {
	wide = displayWidth(s.columns[column])
	least = longestWord(s.columns[column])
	for _, line := range s.lines {
		for _, text := range line[column].lines {
			wide = max(wide, displayWidth(text))
			switch {
			case s.numeric(column) || slices.Contains(s.whole, s.columns[column]):
				least = max(least, displayWidth(text))
			case line[column].list:
				least = max(least, longestWord(text)+len(hangingIndent))
			default:
				least = max(least, longestWord(text))
			}
		}
	}
	return wide, min(least, wide)
}

func longestWord(text string) int {
	longest := 0
	for _, word := range words(text) {
		longest = max(longest, displayWidth(word))
	}
	return longest
}

// note says what the table does not show; "": nothing.
func (l layout) note() string {
	var parts []string
	if len(l.nothing) > 0 {
		parts = append(parts, "nothing in: "+strings.Join(l.nothing, ", "))
	}
	if len(l.left) > 0 {
		parts = append(parts, "left out for want of room: "+strings.Join(l.left, ", "))
	}
	if len(parts) == 0 {
		return ""
	}
	return strings.Join(parts, "; ")
}
