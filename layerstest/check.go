// Package layerstest is the test that every kind of layer runs, the built-in ones and those of plugins.
//
// A family hands Check its kinds and small networks round them, its samples. Check draws shapes, types,
// strategies and reuse factors, and compares what a kind says in several places with each other:
//
//   - the plain evaluator with the lowered program in each of its forms, raw integers;
//   - the kernel with the float reference, within what the types and tables can lose;
//   - the attributes of every node with what comes back from the graph's JSON;
//   - networks of wrong shapes with the promise of an error that names the layer;
//   - the C++ with a file that was read by a person (HLSGO_UPDATE=1 writes it, in testdata/check);
//   - with a C++ compiler, the compiled firmware with the program, raw integers of every layer.
//
// Without a compiler the last part is skipped, unless HLSGO_REQUIRE_CXX=1 asks for it. What is drawn comes
// from a seed that the test prints: the same in every run, so that a change is judged by what it did, or
// HLSGO_RANDOM_SEED, to look further. Files and firmware keep their seed whatever that says, so that compiled
// programs are found in the cache as long as the C++ is the same.
package layerstest

import (
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
	"github.com/hlsgo/hlsgo/layers/builtin"
)

// Family is what Check tests: kinds that belong together.
type Family struct {
	// Defs are the kinds. Those that hlsgo does not have come to it as a plugin's would.
	Defs []layers.Def
	// Samples are networks round the kinds. Every kind needs one, or a line in Without.
	Samples []Sample
	// Without gives the reason for every kind that no sample can show.
	Without map[string]string
	// Plugins bring what the kinds need beside themselves: passes, kinds of other families.
	Plugins []hlsgo.Plugin
}

// Sample is a small network round a kind of layer.
type Sample struct {
	Kind string
	Name string // tells several samples of a kind apart; "": the only one
	// As is the kind that passes make of it, whose places and strategies count; "": the kind itself.
	As string
	// Build appends the layers. What it draws, it draws from the Net, so that a seed gives the same
	// network.
	Build func(n *Net)
	// Types settles types that cannot be drawn freely, by role: "inv_inp" for inv_inp_t, "input" for the
	// network's inputs.
	Types map[string]string
	// AnyLength names the weights that may be longer than needed.
	AnyLength []string
	Near      Near
}

// Near says how closely the kernel follows the float reference under the types of that comparison, which
// have 24 fractional bits and room for every value: by the steps of those types unless it says more.
type Near struct {
	// Skip is the reason why nothing can be compared; "": it is.
	Skip string
	// Types are like Sample.Types, for this comparison alone.
	Types map[string]string
	// Value draws a value of an input; nil: multiples of 1/16 between -2 and 2.
	Value func(r *rand.Rand, input int) float64
	// Grid is the distance of two entries of the coarsest table. The bound grows by what the reference
	// changes when inputs and weights move so far.
	Grid float64
	// Slack is what else the firmware loses by design, in absolute terms; whoever sets it derives it
	// beside.
	Slack float64
}

// name is unique in a family.
func (s *Sample) name() string {
	if s.Name == "" {
		return s.Kind
	}
	return s.Kind + "_" + s.Name
}

// checker is a run of Check.
type checker struct {
	*Family
	toolkit  *hlsgo.Toolkit
	registry *layers.Registry
	rows     map[string]hlsgo.LayerRow
	seen     map[string]bool    // kinds in the graphs compared
	known    map[string][]place // of the samples asked for
}

// Check tests the kinds of a family; see the package's comment. It runs its parts as subtests and needs a
// few seconds.
func Check(t *testing.T, f Family) {
	t.Helper()
	c := newChecker(t, &f)
	seed := uint64(1)
	if text := os.Getenv("HLSGO_RANDOM_SEED"); text != "" {
		var err error
		seed, err = strconv.ParseUint(text, 10, 64)
		require.NoError(t, err, "HLSGO_RANDOM_SEED")
	}
	t.Logf("HLSGO_RANDOM_SEED=%d draws the same networks", seed)
	fixed := c.fixed(t)
	t.Run("numbers", func(t *testing.T) { c.numbers(t, seed) })
	t.Run("reference", func(t *testing.T) { c.references(t, seed) })
	t.Run("shapes", c.shapes)
	t.Run("roundtrip", func(t *testing.T) { c.roundTrips(t, fixed) })
	t.Run("text", func(t *testing.T) { c.texts(t, fixed) })
	t.Run("firmware", func(t *testing.T) { c.firmware(t, fixed) })
	c.complete(t)
}

func newChecker(t *testing.T, f *Family) *checker {
	t.Helper()
	c := &checker{
		Family: f, registry: builtin.Registry(), rows: map[string]hlsgo.LayerRow{}, seen: map[string]bool{},
		known: map[string][]place{},
	}
	for _, d := range f.Defs {
		if _, known := c.registry.Def(d.Kind); !known {
			require.NoError(t, c.registry.AddLayer("layerstest", d))
		}
	}
	own := hlsgo.Plugin{Name: "layerstest", Setup: func(r *hlsgo.Registry) error {
		return r.AddLayer(brought(t, f)...)
	}}
	var err error
	c.toolkit, err = hlsgo.New(append([]hlsgo.Plugin{own}, f.Plugins...)...)
	require.NoError(t, err)
	for _, r := range c.toolkit.Layers() {
		c.rows[r.Kind] = r
	}
	return c
}

// brought lists the kinds that neither hlsgo nor the family's plugins have.
func brought(t *testing.T, f *Family) []layers.Def {
	t.Helper()
	without, err := hlsgo.New(f.Plugins...)
	require.NoError(t, err)
	var out []layers.Def
	for _, d := range f.Defs {
		if !slices.ContainsFunc(without.Layers(), func(r hlsgo.LayerRow) bool { return r.Kind == d.Kind }) {
			out = append(out, d)
		}
	}
	return out
}

// complete wants every kind of the family in a graph that was compared, or a reason.
func (c *checker) complete(t *testing.T) {
	t.Helper()
	for _, d := range c.Defs {
		switch why, excused := c.Without[d.Kind]; {
		case excused:
			t.Logf("layer kind %s: not compared: %s", d.Kind, why)
		case !c.seen[d.Kind]:
			t.Errorf("layer kind %q: in no network that was compared: want a Sample, or a reason in Without", d.Kind)
		}
	}
}

// see notes the kinds of a graph, and those of the network it was made of: some are gone when passes are
// done.
func (c *checker) see(g *ir.Graph, from *Net) {
	for _, n := range g.Nodes {
		c.seen[n.Kind] = true
	}
	for _, l := range from.parsed.Layers {
		c.seen[l.Kind] = true
	}
}
