package cmd

import (
	"strings"

	"github.com/spf13/cobra"
)

// list makes a verb that prints one table of the registry.
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

func newLayers(a *app) *cobra.Command {
	return list(a, "layers", "list the kinds of layers, and where they work", func() *sheet {
		rows := a.toolkit.Layers()
		s := &sheet{columns: []string{"kind", "what", "works in", "missing"}, rows: rows}
		for _, r := range rows {
			s.add(r.Kind, r.Doc, strings.Join(r.Dialects, ", "), strings.TrimSpace(r.Missing))
		}
		return s
	})
}

func newBackends(a *app) *cobra.Command {
	return list(a, "backends", "list the tools that hlsgo writes projects for", func() *sheet {
		rows := a.toolkit.Backends()
		s := &sheet{columns: []string{"backend", "what", "dialect", "flow"}, rows: rows}
		for _, r := range rows {
			s.add(r.Name, r.Doc, r.Dialect, r.Flow)
		}
		return s
	})
}

func newPasses(a *app) *cobra.Command {
	return list(a, "passes", "list the passes that change the graph", func() *sheet {
		rows := a.toolkit.Passes()
		s := &sheet{columns: []string{"pass", "what", "flows"}, rows: rows}
		for _, r := range rows {
			s.add(r.Name, r.Doc, strings.Join(r.Flows, ", "))
		}
		return s
	})
}

func newFlows(a *app) *cobra.Command {
	return list(a, "flows", "list the flows: passes in their order", func() *sheet {
		rows := a.toolkit.Flows()
		s := &sheet{columns: []string{"flow", "needs", "passes in order"}, rows: rows}
		for _, r := range rows {
			s.add(r.Name, strings.Join(r.Requires, "\n"), strings.Join(r.Passes, "\n"))
		}
		return s
	})
}
