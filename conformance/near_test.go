package conformance_test

import (
	"bytes"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/backend/xilinx"
	"github.com/hlsgo/hlsgo/internal/oracletest"
	"github.com/hlsgo/hlsgo/internal/tabletest"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/builtin"
)

// TestPassesAreNear runs the flows over every recorded case, and over random networks of all kinds, twice: as
// they are, looking again near changes alone, and looking at every node after every change. A pass that looks
// or reaches further than Near allows shows as a difference.
func TestPassesAreNear(t *testing.T) {
	rows, reg := tabletest.New(t), builtin.Registry()
	compare := func(name string, p *ir.Parsed, cfg *ir.Config) {
		rows.Run(name, func(t *tabletest.T) {
			near, far := logged(t, p, cfg, reg, ir.Near), logged(t, p, cfg, reg, ir.Far)
			require.Equal(t, far, near)
		})
	}
	for _, name := range oracletest.Names(t) {
		path := filepath.Join("..", "testdata", "oracle", "cases", name, "hls4ml_config.yml")
		m, err := toolkit(t).Load(path, hlsgo.Overrides{})
		require.NoError(t, err)
		compare(name, m.Parsed(), m.Config())
	}
	seed := setting(t, "HLSGO_RANDOM_SEED", 1)
	for i := range setting(t, "HLSGO_RANDOM_NEAR", 300) {
		n, err := randomNetwork(reg, uint64(seed+i), "")
		require.NoError(t, err)
		compare(fmt.Sprintf("seed%d", seed+i), n.parsed, n.config)
	}
}

// logged builds a graph, runs the flows of its backend and tells all that they did, step by step, what was
// wrong, and the graph that results.
func logged(
	t testing.TB, p *ir.Parsed, cfg *ir.Config, kinds ir.Schema, reach func(...ir.Pass) []ir.Pass,
) string {
	t.Helper()
	var out bytes.Buffer
	g, err := ir.Build(p.Clone(), cfg, kinds)
	if err != nil {
		return err.Error()
	}
	flow := xilinx.VivadoFlow()
	if cfg.Backend == "Vitis" {
		flow = xilinx.VitisFlow()
	}
	if err := watched(flow, reach, &out).Run(g, nil); err != nil {
		return out.String() + err.Error()
	}
	require.NoError(t, g.WriteText(&out))
	require.NoError(t, g.WriteJSON(&out))
	fmt.Fprintln(&out, g.Applied, g.Warnings, g.Inputs, g.Outputs)
	for _, n := range g.Nodes {
		fmt.Fprintln(&out, n.Name, n.Index, n.Kind, n.Inputs, n.Outputs, n.Origin)
		for _, w := range n.Weights {
			fmt.Fprintln(&out, w.Role, w.Var, w.Storage, w.Type.Name, w.Type.Format, w.Type.Text(), w.Shape, w.Data)
		}
	}
	return out.String()
}

// watched is a flow whose passes, all of one reach, write down which node they work on.
func watched(f *ir.Flow, reach func(...ir.Pass) []ir.Pass, out *bytes.Buffer) *ir.Flow {
	own := &ir.Flow{Name: f.Name}
	for _, r := range f.Requires {
		own.Requires = append(own.Requires, watched(r, reach, out))
	}
	for _, p := range f.Passes {
		if apply := p.Apply; apply != nil {
			p.Apply = func(n *ir.Node) (bool, error) {
				fmt.Fprintln(out, p.Name, n.Name, n.Index)
				return apply(n)
			}
		}
		own.Passes = append(own.Passes, p)
	}
	own.Passes = reach(own.Passes...)
	return own
}
