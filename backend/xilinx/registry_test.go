package xilinx_test

import (
	"testing"

	"github.com/hlsgo/hlsgo/backend/xilinx"
	"github.com/hlsgo/hlsgo/codegen"
)

func tool(t testing.TB, backend string) codegen.Backend {
	t.Helper()
	for _, b := range []codegen.Backend{xilinx.Vivado(), xilinx.Vitis()} {
		if b.Name == backend {
			return b
		}
	}
	t.Fatalf("no backend %s", backend)
	return codegen.Backend{}
}
