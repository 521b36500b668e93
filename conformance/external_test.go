package conformance_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/ir"
)

// externalTrials builds every kind that has weights, with all of them on ports of the top function: once
// with both tools and both io types, half of the four places at a time, and strategies in turn. HLSGO_FULL=1
// takes every form of a kind.
func externalTrials(t *testing.T) []trial {
	t.Helper()
	tk := toolkit(t)
	places := [][]setup{
		{on("Vivado", array, "", 1), on("Vitis", stream, "", 1)},
		{on("Vivado", stream, "Resource", 3), on("Vitis", array, "Resource", 3)},
	}
	var out []trial
	seen := map[string]bool{}
	for _, c := range kindCases() {
		kinds := externalKinds(t, tk, c)
		fresh := os.Getenv("HLSGO_FULL") == "1" && len(kinds) > 0
		for _, kind := range kinds {
			fresh = fresh || !seen[kind]
			seen[kind] = true
		}
		if !fresh {
			continue
		}
		for _, u := range places[len(out)/2%2] {
			if c.strategies == nil {
				u.strategy = strategy{}
			}
			m, n := externalModel(t, tk, c, u)
			out = append(out, trial{c.name + "_" + u.String(), m, n.samples(samplesPerNetwork)})
		}
	}
	return out
}

// externalModel is a model of the case with a BramFactor of one.
func externalModel(t *testing.T, tk *hlsgo.Toolkit, c kindCase, u setup) (*hlsgo.Model, *network) {
	t.Helper()
	n := c.network(t, u)
	n.config.HLS.Model.Keys = append(n.config.HLS.Model.Keys, ir.Key{Name: "BramFactor", Value: 1})
	m, err := tk.NewModel(n.parsed, n.config)
	require.NoError(t, err, c.name)
	return m, n
}

// externalKinds lists the kinds of the nodes that have weights on ports.
func externalKinds(t *testing.T, tk *hlsgo.Toolkit, c kindCase) []string {
	t.Helper()
	m, _ := externalModel(t, tk, c, on("Vitis", array, "", 1))
	g, err := m.Graph()
	require.NoError(t, err, c.name)
	var kinds []string
	for _, n := range g.Nodes {
		for _, w := range n.Weights {
			if w.Storage == "bram" {
				kinds = append(kinds, n.Kind)
			}
		}
	}
	return kinds
}

// TestFirmwareWithExternalWeights compiles networks whose weights are larger than BramFactor.
func TestFirmwareWithExternalWeights(t *testing.T) {
	trials := externalTrials(t)
	require.Greater(t, len(trials), 30)
	verifyAll(t, trials, hlsgo.FirmwareOptions{})
}
