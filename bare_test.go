package hlsgo_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/frontend/keras"
	"github.com/hlsgo/hlsgo/layers"
)

// everything brings all built-ins from another package and through every door: kinds first, and what their
// dialects have after them.
func everything() hlsgo.Plugin {
	return hlsgo.Plugin{Name: "everything", Setup: func(r *hlsgo.Registry) error {
		for _, d := range hlsgo.Builtins() {
			impls := d.Impl
			d.Impl = nil
			if err := r.AddLayer(d); err != nil {
				return err
			}
			for dialect, i := range impls {
				if err := r.AddImpl(d.Kind, dialect, i); err != nil {
					return err
				}
			}
		}
		for _, b := range hlsgo.Backends() {
			if err := r.AddBackend(b); err != nil {
				return err
			}
		}
		reader, err := keras.New()
		if err != nil {
			return err
		}
		return r.AddReader(reader)
	}}
}

// TestBareToolkit compares every file of ten projects between a toolkit with the built-ins and a bare one
// that gets them as a plugin.
func TestBareToolkit(t *testing.T) {
	whole, err := hlsgo.New()
	require.NoError(t, err)
	bare, err := hlsgo.NewBare(everything())
	require.NoError(t, err)
	for _, name := range []string{
		"keras2_dense_latency_fixed16_6_vitis_parallel", "keras2_biasadd_dense_bias_vivado_stream",
		"keras2_conv2d_unrolled_rf3_vitis_parallel", "keras2_dense_pruned_unrolled_vitis_parallel",
		"keras2_layernorm_vitis_parallel", "keras2_dense_unrolled_rf6_vivado_stream",
		"keras2_binarydense_alone_vitis_parallel", "garnet_stack_quantized_vivado_parallel",
		"qkeras_dense_po2_vitis_parallel", "keras2_avgpool1d_vivado_stream",
	} {
		want, got := projectOf(t, whole, name), projectOf(t, bare, name)
		require.Equal(t, len(want), len(got), name)
		for i, f := range want {
			require.Equal(t, f.Path, got[i].Path, name)
			require.True(t, string(f.Data) == string(got[i].Data), "%s: %s differs", name, f.Path)
		}
	}
}

func projectOf(t *testing.T, tk *hlsgo.Toolkit, name string) []codegen.File {
	t.Helper()
	m, err := tk.Load(filepath.Join("testdata/oracle/cases", name, "hls4ml_config.yml"), hlsgo.Overrides{})
	require.NoError(t, err, name)
	p, err := m.Project()
	require.NoError(t, err, name)
	require.Greater(t, len(p.Files()), 20)
	return p.Files()
}

// TestBareToolkitIsEmpty has nothing in it that nobody put there.
func TestBareToolkitIsEmpty(t *testing.T) {
	tk, err := hlsgo.NewBare()
	require.NoError(t, err)
	require.Empty(t, tk.Backends())
	require.Empty(t, tk.Layers())
	require.Empty(t, tk.Flows())
	_, err = tk.Load("benchmarks/jets.h5", hlsgo.Overrides{})
	require.Error(t, err)
}

// TestToolkitsShareNoKinds adds a dialect in one toolkit and wants another one as it was.
func TestToolkitsShareNoKinds(t *testing.T) {
	_, err := hlsgo.New(hlsgo.Plugin{Name: "mine", Setup: func(r *hlsgo.Registry) error {
		return r.AddImpl("Dense", "mine", layers.Impl{Missing: "not there yet"})
	}})
	require.NoError(t, err)
	for _, d := range hlsgo.Builtins() {
		require.NotContains(t, d.Impl, codegen.Dialect("mine"))
	}
}
