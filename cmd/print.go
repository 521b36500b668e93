package cmd

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/spf13/cobra"
)

// A sheet is a table for people and, as rows, for programs.
// Both come from one place, so that --json never tells less than the table does.
type sheet struct {
	columns []string
	right   []string // columns of numbers
	whole   []string // other columns that are not folded
	spare   []string // columns that a narrow terminal does without, the least important first
	lines   [][]cell
	rows    any // what --json prints
}

// A cell is what stands in one place of a table.
type cell struct {
	lines []string
	style style
	list  bool // the lines are items, and not one text
}

// A block is a cell of several lines. In a text that is one cell a line end came from a file.
type block []string

// A marked text is a cell that stands out.
type marked struct {
	text  string
	style style
}

// add appends a line, one cell per column: numbers, texts, blocks or marked texts. Texts may come from files.
func (s *sheet) add(values ...any) {
	line := make([]cell, len(values))
	for i, v := range values {
		switch v := v.(type) {
		case block:
			line[i].list = true
			for _, item := range v {
				line[i].lines = append(line[i].lines, oneLine(item, longestCell))
			}
		case marked:
			line[i] = cell{lines: []string{oneLine(v.text, longestCell)}, style: v.style}
		default:
			line[i].lines = []string{oneLine(fmt.Sprint(v), longestCell)}
		}
	}
	s.lines = append(s.lines, line)
}

// addJSON gives c the flag --json.
func addJSON(c *cobra.Command) *bool {
	return c.Flags().Bool("json", false, "print JSON instead of a table")
}

// print writes the sheet as a table that fits the terminal, or as JSON. Files and pipes get all of it,
// unfolded and without colours.
func (s *sheet) print(w io.Writer, asJSON bool) error {
	if asJSON {
		return printJSON(w, s.rows)
	}
	screen, ok := w.(*screen)
	if !ok {
		_, err := io.WriteString(w, s.text(terminal{}))
		return err
	}
	return screen.finished(s.text(screen.terminal))
}

// text draws the sheet for a terminal.
func (s *sheet) text(t terminal) string {
	l, ok := s.layout(t.width)
	if !ok {
		return s.records(t)
	}
	out := s.table(l, t) + "\n"
	if note := l.note(); note != "" {
		out += strings.Join(fold(note, t.width, hangingIndent), "\n") + "\n"
	}
	return out
}

// table draws the columns of a layout.
func (s *sheet) table(l layout, t terminal) string {
	w := table.NewWriter()
	w.SetStyle(table.StyleLight)
	// The library shouts headers in capitals, where dist_diff and DIST_DIFF are two words to a search.
	w.Style().Format.Header = text.FormatDefault
	w.Style().Options.SeparateRows = false
	header := make(table.Row, len(l.columns))
	var columns []table.ColumnConfig
	for i, c := range l.columns {
		header[i] = painted(fold(s.columns[c], l.widths[i], ""), heading, t)
		config := table.ColumnConfig{Number: i + 1}
		if s.numeric(c) {
			config.Align, config.AlignHeader = text.AlignRight, text.AlignRight
		}
		columns = append(columns, config)
	}
	w.AppendHeader(header)
	w.SetColumnConfigs(columns)
	for _, line := range s.lines {
		row := make(table.Row, len(l.columns))
		for i, c := range l.columns {
			row[i] = painted(line[c].fold(l.widths[i]), line[c].style, t)
		}
		w.AppendRow(row)
	}
	return w.Render()
}

// painted joins the lines of a cell.
func painted(lines []string, as style, t terminal) string {
	out := make([]string, len(lines))
	for i, line := range lines {
		out[i] = t.paint(line, as)
	}
	return strings.Join(out, "\n")
}

// fold breaks the lines of a cell between words. Where each line is an item, it shows where the next begins.
func (c cell) fold(width int) []string {
	var lines []string
	for _, line := range c.lines {
		indent := ""
		if c.list {
			indent = hangingIndent
		}
		lines = append(lines, fold(line, width, indent)...)
	}
	return lines
}

// records writes a paragraph per line of the sheet, for terminals on which a table has no room. The first
// cell is its title.
func (s *sheet) records(t terminal) string {
	var lines []string
	for i, line := range s.lines {
		if i > 0 {
			lines = append(lines, "")
		}
		lines = append(lines, painted(line[0].fold(t.width), heading, t))
		for k, c := range line {
			if k > 0 && !c.empty() {
				lines = append(lines, c.entry(s.columns[k], t))
			}
		}
	}
	return strings.Join(lines, "\n") + "\n"
}

// entry is a cell of a record: what it is and the text, or items below it.
func (c cell) entry(name string, t terminal) string {
	if name != "" {
		name += ": "
	}
	if len(c.lines) == 1 {
		return painted(fold(hangingIndent+name+c.lines[0], t.width, hangingIndent), c.style, t)
	}
	lines := []string{hangingIndent + strings.TrimSpace(name)}
	for _, item := range c.lines {
		lines = append(lines, fold(hangingIndent+hangingIndent+item, t.width, hangingIndent)...)
	}
	return painted(lines, c.style, t)
}

// numeric reports whether a column is one of numbers.
func (s *sheet) numeric(column int) bool { return slices.Contains(s.right, s.columns[column]) }

// printJSON writes one indented JSON value; type names such as fixed<16,6> stay as they are.
func printJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// sayLine writes a sentence, folded between words where w is a terminal that is too narrow for it.
func sayLine(w io.Writer, sentence string) {
	width := 0
	if s, ok := w.(*screen); ok {
		width = s.terminal.width
	}
	fmt.Fprintln(w, strings.Join(fold(sentence, width, hangingIndent), "\n"))
}
