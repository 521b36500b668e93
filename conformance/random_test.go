package conformance_test

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
	"github.com/hlsgo/hlsgo/sim"
	"github.com/hlsgo/hlsgo/sim/vec"
)

// samplesPerNetwork is how many inputs each random network is compared on.
const samplesPerNetwork = 40

// setting reads a number from the environment.
func setting(t *testing.T, name string, standard int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return standard
	}
	v, err := strconv.Atoi(text)
	require.NoError(t, err, name)
	return v
}

// schema is the registry of the built-in kinds, which networks are drawn from.
func schema(t testing.TB) ir.Schema {
	t.Helper()
	r := layers.NewRegistry()
	require.NoError(t, r.AddLayer("hlsgo", hlsgo.Builtins()...))
	return r
}

// TestRandomFirmware draws networks and wants the fast kernels, the plain evaluators and the compiled
// firmware to agree in every raw integer. HLSGO_RANDOM_COUNT and HLSGO_RANDOM_SEED make the long run.
func TestRandomFirmware(t *testing.T) { newSurvey(t, randomNetwork).compileAll(24) }

// TestRandomRecurrentFirmware does the same with recurrent networks.
func TestRandomRecurrentFirmware(t *testing.T) { newSurvey(t, recurrentNetwork).compileAll(12) }

// TestRandomKernels compares fast kernels with plain evaluators only, on many more networks.
func TestRandomKernels(t *testing.T) { newSurvey(t, randomNetwork).runAll(400) }

// TestRandomRecurrentKernels does the same with recurrent networks.
func TestRandomRecurrentKernels(t *testing.T) { newSurvey(t, recurrentNetwork).runAll(100) }

func newSurvey(t *testing.T, draw func(ir.Schema, uint64) (*network, error)) *survey {
	return &survey{t: t, network: draw, toolkit: toolkit(t), schema: schema(t), refused: map[string]int{}}
}

// compileAll draws networks, count of them or what the environment says, and compiles them.
func (s *survey) compileAll(standard int) {
	count, seed := setting(s.t, "HLSGO_RANDOM_COUNT", standard), setting(s.t, "HLSGO_RANDOM_SEED", 1)
	var group []trial
	for i := range count {
		if c, ok := s.draw(uint64(seed + i)); ok {
			s.plain(c)
			group = append(group, c)
		}
		if len(group) == bundle || i == count-1 && len(group) > 0 {
			s.firmware(group)
			group = group[:0]
		}
	}
	s.report(count)
}

// runAll draws networks and compares kernels with evaluators.
func (s *survey) runAll(standard int) {
	count, seed := setting(s.t, "HLSGO_RANDOM_KERNELS", standard), setting(s.t, "HLSGO_RANDOM_SEED", 1_000_000)
	for i := range count {
		if c, ok := s.draw(uint64(seed + i)); ok {
			s.plain(c)
		}
	}
	s.report(count)
}

// survey runs random networks and counts what cannot run.
type survey struct {
	t       *testing.T
	network func(schema ir.Schema, seed uint64) (*network, error)
	toolkit *hlsgo.Toolkit
	schema  ir.Schema
	refused map[string]int // by reason
	ran     int
}

// draw makes the network of a seed; false when hlsgo refuses it with an error.
func (s *survey) draw(seed uint64) (trial, bool) {
	n, err := s.network(s.schema, seed)
	require.NoError(s.t, err, "seed %d", seed)
	m, err := s.toolkit.NewModel(n.parsed, n.config)
	if err == nil {
		_, err = m.Compile(sim.Options{})
	}
	if err == nil {
		_, err = m.Project()
	}
	if err != nil {
		s.refused[reason(err)]++
		return trial{}, false
	}
	return trial{fmt.Sprintf("seed%d", seed), m, n.samples(samplesPerNetwork)}, true
}

// reason is the kind of an error: its text without names and figures.
func reason(err error) string {
	first, _, _ := strings.Cut(err.Error(), "\n")
	if _, after, ok := strings.Cut(first, "\": "); ok {
		first = after
	}
	return regexp.MustCompile(`-?\d+`).ReplaceAllString(first, "N")
}

// rawLog keeps all raw integers of a run.
type rawLog struct{ tensors []sim.Raw }

// WriteRaw implements sim.RawSink.
func (l *rawLog) WriteRaw(_ int, tensors []sim.Raw) error {
	if l.tensors == nil {
		l.tensors = make([]sim.Raw, len(tensors))
	}
	for i, t := range tensors {
		to := &l.tensors[i]
		to.Narrow = append(to.Narrow, t.Narrow...)
		for k := range t.Wide {
			to.Wide = append(to.Wide, *new(big.Int).Set(&t.Wide[k]))
		}
	}
	return nil
}

