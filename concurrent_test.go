package hlsgo_test

import (
	"context"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/sim"
)

// modelWork is all that a Model does with samples, and what it tells of itself.
func modelWork(ctx context.Context, x *hlsgo.Array) map[string]func(m *hlsgo.Model) (any, error) {
	return map[string]func(m *hlsgo.Model) (any, error){
		"predict":   func(m *hlsgo.Model) (any, error) { return m.Predict(ctx, x) },
		"trace":     func(m *hlsgo.Model) (any, error) { return m.Trace(ctx, hlsgo.TraceOptions{}, x) },
		"reference": func(m *hlsgo.Model) (any, error) { return m.Reference(ctx, x) },
		"health":    func(m *hlsgo.Model) (any, error) { return m.Health(ctx, x) },
		"compare":   func(m *hlsgo.Model) (any, error) { return m.Compare(ctx, hlsgo.CompareOptions{}, x) },
		"cure": func(m *hlsgo.Model) (any, error) {
			r, err := m.Cure(ctx, hlsgo.CureOptions{}, x)
			if err != nil {
				return nil, err
			}
			return r.Lines, nil
		},
		"profile": func(m *hlsgo.Model) (any, error) {
			p, err := m.Profile(ctx, hlsgo.ProfileOptions{}, x)
			if err != nil {
				return nil, err
			}
			return hlsgo.ProfileRows(p), nil
		},
		"project": func(m *hlsgo.Model) (any, error) {
			p, err := m.Project()
			if err != nil {
				return nil, err
			}
			return len(p.Files()), nil
		},
		"graph": func(m *hlsgo.Model) (any, error) { return m.GraphText("", hlsgo.GraphJSONValues) },
		"after": func(m *hlsgo.Model) (any, error) {
			return m.GraphText("fuse_batch_normalization", hlsgo.GraphLines)
		},
		"config":   func(m *hlsgo.Model) (any, error) { return m.ConfigText(hlsgo.ConfigOptions{Dir: "."}) },
		"kernels":  func(m *hlsgo.Model) (any, error) { return m.Kernels() },
		"explain":  func(m *hlsgo.Model) (any, error) { return m.Explain() },
		"picture":  func(m *hlsgo.Model) (any, error) { return m.Plot("svg", hlsgo.PlotOptions{Names: true}) },
		"warnings": func(m *hlsgo.Model) (any, error) { return len(m.Warnings()) < 10, nil },
	}
}

// TestModelOfManyGoroutines does on one Model at once all that a Model does, from before its graph is there.
// The race detector judges that nothing is shared; the answers are those of a Model for each.
func TestModelOfManyGoroutines(t *testing.T) {
	tk, err := hlsgo.New()
	require.NoError(t, err)
	for _, path := range []string{"examples/digits/digits.yml", standIns["cnn"], standIns["rnn"]} {
		t.Run(path, func(t *testing.T) {
			load := func() *hlsgo.Model {
				m, err := tk.Load(path, hlsgo.Overrides{})
				require.NoError(t, err)
				return m
			}
			work := modelWork(t.Context(), samplesFor(t, load(), 10))
			want := map[string]any{}
			for name, do := range work {
				want[name], err = do(load())
				require.NoError(t, err, name)
			}
			m := load()
			var all sync.WaitGroup
			for name, do := range work {
				for range 3 {
					all.Go(func() {
						got, err := do(m)
						assert.NoError(t, err, name)
						assert.Equal(t, want[name], got, name)
					})
				}
			}
			all.Wait()
		})
	}
}

// samplesFor draws samples for a model of one input.
func samplesFor(t *testing.T, m *hlsgo.Model, n int) *hlsgo.Array {
	t.Helper()
	p, err := m.Compile(sim.Options{})
	require.NoError(t, err)
	require.Len(t, p.Inputs, 1)
	r := rand.New(rand.NewPCG(1, 2))
	x := &hlsgo.Array{Shape: append([]int{n}, p.Inputs[0].Shape...), F32: make([]float32, n*p.Inputs[0].Size())}
	for i := range x.F32 {
		x.F32[i] = float32(r.NormFloat64())
	}
	return x
}
