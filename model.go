package hlsgo

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/big"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/config"
	"github.com/hlsgo/hlsgo/frontend"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
	"github.com/hlsgo/hlsgo/sim"
)

// Model is a network with a configuration, as Toolkit.Load reads it. Any number of goroutines may use one
// Model at once. The graph is converted when it is first needed, and nobody may change it then.
type Model struct {
	toolkit *Toolkit
	name    string // of the configuration or model file, for messages
	parsed  *ir.Parsed
	config  *ir.Config
	backend Backend
	dir     string // of the configuration, for relative paths
	source  source

	mu       sync.Mutex // guards what is below
	graph    *ir.Graph  // nil until it is needed
	warnings []string
}

// open is Load, whether or not what is set has an effect.
func (t *Toolkit) open(path string, o Overrides) (*Model, error) {
	if isConfig(path) {
		text, err := config.Text(path)
		if err != nil {
			return nil, during(CodeConfig, err)
		}
		return t.openText(path, text, filepath.Dir(path), o)
	}
	n, tree, err := t.start(path, "model", o)
	if err != nil {
		return nil, err
	}
	cfg, more, err := config.FromTree(tree, o, t.ConfigEnv())
	if err != nil {
		return nil, err
	}
	m, err := t.model(path, n.parsed, cfg, "", append(n.warnings, more...))
	if err != nil {
		return nil, err
	}
	m.source = source{text: config.WriteYAML(tree), generated: true, overrides: o, from: n.candidate}
	return m, nil
}

// openText is open for the text of a configuration, whose files are looked for from dir.
func (t *Toolkit) openText(path string, text []byte, dir string, o Overrides) (*Model, error) {
	if o.Weights != "" {
		return nil, fmt.Errorf("--weights: got it with %s, want it in there: see KerasH5", path)
	}
	cfg, warnings, err := config.Read(path, text, o, t.ConfigEnv())
	if err != nil {
		return nil, during(CodeConfig, err)
	}
	m, err := t.load(path, cfg, dir, warnings)
	if err != nil {
		return nil, err
	}
	m.source.text, m.source.overrides = text, o
	return m, nil
}

