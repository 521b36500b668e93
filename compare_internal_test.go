package hlsgo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/internal/npy"
	"github.com/hlsgo/hlsgo/internal/oracletest"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/profiling"
	"github.com/hlsgo/hlsgo/sim"
)

// plantRoles are the parts of a model in which faults are planted.
var plantRoles = []string{"input", "weight", "accum", "result", "table"}

// healthy is a model in which nothing wraps.
type healthy struct {
	name string
	lab  profiling.Lab
	in   [][]float64
	base *profiling.Comparison
}

// fault is a type cut until its values wrap.
type fault struct {
	model      *healthy
	role       string
	change     profiling.Change
	from       fixed.Format
	share      float64 // of its values that wrap
	comparison *profiling.Comparison
}

// TestPlantedFaults draws faults: in a random model of the recorded cases in which nothing wraps, a random
// tensor of a random role loses integer bits until at least 1% of its values wrap. The comparison must rank
// it first, and its cure must leave no wrapped value and a dist_diff within 10% of that of the unplanted
// model. With HLSGO_FULL all 60 are drawn, of which 57 must be found; else the first 12, of which 11 must.
// HLSGO_FAULT_SEED draws others, HLSGO_FAULT_TABLE names a file for the table of docs/diagnosis.md.
func TestPlantedFaults(t *testing.T) {
	faults, found := 12, 11
	if os.Getenv("HLSGO_FULL") != "" {
		faults, found = 60, 57
	}
	seed := uint64(20261121)
	if s := os.Getenv("HLSGO_FAULT_SEED"); s != "" {
		var err error
		seed, err = strconv.ParseUint(s, 10, 64)
		require.NoError(t, err)
	}
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	models := newModels(t)
	var table strings.Builder
	first := 0
	for i := range faults {
		f := models.draw(t, r)
		ok := f.isFirst()
		if ok {
			first++
			f.checkCure(t)
		}
		line := f.line(i+1, ok)
		t.Log(line)
		table.WriteString(line + "\n")
	}
	t.Logf("%d of %d ranked first", first, faults)
	require.GreaterOrEqual(t, first, found, "faults ranked first")
	if name := os.Getenv("HLSGO_FAULT_TABLE"); name != "" {
		require.NoError(t, os.WriteFile(name, []byte(table.String()), 0o600))
	}
}

// TestCuresOfLayersThatDifferInside plants faults that the smallest wider type does not cure: the input of a
// look-up, of which no wider type makes a network, the result of GarNet, which converts to it inside, and
// that of a quantized activation, which saturates in the float model too.
func TestCuresOfLayersThatDifferInside(t *testing.T) {
	for name, want := range map[string]struct{ role, layer, cure string }{
		"hgq1_lut_unsigned_vivado_parallel":       {"input", "inp", "ufixed<6,2,RND,SAT>"},
		"garnet_stack_by_vertices_vitis_parallel": {"result", "g", "fixed<24,2>"},
		"qkeras_act_qbits8_0_vivado_parallel":     {"result", "qa", "fixed<8,1,RND_CONV,SAT>"},
		"qkeras_act_qsigmoid5_vitis_parallel":     {"result", "qa", "ufixed<5,0,RND_CONV,SAT>"},
	} {
		h := newModels(t).load(t, name)
		require.NotNil(t, h, name)
		var f *fault
		for _, target := range tensorsOf(h.base.Health, want.role) {
			if target.Layer == want.layer {
				f = h.plant(t, want.role, target)
			}
		}
		require.NotNil(t, f, name)
		require.True(t, f.isFirst(), name)
		f.checkCure(t)
		require.Equal(t, want.cure, f.comparison.Suspects[0].Cure.Type)
		require.Contains(t, f.comparison.Suspects[0].Text, want.cure)
	}
}

// models loads cases when they are drawn.
type models struct {
	toolkit *Toolkit
	names   []string
	known   map[string]*healthy // nil: something wraps, or there is no reference
}

func newModels(t *testing.T) *models {
	tk, err := New()
	require.NoError(t, err)
	return &models{toolkit: tk, names: oracletest.Names(t), known: map[string]*healthy{}}
}

// draw draws a fault; what cannot be planted, since the model has no such tensor or too few of its values
// wrap with one bit left, is no fault.
func (m *models) draw(t *testing.T, r *rand.Rand) *fault {
	for {
		model := m.load(t, m.names[r.IntN(len(m.names))])
		if model == nil {
			continue
		}
		role := plantRoles[r.IntN(len(plantRoles))]
		tensors := tensorsOf(model.base.Health, role)
		if len(tensors) == 0 {
			continue
		}
		if f := model.plant(t, role, tensors[r.IntN(len(tensors))]); f != nil {
			return f
		}
	}
}

func (m *models) load(t *testing.T, name string) *healthy {
	if h, ok := m.known[name]; ok {
		return h
	}
	m.known[name] = nil
	dir := filepath.Join("testdata/oracle/cases", name)
	model, err := m.toolkit.Load(filepath.Join(dir, "hls4ml_config.yml"), Overrides{})
	require.NoError(t, err)
	setup, err := model.profileSetup(t.Context())
	if err != nil {
		return nil
	}
	lab := model.lab(setup)
	h := &healthy{name: name, lab: lab, in: calm(readSamples(t, dir), lab.Reference.InputSizes())}
	if len(h.in[0]) == 0 {
		return nil
	}
	h.base, err = profiling.Compare(t.Context(), lab, profiling.Held(h.in), CompareOptions{})
	require.NoError(t, err, name)
	if len(h.base.Health.Wrapped()) > 0 {
		return nil
	}
	m.known[name] = h
	return h
}

