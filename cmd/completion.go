package cmd

import (
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/hlsgo/hlsgo"
)

const completionLong = `Writes a script that lets a shell complete verbs, flags and their values: tools,
passes, layers of the configuration on the command line. For one session:

  bash        source <(hlsgo completion bash)
  zsh         source <(hlsgo completion zsh)
  fish        hlsgo completion fish | source
  PowerShell  hlsgo completion powershell | Out-String | Invoke-Expression

For every session, put that line into ~/.bashrc, ~/.zshrc (behind compinit),
~/.config/fish/config.fish or $PROFILE.`

// bashWithout stands in for the package bash-completion where it is not loaded: words are taken as blanks
// part them.
const bashWithout = `
if ! declare -F _get_comp_words_by_ref >/dev/null; then
    _get_comp_words_by_ref() {
        local line=${COMP_LINE:0:COMP_POINT}
        read -ra words <<< "$line"
        [[ $line == *[[:space:]] ]] && words+=("")
        cword=$((${#words[@]} - 1))
        cur=${words[cword]}
        prev=${words[cword - 1]}
    }
fi
if ! declare -F _filedir >/dev/null; then
    _filedir() {
        local kind=-f
        [[ ${1:-} == -d ]] && kind=-d
        compopt -o filenames 2>/dev/null
        while IFS= read -r name; do
            [[ $kind == -d || -d $name || -z ${1:-} || $name == *.@($1) ]] && COMPREPLY+=("$name")
        done < <(shopt -s extglob; compgen $kind -- "$cur")
    }
fi
shopt -s extglob
`

// newCompletion is `hlsgo completion SHELL`.
func newCompletion(root *cobra.Command, a *app) *cobra.Command {
	scripts := map[string]func(io.Writer) error{
		"bash": func(w io.Writer) error {
			if err := root.GenBashCompletionV2(w, true); err != nil {
				return err
			}
			_, err := io.WriteString(w, bashWithout)
			return err
		},
		"zsh":        root.GenZshCompletion,
		"fish":       func(w io.Writer) error { return root.GenFishCompletion(w, true) },
		"powershell": root.GenPowerShellCompletionWithDesc,
	}
	shells := []string{"bash", "zsh", "fish", "powershell"}
	return &cobra.Command{
		Use:       "completion bash | zsh | fish | powershell",
		Short:     "write a script for a shell that completes hlsgo's commands",
		Long:      completionLong,
		Example:   "  source <(hlsgo completion bash)",
		ValidArgs: shells,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) != 1 || scripts[args[0]] == nil {
				return usage(c, "got %q, want one of %s", strings.Join(args, " "), strings.Join(shells, ", "))
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error { return scripts[args[0]](a.Out) },
	}
}

// A choice is a value that a flag takes, and what it means.
type choice struct{ value, doc string }

// complete gives every verb of the tree completion of its arguments and of the values of its flags. Flags go
// by their names, which mean the same wherever they stand.
func complete(root *cobra.Command, a *app) {
	values := a.flagValues()
	for _, c := range root.Commands() {
		for name, f := range values {
			if c.Flags().Lookup(name) != nil {
				// It fails for a flag that does not exist or has a function already.
				_ = c.RegisterFlagCompletionFunc(name, f)
			}
		}
		if ends := outputEndings()[c.Name()]; ends != nil {
			_ = c.RegisterFlagCompletionFunc("output", files(ends...))
		}
		switch {
		case strings.Contains(c.Use, "MODEL"):
			c.ValidArgsFunction = once(files("yml", "yaml", "h5", "hdf5", "keras", "json"))
		case c.Name() == "example":
			c.ValidArgsFunction = once(a.exampleChoices)
		case c.ValidArgs == nil && c.Name() != "help":
			c.ValidArgsFunction = cobra.NoFileCompletions
		}
	}
}

// flagValues says by the names of flags how their values are completed.
func (a *app) flagValues() map[string]cobra.CompletionFunc {
	known := func(list ...string) cobra.CompletionFunc {
		return cobra.FixedCompletions(list, cobra.ShellCompDirectiveNoFileComp)
	}
	var io []string
	for _, t := range hlsgo.IOTypes() {
		io = append(io, string(t))
	}
	return map[string]cobra.CompletionFunc{
		"backend": a.backendChoices, "io-type": known(io...), "after": a.passChoices,
		"strategy": known("Latency", "Resource", "Resource_Unrolled", "distributed_arithmetic"),
		"kind":     known("box", "violin", "histogram"), "format": known("png", "svg", "pdf"),
		"granularity": known("model", "type", "name"), "rankdir": known("TB", "LR"),
		"strict": known("sat", "wrap"), "set": a.settingChoices, "keep": a.layerChoices,
		"input": files("npy", "dat", "txt"), "labels": files("npy", "dat", "txt"), "trace": files("npz"),
		"html": files("html"), "write": files("yml", "yaml"), "weights": files("h5", "hdf5"),
		"plot": folders, "output-dir": folders,
		"precision": known(), "reuse-factor": known(), "part": known(), "clock-period": known(),
		"project-name": known(), "threads": known(), "samples": known(), "seed": known(), "columns": known(),
		"dpi": known(),
	}
}

