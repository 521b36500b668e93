package xilinx_test

import (
	"compress/gzip"
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/frontend/keras"
	"github.com/hlsgo/hlsgo/internal/npy"
	"github.com/hlsgo/hlsgo/internal/oracletest"
	"github.com/hlsgo/hlsgo/internal/tabletest"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/builtin"
	"github.com/stretchr/testify/require"
)

var record = flag.String("record", "", "folder of projects by testdata/projects.py, to take facts from")

const factsFile = "testdata/facts.json.gz"

// entry is one project of testdata/projects.json.
type entry struct {
	Name  string
	Case  string         // a case of testdata/oracle
	Model string         // or a folder of testdata/models
	Dump  string         // or such a case whose recorded final graph stands for front end and passes
	Set   map[string]any // settings on top of the case's configuration
	Data  bool           // with the test bench's data
	IO    []string       // "parallel", "stream": stands for a project of each with Vivado and with Vitis
}

func entries(t testing.TB) []entry {
	t.Helper()
	text, err := os.ReadFile("testdata/projects.json")
	require.NoError(t, err)
	var out []entry
	require.NoError(t, json.Unmarshal(text, &out))
	return slices.Collect(func(yield func(entry) bool) {
		for _, e := range out {
			if !e.each(yield) {
				return
			}
		}
	})
}

// each yields the projects that e stands for.
func (e entry) each(yield func(entry) bool) bool {
	if len(e.IO) == 0 {
		return yield(e)
	}
	for _, backend := range []string{"Vivado", "Vitis"} {
		for _, io := range e.IO {
			one := e
			one.Name = fmt.Sprintf("%s_%s_%s", e.Name, strings.ToLower(backend), io)
			one.Set = maps.Clone(e.Set)
			if one.Set == nil {
				one.Set = map[string]any{}
			}
			one.Set["Backend"], one.Set["IOType"] = backend, "io_"+io
			if !yield(one) {
				return false
			}
		}
	}
	return true
}

// overrides are the settings in the form of the --set flag.
func (e entry) overrides(t testing.TB) hlsgo.Overrides {
	t.Helper()
	var o hlsgo.Overrides
	for _, key := range slices.Sorted(maps.Keys(e.Set)) {
		value, err := json.Marshal(e.Set[key])
		require.NoError(t, err)
		o.Set = append(o.Set, key+"="+string(value))
	}
	return o
}

// dir is the folder of the entry's model.
func (e entry) dir() string {
	if e.Model != "" {
		return filepath.Join("testdata/models", e.Model)
	}
	return filepath.Join("../../testdata/oracle/cases", e.Case+e.Dump) // one of the two is set
}

// graph converts the model of the entry with its configuration.
func (e entry) graph(t testing.TB) (*ir.Graph, codegen.Options) {
	t.Helper()
	reg := builtin.Registry()
	o := codegen.Options{Config: func(string) ([]byte, error) { return []byte("HLSConfig: {}\n"), nil }}
	if e.Dump != "" {
		return oracletest.LoadDir(t, e.dir()).Graph(t, reg), o
	}
	cfg, _, err := hlsgo.ReadConfigFile(filepath.Join(e.dir(), "hls4ml_config.yml"), e.overrides(t),
		hlsgo.ConfigEnv{Schema: reg})
	require.NoError(t, err)
	if e.Data {
		o.TBInput = samples(t, filepath.Join(e.dir(), cfg.InputData))
		o.TBOutput = samples(t, filepath.Join(e.dir(), cfg.OutputPredictions))
	}
	return final(t, cfg, e.dir()), o
}

// final runs front end and passes.
func final(t testing.TB, cfg *ir.Config, dir string) *ir.Graph {
	t.Helper()
	reg := builtin.Registry()
	reader, err := keras.New()
	require.NoError(t, err)
	src, _, err := hlsgo.ConfigSource(cfg, dir)
	require.NoError(t, err)
	parsed, err := reader.Read(src, reg)
	require.NoError(t, err)
	g, err := ir.Build(parsed, cfg, reg)
	require.NoError(t, err)
	require.NoError(t, tool(t, cfg.Backend).Flow.Run(g, nil))
	return g
}

func emitted(t testing.TB, g *ir.Graph, o codegen.Options) *codegen.Project {
	t.Helper()
	p, err := tool(t, g.Config.Backend).Emit(g, builtin.Registry().For(codegen.Xilinx), o)
	require.NoError(t, err)
	return p
}

func samples(t testing.TB, path string) []byte {
	t.Helper()
	r, err := npy.Open(path)
	require.NoError(t, err)
	defer r.Close()
	n := r.Shape()[0]
	var text []byte
	if r.DType() == npy.Float64 {
		x, err := npy.ReadAll[float64](r)
		require.NoError(t, err)
		text, err = codegen.Samples(n, x)
		require.NoError(t, err)
		return text
	}
	x, err := npy.ReadAll[float32](r)
	require.NoError(t, err)
	text, err = codegen.Samples(n, x)
	require.NoError(t, err)
	return text
}

