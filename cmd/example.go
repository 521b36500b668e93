package cmd

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/hlsgo/hlsgo"
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
		return a.unpack(args[0], *dir)
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
// Nothing is replaced: a user may have changed an example to learn from it.
func (a *app) unpack(name, dir string) error {
	files, err := a.toolkit.ExampleFiles(name)
	if err != nil {
		return err
	}
	names := slices.Sorted(maps.Keys(files))
	// All names are looked at before the first file is written: half an example would be worse than none.
	for _, f := range names {
		path := filepath.Join(dir, filepath.FromSlash(f))
		if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("example %q: file %s: got one that exists, want a new folder (-o)", name, path)
		}
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	for _, f := range names {
		path := filepath.Join(dir, filepath.FromSlash(f))
		if err := hlsgo.WriteFile(path, files[f]); err != nil {
			return err
		}
		if _, err := fmt.Fprintln(a.Out, path); err != nil {
			return err
		}
	}
	fmt.Fprintf(a.Err, "try: cd %s && hlsgo predict %s.yml\n", dir, name)
	return nil
}
