package cmd

import (
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

const (
	helpWidth = 80  // of help in a file, and the least
	helpMost  = 100 // longer lines are hard to read
)

// A verbGroup is what people want, and the verbs that do it.
type verbGroup struct {
	title string
	verbs []*cobra.Command
}

// addVerbs adds the verbs of the groups to the root.
func addVerbs(root *cobra.Command, groups []verbGroup) {
	for _, g := range groups {
		root.AddGroup(&cobra.Group{ID: g.title, Title: g.title})
		for _, c := range g.verbs {
			c.GroupID = g.title
			root.AddCommand(c)
		}
	}
	root.SetHelpFunc(func(c *cobra.Command, _ []string) {
		out := c.OutOrStdout()
		width, t := helpWidth, terminal{}
		if s, ok := out.(*screen); ok && s.width > 0 {
			t, width = s.terminal, min(s.width, helpMost)
		}
		h := help{width: width, terminal: t}
		if c == root {
			h.program(c, groups)
		} else {
			h.verb(c)
		}
		if s, ok := out.(*screen); ok {
			_ = s.finished(h.text.String())
			return
		}
		_, _ = io.WriteString(out, h.text.String())
	})
}

// help is a page of help on its way.
type help struct {
	terminal
	width int
	text  strings.Builder
}

// program explains hlsgo: its verbs by what people do with them.
func (h *help) program(c *cobra.Command, groups []verbGroup) {
	h.about(c)
	wide := 0
	for _, v := range c.Commands() {
		wide = max(wide, len(v.Name()))
	}
	for _, g := range groups {
		h.title(g.title)
		for _, v := range g.verbs {
			head := fmt.Sprintf("  %-*s  ", wide, v.Name())
			lines := fold(v.Short, h.width-len(head), "")
			fmt.Fprintln(&h.text, head+strings.Join(lines, "\n"+strings.Repeat(" ", len(head))))
		}
	}
	h.title("Everywhere")
	fmt.Fprintf(&h.text, "  %-*s  %s\n", wide, "--help", "explain a verb: its flags, with examples")
	fmt.Fprintf(&h.text, "  %-*s  %s\n", wide, "--version", "print the version")
	fmt.Fprintf(&h.text, "  --%s\n  %-*s  %s\n", recordsFlag, wide, "",
		"errors, warnings and notes as JSON, a line each: docs/errors.md")
}

// verb explains one verb.
func (h *help) verb(c *cobra.Command) {
	h.about(c)
	own, keys := pflag.NewFlagSet("", pflag.ContinueOnError), pflag.NewFlagSet("", pflag.ContinueOnError)
	own.SortFlags, keys.SortFlags = false, false
	c.InitDefaultHelpFlag()
	c.Flags().VisitAll(func(f *pflag.Flag) {
		switch {
		case f.Name == "help":
			f.Usage = "print this"
			own.AddFlag(f)
		case isOverride(f):
			keys.AddFlag(f)
		default:
			own.AddFlag(f)
		}
	})
	h.title("Flags")
	h.text.WriteString(optional.ReplaceAllStringFunc(own.FlagUsagesWrapped(h.width), bracketed))
	if keys.HasFlags() {
		h.title("Flags in place of keys of the configuration")
		h.text.WriteString(keys.FlagUsagesWrapped(h.width))
	}
}

// optional is how pflag writes a flag whose value may be left out, with what it then is.
var optional = regexp.MustCompile(` (\w+)\[="\w+"\]`)

// bracketed writes it as [=value], as wide as it was.
func bracketed(s string) string {
	name, _, _ := strings.Cut(s[1:], "[")
	return fmt.Sprintf("%-*s", len(s), "[="+name+"]")
}

// about is what the pages have in common: what it is, how it is called, examples.
func (h *help) about(c *cobra.Command) {
	long := c.Long
	if long == "" {
		long = strings.ToUpper(c.Short[:1]) + c.Short[1:] + "."
	}
	h.text.WriteString(reflow(long, h.width) + "\n")
	h.title("Usage")
	for _, line := range fold("  "+c.UseLine(), h.width, hangingIndent) {
		h.text.WriteString(line + "\n")
	}
	if c.Example != "" {
		h.title("Examples")
		h.text.WriteString(c.Example + "\n")
	}
}

// title begins a section.
func (h *help) title(s string) { h.text.WriteString("\n" + h.paint(s+":", heading) + "\n") }

// reflow folds paragraphs anew; lines that are indented stay as they are.
func reflow(text string, width int) string {
	var out, paragraph []string
	flush := func() {
		if len(paragraph) > 0 {
			out = append(out, fold(strings.Join(paragraph, " "), width, "")...)
		}
		paragraph = nil
	}
	for line := range strings.SplitSeq(text, "\n") {
		if line == "" || strings.HasPrefix(line, " ") {
			flush()
			out = append(out, line)
			continue
		}
		paragraph = append(paragraph, line)
	}
	flush()
	return strings.Join(out, "\n")
}

// overrideMark is the annotation of flags that stand in for keys of the configuration.
const overrideMark = "hlsgo_override"

func isOverride(f *pflag.Flag) bool { return slices.Contains(f.Annotations[overrideMark], "true") }
