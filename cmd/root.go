package cmd

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/hlsgo/hlsgo"
)

// app is what every verb works with.
type app struct {
	Streams         // what commands print goes through screens
	raw     Streams // the streams themselves
	toolkit *hlsgo.Toolkit
}

const rootLong = `hlsgo turns a trained neural network into fixed-point FPGA firmware (a C++ HLS
project), and predicts, bit for bit and without a C++ compiler, what that
firmware will answer.

CONFIG.yml is an hls4ml configuration. Where a MODEL (a trained file such as
model.h5) is given instead, all settings have their defaults; flags override
either. A single "-" stands for either on standard input.`

const rootExample = `  hlsgo predict                              the built-in example: digits
  hlsgo config model.h5 -o config.yml        a configuration to start from
  hlsgo predict config.yml -i X.npy -o y.npy what the firmware will answer
  hlsgo convert config.yml                   the firmware
  hlsgo verify config.yml                    both compared, raw bits`

// newRoot builds the command tree.
// Anew for each command line: cobra keeps the values of flags in the tree, and a second run would see the
// first one's.
func newRoot(a *app) *cobra.Command {
	root := &cobra.Command{
		Use:     "hlsgo VERB [CONFIG.yml | MODEL]",
		Short:   "trained networks to FPGA firmware, bit for bit",
		Long:    rootLong,
		Example: rootExample,
		Args:    cobra.ArbitraryArgs,
		RunE:    unknownVerb,
		// Errors are printed in one place, Streams.report, and a page of usage would push the reason off the
		// screen.
		SilenceUsage:  true,
		SilenceErrors: true,
		Version:       version(),

		SuggestionsMinimumDistance: 2,
	}
	root.PersistentFlags().Bool(recordsFlag, false, "errors, warnings and notes as JSON, a line each")
	root.SetFlagErrorFunc(flagError)
	root.PersistentPreRunE = oneStream
	root.SetVersionTemplate("hlsgo {{.Version}}\n")
	helper := newHelp(root)
	root.CompletionOptions.DisableDefaultCmd = true // hlsgo has its own
	root.SetHelpCommand(helper)
	addVerbs(root, []verbGroup{
		{"Start", []*cobra.Command{newExample(a), newConfig(a)}},
		{"Predict", []*cobra.Command{newPredict(a), newVerify(a)}},
		{"Understand", []*cobra.Command{newCompare(a), newProfile(a), newPlot(a), newIR(a)}},
		{"Write", []*cobra.Command{newConvert(a)}},
		{"Extend", []*cobra.Command{newLayers(a), newBackends(a), newPasses(a), newFlows(a)}},
		{"This program", []*cobra.Command{helper, newCompletion(root, a), newVersion(a)}},
	})
	complete(root, a)
	// Flags stand in the order of their importance, in which they were added.
	for _, c := range root.Commands() {
		c.DisableFlagsInUseLine = true
		c.Flags().SortFlags = false
	}
	return root
}

// newHelp is `hlsgo help VERB`.
// cobra's own would answer a verb that does not exist with the program's help and exit code 0.
func newHelp(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use:     "help [VERB]",
		Short:   "explain a verb",
		Example: "  hlsgo help predict",
		RunE: func(c *cobra.Command, args []string) error {
			about, rest, err := root.Find(args)
			if err != nil || len(rest) > 0 {
				return unknownVerb(root, rest)
			}
			return about.Help()
		},
	}
}

// unknownVerb runs when no verb of the tree matches the first argument.
func unknownVerb(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return c.Help()
	}
	hint := ""
	if near := c.SuggestionsFor(args[0]); len(near) > 0 {
		hint = fmt.Sprintf(": did you mean %s?", strings.Join(near, ", "))
	}
	return usage(c, "unknown verb %q%s", args[0], hint)
}

// oneModel asks for exactly one CONFIG.yml or MODEL.
func oneModel(c *cobra.Command, args []string) error {
	if len(args) != 1 {
		return usage(c, "got %d arguments, want one CONFIG.yml or MODEL ('hlsgo example digits' unpacks one)",
			len(args))
	}
	return nil
}

// atMost asks for no more than n arguments.
func atMost(n int, what string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) > n {
			return usage(c, "got %d arguments, want %s", len(args), what)
		}
		return nil
	}
}
