package hlsgo_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// count is a pass that counts how often it runs.
func count(runs *int) ir.Pass {
	return ir.Pass{Name: "count", Doc: "count", Whole: func(*ir.Graph) (bool, error) {
		*runs++
		return true, nil
	}}
}

func TestPluginPass(t *testing.T) {
	runs := 0
	tk, err := hlsgo.New(hlsgo.Plugin{Name: "counter", Setup: func(r *hlsgo.Registry) error {
		return r.AddPass("convert", "infer_precision_types", count(&runs))
	}})
	require.NoError(t, err)
	flows := tk.Flows()
	convert := flows[slices.IndexFunc(flows, func(f hlsgo.FlowRow) bool { return f.Name == "convert" })]
	at := slices.Index(convert.Passes, "infer_precision_types")
	require.Equal(t, "count", convert.Passes[at+1])

	m, err := tk.Load("benchmarks/jets.yml", hlsgo.Overrides{})
	require.NoError(t, err)
	_, err = m.Graph()
	require.NoError(t, err)
	require.Equal(t, 1, runs)

	plain, err := hlsgo.New()
	require.NoError(t, err)
	for _, f := range plain.Flows() {
		require.NotContains(t, f.Passes, "count", "another toolkit must not see the pass")
	}
}

func TestPluginErrors(t *testing.T) {
	for want, setup := range map[string]func(*hlsgo.Registry) error{
		`layer "Dense": registered twice: got it from "mine", already from "hlsgo"`: func(r *hlsgo.Registry) error {
			return r.AddLayer(layers.Def{Kind: "Dense"})
		},
		`backend "Vitis": registered twice: got it again, want another name`: func(r *hlsgo.Registry) error {
			return r.AddBackend(hlsgo.Backend{Backend: vitis{}})
		},
		`pass "count": got no pass "nowhere" in flow "convert", want one of them`: func(r *hlsgo.Registry) error {
			return r.AddPass("convert", "nowhere", count(new(int)))
		},
	} {
		_, err := hlsgo.New(hlsgo.Plugin{Name: "mine", Setup: setup})
		require.EqualError(t, err, `plugin "mine": `+want)
	}
	_, err := hlsgo.New(hlsgo.Plugin{Name: "empty"})
	require.EqualError(t, err, `plugin "empty": got no Setup, want a function`)
}

// vitis is a backend under a name that is taken.
type vitis struct{ hlsgo.Backend }

func (vitis) Name() string { return "Vitis" }
