package cmd

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// newExample is `hlsgo example`.
func newExample(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "example [NAME] [flags]",
		Short: "list the built-in examples, or unpack one",
		Long: `Without NAME: lists the examples. With NAME: unpacks its network, configuration,
data and training script into a folder. Files that are there already are never
replaced.`,
		Example: `  hlsgo example
  hlsgo example digits
  hlsgo example digits -o first-try`,
		Args: atMost(1, "at most one NAME"),
	}
	dir := c.Flags().StringP("output", "o", "", "unpack into this `folder` (default: NAME)")
	asJSON := addJSON(c)
	c.RunE = func(c *cobra.Command, args []string) error {
		if len(args) == 0 {
			if *dir != "" {
				return usage(c, "-o: got no NAME, want one of %s", strings.Join(exampleNames(a), ", "))
			}
			return a.listExamples(*asJSON)
		}
		if !slices.Contains(exampleNames(a), args[0]) {
			return usage(c, "got example %q, want one of %s", args[0], strings.Join(exampleNames(a), ", "))
		}
		if *dir == "" {
			*dir = args[0]
		}
		return a.unpack(c.Context(), args[0], *dir)
	}
	return c
}

// exampleNames lists what may stand for NAME.
func exampleNames(a *app) []string {
	var names []string
	for _, e := range a.toolkit.Examples() {
		names = append(names, e.Name)
	}
	return names
}

// listExamples prints the examples, one a line.
func (a *app) listExamples(asJSON bool) error {
	rows := a.toolkit.Examples()
	s := sheet{columns: []string{"example", "what"}, rows: rows}
	for _, r := range rows {
		s.add(r.Name, r.Doc)
	}
	return s.print(a.Out, asJSON)
}

// unpack writes the files of an example and prints their names.
func (a *app) unpack(ctx context.Context, name, dir string) error {
	files, err := a.toolkit.UnpackExample(ctx, name, dir)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%w (-o)", err)
	}
	if err != nil {
		return err
	}
	for _, f := range files {
		if _, err := fmt.Fprintln(a.Out, f); err != nil {
			return err
		}
	}
	fmt.Fprintf(a.Err, "try: cd %s && hlsgo predict %s.yml\n", dir, name)
	return nil
}
