package hlsgo

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/config"
	"github.com/hlsgo/hlsgo/frontend"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
	"github.com/hlsgo/hlsgo/sim"
)

// Model is a network with a configuration. The graph is converted when it is first needed; a Model is not
// for several goroutines at once, the programs compiled from it are.
type Model struct {
	toolkit  *Toolkit
	name     string // of the configuration or model file, for messages
	parsed   *ir.Parsed
	config   *ir.Config
	backend  Backend
	dir      string // of the configuration, for relative paths
	warnings []string
	source   source

	graph *ir.Graph
}

// open is Load, whether or not what is set has an effect.
func (t *Toolkit) open(path string, o Overrides) (*Model, error) {
	if isConfig(path) {
		text, err := config.Text(path)
		if err != nil {
			return nil, err
		}
		cfg, warnings, err := config.Read(path, text, o, t.ConfigEnv())
		if err != nil {
			return nil, err
		}
		m, err := t.load(path, cfg, filepath.Dir(path), warnings)
		if err != nil {
			return nil, err
		}
		m.source.text, m.source.overrides = text, o
		return m, nil
	}
	parsed, tree, warnings, err := t.start(path, "model", o)
	if err != nil {
		return nil, err
	}
	cfg, more, err := config.FromTree(tree, o, t.ConfigEnv())
	if err != nil {
		return nil, err
	}
	m, err := t.model(path, parsed, cfg, "", append(warnings, more...))
	if err != nil {
		return nil, err
	}
	m.source = source{text: config.WriteYAML(tree), generated: true, overrides: o}
	return m, nil
}

// GenerateConfig returns the text of a configuration to start from for a model file, with overrides applied.
// dir is the folder where the configuration will stand: it names the model file from there.
func (t *Toolkit) GenerateConfig(path, granularity, dir string, o Overrides) ([]byte, error) {
	_, tree, _, err := t.start(path, granularity, o)
	if err != nil {
		return nil, err
	}
	for i, v := range tree.Values {
		if v == path {
			tree.Values[i] = relativePath(dir, path)
		}
	}
	cfg, _, err := config.FromTree(tree, o, t.ConfigEnv())
	if err != nil {
		return nil, err
	}
	return config.WriteYAML(cfg.Document), nil
}

// relativePath is path as seen from dir, or path itself where there is no way from there.
func relativePath(dir, path string) string {
	from, err := filepath.Abs(dir)
	if err != nil || filepath.IsAbs(path) {
		return path
	}
	to, err := filepath.Abs(path)
	if err != nil {
		return path
	}
	rel, err := filepath.Rel(from, to)
	if err != nil {
		return path
	}
	return rel
}

// start reads a model file and makes a configuration for it.
func (t *Toolkit) start(path, granularity string, o Overrides) (*ir.Parsed, *ir.Tree, []string, error) {
	parsed, key, warnings, err := t.read(path, o.IOType)
	if err != nil {
		return nil, nil, nil, err
	}
	working := t.reg.working()
	if len(working) == 0 {
		return nil, nil, nil, errors.New("backend: got none in the toolkit, want a plugin that brings one")
	}
	b, ok := backendNamed(working, cmp.Or(o.Backend, working[0].Name))
	if !ok {
		return nil, nil, nil, t.unknownBackend(o.Backend)
	}
	hls, err := config.Generate(parsed, t.reg.layers, config.GenerateOptions{
		Granularity: granularity, Tool: b.Tool, Precision: o.Precision, ReuseFactor: o.ReuseFactor,
	})
	if err != nil {
		return nil, nil, nil, err
	}
	tree := config.Start(ofConfig(b), config.StartOptions{
		OutputDir: o.OutputDir, ProjectName: o.ProjectName, Part: o.Part, IOType: o.IOType,
		ClockPeriod: o.ClockPeriod,
	}, hls, key, path)
	return parsed, tree, warnings, nil
}

func (t *Toolkit) unknownBackend(name string) error {
	known := strings.Join(names(t.reg.working()), ", ")
	if b, ok := backendNamed(t.reg.backends, name); ok {
		return fmt.Errorf("Backend %q: it cannot generate yet: %s: got it, want one of %s",
			b.Name, b.Missing, known)
	}
	return fmt.Errorf("Backend %q: unknown: got it, want one of %s", name, known)
}

