package hlsgo_test

import (
	"context"
	"io"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/internal/oracletest"
	"github.com/hlsgo/hlsgo/internal/tabletest"
	"github.com/hlsgo/hlsgo/profiling"
)

// TestProfileExample profiles the built-in example, with and without its data.
func TestProfileExample(t *testing.T) {
	tk, err := hlsgo.New()
	require.NoError(t, err)
	m, data, err := tk.LoadExample("digits", hlsgo.Overrides{})
	require.NoError(t, err)
	p, err := m.Profile(context.Background(), hlsgo.ProfileOptions{})
	require.NoError(t, err)
	require.Zero(t, p.Samples)
	require.Empty(t, p.Select(profiling.Activations, profiling.After))
	p, err = m.Profile(context.Background(), hlsgo.ProfileOptions{}, data.X)
	require.NoError(t, err)
	require.Equal(t, 360, p.Samples)
	require.NotEmpty(t, p.Select(profiling.Weights, profiling.Before))
	fc1 := p.Find(profiling.Activations, profiling.After, "fc1")
	require.Equal(t, []string{"fc1", "bn1"}, fc1.Origin)
	require.EqualValues(t, 360*32, fc1.Count)
}

// TestProfileOfEveryCase profiles all recorded models: every tensor has all values of all samples, partners
// have as many, and the numbers are numbers.
func TestProfileOfEveryCase(t *testing.T) {
	tk, err := hlsgo.New()
	require.NoError(t, err)
	rows := tabletest.New(t)
	for _, name := range oracletest.Names(t) {
		rows.Run(name, func(t *tabletest.T) {
			t.Parallel()
			dir := filepath.Join("testdata/oracle/cases", name)
			m, err := tk.Load(filepath.Join(dir, "hls4ml_config.yml"), hlsgo.Overrides{})
			require.NoError(t, err)
			x := oracletest.Arrays[hlsgo.Array](t, dir, "X")
			p, err := m.Profile(context.Background(), hlsgo.ProfileOptions{}, x...)
			require.NoError(t, err)
			require.NoError(t, p.WriteJSON(io.Discard))
			labels := map[[3]string]bool{}
			for i := range p.Tensors {
				a := &p.Tensors[i]
				key := [3]string{string(a.Stage), string(a.Group), a.Label}
				require.False(t, labels[key], "%v twice", key)
				labels[key] = true
				if a.Group == profiling.Activations {
					require.Positive(t, a.Count, a.Label)
					require.Zero(t, a.Count%int64(x[0].Samples()), a.Label)
				}
				require.Zero(t, a.NonFinite, a.Label)
				if b := p.PartnerOf(a); b != nil {
					require.Equal(t, a.Count, b.Count, a.Label)
				}
			}
			for _, role := range []string{"input", "result"} {
				require.True(t, slices.ContainsFunc(p.Tensors, func(a profiling.Tensor) bool {
					return a.Stage == profiling.After && a.Role == role && a.Partner != ""
				}), "no %s has a partner", role)
			}
		})
	}
}

// TestPartnersOfSplitLayers finds the float answer of layers that passes make several of: the last of them
// has it, and the others have none.
func TestPartnersOfSplitLayers(t *testing.T) {
	tk, err := hlsgo.New()
	require.NoError(t, err)
	for name, want := range map[string]map[string]string{
		"qkeras_dense_alpha_auto_vitis_parallel":   {"qd": "", "qd_alpha": "qd"},
		"keras2_timedist_conv_pool_vitis_parallel": {"td": "", "inc": "", "td_end": "td", "td2_end": "td2"},
		"qkeras_sepconv2d_vitis_stream":            {"qc_depthwise": "", "qc_pointwise": "qc"},
		"keras2_bn_dense_fused_vitis_parallel":     {"d": "bn"},
	} {
		dir := filepath.Join("testdata/oracle/cases", name)
		m, err := tk.Load(filepath.Join(dir, "hls4ml_config.yml"), hlsgo.Overrides{})
		require.NoError(t, err)
		x := oracletest.Arrays[hlsgo.Array](t, dir, "X")
		p, err := m.Profile(context.Background(), hlsgo.ProfileOptions{}, x...)
		require.NoError(t, err)
		for layer, partner := range want {
			x := p.Find(profiling.Activations, profiling.After, layer)
			require.NotNil(t, x, layer)
			require.Equal(t, partner, x.Partner, "%s of %s", layer, name)
		}
	}
}
