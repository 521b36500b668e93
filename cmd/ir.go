package cmd

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/hlsgo/hlsgo"
)

// newIR is `hlsgo ir`: what hlsgo has made of a model, for those who doubt an answer.
func newIR(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "ir CONFIG.yml | MODEL [flags]",
		Short: "print the graph with every resolved type",
		Long: `Prints the final graph, or the graph as it is when one pass has changed something
for the first time ('hlsgo passes' lists them). With --kernels the simulator's
program is printed instead: which kernel computes each layer, in which integers,
and why. --json --values adds, for each weight, the values before rounding (data)
and the integers in the firmware (raw, the value times 2 to its fraction bits).`,
		Example: `  hlsgo ir config.yml
  hlsgo ir config.yml --after fuse_batch_normalization
  hlsgo ir model.onnx --after cleanup
  hlsgo ir config.yml --json --values
  hlsgo ir config.yml --kernels`,
		Args: oneModel,
	}
	after := c.Flags().String("after", "", "stop after this `pass`")
	kernels := c.Flags().Bool("kernels", false, "print the simulator's program")
	asJSON := addJSON(c)
	values := c.Flags().Bool("values", false, "with --json: the values and raw integers of weights, too")
	o := addOverrides(c)
	c.RunE = func(c *cobra.Command, args []string) error {
		if *kernels && *after != "" {
			return usage(c, "--kernels: got --after too, want one of them: programs are made from the final graph")
		}
		if *values && (!*asJSON || *kernels) {
			return usage(c, "--values: got it without --json, want both, and no --kernels")
		}
		if err := a.checkPass(c, *after); err != nil {
			return err
		}
		m, err := a.load(c, args[0], o)
		if err != nil {
			return err
		}
		if *kernels {
			return a.printKernels(m, *asJSON)
		}
		form := hlsgo.GraphLines
		switch {
		case *values:
			form = hlsgo.GraphJSONValues
		case *asJSON:
			form = hlsgo.GraphJSON
		}
		return a.printGraph(m, *after, form)
	}
	return c
}

// checkPass refuses names of passes that no flow has.
// Before the model is read, which may take seconds; whether the pass does anything to this model is another
// question.
func (a *app) checkPass(c *cobra.Command, name string) error {
	known := func(p hlsgo.PassRow) bool { return p.Name == name }
	step := func(s hlsgo.StageRow) bool { return s.Name == name }
	if name == "" || slices.ContainsFunc(a.toolkit.Passes(), known) ||
		slices.ContainsFunc(a.toolkit.Stages(), step) {
		return nil
	}
	return usage(c, "--after: got %q, want a pass ('hlsgo passes' lists them)", name)
}

// printGraph writes the graph's text or JSON form.
func (a *app) printGraph(m *hlsgo.Model, after string, form hlsgo.GraphForm) error {
	text, err := m.GraphText(after, form)
	a.warn(m.Warnings())
	if err != nil {
		return err
	}
	_, err = a.Out.Write(text)
	return err
}

// printKernels lists the simulator's operations.
// One line per operation with the reason for its kernel: it is where to look when a layer is slow.
func (a *app) printKernels(m *hlsgo.Model, asJSON bool) error {
	rows, err := m.Kernels()
	a.warn(m.Warnings())
	if err != nil {
		return err
	}
	s := sheet{
		columns: []string{"layer", "kind", "kernel", "words", "results", "vector code", "why"},
		right:   []string{"results"},
		spare:   []string{"results", "words", "vector code"},
		rows:    rows,
	}
	for _, r := range rows {
		s.add(r.Layer, r.Kind, r.Kernel, r.Lanes, r.Values, strings.Join(r.Loops, ", "), r.Reason)
	}
	return s.print(a.Out, asJSON)
}
