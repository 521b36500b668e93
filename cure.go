package hlsgo

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/hlsgo/hlsgo/config"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/profiling"
	"github.com/hlsgo/hlsgo/profiling/tune"
)

// CureOptions tune the search for settings with which the model agrees with the float model.
type CureOptions = tune.Options

// Cure is the joint set of settings that such a search found.
type Cure = tune.Result

// Setting is one key of a configuration, below LayerName.
type Setting = tune.Setting

// Cure looks for the fewest and cheapest settings with which the fixed-point model agrees with the float
// model on the samples: it changes types and sizes of tables in the configuration, builds and runs the
// changed model, and keeps what is needed. in holds one array per input, in the model's order.
func (m *Model) Cure(ctx context.Context, o CureOptions, in ...*Array) (*Cure, error) {
	s, err := m.profileSetup()
	if err != nil {
		return nil, err
	}
	data, err := samplesOf(s.Program, in)
	if err != nil {
		return nil, err
	}
	return tune.Find(ctx, m.tuned(s), data, o)
}

// curedValues bounds the samples of a search, which are held in memory: 256 MB of them.
const curedValues = 1 << 25

// CureFiles is Cure with samples from files, as CompareFiles reads them.
func (m *Model) CureFiles(
	ctx context.Context, o CureOptions, most int, labels string, names ...string,
) (*Cure, error) {
	s, err := m.profileSetup()
	if err != nil {
		return nil, err
	}
	src, err := m.openInputs(s.Program, names)
	if err != nil {
		return nil, err
	}
	defer src.close()
	size := 0
	for _, p := range s.Program.Inputs {
		size += p.Size()
	}
	held, err := readInputs(s.Program, src, min(most, max(curedValues/size, 1)))
	if err != nil {
		return nil, err
	}
	data, err := samplesOf(s.Program, held)
	if err != nil {
		return nil, err
	}
	if labels != "" {
		o.Labels, err = readLabels(labels, held[0].Samples(), src.total, s.Program.Outputs[0].Size())
		if err != nil {
			return nil, err
		}
	}
	return tune.Find(ctx, m.tuned(s), data, o)
}

// tuned is the model as the search needs it.
func (m *Model) tuned(s profiling.Setup) *tune.Model {
	return &tune.Model{
		Config: m.config, Built: s.Before, Kernels: m.view(), Reference: s.Reference, Advice: advice,
		Build: func(cfg *ir.Config) (*ir.Graph, error) {
			other := *m
			other.config, other.graph, other.warnings = cfg, nil, nil
			return other.Graph()
		},
	}
}

// advice says what may help a layer that departs from the float model whatever its types are.
func advice(n *ir.Node) string {
	how, _ := n.Get("implementation")
	text := fmt.Sprint(how)
	switch {
	case n.Kind == "Softmax" && (text == "legacy" || text == "latency" || text == "argmax"):
		return fmt.Sprintf("its tables are those of Implementation %s: try Implementation: stable", text)
	case n.Strategy != "":
		return "hls4ml computes it in another way than its framework: see docs/quirks.md"
	}
	return ""
}

// With is the model with settings changed.
func (m *Model) With(settings ...Setting) *Model {
	other := *m
	other.config, other.graph = tune.Apply(m.config, settings), nil
	return &other
}

// TunedConfig returns the text of the model's configuration with settings changed, flags included. dir is the
// folder where it will stand: it names the files of the model and of data from there.
func (m *Model) TunedConfig(dir string, settings ...Setting) ([]byte, error) {
	if m.config.Document == nil {
		return nil, fmt.Errorf("%s: it has no text to change: got a configuration made by a program", m.name)
	}
	o := Overrides{}
	for _, s := range settings {
		o.Set = append(o.Set, s.String())
	}
	tree := &ir.Tree{Keys: slices.Clone(m.config.Document.Keys), Values: slices.Clone(m.config.Document.Values)}
	for i, key := range tree.Keys {
		path, ok := tree.Values[i].(string)
		if ok && path != "" && (m.config.Source[key] != "" || key == "InputData" || key == "OutputPredictions") {
			abs, err := filepath.Abs(config.RelativeTo(m.dir, path))
			if err != nil {
				return nil, err
			}
			tree.Values[i] = abs
		}
	}
	cfg, _, err := config.FromTree(tree, o, m.toolkit.ConfigEnv())
	if err != nil {
		return nil, err
	}
	return config.WriteYAML(cfg.Document), nil
}
