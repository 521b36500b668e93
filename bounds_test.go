package hlsgo_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/sim"
)

// TestGraphAndCompileStop with their context, and begin anew with another.
func TestGraphAndCompileStop(t *testing.T) {
	m := exampleModel(t)
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := m.GraphContext(canceled)
	require.ErrorIs(t, err, context.Canceled)
	_, err = m.CompileContext(canceled, sim.Options{})
	require.ErrorIs(t, err, context.Canceled)
	_, err = m.Graph()
	require.NoError(t, err)
	_, err = m.CompileContext(canceled, sim.Options{})
	require.ErrorIs(t, err, context.Canceled)
	_, err = m.Compile(sim.Options{})
	require.NoError(t, err)
}

// TestGraphStopsBetweenPasses: a flow ends behind the change during which its context was canceled.
func TestGraphStopsBetweenPasses(t *testing.T) {
	m := exampleModel(t)
	ctx := &countdown{Context: t.Context(), left: 3}
	_, err := m.GraphContext(ctx)
	require.ErrorIs(t, err, context.Canceled)
	_, err = m.Graph()
	require.NoError(t, err)
}

// countdown is canceled when it has been looked at some times.
type countdown struct {
	context.Context
	left int
}

func (c *countdown) Err() error {
	if c.left--; c.left < 0 {
		return context.Canceled
	}
	return nil
}

// TestCompileBound refuses a program beyond what it may take, in one line with the figure.
func TestCompileBound(t *testing.T) {
	m := exampleModel(t)
	_, err := m.Compile(sim.Options{Memory: 1000})
	require.ErrorContains(t, err, "written out value by value, want at most 1.0 KB: ")
	_, err = m.Compile(sim.Options{Memory: 1 << 30})
	require.NoError(t, err)
}

// exampleModel is the built-in example.
func exampleModel(t *testing.T) *hlsgo.Model {
	t.Helper()
	tk, err := hlsgo.New()
	require.NoError(t, err)
	m, _, err := tk.LoadExample("digits", hlsgo.Overrides{})
	require.NoError(t, err)
	return m
}

// TestFormsStop: making a program ready for a run ends with the run, and is done again for the next.
func TestFormsStop(t *testing.T) {
	m := exampleModel(t)
	p, err := m.Compile(sim.Options{})
	require.NoError(t, err)
	in := make([]float32, p.Inputs[0].Size())
	for looks := 1; ; looks++ {
		_, err = sim.Predict(&countdown{Context: t.Context(), left: looks}, p, [][]float32{in})
		if err == nil {
			require.Greater(t, looks, 5) // in each part of the work
			return
		}
		require.ErrorIs(t, err, context.Canceled)
	}
}
