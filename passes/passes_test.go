package passes_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hlsgo/hlsgo/internal/tabletest"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write testdata anew; read the difference")

// TestPassesOnExamples compares the graph before and after each pass with testdata, and wants the graph
// unchanged where the pass does not apply.
func TestPassesOnExamples(t *testing.T) {
	rows := tabletest.New(t)
	for _, e := range examples() {
		rows.Run(e.pass.Name, func(t *tabletest.T) {
			g := e.graph(t, e.net, e.io, e.more)
			before := text(t, g)
			require.Equal(t, []string{e.pass.Name}, apply(t, g, e.pass))
			golden(t, e.pass.Name, before, text(t, g)+strings.Join(g.Warnings, "\n"))
			if e.other == nil {
				return
			}
			g = e.graph(t, e.other, e.otherIO, e.otherMore)
			before = text(t, g)
			matched := apply(t, g, e.pass)
			require.Equal(t, e.otherMatch, len(matched) > 0)
			require.Equal(t, before, text(t, g))
		})
	}
}

func (e example) graph(t testing.TB, b *net, io, more string) *ir.Graph {
	t.Helper()
	if io == "" {
		io = "io_parallel"
	}
	if more == "" {
		more = reuse
	}
	g := b.graph(t, settings(t, "Vivado", io, more))
	for _, p := range e.prep {
		apply(t, g, p)
	}
	return g
}

func golden(t testing.TB, name, before, after string) {
	t.Helper()
	path := filepath.Join("testdata", strings.ReplaceAll(name, ":", "_")+".txtar")
	got := &txtar.Archive{Files: []txtar.File{
		{Name: "before", Data: lines(before)}, {Name: "after", Data: lines(after)},
	}}
	if *update {
		require.NoError(t, os.WriteFile(path, txtar.Format(got), 0o644))
	}
	want, err := txtar.ParseFile(path)
	require.NoError(t, err)
	require.Equal(t, string(txtar.Format(want)), string(txtar.Format(got)))
}

func lines(s string) []byte { return []byte(strings.TrimRight(s, "\n") + "\n") }

// TestEveryPassHasAnExample keeps the table complete.
func TestEveryPassHasAnExample(t *testing.T) {
	elsewhere := []string{
		"vitis:validate_resource_strategy", "vitis:validate_resource_unrolled_strategy",
		"vivado:process_fixed_point_quantizer_layer", "vitis:validate_std_cpp_types",
		"vivado:init_conv2d", "init_extension", "note_scales",
		"vivado:init_garnet", "vivado:init_garnet_stack", // pragmas alone, which facts of projects hold
	}
	have := map[string]bool{}
	for _, e := range examples() {
		have[e.pass.Name] = true
	}
	for _, name := range elsewhere {
		have[name] = true
	}
	for _, f := range flows() {
		for _, p := range f.Passes {
			require.True(t, have[p.Name], p.Name)
			require.NotEmpty(t, p.Doc, p.Name)
		}
	}
}
