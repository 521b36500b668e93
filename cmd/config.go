package cmd

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/hlsgo/hlsgo"
)

const configLong = `With a MODEL: writes the configuration to start from, as hls4ml would generate
it. Granularity "model" has one setting for all, "type" one per kind of layer,
"name" one per layer, with types inferred where they say auto.

With a CONFIG.yml and -o, or flags that override keys: writes the configuration with the
flags as part of it and every key that hls4ml needs. Comments, order and quotes stay.

With --explain: prints every setting that counts, with its value and where it
came from.`

// newConfig is `hlsgo config`, two verbs in one as users think of it: make a configuration, or explain one.
func newConfig(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "config MODEL | CONFIG.yml [flags]",
		Short: "write a configuration to start from, change or explain one",
		Long:  configLong,
		Example: `  hlsgo config model.h5 -o config.yml
  hlsgo config model.h5 -g name --precision 'fixed<16,6>' > config.yml
  hlsgo config config.yml --set fc1.result_t='fixed<18,8>' -o new.yml
  hlsgo config config.yml --explain`,
		Args: oneModel,
	}
	output := c.Flags().StringP("output", "o", "", "write to `config.yml` instead of standard output")
	granularity := c.Flags().StringP("granularity", "g", "model",
		"one entry for: the `model`, each type or each name")
	explain := c.Flags().Bool("explain", false, "print effective values and where they come from")
	asJSON := c.Flags().Bool("json", false, "with --explain: print JSON instead of a table")
	o := addOverrides(c)
	c.RunE = func(c *cobra.Command, args []string) error {
		// The order is that of the messages: what contradicts itself is told before what is missing.
		switch {
		case !slices.Contains([]string{"model", "type", "name"}, *granularity):
			return usage(c, "--granularity: got %q, want model, type or name", *granularity)
		case *explain && *output != "":
			return usage(c, "--explain: got -o too, want one of them")
		case *asJSON && !*explain:
			return usage(c, "--json: got no --explain, want it with --explain")
		case *explain:
			return a.explain(c, args[0], o, *asJSON)
		case (isYAML(args[0]) || args[0] == "-") && c.Flags().Changed("granularity"):
			return usage(c, "--granularity: got a configuration, want it with a MODEL")
		case isYAML(args[0]) || args[0] == "-": // a model without a file is nothing that a configuration can name
			return a.rewriteConfig(c, args[0], *output, o)
		}
		if *output != "" {
			if err := checkEnding(c, "-o", *output, ".yml", ".yaml"); err != nil {
				return err
			}
		}
		return a.generate(c, args[0], *granularity, *output, o)
	}
	return c
}

// isYAML goes by the ending: a text file of any kind may be valid YAML.
func isYAML(path string) bool {
	ext := strings.ToLower(filepath.Ext(path))
	return ext == ".yml" || ext == ".yaml"
}

// generate writes the starting configuration of a model.
func (a *app) generate(c *cobra.Command, path, granularity, output string, o *hlsgo.Overrides) error {
	if err := checkOverrides(a, c, o); err != nil {
		return err
	}
	// The folder matters, since paths in a configuration are relative to the file that they stand in.
	text, warnings, err := a.toolkit.GenerateConfig(path, granularity, filepath.Dir(output), *o)
	if err != nil {
		return err
	}
	a.warn(warnings)
	if strings.EqualFold(filepath.Ext(path), ".pt2") { // the only form with a layout to tell of
		m, err := a.toolkit.Load(path, *o)
		if err == nil {
			err = a.tellLayout(m)
		}
		if err != nil {
			return err
		}
	}
	return a.writeConfig(text, output)
}

// tellLayout says how samples and answers lie in memory, where that is a question.
func (a *app) tellLayout(m *hlsgo.Model) error {
	text, err := m.Layout()
	if text != "" {
		fmt.Fprintln(a.Err, text)
	}
	return err
}

// rewriteConfig writes a configuration with the flags as part of it.
func (a *app) rewriteConfig(c *cobra.Command, path, output string, o *hlsgo.Overrides) error {
	m, err := a.load(c, path, o)
	if err != nil {
		return err
	}
	a.warn(m.Warnings())
	text, err := m.ConfigText(hlsgo.ConfigOptions{Dir: filepath.Dir(output)})
	if err != nil {
		return err
	}
	return a.writeConfig(text, output)
}

// writeConfig writes a configuration to a file, or to Out where none is named.
func (a *app) writeConfig(text []byte, output string) error {
	if output == "" {
		_, err := a.Out.Write(text)
		return err
	}
	if err := hlsgo.WriteFile(output, text); err != nil {
		return err
	}
	// To Err: Out is for data only, so that scripts can pipe it on.
	fmt.Fprintf(a.Err, "wrote %s\n", output)
	return nil
}

// explain prints the effective settings.
func (a *app) explain(c *cobra.Command, path string, o *hlsgo.Overrides, asJSON bool) error {
	m, err := a.load(c, path, o)
	if err != nil {
		return err
	}
	rows, err := m.Explain()
	a.warn(m.Warnings())
	if err != nil {
		return err
	}
	s := sheet{columns: []string{"setting", "value", "from"}, rows: rows}
	for _, r := range rows {
		s.add(r.Path, r.Value, r.Origin)
	}
	return s.print(a.Out, asJSON)
}
