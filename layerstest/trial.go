package layerstest

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/sim"
)

// A place is what a network is converted for.
type place struct {
	backend  string
	io       ir.IOType
	strategy ir.Strategy // "": the kind has none
}

func (p place) String() string {
	text := fmt.Sprintf("%s_%s", p.backend, p.io)
	if p.strategy != "" {
		text += "_" + string(p.strategy)
	}
	return text
}

// A trial is a sample drawn for a place.
type trial struct {
	sample *Sample
	place  place
	seed   uint64
	net    *Net
	config *ir.Config
	model  *hlsgo.Model
}

func (c *trial) String() string {
	return fmt.Sprintf("%s_%s (seed %d)", c.sample.name(), c.place, c.seed)
}

// places lists where the kind of a sample works, with each of its strategies, and logs why it does not work
// elsewhere.
func (c *checker) places(t *testing.T, s *Sample) []place {
	t.Helper()
	if out, ok := c.known[s.name()]; ok {
		return out // the reasons are in the log already
	}
	row, ok := c.rows[cmp.Or(s.As, s.Kind)]
	require.True(t, ok, "sample %q: got no such kind, want one of the family's or a built-in one", s.name())
	if len(row.Places) == 0 {
		t.Logf("%s: not compared: %s", s.name(), strings.TrimSpace(row.Missing))
	}
	var out []place
	for _, p := range row.Places {
		switch {
		case !p.Works:
			t.Logf("%s on %s, %s: not compared: %s", s.name(), p.Backend, p.IOType, p.Why)
		case len(p.Strategies) == 0:
			out = append(out, place{p.Backend, p.IOType, ""})
		}
		for _, strategy := range p.Strategies {
			if p.Works {
				out = append(out, place{p.Backend, p.IOType, strategy})
			}
		}
	}
	c.known[s.name()] = out
	return out
}

// build draws the sample's network for the place.
func (c *checker) build(t *testing.T, s *Sample, p place, seed uint64) *trial {
	t.Helper()
	h := fnv.New64a()
	h.Write([]byte(s.name())) // samples differ although their seeds do not
	r := rand.New(rand.NewPCG(seed, h.Sum64()))
	net := &Net{Rand: r, IOType: p.io, registry: c.registry}
	s.Build(net)
	require.NoError(t, net.problem, "sample %q", s.name())
	return &trial{sample: s, place: p, seed: seed, net: net}
}

// draw is build with drawn types and reuse factors, converted. The error is the conversion's.
func (c *checker) draw(t *testing.T, s *Sample, p place, seed uint64) (*trial, error) {
	t.Helper()
	out := c.build(t, s, p, seed)
	out.config = out.settings(drawPrecision(out.net, true, 6, 22), out.net.reuse())
	for _, l := range out.net.parsed.Layers {
		out.config.HLS.Names = append(out.config.HLS.Names, c.section(out, l))
	}
	err := c.convert(out)
	if err == nil {
		_, err = out.model.Project() // some limits are those of the C++ alone, some those of both
	}
	if err == nil {
		_, err = out.model.Compile(sim.Options{})
	}
	return out, err
}

// convert makes the model and its final graph.
func (c *checker) convert(out *trial) error {
	var err error
	if out.model, err = c.toolkit.NewModel(out.net.network(), out.config); err != nil {
		return err
	}
	_, err = out.model.Graph()
	return err
}

// fixed draws every sample once per io type with a seed that stays, for files and firmware. Tools and
// strategies alternate, so that a family shows each of them and still compiles in seconds: io_parallel
// takes the first tool by name, io_stream the last, and each sample the strategy behind that of the sample
// before.
func (c *checker) fixed(t *testing.T) []*trial {
	t.Helper()
	var out []*trial
	for i := range c.Samples {
		s := &c.Samples[i]
		for k, io := range ir.IOTypes() {
			var here []place
			for _, p := range c.places(t, s) {
				if p.io == io {
					here = append(here, p)
				}
			}
			if len(here) == 0 {
				continue
			}
			backend := here[0].backend
			for _, p := range here {
				if (p.backend < backend) == (io == ir.Parallel) {
					backend = p.backend
				}
			}
			here = slices.DeleteFunc(here, func(p place) bool { return p.backend != backend })
			out = append(out, c.first(t, s, here[(i+k)%len(here)]))
		}
	}
	return out
}

// refusals is how many draws may be refused in a row.
const refusals = 40

// first is the draw of the lowest seed that is not refused.
func (c *checker) first(t *testing.T, s *Sample, p place) *trial {
	t.Helper()
	var err error
	for seed := range uint64(refusals) {
		var out *trial
		if out, err = c.draw(t, s, p, seed+1); err == nil {
			return out
		}
	}
	require.NoError(t, err, "sample %q for %s: %d draws were refused, the last because", s.name(), p, refusals)
	return nil
}
