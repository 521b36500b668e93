package hlsgo

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo/internal/npy"
	"github.com/hlsgo/hlsgo/profiling"
	"github.com/hlsgo/hlsgo/sim"
)

// TestWhatCuresImproves wants every single type that Compare says to cure a model to leave nothing wrapped in
// its tensor, and to bring the model's answers nearer to the float model's. The networks are the trained ones
// of benchmarks/cure, whose types are wrong in several places, so that most single changes do not help.
func TestWhatCuresImproves(t *testing.T) {
	files, err := filepath.Glob("benchmarks/cure/networks/*/*.yml")
	require.NoError(t, err)
	require.Len(t, files, 77)
	tk, err := New()
	require.NoError(t, err)
	said := 0
	for _, file := range files {
		if !strings.HasSuffix(file, "cut_types.yml") && os.Getenv("HLSGO_FULL") == "" {
			continue
		}
		m, err := tk.Load(file, Overrides{})
		require.NoError(t, err)
		setup, err := m.profileSetup(t.Context())
		require.NoError(t, err)
		e := &experiment{lab: m.lab(setup), in: tuneSamples(t, filepath.Dir(file), 120)}
		c, err := profiling.Compare(t.Context(), e.lab, profiling.Held(e.in), CompareOptions{})
		require.NoError(t, err)
		before, _ := e.run(t, nil)
		for _, s := range c.Suspects {
			require.Equal(t, s.Cure != nil && s.Cure.Cures, strings.Contains(s.Text, "cures"), s.Text)
			if s.Cure == nil || !s.Cure.Cures {
				continue
			}
			said++
			change := s.Change()
			after, wrapped := e.run(t, &change)
			if wrapped > 0 || after.error >= before.error && after.same <= before.same {
				t.Errorf("%s: %s: %d values wrap; error %g, before %g; same choice %d, before %d",
					file, s.Text, wrapped, after.error, before.error, after.same, before.same)
			}
		}
	}
	t.Logf("%d single types are said to cure", said)
	require.Positive(t, said)
}

// experiment is a model whose final graph is run with types changed.
type experiment struct {
	lab profiling.Lab
	in  [][]float64
}

// distance is how far answers are from the float model's: the sum of the squared differences, and the number
// of samples with the same largest value.
type distance struct {
	error float64
	same  int
}

// run runs the model with a type changed, and counts the values that wrap in it.
func (e *experiment) run(t *testing.T, c *profiling.Change) (d distance, wrapped int64) {
	g, err := e.lab.Fresh()
	require.NoError(t, err)
	if c != nil {
		c.Apply(g)
	}
	p, err := sim.Compile(g, e.lab.Kernels, sim.Options{Health: true})
	require.NoError(t, err)
	src, err := sim.NewSlices(p, e.in)
	require.NoError(t, err)
	size := p.Outputs[0].Size()
	y := &sim.Collect[float64]{}
	r, err := sim.Run(t.Context(), p, sim.Job[float64]{Source: src, Sink: y})
	require.NoError(t, err)
	if c != nil {
		for i := range r.Health.Tensors {
			if h := &r.Health.Tensors[i]; h.Layer == c.Layer && h.Key == c.Key {
				wrapped += h.Wrapped
			}
		}
	}
	return e.distance(t, y.Data[0], size), wrapped
}

func (e *experiment) distance(t *testing.T, y []float64, size int) (d distance) {
	values := e.lab.Reference.NewValues()
	row := make([][]float64, len(e.in))
	for s := range len(y) / size {
		for i, n := range e.lab.Reference.InputSizes() {
			row[i] = e.in[i][s*n : (s+1)*n]
		}
		require.NoError(t, e.lab.Reference.Run(values, row))
		want := e.lab.Reference.Outputs(values)[0]
		got := y[s*size : (s+1)*size]
		bestGot, bestWant := 0, 0
		for k := range want {
			d.error += (got[k] - want[k]) * (got[k] - want[k])
			if got[k] > got[bestGot] {
				bestGot = k
			}
			if want[k] > want[bestWant] {
				bestWant = k
			}
		}
		if bestGot == bestWant {
			d.same++
		}
	}
	return d
}

// tuneSamples reads the first samples that a cure may see.
func tuneSamples(t *testing.T, dir string, most int) [][]float64 {
	a, err := npy.OpenArchive(filepath.Join(dir, "data.npz"))
	require.NoError(t, err)
	defer a.Close()
	r, err := a.Open("x_tune")
	require.NoError(t, err)
	x, err := npy.ReadAll[float64](r)
	require.NoError(t, err)
	return [][]float64{x[:min(most*r.RowLen(), len(x))]}
}