// NewModel joins a network and a configuration that need no files.
func (t *Toolkit) NewModel(p *ir.Parsed, cfg *ir.Config) (*Model, error) {
	// A configuration made by hand may name a backend and forget what follows from it.
	if b, ok := backendNamed(t.reg.working(), cfg.Backend); ok {
		own := *cfg
		own.SetTool(b.Tool)
		cfg = &own
	}
	return t.model("configuration", p, cfg, "", nil)
}

func (t *Toolkit) load(name string, cfg *ir.Config, dir string, warnings []string) (*Model, error) {
	c, more, err := t.readerOf(name, cfg, dir)
	if err != nil {
		return nil, err
	}
	parsed, err := c.Read(c.src, t.reg.layers)
	if err != nil {
		return nil, err
	}
	m, err := t.model(name, parsed, cfg, dir, append(warnings, more...))
	if err != nil {
		return nil, err
	}
	m.source.files = c.src.Files
	return m, nil
}

func (t *Toolkit) model(
	name string, p *ir.Parsed, cfg *ir.Config, dir string, warnings []string,
) (*Model, error) {
	b, ok := backendNamed(t.reg.working(), cfg.Backend)
	if !ok {
		return nil, t.unknownBackend(cfg.Backend)
	}
	more, err := config.Check(name, cfg, p, t.ConfigEnv())
	if err != nil {
		return nil, err
	}
	return &Model{
		toolkit: t, name: name, parsed: p, config: cfg, backend: b, dir: dir, warnings: append(warnings, more...),
	}, nil
}

func isConfig(path string) bool {
	return slices.Contains([]string{".yml", ".yaml"}, strings.ToLower(filepath.Ext(path)))
}

// read reads a network from one file for an io type, by a front end that knows its extension, and returns the
// configuration's key for such a file.
func (t *Toolkit) read(path, ioType string) (p *ir.Parsed, key string, warnings []string, err error) {
	var list []candidate
	var known []string
	for _, r := range slices.Backward(t.reg.readers) {
		for ext, key := range r.Extensions() {
			if strings.EqualFold(ext, filepath.Ext(path)) {
				src := frontend.Source{Files: map[string]string{key: path}, Stream: ioType == string(ir.Stream)}
				list = append(list, candidate{r, key, src})
			}
			known = append(known, ext)
		}
	}
	if len(list) == 0 {
		slices.Sort(known)
		return nil, "", nil, fmt.Errorf("%s: unknown kind of file: got extension %q, want .yml or one of %s",
			path, filepath.Ext(path), strings.Join(slices.Compact(known), ", "))
	}
	c, warnings, err := choose(list)
	if err != nil {
		return nil, "", nil, err
	}
	p, err = c.Read(c.src, t.reg.layers)
	return p, c.key, warnings, err
}

// readerOf finds the model files that the configuration called name names, and their front end.
func (t *Toolkit) readerOf(name string, cfg *ir.Config, dir string) (candidate, []string, error) {
	if err := t.readable(name, cfg); err != nil {
		return candidate{}, nil, err
	}
	src, notes, err := ConfigSource(cfg, dir)
	if err != nil {
		return candidate{}, nil, fmt.Errorf("%s: %w", name, err)
	}
	for i := range notes {
		notes[i] = name + ": " + notes[i]
	}
	c, warnings, err := choose(t.reg.candidates(src))
	return c, append(notes, warnings...), err
}

// readable wants a model file under a key of some front end.
func (t *Toolkit) readable(name string, cfg *ir.Config) error {
	known := t.reg.sourceKeys()
	for key := range cfg.Source {
		if slices.Contains(known, key) {
			return nil
		}
	}
	keys := strings.Join(known, ", ")
	for _, key := range slices.Sorted(maps.Keys(cfg.Source)) {
		return fmt.Errorf("%s: %s: no front end reads it: got %s, want one of %s", name, key, cfg.Source[key], keys)
	}
	return fmt.Errorf("%s: no model file: got none, want one of %s", name, keys)
}

// Config is the configuration with overrides applied.
func (m *Model) Config() *ir.Config { return m.config }

// Parsed is the network as the front end read it.
func (m *Model) Parsed() *ir.Parsed { return m.parsed }

// Warnings lists what the user should know, in the order in which it was found.
func (m *Model) Warnings() []string {
	if m.graph == nil {
		return m.warnings
	}
	return slices.Concat(m.warnings, m.graph.Warnings)
}

