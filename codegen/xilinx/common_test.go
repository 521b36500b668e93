package xilinx_test

import (
	"testing"

	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/codegen/xilinx"
	"github.com/hlsgo/hlsgo/internal/oracletest"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
	"github.com/hlsgo/hlsgo/layers/act"
	"github.com/hlsgo/hlsgo/layers/conv"
	"github.com/hlsgo/hlsgo/layers/dense"
	"github.com/hlsgo/hlsgo/layers/io"
	"github.com/hlsgo/hlsgo/layers/norm"
	"github.com/hlsgo/hlsgo/layers/shape"
	"github.com/hlsgo/hlsgo/layers/softmax"
	"github.com/stretchr/testify/require"
)

// registry holds the kinds of dense networks.
func registry(t testing.TB) *layers.Registry {
	t.Helper()
	r := layers.NewRegistry()
	for _, defs := range [][]layers.Def{
		io.Defs, dense.Defs, act.Defs, softmax.Defs, norm.Defs, shape.Defs, conv.Defs,
	} {
		require.NoError(t, r.AddLayer("built-in", defs...))
	}
	return r
}

func tool(t testing.TB, backend string) codegen.Backend {
	t.Helper()
	for _, b := range []codegen.Backend{xilinx.Vivado(), xilinx.Vitis()} {
		if b.Name() == backend {
			return b
		}
	}
	t.Fatalf("no backend %s", backend)
	return nil
}

// project writes the case after edit has changed its graph.
func project(t testing.TB, name string, o codegen.Options, edit func(*ir.Graph)) *codegen.Project {
	t.Helper()
	r := registry(t)
	c := oracletest.Load(t, name)
	g := c.Graph(t, r)
	if edit != nil {
		edit(g)
	}
	p, err := tool(t, c.Backend).Emit(g, r.For(codegen.Xilinx), o)
	require.NoError(t, err)
	return p
}
