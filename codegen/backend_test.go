package codegen_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/ir"
)

// TestBackendCheck wants a backend to be whole, or to say why it is not.
func TestBackendCheck(t *testing.T) {
	start := func() *ir.Tree { return ir.NewTree("HLSConfig", nil) }
	for want, b := range map[string]codegen.Backend{
		`backend "": name: got none, want one`:        {},
		`backend "Mine": dialect: got none, want one`: {Tool: ir.Tool{Name: "Mine"}},
		`backend "Mine": Start: got none, want the keys of a configuration to start from`: {
			Tool: ir.Tool{Name: "Mine", Dialect: "mine"},
		},
		`backend "Mine": Flow: got none, want the flow that makes final graphs, or a reason in Missing`: {
			Tool: ir.Tool{Name: "Mine", Dialect: "mine"}, Start: start,
		},
		`backend "Mine": Emit: got none, want the function that makes projects, or a reason in Missing`: {
			Tool: ir.Tool{Name: "Mine", Dialect: "mine"}, Start: start, Flow: &ir.Flow{Name: "mine"},
		},
	} {
		require.EqualError(t, b.Check(), want)
	}
	b := codegen.Backend{Tool: ir.Tool{Name: "Mine", Dialect: "mine"}, Start: start, Missing: "no time yet"}
	require.NoError(t, b.Check())
}

// TestBackendWithoutTool says what a backend does not have yet.
func TestBackendWithoutTool(t *testing.T) {
	b := codegen.Backend{Tool: ir.Tool{Name: "Mine"}}
	require.EqualError(t, b.RunBuild(context.Background(), codegen.BuildJob{}),
		`backend "Mine": build: not there yet: got no way to run the tool, want a backend that has one`)
	_, err := b.ReadReports("prj")
	require.EqualError(t, err,
		`backend "Mine": reports: not there yet: got no reader of them, want a backend that has one`)
	_, err = b.Compiler()
	require.EqualError(t, err, `backend "Mine": C simulation: not there yet: got a project that no C++ `+
		`compiler takes, want a backend whose projects one does`)

	b.Reports = func(string) (*codegen.Report, error) {
		return &codegen.Report{Figures: []codegen.Figure{{Name: "latency", Value: 42, Unit: "cycles"}}}, nil
	}
	r, err := b.ReadReports("prj")
	require.NoError(t, err)
	require.Len(t, r.Figures, 1)
}
