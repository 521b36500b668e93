package builtin_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/layers"
	"github.com/hlsgo/hlsgo/layers/builtin"
)

// TestEveryFamilyIsListed wants every package of kinds in the list.
func TestEveryFamilyIsListed(t *testing.T) {
	listed := map[string]bool{}
	for _, f := range builtin.Families() {
		listed[f.Name] = true
		require.NotEmpty(t, f.Defs, f.Name)
	}
	dirs, err := os.ReadDir("..")
	require.NoError(t, err)
	for _, d := range dirs {
		if d.IsDir() && d.Name() != "builtin" && d.Name() != "layerstest" {
			require.True(t, listed[d.Name()], "family %s is in no list", d.Name())
		}
	}
}

// TestDefsAreFresh changes what it was given and wants the next caller to see nothing of it.
func TestDefsAreFresh(t *testing.T) {
	for _, d := range builtin.Defs() {
		delete(d.Impl, codegen.Xilinx)
		for i := range d.Options {
			d.Options[i].Name = "changed"
		}
	}
	for _, d := range builtin.Defs() {
		require.NotContains(t, names(d), "changed", d.Kind)
	}
	_, ok := builtin.Registry().For(codegen.Xilinx).Kernel("Dense")
	require.True(t, ok)
}

func names(d layers.Def) []string {
	var out []string
	for _, o := range d.Options {
		out = append(out, o.Name)
	}
	return out
}