// TestProjectsHaveTheFactsOfHLS4ML holds our projects against those that hls4ml 1.3.0 wrote for the same
// models and configurations: file lists, weight texts, types, structs with fields and values, pragmas, calls,
// generated products, scripts. Where they part, the table of differences says why.
func TestProjectsHaveTheFactsOfHLS4ML(t *testing.T) {
	if *record != "" {
		writeFacts(t)
	}
	want := readFacts(t)
	used := make([]bool, len(differences))
	rows := tabletest.New(t)
	for _, e := range entries(t) {
		rows.Run(e.Name, func(t *tabletest.T) {
			g, o := e.graph(t)
			p := emitted(t, g, o)
			files := map[string]string{}
			for _, f := range p.Files() {
				files[f.Path] = string(f.Data)
			}
			got := factsOf(p.Name, files)
			require.Contains(t, want, e.Name)
			compareFacts(t, got, want[e.Name], used)
		})
	}
	for i, d := range differences {
		require.True(t, used[i], "difference %q is in no project any more", d.reason)
	}
}

func compareFacts(t testing.TB, got, want facts, used []bool) {
	for _, topic := range slices.Sorted(maps.Keys(want)) {
		g, w := joined(got[topic]), joined(want[topic])
		for i, d := range differences {
			if d.topic.MatchString(topic) {
				mapped, rest := replaced(w, d.theirs, d.ours), replaced(g, d.own, d.plain)
				used[i] = used[i] || mapped != w || rest != g
				g, w = rest, mapped
			}
		}
		if d := parted(strings.Split(g, "\n"), strings.Split(w, "\n")); d != "" {
			t.Errorf("%s:%s", topic, d)
		}
	}
	for topic := range got {
		require.Contains(t, want, topic)
	}
}

// joined is a list as one text, with an end behind every line.
func joined(list []string) string {
	return strings.Join(append(slices.Clone(list), ""), "\n")
}

func replaced(text string, pattern *regexp.Regexp, by string) string {
	if pattern == nil {
		return text
	}
	return pattern.ReplaceAllString(text, by)
}

// shownLines is how many lines of a difference are printed of each side.
const shownLines = 10

// parted says in which lines two lists part; "" when they are equal.
func parted(got, want []string) string {
	if slices.Equal(got, want) {
		return ""
	}
	text := missing("only hls4ml: ", want, got) + missing("only ours:   ", got, want)
	if text == "" {
		i := 0
		for i < min(len(got), len(want)) && got[i] == want[i] {
			i++
		}
		text = fmt.Sprintf("\n  the order or number of equal lines, from line %d on: got %q, want %q",
			i, got[i:min(i+5, len(got))], want[i:min(i+5, len(want))])
	}
	return text
}

// writeFacts takes the facts out of the projects under -record; those of projects that are not there stay.
func writeFacts(t *testing.T) {
	all, old := map[string]facts{}, readFacts(t)
	for _, e := range entries(t) {
		dir := filepath.Join(*record, e.Name)
		if _, err := os.Stat(dir); err != nil {
			all[e.Name] = old[e.Name]
			continue
		}
		name := "myproject"
		if v, ok := e.Set["ProjectName"]; ok {
			name = v.(string)
		}
		all[e.Name] = factsOf(name, readTree(t, dir))
	}
	f, err := os.Create(factsFile)
	require.NoError(t, err)
	defer f.Close()
	z, err := gzip.NewWriterLevel(f, gzip.BestCompression)
	require.NoError(t, err)
	require.NoError(t, json.NewEncoder(z).Encode(all))
	require.NoError(t, z.Close())
}

func readTree(t *testing.T, dir string) map[string]string {
	files := map[string]string{}
	require.NoError(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		files[strings.TrimPrefix(filepath.ToSlash(path), filepath.ToSlash(dir)+"/")] = string(text)
		return err
	}))
	return files
}

func readFacts(t *testing.T) map[string]facts {
	f, err := os.Open(factsFile)
	require.NoError(t, err)
	defer f.Close()
	z, err := gzip.NewReader(f)
	require.NoError(t, err)
	var out map[string]facts
	require.NoError(t, json.NewDecoder(z).Decode(&out))
	return out
}

// missing prints the lines of a list that another does not have.
func missing(what string, list, in []string) (text string) {
	n := 0
	for _, line := range list {
		if slices.Contains(in, line) {
			continue
		}
		if n++; n <= shownLines {
			text += "\n  " + what + line
		}
	}
	if n > shownLines {
		text += fmt.Sprintf("\n  %sand %d more lines", what, n-shownLines)
	}
	return text
}
