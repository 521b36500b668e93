package hlsgo_test

import (
	"context"
	"fmt"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/backend/xilinx"
	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
	"github.com/hlsgo/hlsgo/passes"
)

// mine is the dialect of a tool that hlsgo knows nothing of.
const mine codegen.Dialect = "mine"

// mineBackend is its tool: one file with a line per layer.
func mineBackend() hlsgo.Backend {
	return hlsgo.Backend{
		Tool: ir.Tool{Name: "Mine", Dialect: mine, Can: []ir.Capability{layers.FixedPoint}},
		Doc:  "a tool of one's own", Keys: []string{"MineBoard"},
		Start: func() *ir.Tree {
			return ir.NewTree("Part", "m1", "MineBoard", "small", "ClockPeriod", 7, "IOType", "io_parallel",
				"HLSConfig", nil)
		},
		Flow: &ir.Flow{Name: "mine:ip", Requires: []*ir.Flow{passes.Optimize()}, Passes: []ir.Pass{{
			Name: "mine:setup", Doc: "run the set-up of kinds",
			Match: func(n *ir.Node) bool { return layers.ImplOf(n).Setup != nil },
			Apply: func(n *ir.Node) (bool, error) { return false, layers.ImplOf(n).Setup(n) },
		}}},
		Emit: func(g *ir.Graph, emitters codegen.Emitters, o codegen.Options) (*codegen.Project, error) {
			p := codegen.NewProject(g.Config.ProjectName)
			env := &codegen.Env{Dialect: mine, Backend: "Mine", IOType: g.Config.IOType}
			text := ""
			for _, n := range g.Nodes {
				e, ok := emitters.Emitter(n.Kind)
				if !ok {
					return nil, env.Unsupported(n, "layer kind "+n.Kind)
				}
				f, err := e.Emit(env, n)
				if err != nil {
					return nil, err
				}
				text += f.Code
			}
			p.Add("net.mine", []byte(text))
			for path, data := range o.Sources {
				p.Add("lib/"+path, data)
			}
			return p, nil
		},
	}
}

// minePlugin brings the tool, and the dialect of two kinds.
func minePlugin() hlsgo.Plugin {
	return hlsgo.Plugin{Name: "mine", Setup: func(r *hlsgo.Registry) error {
		for _, d := range hlsgo.Builtins() {
			if d.Kind != "Input" && d.Kind != "Dense" {
				continue
			}
			err := r.AddImpl(d.Kind, mine, layers.Impl{
				Options: []ir.Option{{Name: "tile_t", Class: ir.TypeOption, Default: fixed.UInt(3)}},
				Setup: func(n *ir.Node) error {
					n.Strategy = ir.Latency
					return nil
				},
				Strategies: []ir.Strategy{ir.Latency},
				Limits:     []layers.Limit{{Setting: "Compression true", Why: "tiles are whole"}},
				Kernel:     d.Impl[codegen.Xilinx].Kernel,
				Emit: codegen.Emitter{Emit: func(_ *codegen.Env, n *ir.Node) (*codegen.Fragment, error) {
					line := fmt.Sprintf("%s %s %s %s\n", n.Kind, n.Name, n.Strategy, n.Format("tile_t"))
					return &codegen.Fragment{Code: line}, nil
				}},
			})
			if err != nil {
				return err
			}
		}
		if err := r.AddBackend(mineBackend()); err != nil {
			return err
		}
		return r.AddSource(mine, fstest.MapFS{"mine_tiles.h": {Data: []byte("// tiles\n")}})
	}}
}

// denseModel is a network of Dense alone.
const denseModel = "testdata/oracle/cases/keras2_types_accum_rounding_vitis_parallel/model.h5"

// TestSecondDialect loads a model from its file for a plugin's tool, predicts it and writes the project.
func TestSecondDialect(t *testing.T) {
	tk, err := hlsgo.New(minePlugin())
	require.NoError(t, err)
	m, err := tk.Load(denseModel, hlsgo.Overrides{Backend: "mine"})
	require.NoError(t, err)
	require.Equal(t, "Mine", m.Config().Backend)
	require.Equal(t, "m1", m.Config().Part)
	require.Equal(t, 7.0, m.Config().ClockPeriod)
	board, _ := m.Config().Document.Get("MineBoard")
	require.Equal(t, "small", board)

	p, err := m.Project()
	require.NoError(t, err)
	text, _ := p.Read("net.mine")
	require.Contains(t, string(text), "latency uint<3>\n")
	tiles, ok := p.Read("lib/mine_tiles.h")
	require.True(t, ok)
	require.Equal(t, "// tiles\n", string(tiles))

	like, err := tk.Load(denseModel, hlsgo.Overrides{})
	require.NoError(t, err)
	require.Equal(t, predicted(t, like), predicted(t, m))
	_, err = hlsgo.CompileFirmware(context.Background(), []*hlsgo.Model{m}, hlsgo.FirmwareOptions{})
	require.ErrorContains(t, err, `backend "Mine": C simulation: not there yet`)

	generated, _, err := tk.GenerateConfig(denseModel, "name", "", hlsgo.Overrides{Backend: "Mine"})
	require.NoError(t, err)
	require.Contains(t, string(generated), "MineBoard: small")
	require.Contains(t, string(generated), "tile: ")
}

// predicted is what the model answers to a row of small numbers.
func predicted(t *testing.T, m *hlsgo.Model) []float32 {
	t.Helper()
	g, err := m.Graph()
	require.NoError(t, err)
	x := make([]float32, g.Var(g.Inputs[0]).Size())
	for i := range x {
		x[i] = float32(i)/4 - 1
	}
	y, err := m.Predict(context.Background(), &hlsgo.Array{
		Shape: append([]int{1}, g.Var(g.Inputs[0]).Shape...), F32: x,
	})
	require.NoError(t, err)
	return y[0].F32
}