func (l *rawLog) at(tensor, i int) *big.Int {
	if w := l.tensors[tensor].Wide; w != nil {
		return &w[i]
	}
	return big.NewInt(l.tensors[tensor].Narrow[i])
}

func (l *rawLog) size(tensor int) int {
	return len(l.tensors[tensor].Wide) + len(l.tensors[tensor].Narrow)
}

func rawsOf(t *testing.T, m *hlsgo.Model, in []*hlsgo.Array, o sim.Options) (*sim.Program, *rawLog) {
	t.Helper()
	p, err := m.Compile(o)
	require.NoError(t, err)
	log := &rawLog{}
	if in[0].Double() {
		runRaw(t, p, log, in, func(a *hlsgo.Array) []float64 { return a.F64 })
	} else {
		runRaw(t, p, log, in, func(a *hlsgo.Array) []float32 { return a.F32 })
	}
	return p, log
}

func runRaw[T sim.Float](
	t *testing.T, p *sim.Program, log *rawLog, in []*hlsgo.Array, of func(*hlsgo.Array) []T,
) {
	t.Helper()
	var data [][]T
	for _, a := range in {
		data = append(data, of(a))
	}
	src, err := sim.NewSlices(p, data)
	require.NoError(t, err)
	_, err = sim.Run(context.Background(), p, sim.Job[T]{Source: src, Raw: log, Workers: 1})
	require.NoError(t, err)
}

// plain compares the fast kernels with the plain evaluators.
func (s *survey) plain(c trial) {
	s.t.Helper()
	s.ran++
	p, fast := rawsOf(s.t, c.model, c.inputs, sim.Options{})
	judge, slow := rawsOf(s.t, c.model, c.inputs, sim.Options{Plain: true})
	for k, port := range p.Traced {
		for i := range fast.size(k) {
			if got, want := fast.at(k, i), slow.at(k, i); got.Cmp(want) != 0 {
				s.t.Errorf("%s: layer %s %s: sample %d, value %d: fast %d, plain %d",
					c.name, port.Name, port.Format, i/port.Size(), i%port.Size(), got, want)
				return
			}
		}
	}
	s.optimized(c, judge)
}

// optimized compares the outputs of runs without a trace, which compute nothing else.
func (s *survey) optimized(c trial, judge *sim.Program) {
	s.t.Helper()
	var in [][]float64
	for _, a := range c.inputs {
		row := make([]float64, a.Len())
		a.Row(row, 0)
		in = append(in, row)
	}
	want, err := judge.Predict64(in)
	require.NoError(s.t, err)
	for _, loops := range []*vec.Set{nil, {}} { // vector code, plain Go
		p, err := c.model.Compile(sim.Options{Loops: loops})
		require.NoError(s.t, err)
		got, err := p.Predict64(in)
		require.NoError(s.t, err)
		for i, port := range p.Outputs {
			if err := sim.FirstDiff(port, got[i], want[i]); err != nil {
				s.t.Errorf("%s: without trace, plain Go %v: %v", c.name, loops != nil, err)
				return
			}
		}
	}
}

// firmware compares with the compiled firmware. When a bundle does not compile the culprits are looked for.
func (s *survey) firmware(group []trial) {
	s.t.Helper()
	var models []*hlsgo.Model
	for _, c := range group {
		models = append(models, c.model)
	}
	f, err := hlsgo.CompileFirmware(context.Background(), models, hlsgo.FirmwareOptions{})
	var missing *hlsgo.MissingCompilerError
	switch {
	case errors.As(err, &missing) && os.Getenv("HLSGO_REQUIRE_CXX") != "1":
		s.t.Skip(err)
	case err != nil && len(group) == 1:
		s.t.Errorf("%s: %v", group[0].name, err)
		return
	case err != nil:
		s.firmware(group[:len(group)/2])
		s.firmware(group[len(group)/2:])
		return
	}
	for i, c := range group {
		s.t.Run(c.name, func(t *testing.T) { verifyTrial(t, f, i, c) })
	}
}

// report fails when hlsgo refuses so many networks that the test says little.
func (s *survey) report(count int) {
	s.t.Helper()
	for why, n := range s.refused {
		s.t.Logf("refused %d: %s", n, why)
	}
	s.t.Logf("%d networks, %d compared, %d refused", count, s.ran, count-s.ran)
	require.GreaterOrEqual(s.t, s.ran, count*3/4, "most networks must run")
}
