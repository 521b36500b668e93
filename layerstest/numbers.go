package layerstest

import (
	"context"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/sim"
	"github.com/hlsgo/hlsgo/sim/vec"
)

// drawsPerSample is how many networks are drawn of every sample, spread over its places: three
// strategies on two tools with two io types.
const drawsPerSample = 12

// numbers draws networks and compares plain evaluators with lowered programs, raw integers of every layer.
func (c *checker) numbers(t *testing.T, seed uint64) {
	for i := range c.Samples {
		s := &c.Samples[i]
		places := c.places(t, s)
		if len(places) == 0 {
			continue
		}
		refused := 0
		for k := range drawsPerSample {
			tr, err := c.draw(t, s, places[k%len(places)], seed+uint64(k))
			if err != nil {
				refused++
				t.Logf("%s: refused: %v", tr, err)
				continue
			}
			if !c.sameNumbers(t, tr) {
				break // one failure says enough
			}
		}
		if refused > drawsPerSample*3/4 {
			t.Errorf("sample %q: %d of %d draws were refused: want Types that let the kind run",
				s.name(), refused, drawsPerSample)
		}
	}
}

// sameNumbers runs a model with its plain evaluators and in every form of its program.
func (c *checker) sameNumbers(t *testing.T, tr *trial) bool {
	g, err := tr.model.Graph()
	require.NoError(t, err)
	c.see(g, tr.net)
	in := samples(g, tr.seed)
	plain, err := tr.model.Compile(sim.Options{Plain: true})
	if err != nil {
		t.Errorf("%s: plain evaluators: %v", tr, err)
		return false
	}
	want, answers := rawTrace(t, plain, in), predict(t, plain, in)
	for _, form := range []struct {
		name  string
		loops *vec.Set
	}{{"vector code", nil}, {"plain Go", &vec.Set{}}} {
		p, err := tr.model.Compile(sim.Options{Loops: form.loops})
		if err == nil {
			got := rawTrace(t, p, in)
			for i, port := range p.Traced {
				if err == nil {
					err = sim.FirstRawDiff(port, got[i], want[i])
				}
			}
		}
		if err != nil {
			t.Errorf("%s: lowered program, %s, against the plain evaluators: %v\n%s", tr, form.name, err, describe(g))
			return false
		}
		y := predict(t, p, in)
		for i, port := range p.Outputs {
			if err := sim.FirstDiff(port, y[i], answers[i]); err != nil {
				t.Errorf("%s: prediction without trace, %s, against the plain evaluators: %v\n%s",
					tr, form.name, err, describe(g))
				return false
			}
		}
	}
	return true
}

// samplesPerNetwork fills a block of every kind of loop, and part of another.
const samplesPerNetwork = 17

// samples draws the network's inputs: zeros, numbers on and off the grid, and some far out of range.
func samples(g *ir.Graph, seed uint64) [][]float64 {
	r := rand.New(rand.NewPCG(seed, 77))
	var out [][]float64
	for _, name := range g.Inputs {
		v := g.Var(name)
		step := 1.0
		if v.Type.Format.F() > 0 {
			step = 1 / float64(int64(1)<<min(v.Type.Format.F(), 30))
		}
		data := make([]float64, samplesPerNetwork*v.Size())
		for i := range data {
			x := 1.5 * r.NormFloat64()
			switch s := i / v.Size(); {
			case s == 0:
				x = 0
			case s < 5: // between two numbers of the type, where rounding decides
				x = float64(int64(x/step))*step + step/2
			case s >= samplesPerNetwork-3:
				x *= 40
			}
			data[i] = float64(float32(x))
		}
		out = append(out, data)
	}
	return out
}

// arrays are the samples as the toolkit takes them.
func arrays(data [][]float64) []*hlsgo.Array {
	var out []*hlsgo.Array
	for _, d := range data {
		out = append(out, &hlsgo.Array{Shape: []int{samplesPerNetwork, len(d) / samplesPerNetwork}, F64: d})
	}
	return out
}

// describe is the graph in the words of `hlsgo ir`.
func describe(g *ir.Graph) string {
	text := ""
	for _, n := range g.Nodes {
		text += n.String() + "\n"
	}
	return text
}

func predict(t *testing.T, p *sim.Program, in [][]float64) [][]float64 {
	t.Helper()
	y, err := p.Predict64(in)
	require.NoError(t, err)
	return y
}

// rawLog keeps the raw integers of a run.
type rawLog struct{ tensors []sim.Raw }

// WriteRaw implements sim.RawSink: what it is given changes afterwards.
func (l *rawLog) WriteRaw(_ int, tensors []sim.Raw) error {
	if l.tensors == nil {
		l.tensors = make([]sim.Raw, len(tensors))
	}
	for i, r := range tensors {
		to := &l.tensors[i]
		to.Narrow = append(to.Narrow, r.Narrow...)
		for k := range r.Wide {
			to.Wide = append(to.Wide, *new(big.Int).Set(&r.Wide[k]))
		}
	}
	return nil
}

func rawTrace(t *testing.T, p *sim.Program, in [][]float64) []sim.Raw {
	t.Helper()
	src, err := sim.NewSlices(p, in)
	require.NoError(t, err)
	log := &rawLog{}
	_, err = sim.Run(context.Background(), p, sim.Job[float64]{Source: src, Raw: log, Workers: 1})
	require.NoError(t, err)
	return log.tensors
}
