package conformance_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/ir"
)

// place is a tool, an io type and a strategy as `hlsgo layers` lists them.
type place struct {
	kind, backend string
	io            ir.IOType
	strategy      ir.Strategy
}

// covered lists where the kinds stand in networks that the tests of this package compile.
func covered(t *testing.T) map[place]bool {
	t.Helper()
	out := map[place]bool{}
	for _, c := range slices.Concat(kindTrials(t), oracleTrials(t), liftedTrials(t)) {
		g, err := c.model.Graph()
		require.NoError(t, err, c.name)
		for _, n := range g.Nodes {
			out[place{n.Kind, g.Config.Backend, g.Config.IOType, n.Strategy}] = true
			out[place{n.Kind, g.Config.Backend, g.Config.IOType, ""}] = true
		}
	}
	return out
}

// TestLayersAreCoveredAsListed wants a compiled network for every place in which a kind is said to work, and
// none for the others. docs/layers.md is made of the same list.
func TestLayersAreCoveredAsListed(t *testing.T) {
	seen := covered(t)
	for _, row := range toolkit(t).Layers() {
		for _, p := range row.Places {
			for _, s := range append([]ir.Strategy{""}, p.Strategies...) {
				at := place{row.Kind, p.Backend, p.IOType, s}
				if seen[at] != p.Works {
					t.Errorf("%+v: works %t, a test compiles it %t", at, p.Works, seen[at])
				}
			}
			for _, s := range ir.MatrixStrategies() {
				at := place{row.Kind, p.Backend, p.IOType, s}
				if seen[at] && !slices.Contains(p.Strategies, s) {
					t.Errorf("%+v: compiled, and not in the list", at)
				}
			}
		}
	}
}

// TestLayersPage holds docs/layers.md against the registry.
func TestLayersPage(t *testing.T) {
	path := filepath.Join("..", "docs", "layers.md")
	want := layersPage(toolkit(t).Layers())
	if os.Getenv("HLSGO_UPDATE") == "1" {
		require.NoError(t, os.WriteFile(path, []byte(want), 0o644))
	}
	got, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, want, string(got), "HLSGO_UPDATE=1 go test ./conformance -run TestLayersPage writes it")
}

const pageHead = `# Layers

What each kind of layer works in, as "hlsgo layers" prints it. conformance.TestLayersPage writes the page from
the registry; conformance.TestLayersAreCoveredAsListed wants a compiled and compared network for every place
that is listed as working, and conformance.TestLimits refusals for the rest.

"yes": the kind multiplies by no matrix and has no strategies. Numbers point to the reasons below.

`

func layersPage(rows []hlsgo.LayerRow) string {
	var b strings.Builder
	b.WriteString(pageHead)
	places := rows[0].Places
	b.WriteString("| kind | what |")
	for _, p := range places {
		fmt.Fprintf(&b, " %s, %s |", p.Backend, p.IOType)
	}
	b.WriteString("\n|---|---|" + strings.Repeat("---|", len(places)) + "\n")
	var reasons []string
	note := func(why string) string {
		if !slices.Contains(reasons, why) {
			reasons = append(reasons, why)
		}
		return fmt.Sprintf("[%d]", slices.Index(reasons, why)+1)
	}
	for _, r := range rows {
		fmt.Fprintf(&b, "| %s | %s |", r.Kind, r.Doc)
		for i := range places {
			switch {
			case len(r.Places) == 0:
				_, why, _ := strings.Cut(strings.TrimSpace(r.Missing), ": ")
				b.WriteString(" " + note(why) + " |")
			case !r.Places[i].Works:
				b.WriteString(" " + note(r.Places[i].Why) + " |")
			case len(r.Places[i].Strategies) == 0:
				b.WriteString(" yes |")
			default:
				text := fmt.Sprint(r.Places[i].Strategies)
				b.WriteString(" " + strings.ReplaceAll(strings.Trim(text, "[]"), " ", ", ") + " |")
			}
		}
		b.WriteString("\n")
	}
	b.WriteString("\n")
	for i, why := range reasons {
		fmt.Fprintf(&b, "%d. %s\n", i+1, why)
	}
	b.WriteString("\n## Settings that do not work\n\n")
	b.WriteString("Refused before anything is written, all at once, unless the reason says otherwise.\n\n")
	for _, r := range rows {
		for _, l := range r.Limits {
			fmt.Fprintf(&b, "- %s: %s\n", r.Kind, l)
		}
	}
	return b.String()
}
