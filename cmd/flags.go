package cmd

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/hlsgo/hlsgo"
)

// addInputs gives c the flag -i.
func addInputs(c *cobra.Command, files *[]string) {
	c.Flags().StringArrayVarP(files, "input", "i", nil,
		"read samples from `X.npy` or .dat, one per input of the model")
}

// hold replaces inputs and labels that can be read but once by copies, for work that reads them again. remove
// takes these away.
func (a *app) hold(inputs []string, labels *string) (remove func(), err error) {
	names := inputs
	if *labels != "" {
		names = append(slices.Clone(inputs), *labels)
	}
	held, remove, err := hlsgo.HoldStreams(a.in(), names)
	if err != nil {
		return nil, err
	}
	if copy(inputs, held) < len(held) {
		*labels = held[len(inputs)]
	}
	return remove, nil
}

// oneStream refuses standard input for two things: the second would find nothing.
func oneStream(c *cobra.Command, args []string) error {
	var uses []string
	for _, arg := range args {
		if arg == "-" {
			uses = append(uses, "a CONFIG.yml or MODEL")
		}
	}
	c.Flags().Visit(func(f *pflag.Flag) {
		if f.Name != "input" && f.Name != "labels" {
			return
		}
		texts := []string{f.Value.String()}
		if list, ok := f.Value.(pflag.SliceValue); ok {
			texts = list.GetSlice()
		}
		for _, text := range texts {
			if text == "-" {
				uses = append(uses, "--"+f.Name)
			}
		}
	})
	if len(uses) > 1 {
		return usage(c, "standard input: got it for %s, want it for one of them", strings.Join(uses, " and "))
	}
	return nil
}

// addThreads gives c the flag --threads.
func addThreads(c *cobra.Command, n *int) {
	c.Flags().IntVar(n, "threads", 0, "use `N` threads (default: all cores)")
}

// flagRule is one thing that can be wrong with the flags of a verb.
type flagRule struct {
	flag    string // as the message spells it: "--plot" or "-o"
	broken  bool
	message string // what was got and what is wanted
}

// checkFlags returns the first rule that is broken as an error about the command line. A table keeps
// condition and message side by side, and the order of the rules is all the logic there is: of several
// mistakes the first in the table is told. One at a time is enough, since flags are judged before any file
// is read.
func checkFlags(c *cobra.Command, rules []flagRule) error {
	for _, r := range rules {
		if r.broken {
			return usage(c, "%s: %s", r.flag, r.message)
		}
	}
	return nil
}

// flagError words what the parser of flags found; it would quote the functions of strconv.
func flagError(c *cobra.Command, err error) error {
	var invalid *pflag.InvalidValueError
	if !errors.As(err, &invalid) {
		return usage(c, "%w", err)
	}
	flag := invalid.GetFlag()
	want, ok := map[string]string{
		"int": "a whole number", "uint64": "a whole number from 0", "float64": "a number", "bool": "true or false",
	}[flag.Value.Type()]
	switch {
	case !ok:
		return usage(c, "%w", err)
	case errors.Is(err, strconv.ErrRange):
		want += " that is not so large"
	}
	return usage(c, "--%s: got %q, want %s", flag.Name, invalid.GetValue(), want)
}

// got words the common case: a value, and what would have been right.
func got(value any, want string) string { return fmt.Sprintf("got %v, want %s", value, want) }
