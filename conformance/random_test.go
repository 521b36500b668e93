package conformance_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/big"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/internal/tabletest"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/builtin"
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

// TestRandomFirmware draws networks of all kinds and wants the fast kernels, the plain evaluators and the
// compiled firmware to agree in every raw integer. HLSGO_RANDOM_COUNT and HLSGO_RANDOM_SEED make the long
// run, HLSGO_RANDOM_FAMILY draws networks that begin with the kinds of one family.
func TestRandomFirmware(t *testing.T) {
	s := newSurvey(t)
	count, seed := setting(t, "HLSGO_RANDOM_COUNT", 48), setting(t, "HLSGO_RANDOM_SEED", 1)
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

// TestRandomKernels compares fast kernels with plain evaluators only, on many more networks.
func TestRandomKernels(t *testing.T) {
	s := newSurvey(t)
	count, seed := setting(t, "HLSGO_RANDOM_KERNELS", 300), setting(t, "HLSGO_RANDOM_SEED", 1_000_000)
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
	rows    *tabletest.Rows
	family  string
	toolkit *hlsgo.Toolkit
	schema  ir.Schema
	refused map[string]int // by reason
	seeds   map[string]uint64
	counts  map[string]*count // by kind
	ran     int
}

// count is how many networks with a kind were drawn, and what became of them.
type count struct{ drawn, refused int }

func newSurvey(t *testing.T) *survey {
	return &survey{
		t: t, rows: tabletest.New(t), family: os.Getenv("HLSGO_RANDOM_FAMILY"),
		toolkit: toolkit(t), schema: builtin.Registry(),
		refused: map[string]int{}, seeds: map[string]uint64{}, counts: map[string]*count{},
	}
}

// draw makes the network of a seed; false when hlsgo refuses it with an error.
func (s *survey) draw(seed uint64) (trial, bool) {
	n, err := randomNetwork(s.schema, seed, s.family)
	require.NoError(s.t, err, "seed %d", seed)
	kinds := kindsOf(n)
	m, err := s.toolkit.NewModel(n.parsed, n.config)
	if err == nil {
		_, err = m.Compile(sim.Options{})
	}
	if err == nil {
		_, err = m.Project()
	}
	s.count(kinds, err != nil)
	if err != nil {
		why := reason(err)
		s.refused[why]++
		s.seeds[why] = seed
		return trial{}, false
	}
	return trial{fmt.Sprintf("seed%d", seed), m, n.samples(samplesPerNetwork)}, true
}

// kindsOf lists the kinds of a network as drawn, each once: its layers' classes, and the family, place and
// strategy.
func kindsOf(n *network) []string {
	out := []string{
		"begins with " + n.family, "on " + n.config.Backend + " " + string(n.config.IOType),
	}
	for _, l := range everyLayer(n.parsed.Layers) {
		name := l.Kind
		if strings.HasPrefix(l.ClassName, "Q") || l.ClassName == "BinaryDense" || l.ClassName == "TernaryDense" {
			name += " as " + l.ClassName
		}
		out = append(out, name)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (s *survey) count(kinds []string, refused bool) {
	for _, k := range kinds {
		if s.counts[k] == nil {
			s.counts[k] = &count{}
		}
		s.counts[k].drawn++
		if refused {
			s.counts[k].refused++
		}
	}
}

// reason is the kind of an error: its text without names and figures.
func reason(err error) string {
	first, _, _ := strings.Cut(err.Error(), "\n")
	kind, _, _ := strings.Cut(first, " ")
	if _, after, ok := strings.Cut(first, "\": "); ok {
		first = kind + ": " + after
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
		s.rows.Run(c.name, func(t *tabletest.T) { verifyTrial(t, f, i, c) })
	}
}

// report prints what was drawn and refused, and fails when so much is refused that the test says little.
func (s *survey) report(count int) {
	s.t.Helper()
	var table strings.Builder
	for _, kind := range slices.Sorted(maps.Keys(s.counts)) {
		c := s.counts[kind]
		fmt.Fprintf(&table, "\n%-45s %6d drawn %5d refused", kind, c.drawn, c.refused)
	}
	s.t.Log(table.String())
	for why, n := range s.refused {
		s.t.Logf("refused %d: %s (such as seed %d)", n, why, s.seeds[why])
	}
	s.t.Logf("%d networks, %d compared, %d refused", count, s.ran, count-s.ran)
	require.GreaterOrEqual(s.t, s.ran, count*17/20, "most networks must run")
}