// Graph runs all flows of the backend, once, and returns the final graph.
func (m *Model) Graph() (*ir.Graph, error) {
	if m.graph != nil {
		return m.graph, nil
	}
	g, err := m.build()
	if err != nil {
		return nil, err
	}
	if err := m.backend.Flow.Run(g, nil); err != nil {
		return nil, err
	}
	if err := ir.VerifyResolved(g); err != nil {
		return nil, err
	}
	m.graph = g
	return g, nil
}

func (m *Model) build() (*ir.Graph, error) {
	return ir.Build(m.parsed.Clone(), m.config, m.toolkit.reg.layers)
}

// errStop ends a flow at the pass that was asked for.
var errStop = errors.New("stop")

// GraphAfter is the graph as it is when the pass has changed something for the first time. Of a pass that
// never does it is the final graph, and Warnings say so.
func (m *Model) GraphAfter(pass string) (*ir.Graph, error) {
	known := false
	for _, row := range m.toolkit.Passes() {
		known = known || row.Name == pass
	}
	if !known {
		return nil, fmt.Errorf("pass %q: unknown: got it, want one that 'hlsgo passes' lists", pass)
	}
	g, err := m.build()
	if err != nil {
		return nil, err
	}
	err = m.backend.Flow.Run(g, func(_ *ir.Graph, p ir.Pass) error {
		if p.Name == pass {
			return errStop
		}
		return nil
	})
	if errors.Is(err, errStop) {
		return g, nil
	}
	if err != nil {
		return nil, err
	}
	unchanged := fmt.Sprintf("pass %q: it changes nothing in this model: this is the final graph", pass)
	if !slices.Contains(m.warnings, unchanged) {
		m.warnings = append(m.warnings, unchanged)
	}
	return g, nil
}

// GraphText is the graph, final or as it is after a pass, as text or as JSON.
func (m *Model) GraphText(after string, asJSON bool) ([]byte, error) {
	g, err := m.Graph()
	if after != "" {
		g, err = m.GraphAfter(after)
	}
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	write := g.WriteText
	if asJSON {
		write = g.WriteJSON
	}
	err = write(&b)
	return b.Bytes(), err
}

func (m *Model) view() layers.View { return m.toolkit.reg.layers.For(m.backend.Dialect) }

// Compile makes the simulator's program of the final graph.
func (m *Model) Compile(o sim.Options) (*sim.Program, error) {
	g, err := m.Graph()
	if err != nil {
		return nil, err
	}
	return sim.Compile(g, m.view(), o)
}

// Explain lists the effective settings, each with where it came from.
func (m *Model) Explain() ([]Effective, error) {
	g, err := m.Graph()
	if err != nil {
		return nil, err
	}
	return config.Explain(m.name, g), nil
}

// KernelRow is one line of `hlsgo ir --kernels`.
type KernelRow struct {
	Layer  string `json:"layer"`
	Kind   string `json:"kind"`
	Kernel string `json:"kernel"` // exact, ring, cut, ordered, table, ...
	Lanes  string `json:"lanes"`  // integers computed in
	Values int    `json:"values"` // results of one sample computed so
	Reason string `json:"reason"`
	// Operations counts the layer's plane operations per block of samples; Loops names the vector code of its
	// sums, none where they run in plain Go.
	Operations int      `json:"operations"`
	Loops      []string `json:"loops"`
}

// Kernels lists, layer by layer, how the simulator computes it and why.
func (m *Model) Kernels() ([]KernelRow, error) {
	p, err := m.Compile(sim.Options{})
	if err != nil {
		return nil, err
	}
	var rows []KernelRow
	for _, k := range p.Kernels() {
		for _, n := range k.Notes {
			rows = append(rows, KernelRow{
				Layer: k.Node, Kind: k.Kind, Kernel: n.Class.String(), Lanes: n.Lane, Values: n.Count, Reason: n.Why,
				Operations: k.Operations, Loops: slices.Clip(append([]string{}, k.Loops...)),
			})
		}
	}
	return rows, nil
}

// OutputDir is the folder of the project, relative to the working directory.
func (m *Model) OutputDir() string {
	if m.config.OutputDir == "" {
		return m.config.ProjectName + "_prj"
	}
	return config.RelativeTo(m.dir, m.config.OutputDir)
}

// emitters is the C++ of the layers in the backend's dialect.
func (m *Model) emitters() codegen.Emitters { return m.view() }
