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

// cellWidth is where the text of a cell is folded.
// Two such columns and a few short ones fill a wide terminal; the reasons in `hlsgo layers` are sentences.
const cellWidth = 60

// A sheet is a table for people and, as rows, for programs.
// Both come from one place, so that --json never tells less than the table does.
type sheet struct {
	columns []string
	right   []string // columns of numbers
	lines   [][]any
	rows    any // what --json prints
}

// A block is a cell of several lines. In a text that is one cell a line end came from a file.
type block []string

// add appends a line, one cell per column. Its texts may come from files.
func (s *sheet) add(cells ...any) {
	for i, c := range cells {
		switch c := c.(type) {
		case string:
			cells[i] = oneLine(c, longestCell)
		case block:
			cells[i] = strings.Join(c, "\n")
		}
	}
	s.lines = append(s.lines, cells)
}

// addJSON gives c the flag --json.
func addJSON(c *cobra.Command) *bool {
	return c.Flags().Bool("json", false, "print JSON instead of a table")
}

// print writes the sheet as a table or as JSON.
func (s *sheet) print(w io.Writer, asJSON bool) error {
	if asJSON {
		return printJSON(w, s.rows)
	}
	t := table.NewWriter()
	t.SetStyle(table.StyleLight)
	// The library shouts headers in capitals, where dist_diff and DIST_DIFF are two words to a search.
	t.Style().Format.Header = text.FormatDefault
	t.Style().Options.SeparateRows = false
	header := make(table.Row, len(s.columns))
	for i, c := range s.columns {
		header[i] = c
	}
	t.AppendHeader(header)
	var columns []table.ColumnConfig
	for _, c := range s.columns {
		config := table.ColumnConfig{Name: c, WidthMax: cellWidth, WidthMaxEnforcer: fold}
		if slices.Contains(s.right, c) {
			config.Align, config.AlignHeader = text.AlignRight, text.AlignRight
		}
		columns = append(columns, config)
	}
	t.SetColumnConfigs(columns)
	for _, line := range s.lines {
		t.AppendRow(line)
	}
	_, err := fmt.Fprintln(w, t.Render())
	return err
}

// fold breaks the lines of a cell between words.
func fold(cell string, width int) string {
	lines := strings.Split(cell, "\n")
	for i, line := range lines {
		lines[i] = text.WrapSoft(line, width)
	}
	return strings.Join(lines, "\n")
}

// printJSON writes one indented JSON value; type names such as fixed<16,6> stay as they are.
func printJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
