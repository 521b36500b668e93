package hlsgo_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/config"
	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/internal/oracletest"
	"github.com/hlsgo/hlsgo/internal/tabletest"
	"github.com/hlsgo/hlsgo/ir"
)

// TestPrintedNamesAreAccepted gives the types of every kind of layer in the recorded cases, by the names that
// `hlsgo ir`, health reports and comparisons print, another format. The type becomes that and no other type
// that the configuration fixes changes, or it is refused with a reason.
func TestPrintedNamesAreAccepted(t *testing.T) {
	tk, err := hlsgo.New()
	require.NoError(t, err)
	const each = 2 // of one kind's type: the same again tells nothing new
	seen := map[string]int{}
	rows := tabletest.New(t)
	accepted, refused := 0, 0
	for _, name := range oracletest.Names(t) {
		path := filepath.Join("testdata/oracle/cases", name, "hls4ml_config.yml")
		m, err := tk.Load(path, hlsgo.Overrides{})
		require.NoError(t, err)
		g, err := m.Graph()
		require.NoError(t, err)
		for _, n := range g.Nodes {
			for key, f := range typesOf(n) {
				what := fmt.Sprint(n.Kind, key, isRead(m, n.Name))
				if seen[what]++; seen[what] > each || !f.IsFixedOrInt() {
					continue
				}
				rows.Run(name+"/"+n.Name+"."+key, func(t *tabletest.T) {
					asked := fixed.Fixed(f.W+5, f.I+2)
					set := fmt.Sprintf("%s.%s=%s", config.Join(n.Name), key, asked)
					changed, err := tk.Load(path, hlsgo.Overrides{Set: []string{set}})
					if err != nil {
						refused++
						require.Contains(t, err.Error(), "--set "+n.Name+"."+key+": ")
						require.Regexp(t, "no setting of hls4ml 1.3.0 changes it: |it has no effect: ", err.Error())
						return
					}
					accepted++
					wantOnly(t, g, changed, n.Name, key, asked)
				})
			}
		}
	}
	t.Logf("%d names accepted, %d refused", accepted, refused)
	require.Greater(t, accepted, 100)
	require.Greater(t, refused, 20)
}

func isRead(m *hlsgo.Model, layer string) bool {
	for _, l := range m.Parsed().Layers {
		if l.Name == layer {
			return true
		}
	}
	return false
}

// typesOf lists a node's types by the names that are printed.
func typesOf(n *ir.Node) map[string]fixed.Format {
	types := map[string]fixed.Format{}
	for _, s := range n.Types {
		types[s.Key] = s.Type.Format
	}
	for _, w := range n.Weights {
		types[w.Role+"_t"] = w.Type.Format
	}
	if len(n.Vars) > 0 {
		types["result_t"] = n.Out().Type.Format
	}
	return types
}

// wantOnly wants the type of a node to be as asked, and of the others at most those to change that inference
// chooses: results and sums of what reads or holds it, and parameters of activations, which layers of a type
// share until one has its own.
func wantOnly(
	t testing.TB, before *ir.Graph, m *hlsgo.Model, layer, key string, asked fixed.Format,
) {
	t.Helper()
	after, err := m.Graph()
	if err != nil {
		require.NotContains(t, err.Error(), "--set")
		return // the model wants the type as it was
	}
	n := after.Node(layer)
	require.NotNil(t, n)
	require.Equal(t, asked.String(), typesOf(n)[key].In(fixed.AP).String())
	for _, old := range before.Nodes {
		now := after.Node(old.Name)
		if now == nil {
			continue
		}
		types := typesOf(now)
		for k, f := range typesOf(old) {
			inferred := k == "result_t" || k == "param_t" || strings.HasSuffix(k, "accum_t")
			if (old.Name != layer || k != key) && !inferred {
				require.Equal(t, f, types[k], "%s %s changes too", old.Name, k)
			}
		}
	}
}