// outputEndings are the files that -o of a verb writes.
func outputEndings() map[string][]string {
	var answers []string
	for _, e := range hlsgo.AnswerFormats() {
		answers = append(answers, strings.TrimPrefix(e, "."))
	}
	return map[string][]string{
		"predict": answers, "plot": hlsgo.PlotFormats(), "config": {"yml", "yaml"},
	}
}

// files completes names of files with these endings.
func files(endings ...string) cobra.CompletionFunc {
	return cobra.FixedCompletions(endings, cobra.ShellCompDirectiveFilterFileExt)
}

// folders completes names of folders.
func folders(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
	return nil, cobra.ShellCompDirectiveFilterDirs
}

// once completes the first argument alone.
func once(f cobra.CompletionFunc) cobra.CompletionFunc {
	return func(c *cobra.Command, args []string, word string) ([]cobra.Completion, cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return f(c, args, word)
	}
}

// offer lists the choices that go on from what was typed. Shells show one line for each.
func offer(choices []choice, word string, how cobra.ShellCompDirective) (
	[]cobra.Completion, cobra.ShellCompDirective,
) {
	var out []cobra.Completion
	for _, c := range choices {
		if strings.HasPrefix(c.value, word) {
			out = append(out, cobra.CompletionWithDesc(oneLine(c.value, longestCell), oneLine(c.doc, longestCell)))
		}
	}
	return out, how | cobra.ShellCompDirectiveNoFileComp
}

// backendChoices are the tools that predict.
func (a *app) backendChoices(_ *cobra.Command, _ []string, word string) (
	[]cobra.Completion, cobra.ShellCompDirective,
) {
	var list []choice
	for _, b := range a.toolkit.Backends() {
		if b.Flow != "" {
			list = append(list, choice{b.Name, b.Doc})
		}
	}
	return offer(list, word, 0)
}

// passChoices are the passes of all flows.
func (a *app) passChoices(_ *cobra.Command, _ []string, word string) (
	[]cobra.Completion, cobra.ShellCompDirective,
) {
	var list []choice
	for _, p := range a.toolkit.Passes() {
		list = append(list, choice{p.Name, p.Doc})
	}
	return offer(list, word, cobra.ShellCompDirectiveKeepOrder)
}

// exampleChoices are the built-in examples.
func (a *app) exampleChoices(_ *cobra.Command, _ []string, word string) (
	[]cobra.Completion, cobra.ShellCompDirective,
) {
	var list []choice
	for _, e := range a.toolkit.Examples() {
		list = append(list, choice{e.Name, e.Doc})
	}
	return offer(list, word, 0)
}

// settingChoices are the settings of the configuration on the command line, for --set: their paths, with the
// value that they have.
func (a *app) settingChoices(c *cobra.Command, args []string, word string) (
	[]cobra.Completion, cobra.ShellCompDirective,
) {
	var list []choice
	for _, r := range a.settings(args) {
		// What becomes something else whatever was asked for is none that anybody can set.
		if strings.HasPrefix(r.Origin, "inferred, asked for") {
			continue
		}
		path := r.Path
		if strings.Contains(path, ".") {
			path = "LayerName." + path
		}
		list = append(list, choice{path + "=", r.Value})
	}
	// The value comes next, without a blank.
	return offer(list, word, cobra.ShellCompDirectiveNoSpace|cobra.ShellCompDirectiveKeepOrder)
}

// layerChoices are the layers of the configuration on the command line.
func (a *app) layerChoices(_ *cobra.Command, args []string, word string) (
	[]cobra.Completion, cobra.ShellCompDirective,
) {
	var list []choice
	for _, r := range a.settings(args) {
		layer, _, isLayer := strings.Cut(r.Path, ".")
		if isLayer && !slices.Contains(list, choice{value: layer}) {
			list = append(list, choice{value: layer})
		}
	}
	return offer(list, word, cobra.ShellCompDirectiveKeepOrder)
}

// settings are those of the configuration at hand, or of the built-in example where there is none; nothing
// when it cannot be read: completing is no time to complain.
func (a *app) settings(args []string) []hlsgo.Effective {
	var m *hlsgo.Model
	var err error
	if len(args) > 0 {
		m, err = a.toolkit.Load(args[0], hlsgo.Overrides{})
	} else {
		m, _, err = a.toolkit.LoadExample(exampleName, hlsgo.Overrides{})
	}
	if err != nil {
		return nil
	}
	rows, err := m.Explain()
	if err != nil {
		return nil
	}
	return rows
}
