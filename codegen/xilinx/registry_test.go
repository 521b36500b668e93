package xilinx_test

import (
	"testing"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/codegen/xilinx"
	"github.com/hlsgo/hlsgo/layers"
	"github.com/stretchr/testify/require"
)

// registry holds the built-in kinds.
func registry(t testing.TB) *layers.Registry {
	t.Helper()
	r := layers.NewRegistry()
	require.NoError(t, r.AddLayer("hlsgo", hlsgo.Builtins()...))
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