// calm keeps the samples without numbers far from one: those of the cases are drawn to overflow types.
func calm(in [][]float64, sizes []int) [][]float64 {
	out := make([][]float64, len(in))
	for s := range len(in[0]) / sizes[0] {
		keep := true
		for i, size := range sizes {
			row := in[i][s*size : (s+1)*size]
			keep = keep && slices.Max(row) <= 4 && slices.Min(row) >= -4
		}
		for i, size := range sizes {
			if keep {
				out[i] = append(out[i], in[i][s*size:(s+1)*size]...)
			}
		}
	}
	return out
}

// readSamples reads X.npy, or X_0.npy, X_1.npy, ... of a case.
func readSamples(t *testing.T, dir string) (out [][]float64) {
	names, err := filepath.Glob(filepath.Join(dir, "X_*.npy"))
	require.NoError(t, err)
	if len(names) == 0 {
		names = []string{filepath.Join(dir, "X.npy")}
	}
	slices.Sort(names)
	for _, name := range names {
		f, err := npy.Open(name)
		require.NoError(t, err)
		x, err := npy.ReadAll[float64](f)
		require.NoError(t, err)
		require.NoError(t, f.Close())
		out = append(out, x)
	}
	return out
}

// tensorsOf lists the tensors of a role that have integer bits to lose.
func tensorsOf(h *sim.Health, role string) []*sim.TensorHealth {
	var out []*sim.TensorHealth
	for i := range h.Tensors {
		t := &h.Tensors[i]
		is := t.Role == role
		if role == "weight" {
			is = t.Static && t.Role != "table"
		}
		if is && t.Key != "" && t.Format.IsFixedOrInt() && t.Format.Narrow() && t.Largest() > 0 {
			out = append(out, t)
		}
	}
	return out
}

// plant cuts the integer bits of a tensor until 1% of its values wrap; nil: that does not happen.
func (h *healthy) plant(t *testing.T, role string, target *sim.TensorHealth) *fault {
	for cut := 1; cut < target.Format.W; cut++ {
		f := target.Format
		f.W, f.I, f.O, f.N, f.Kind = f.W-cut, f.I-cut, fixed.WRAP, 0, fixed.KindFixed
		change := profiling.Change{Layer: target.Layer, Key: target.Key, Format: f}
		if !h.wraps(t, change, role) {
			continue
		}
		lab := h.planted(change)
		c, err := profiling.Compare(t.Context(), lab, profiling.Held(h.in), CompareOptions{})
		require.NoError(t, err)
		fault := &fault{model: h, role: role, change: change, from: target.Format, comparison: c}
		fault.share = shareOf(c.Health, change)
		// Entries of a table that no sample leads to are no fault: the layer answers as before.
		if role == "table" && distOf(c, change.Layer) == distOf(h.base, change.Layer) {
			continue
		}
		return fault
	}
	return nil
}

// planted is the model with a type changed.
func (h *healthy) planted(c profiling.Change) profiling.Lab {
	lab := h.lab
	lab.Fresh = func() (*ir.Graph, error) {
		g, err := h.lab.Fresh()
		if err == nil {
			c.Apply(g)
		}
		return g, err
	}
	return lab
}

// wraps reports whether at least 1% of the values of a changed tensor wrap.
func (h *healthy) wraps(t *testing.T, c profiling.Change, role string) bool {
	g, err := h.planted(c).Fresh()
	require.NoError(t, err)
	p, err := sim.Compile(g, h.lab.Kernels, sim.Options{Health: true})
	if err != nil {
		return false
	}
	src, err := sim.NewSlices(p, h.in)
	require.NoError(t, err)
	r, err := sim.Run(context.Background(), p, sim.Job[float64]{Source: src})
	require.NoError(t, err)
	return shareOf(r.Health, c) >= 0.01
}

// shareOf is the largest share of wrapped values among those of a type.
func shareOf(h *sim.Health, c profiling.Change) float64 {
	share := 0.0
	for i := range h.Tensors {
		if t := &h.Tensors[i]; t.Layer == c.Layer && t.Key == c.Key {
			share = max(share, t.Share(t.Wrapped))
		}
	}
	return share
}

func (f *fault) isFirst() bool {
	s := f.comparison.Suspects
	return len(s) > 0 && s[0].Layer == f.change.Layer && s[0].Key == f.change.Key
}

// checkCure wants the cure to leave no wrapped value, and the layer as near to the float model as before.
func (f *fault) checkCure(t *testing.T) {
	c := f.comparison.Suspects[0].Cure
	require.NotNil(t, c, f.line(0, true))
	require.Zero(t, c.Wrapped, f.line(0, true))
	base := distOf(f.model.base, f.change.Layer)
	require.LessOrEqual(t, c.DistDiff, 1.1*base+1e-12, "%s: without the fault %g", f.line(0, true), base)
}

func distOf(c *profiling.Comparison, layer string) float64 {
	for _, l := range c.Layers {
		if l.Layer == layer {
			return l.Dist.Mean
		}
	}
	return 0
}

// line is a row of the table of results.
func (f *fault) line(i int, first bool) string {
	found, cure := "no", ""
	if first {
		found = "first"
		if c := f.comparison.Suspects[0].Cure; c != nil {
			cure = fmt.Sprintf("`%s`, %.3g", c.Type, c.DistDiff)
		}
	} else if s := f.comparison.Suspects; len(s) > 0 {
		found = "no: " + s[0].Layer + " " + s[0].Key
	}
	return fmt.Sprintf("| %d | %s | %s %s | `%s` to `%s` | %s | %s | %s | %.3g |",
		i, f.model.name, f.change.Layer, f.change.Key, f.from, f.change.Format, sim.Percent(f.share), found, cure,
		distOf(f.model.base, f.change.Layer))
}