// GenerateConfig returns the text of a configuration to start from for a model file, with overrides applied,
// and the warnings about it. dir is the folder where the configuration will stand: it names the model's files
// from there.
func (t *Toolkit) GenerateConfig(path, granularity, dir string, o Overrides) ([]byte, []string, error) {
	n, tree, err := t.start(path, granularity, o)
	if err != nil {
		return nil, nil, err
	}
	for key, file := range n.src.Files {
		tree.Set(key, relativePath(dir, file))
	}
	cfg, _, err := config.FromTree(tree, o, t.ConfigEnv())
	if err != nil {
		return nil, nil, err
	}
	return config.WriteYAML(cfg.Document), n.warnings, nil
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
func (t *Toolkit) start(path, granularity string, o Overrides) (*network, *ir.Tree, error) {
	n, err := t.read(path, o)
	if err != nil {
		return nil, nil, err
	}
	working := t.reg.working()
	if len(working) == 0 {
		return nil, nil, errors.New("backend: got none in the toolkit, want a plugin that brings one")
	}
	b, ok := backendNamed(t.reg.predicting(), cmp.Or(o.Backend, working[0].Name))
	if !ok {
		return nil, nil, t.unknownBackend(o.Backend)
	}
	hls, err := config.Generate(n.parsed, t.reg.layers, config.GenerateOptions{
		Granularity: granularity, Tool: b.Tool, Precision: o.Precision, ReuseFactor: o.ReuseFactor,
	})
	if err != nil {
		return nil, nil, err
	}
	files := []string{n.key, n.src.Files[n.key]} // the main file first
	for _, key := range slices.Sorted(maps.Keys(n.src.Files)) {
		if key != n.key {
			files = append(files, key, n.src.Files[key])
		}
	}
	tree := config.Start(ofConfig(b), config.StartOptions{
		OutputDir: o.OutputDir, ProjectName: o.ProjectName, Part: o.Part, IOType: o.IOType,
		ClockPeriod: o.ClockPeriod,
	}, hls, files...)
	if shapes := inputShapes(n.parsed); shapes != nil {
		tree.Set("InputShape", shapes)
	}
	return n, tree, nil
}

// inputShapes is the key InputShape of models with channels first: the shape of a sample, or a list of them
// where there are several inputs; nil of other models.
func inputShapes(p *ir.Parsed) any {
	var all []any
	for _, l := range inputsFirst(p) {
		v, _ := ir.GetAttr(l.Attrs, "input_shape")
		shape, _ := v.([]int)
		var list []any
		for _, d := range shape {
			list = append(list, d)
		}
		all = append(all, list)
	}
	if len(all) == 1 {
		return all[0]
	}
	if len(all) == 0 {
		return nil
	}
	return all
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
	if b, ok := backendNamed(t.reg.predicting(), cfg.Backend); ok {
		own := *cfg
		own.SetTool(b.Tool)
		cfg = &own
	}
	return t.model("configuration", p, cfg, "", nil)
}

func (t *Toolkit) load(name string, cfg *ir.Config, dir string, warnings []string) (*Model, error) {
	c, more, err := t.readerOf(name, cfg, dir)
	if err != nil {
		return nil, during(CodeModel, err)
	}
	parsed, err := c.Read(c.src, t.reg.layers)
	if err != nil {
		return nil, during(CodeModel, err)
	}
	if err := checkInputShape(cfg, parsed); err != nil {
		return nil, during(CodeConfig, fmt.Errorf("%s: %w", name, err))
	}
	m, err := t.model(name, parsed, cfg, dir, append(warnings, more...))
	if err != nil {
		return nil, err
	}
	m.source.files, m.source.from = c.src.Files, c
	return m, nil
}

func (t *Toolkit) model(
	name string, p *ir.Parsed, cfg *ir.Config, dir string, warnings []string,
) (*Model, error) {
	b, ok := backendNamed(t.reg.predicting(), cfg.Backend)
	if !ok {
		return nil, t.unknownBackend(cfg.Backend)
	}
	more, err := config.Check(name, cfg, p, t.ConfigEnv())
	if err != nil {
		return nil, during(CodeConfig, err)
	}
	warnings = append(warnings, p.Warnings...)
	if b.Missing != "" {
		warnings = append(warnings, fmt.Sprintf("Backend %q: it predicts, and cannot generate yet: %s",
			b.Name, b.Missing))
	}
	if b.Bus != nil {
		if _, err := b.Bus(cfg); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return &Model{
		toolkit: t, name: name, parsed: p, config: cfg, backend: b, dir: dir, warnings: append(warnings, more...),
	}, nil
}

func isConfig(path string) bool {
	return slices.Contains([]string{".yml", ".yaml"}, strings.ToLower(filepath.Ext(path)))
}

// network is one that was read from files.
type network struct {
	candidate
	parsed   *ir.Parsed
	warnings []string
}

// read reads a network by the name of its main file, with a front end that knows such names.
func (t *Toolkit) read(path string, o Overrides) (*network, error) {
	list, note, err := t.readersOf(path, o)
	if err != nil {
		return nil, during(CodeModel, err)
	}
	c, warnings, err := choose(list)
	if err != nil {
		return nil, during(CodeModel, err)
	}
	if note != "" {
		warnings = append([]string{note}, warnings...)
	}
	p, err := c.Read(c.src, t.reg.layers)
	return &network{c, p, warnings}, during(CodeModel, err)
}

// readersOf lists the front ends that take a file of the name, alone or with the weights beside it, which the
// note names.
func (t *Toolkit) readersOf(path string, o Overrides) (list []candidate, note string, err error) {
	var known []string
	stream := o.IOType == string(ir.Stream)
	ext := filepath.Ext(path)
	paired := false
	for _, r := range slices.Backward(t.reg.readers) {
		for end, key := range r.Extensions() {
			if strings.EqualFold(end, ext) {
				src := frontend.Source{Files: map[string]string{key: path}, Stream: stream}
				list = append(list, candidate{r, key, src})
			}
			known = append(known, end)
		}
		if p, ok := r.Reader.(frontend.Paired); ok {
			for _, pair := range p.Pairs() {
				known = append(known, pair.Extension)
			}
		}
		pair, ok := pairOf(r.Reader, ext)
		if !ok {
			continue
		}
		paired = true
		src := frontend.Source{Files: map[string]string{pair.Key: path}, Stream: stream}
		if o.Weights != "" {
			src.Files[pair.Weights] = o.Weights
		} else if note, err = t.reg.complete(src); err != nil {
			return nil, "", err
		}
		list = append(list, candidate{r, pair.Key, src})
	}
	switch {
	case len(list) == 0:
		slices.Sort(known)
		return nil, "", fmt.Errorf("%s: unknown kind of file: got extension %q, want .yml or one of %s",
			path, ext, strings.Join(slices.Compact(known), ", "))
	case o.Weights != "" && !paired:
		return nil, "", fmt.Errorf("--weights: got it with %s, which holds its weights, want an architecture alone",
			path)
	}
	return list, note, nil
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
	note, err := t.reg.complete(src)
	if err != nil {
		return candidate{}, nil, fmt.Errorf("%s: %w", name, err)
	}
	if note != "" {
		notes = append(notes, note)
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
	return fmt.Errorf("%s: no model file: got none, want one of %s%s", name, keys, misplaced(cfg.Document))
}

// misplaced is a hint where the settings of a configuration stand at its outermost level, as those that
// scripts hand to hls4ml do, or "".
func misplaced(top *ir.Tree) string {
	var found []string
	for _, key := range []string{"Model", "LayerType", "LayerName"} {
		if _, ok := top.Get(key); ok {
			found = append(found, key)
		}
	}
	if len(found) == 0 {
		return ""
	}
	return ": settings such as " + strings.Join(found, " and ") + " stand under HLSConfig"
}

// Config is the configuration with overrides applied.
func (m *Model) Config() *ir.Config { return m.config }

// Parsed is the network as the front end read it.
func (m *Model) Parsed() *ir.Parsed { return m.parsed }

// Warnings lists what the user should know, in the order in which it was found.
func (m *Model) Warnings() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.graph == nil {
		return slices.Clone(m.warnings)
	}
	return slices.Concat(m.warnings, m.graph.Warnings)
}

// configured is the same network with another configuration of the same backend, and no warnings yet.
func (m *Model) configured(cfg *ir.Config) *Model {
	return &Model{
		toolkit: m.toolkit, name: m.name, parsed: m.parsed, config: cfg, backend: m.backend, dir: m.dir,
		source: m.source,
	}
}

// warn adds a warning, unless it is there.
func (m *Model) warn(text string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !slices.Contains(m.warnings, text) {
		m.warnings = append(m.warnings, text)
	}
}

// Graph runs all flows of the backend, once, and returns the final graph, which is the Model's own: it is for
// looking at.
func (m *Model) Graph() (*ir.Graph, error) { return m.GraphContext(context.Background()) }

// GraphContext is Graph until ctx is canceled; a later call begins anew.
func (m *Model) GraphContext(ctx context.Context) (*ir.Graph, error) {
	// Whoever comes while another converts waits for the one graph.
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.graph != nil {
		return m.graph, nil
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	g, err := m.build()
	if err != nil {
		return nil, err
	}
	if err := m.backend.Flow.Run(g, until(ctx)); err != nil {
		return nil, during(CodeNetwork, err)
	}
	if err := ir.VerifyResolved(g); err != nil {
		return nil, during(CodeNetwork, err)
	}
	m.graph = g
	return g, nil
}

// until ends a flow behind the pass that changes something when ctx is canceled. Flows that take long change
// much: looking for what to change is fast.
func until(ctx context.Context) func(*ir.Graph, ir.Pass) error {
	return func(*ir.Graph, ir.Pass) error { return ctx.Err() }
}

func (m *Model) build() (*ir.Graph, error) {
	g, err := ir.Build(m.parsed.Clone(), m.config, m.toolkit.reg.layers)
	return g, during(CodeNetwork, err)
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
	m.warn(fmt.Sprintf("pass %q: it changes nothing in this model: this is the final graph", pass))
	return g, nil
}

// GraphForm says how GraphText writes a graph.
type GraphForm int

// The forms: text with a line per layer, JSON, and JSON with the values of weights.
const (
	GraphLines GraphForm = iota
	GraphJSON
	GraphJSONValues
)

// GraphText is the graph, final or as it is after a pass, or the network of the file behind a step of its
// front end; see Toolkit.Stages.
func (m *Model) GraphText(after string, form GraphForm) ([]byte, error) {
	if m.toolkit.isStage(after) {
		return m.stageText(after, form)
	}
	g, err := m.Graph()
	if after != "" {
		g, err = m.GraphAfter(after)
	}
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	write := map[GraphForm]func(io.Writer) error{
		GraphLines: g.WriteText, GraphJSON: g.WriteJSON,
		GraphJSONValues: func(w io.Writer) error { return g.WriteJSONValues(w, rawWeights) },
	}[form]
	err = write(&b)
	return b.Bytes(), err
}

// rawWeights are the integers that the firmware holds, each value times two to its fraction bits; nil: those
// of a type that is not resolved or is no fixed-point type.
func rawWeights(w *ir.Weight) any {
	f := w.Type.Format
	if !f.IsFixedOrInt() {
		return nil
	}
	if f.Narrow() {
		return sim.Weights(w)
	}
	out := make([]*big.Int, len(w.Data.Data))
	for i, v := range sim.WeightNums(w) {
		out[i] = v.X
	}
	return out
}

func (m *Model) view() layers.View { return m.toolkit.reg.layers.For(m.backend.Dialect) }

// Compile makes the simulator's program of the final graph.
func (m *Model) Compile(o sim.Options) (*sim.Program, error) {
	return m.CompileContext(context.Background(), o)
}

// CompileContext is Compile until ctx is canceled.
func (m *Model) CompileContext(ctx context.Context, o sim.Options) (*sim.Program, error) {
	g, err := m.GraphContext(ctx)
	if err != nil {
		return nil, err
	}
	p, err := sim.CompileContext(ctx, g, m.view(), o)
	return p, during(CodeNetwork, err)
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
