package cmd

import (
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/hlsgo/hlsgo"
)

// list makes a verb that prints one table of the registry.
// The table is made when the verb runs and not before: plugins have registered by then.
func list(a *app, verb, short string, sheet func() *sheet) *cobra.Command {
	c := &cobra.Command{
		Use:     verb + " [--json]",
		Short:   short,
		Example: "  hlsgo " + verb + "\n  hlsgo " + verb + " --json",
		Args:    atMost(0, "none"),
	}
	asJSON := addJSON(c)
	c.RunE = func(*cobra.Command, []string) error { return sheet().print(a.Out, *asJSON) }
	return c
}

// newLayers is `hlsgo layers`, the table behind docs/layers.md.
func newLayers(a *app) *cobra.Command {
	return list(a, "layers", "list the kinds of layers, and where they work", func() *sheet {
		rows := a.toolkit.Layers()
		s := &sheet{columns: []string{"kind", "what", "works in", "does not work"}, rows: rows}
		for _, r := range rows {
			s.add(r.Kind, r.Doc, block(worksIn(r)), block(worksNot(r)))
		}
		return s
	})
}

// worksIn lists where a kind works, a line for places that do not differ: "io_stream: latency, resource".
func worksIn(r hlsgo.LayerRow) []string {
	var lines []string
	for _, io := range hlsgo.IOTypes() {
		// Backends that can do the same share a line; there are more of them than a screen is wide.
		byText := map[string][]string{}
		for _, p := range r.Places {
			if p.IOType == io && p.Works {
				text := joined(p.Strategies)
				byText[text] = append(byText[text], p.Backend)
			}
		}
		for _, text := range slices.Sorted(maps.Keys(byText)) {
			line := string(io) + " (" + strings.Join(byText[text], ", ") + ")"
			if text != "" {
				line += ": " + text
			}
			lines = append(lines, line)
		}
	}
	return lines
}

// joined writes strategies as one text.
func joined(strategies []hlsgo.Strategy) string {
	var words []string
	for _, s := range strategies {
		words = append(words, string(s))
	}
	return strings.Join(words, ", ")
}

// worksNot lists the reasons where a kind, or a setting of it, does not work.
func worksNot(r hlsgo.LayerRow) []string {
	var lines []string
	if r.Missing != "" {
		lines = append(lines, strings.TrimSpace(r.Missing))
	}
	for _, p := range r.Places {
		// The same reason holds for several backends, and is told once.
		if line := string(p.IOType) + ": " + p.Why; !p.Works && !slices.Contains(lines, line) {
			lines = append(lines, line)
		}
	}
	for _, l := range r.Limits {
		lines = append(lines, l.String())
	}
	return lines
}

// newBackends is `hlsgo backends`, those of plugins included. People see the tools to come too, and why they
// are not there; programs, which ask what they may use, get those that can generate alone.
func newBackends(a *app) *cobra.Command {
	return list(a, "backends", "list the tools, those that hlsgo writes no projects for yet too", func() *sheet {
		s := &sheet{columns: []string{"backend", "what", "dialect", "flow"}, spare: []string{"dialect"}}
		usable := []hlsgo.BackendRow{}
		for _, r := range a.toolkit.Backends() {
			flow := r.Flow
			switch {
			case r.Missing == "":
				usable = append(usable, r)
			case r.Flow != "":
				flow += ", predictions alone: " + r.Missing
			default:
				flow = "not yet: " + r.Missing
			}
			s.add(r.Name, r.Doc, r.Dialect, flow)
		}
		s.rows = usable
		return s
	})
}

// newPasses is `hlsgo passes`: the names that --after takes.
func newPasses(a *app) *cobra.Command {
	return list(a, "passes", "list the passes that change the graph", func() *sheet {
		rows := a.toolkit.Passes()
		s := &sheet{columns: []string{"pass", "what", "flows"}, spare: []string{"flows"}, rows: rows}
		for _, r := range rows {
			s.add(r.Name, r.Doc, strings.Join(r.Flows, ", "))
		}
		return s
	})
}

// newFlows is `hlsgo flows`.
func newFlows(a *app) *cobra.Command {
	return list(a, "flows", "list the flows: passes in their order", func() *sheet {
		rows := a.toolkit.Flows()
		s := &sheet{columns: []string{"flow", "needs", "passes in order"}, rows: rows}
		for _, r := range rows {
			s.add(r.Name, block(r.Requires), block(r.Passes))
		}
		return s
	})
}
