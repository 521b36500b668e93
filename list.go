package hlsgo

import (
	"slices"

	"github.com/hlsgo/hlsgo/codegen"
)

// LayerRow is one kind of `hlsgo layers`.
type LayerRow struct {
	Kind     string   `json:"kind"`
	Doc      string   `json:"doc"`
	Dialects []string `json:"dialects"`          // where it works
	Missing  string   `json:"missing,omitempty"` // where it does not, and why
}

// BackendRow is one tool of `hlsgo backends`.
type BackendRow struct {
	Name    string `json:"name"`
	Doc     string `json:"doc"`
	Dialect string `json:"dialect"`
	Flow    string `json:"flow"`
}

// PassRow is one pass of `hlsgo passes`.
type PassRow struct {
	Name  string   `json:"name"`
	Doc   string   `json:"doc"`
	Flows []string `json:"flows"`
}

// FlowRow is one flow of `hlsgo flows`.
type FlowRow struct {
	Name     string   `json:"name"`
	Requires []string `json:"requires"`
	Passes   []string `json:"passes"`
}

// Layers lists the layer kinds, sorted.
func (t *Toolkit) Layers() []LayerRow {
	var rows []LayerRow
	for _, kind := range t.reg.layers.KindNames() {
		d, _ := t.reg.layers.Def(kind)
		row := LayerRow{Kind: kind, Doc: d.Doc, Dialects: []string{}}
		for _, dialect := range codegen.Dialects() {
			if _, ok := d.Impl[dialect]; ok {
				row.Dialects = append(row.Dialects, string(dialect))
			} else if why := d.Missing[dialect]; why != "" {
				row.Missing += string(dialect) + ": " + why + " "
			}
		}
		rows = append(rows, row)
	}
	return rows
}

// Backends lists the tools in the order of registration.
func (t *Toolkit) Backends() []BackendRow {
	var rows []BackendRow
	for _, b := range t.reg.backends {
		rows = append(rows, BackendRow{b.Name(), b.Doc, string(b.Dialect()), b.Flow.Name})
	}
	return rows
}

// Passes lists the passes in the order in which they first run.
func (t *Toolkit) Passes() []PassRow {
	var rows []PassRow
	for _, f := range t.reg.flows() {
		for _, p := range f.Passes {
			i := slices.IndexFunc(rows, func(r PassRow) bool { return r.Name == p.Name })
			if i < 0 {
				i = len(rows)
				rows = append(rows, PassRow{Name: p.Name, Doc: p.Doc})
			}
			rows[i].Flows = append(rows[i].Flows, f.Name)
		}
	}
	return rows
}

// Flows lists the flows, required ones first.
func (t *Toolkit) Flows() []FlowRow {
	var rows []FlowRow
	for _, f := range t.reg.flows() {
		row := FlowRow{Name: f.Name, Requires: []string{}, Passes: []string{}}
		for _, r := range f.Requires {
			row.Requires = append(row.Requires, r.Name)
		}
		for _, p := range f.Passes {
			row.Passes = append(row.Passes, p.Name)
		}
		rows = append(rows, row)
	}
	return rows
}
