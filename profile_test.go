package hlsgo_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo"
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
