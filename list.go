package hlsgo

import (
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// LayerRow is one kind of `hlsgo layers`.
type LayerRow struct {
	Kind     string   `json:"kind"`
	Doc      string   `json:"doc"`
	Dialects []string `json:"dialects"`          // where it works
	Missing  string   `json:"missing,omitempty"` // where it does not, and why
	Places   []Place  `json:"places"`
	Limits   []Limit  `json:"limits,omitempty"`
}

type (
	// IOType is how tensors travel between layers, io_parallel or io_stream. See [ir.IOType].
	IOType = ir.IOType
	// Strategy is how a layer multiplies, such as Latency or Resource. See [ir.Strategy].
	Strategy = ir.Strategy
)

// IOTypes lists the io types.
func IOTypes() []IOType { return ir.IOTypes() }

// Limit is a strategy or a setting of a kind that does not work somewhere.
type Limit struct {
	Backend  string   `json:"backend,omitempty"`
	IOType   IOType   `json:"io_type,omitempty"`
	Strategy Strategy `json:"strategy,omitempty"`
	Setting  string   `json:"setting,omitempty"`
	Why      string   `json:"why"`
}

// String is the limit in words.
func (l Limit) String() string {
	var where []string
	for _, s := range []string{l.Setting, string(l.Strategy), l.Backend, string(l.IOType)} {
		if s != "" {
			where = append(where, s)
		}
	}
	return strings.Join(where, ", ") + ": " + l.Why
}

// Place is a tool and an io type in which a kind works, or does not.
type Place struct {
	Backend string `json:"backend"`
	IOType  IOType `json:"io_type"`
	Works   bool   `json:"works"`
	// Strategies lists those with code of their own; none where the kind multiplies by no matrix.
	Strategies []Strategy `json:"strategies,omitempty"`
	Why        string     `json:"why,omitempty"` // it does not work
}

// BackendRow is one tool of `hlsgo backends`.
type BackendRow struct {
	Name    string `json:"name"`
	Doc     string `json:"doc"`
	Dialect string `json:"dialect"`
	Flow    string `json:"flow,omitempty"`
	Missing string `json:"missing,omitempty"` // why it cannot generate yet; with a Flow it predicts
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
		for _, dialect := range t.reg.dialects() {
			if d.Works(dialect) {
				row.Dialects = append(row.Dialects, string(dialect))
			} else if why := d.WhyNot(dialect); why != "" {
				row.Missing += string(dialect) + ": " + why + " "
			}
		}
		row.Places, row.Limits = t.places(d), t.limits(d)
		rows = append(rows, row)
	}
	return rows
}

// places lists the tools and io types of the kind's dialects.
func (t *Toolkit) places(d *layers.Def) []Place {
	out := []Place{}
	for _, b := range t.reg.working() {
		if !d.Works(b.Dialect) {
			continue
		}
		impl := d.Impl[b.Dialect]
		for _, io := range IOTypes() {
			p := Place{Backend: b.Name, IOType: io, Why: impl.Without(b.Tool, io, "")}
			p.Works = p.Why == ""
			for _, s := range impl.Strategies {
				if impl.Without(b.Tool, io, s) == "" {
					p.Strategies = append(p.Strategies, s)
				}
			}
			out = append(out, p)
		}
	}
	return out
}

// limits lists what does not work although the kind does, dialect by dialect.
func (t *Toolkit) limits(d *layers.Def) []Limit {
	var out []Limit
	for _, dialect := range t.reg.dialects() {
		for _, l := range d.Impl[dialect].Limits {
			if l.Setting == "" && l.Strategy == "" {
				continue
			}
			if where, ok := t.concerned(l, dialect); ok {
				out = append(out, Limit{
					Backend: where, IOType: l.IOType, Strategy: l.Strategy, Setting: l.Setting, Why: l.Why,
				})
			}
		}
	}
	return out
}

// concerned names the tools of the dialect that a limit concerns, "" where it is all tools there are; ok is
// false where it is none.
func (t *Toolkit) concerned(l layers.Limit, dialect codegen.Dialect) (where string, ok bool) {
	var list []Backend
	all := t.reg.working()
	for _, b := range all {
		if b.Dialect == dialect && l.Concerns(b.Tool) {
			list = append(list, b)
		}
	}
	if len(list) == len(all) {
		return "", true
	}
	return strings.Join(names(list), " and "), len(list) > 0
}

// Tool is what graphs must know of the backend called name; without any, false.
func (t *Toolkit) Tool(name string) (ir.Tool, bool) {
	b, ok := backendNamed(t.reg.backends, name)
	return b.Tool, ok
}

// Backends lists the tools in the order of registration, those that cannot generate yet too.
func (t *Toolkit) Backends() []BackendRow {
	var rows []BackendRow
	for _, b := range t.reg.backends {
		row := BackendRow{Name: b.Name, Doc: b.Doc, Dialect: string(b.Dialect), Missing: b.Missing}
		if b.Flow != nil {
			row.Flow = b.Flow.Name
		}
		rows = append(rows, row)
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