// TestSecondDialectIsListed shows the plugin's tool, and its places and limits of the kinds that it has.
func TestSecondDialectIsListed(t *testing.T) {
	tk, err := hlsgo.New(minePlugin())
	require.NoError(t, err)
	rows := tk.Backends()
	require.Equal(t, hlsgo.BackendRow{
		Name: "Mine", Doc: "a tool of one's own", Dialect: "mine", Flow: "mine:ip",
	}, rows[len(rows)-1])
	for _, row := range tk.Layers() {
		if row.Kind == "Dense" {
			require.Equal(t, []string{"xilinx", "mine"}, row.Dialects)
			last := row.Places[len(row.Places)-1]
			require.Equal(t, hlsgo.Place{
				Backend: "Mine", IOType: ir.Stream, Works: true, Strategies: []ir.Strategy{ir.Latency},
			}, last)
			require.Contains(t, row.Limits, hlsgo.Limit{
				Backend: "Mine", Setting: "Compression true", Why: "tiles are whole",
			})
		}
	}
}

// TestDoorsNameBothPlugins registers what is there already.
func TestDoorsNameBothPlugins(t *testing.T) {
	header := fstest.MapFS{"mine_tiles.h": {Data: []byte("//\n")}}
	for want, setup := range map[string]func(*hlsgo.Registry) error{
		`plugin "second": layer "Dense": dialect "mine": registered twice: got it from "second", ` +
			`already from "mine"`: func(r *hlsgo.Registry) error {
			return r.AddImpl("Dense", mine, layers.Impl{})
		},
		`plugin "second": layer "Dense": dialect "xilinx": registered twice: got it from "second", ` +
			`already from "hlsgo"`: func(r *hlsgo.Registry) error {
			return r.AddImpl("Dense", codegen.Xilinx, layers.Impl{})
		},
		`plugin "second": layer "Dence": dialect "mine": unknown kind: got it from "second", ` +
			`want one that is registered before`: func(r *hlsgo.Registry) error {
			return r.AddImpl("Dence", mine, layers.Impl{})
		},
		`plugin "second": backend "Mine": registered twice: got it from "second", already from "mine"`: func(
			r *hlsgo.Registry,
		) error {
			return r.AddBackend(mineBackend())
		},
		`plugin "second": source "mine: mine_tiles.h": registered twice: got it from "second", ` +
			`already from "mine"`: func(r *hlsgo.Registry) error {
			return r.AddSource(mine, header)
		},
		`source "xilinx: nnet_dense.h": registered twice: got it from "second", already in the library of ` +
			`backend Vivado from "hlsgo"`: func(r *hlsgo.Registry) error {
			return r.AddSource(codegen.Xilinx, fstest.MapFS{"nnet_dense.h": {Data: []byte("//\n")}})
		},
		`plugin "second": pass "mine:setup": registered twice: got it from "second", already from "mine"`: func(
			r *hlsgo.Registry,
		) error {
			return r.AddPass("convert", ir.First(), ir.Pass{Name: "mine:setup"})
		},
		`plugin "second": pass "bit_exact": registered twice: got it from "second", already from "hlsgo"`: func(
			r *hlsgo.Registry,
		) error {
			return r.AddPass("mine:ip", ir.Last(), ir.Pass{Name: "bit_exact"})
		},
		`plugin "second": pass "p": got it twice for flow "mine:ip", want it once`: func(r *hlsgo.Registry) error {
			if err := r.AddPass("mine:ip", ir.Before("mine:setup"), ir.Pass{Name: "p"}); err != nil {
				return err
			}
			return r.AddPass("mine:ip", ir.Last(), ir.Pass{Name: "p"})
		},
	} {
		_, err := hlsgo.New(minePlugin(), hlsgo.Plugin{Name: "second", Setup: setup})
		require.EqualError(t, err, want)
	}
}

// TestKnownBackendFilled puts a tool in the place of one that hlsgo only knows.
func TestKnownBackendFilled(t *testing.T) {
	tk, err := hlsgo.New(hlsgo.Plugin{Name: "mine", Setup: func(r *hlsgo.Registry) error {
		b := mineBackend()
		b.Name = "Quartus"
		return r.AddBackend(b)
	}})
	require.NoError(t, err)
	for _, row := range tk.Backends() {
		if row.Name == "Quartus" {
			require.Empty(t, row.Missing)
		}
	}
}

// TestSourcesReachFirmware writes a plugin's header into a project beside the library's.
func TestSourcesReachFirmware(t *testing.T) {
	tk, err := hlsgo.New(hlsgo.Plugin{Name: "tables", Setup: func(r *hlsgo.Registry) error {
		return r.AddSource(xilinx.Vitis().Dialect, fstest.MapFS{
			"my_layer.h": {Data: []byte("// mine\n")}, "tables/t.dat": {Data: []byte("1\n")},
		})
	}})
	require.NoError(t, err)
	m, err := tk.Load("benchmarks/jets.yml", hlsgo.Overrides{})
	require.NoError(t, err)
	p, err := m.Project()
	require.NoError(t, err)
	for path, want := range map[string]string{"my_layer.h": "// mine\n", "tables/t.dat": "1\n"} {
		data, ok := p.Read("firmware/nnet_utils/" + path)
		require.True(t, ok, path)
		require.Equal(t, want, string(data))
	}
}
