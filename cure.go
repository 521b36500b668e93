package hlsgo

import (
	"bytes"
	"context"
	"fmt"
	"slices"

	"github.com/hlsgo/hlsgo/config"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/profiling"
	"github.com/hlsgo/hlsgo/profiling/tune"
)

// CureOptions tune the search for settings with which the model agrees with the float model: Keep names
// layers and keys that must stay. See [tune.Options].
type CureOptions = tune.Options

// Cure is the joint set of settings that such a search found, with measures before and after. Model.CureText
// writes the configuration with them. See [tune.Result].
type Cure = tune.Result

// Cure looks for the fewest and cheapest settings with which the fixed-point model agrees with the float
// model on the samples: it changes types and sizes of tables in the configuration, builds and runs the
// changed model, and keeps what is needed. in holds one array per input, in the model's order.
func (m *Model) Cure(ctx context.Context, o CureOptions, in ...*Array) (*Cure, error) {
	s, err := m.profileSetup(ctx)
	if err != nil {
		return nil, err
	}
	data, err := m.samplesOf(s.Program, in)
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
	s, err := m.profileSetup(ctx)
	if err != nil {
		return nil, err
	}
	src, err := m.openSamples(s.Program, names)
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
	data, err := m.samplesOf(s.Program, held)
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
			return m.configured(cfg).Graph()
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
	case n.Kind == "Softmax" && n.Type("inp_norm_t") == nil:
		size, _ := n.Get("table_size")
		in := n.In(0).Type.Format
		return fmt.Sprintf("its table has %v places for what %s holds: a larger TableSize, or inp_norm_t", size, in)
	}
	return "hls4ml computes it in another way than its framework: see docs/quirks.md"
}

// Cured is the model with the settings of a cure.
func (m *Model) Cured(r *Cure) *Model {
	other := m.configured(tune.Apply(m.config, r.Settings()))
	m.mu.Lock()
	defer m.mu.Unlock()
	other.warnings = slices.Clone(m.warnings)
	return other
}

// CureText returns the model's configuration with the settings of a cure as part of it, as ConfigText does.
// What is in the text is what has been measured: it is read again, and builds the same network.
func (m *Model) CureText(o ConfigOptions, r *Cure) ([]byte, error) {
	list := settingTexts(r)
	text, err := m.ConfigText(o, list...)
	if err != nil {
		return nil, err
	}
	written, err := m.set(list...)
	if err != nil {
		return nil, err
	}
	got, err := written.GraphText("", GraphJSON)
	if err != nil {
		return nil, err
	}
	want, err := m.Cured(r).GraphText("", GraphJSON)
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(got, want) {
		return nil, fmt.Errorf("%s: the settings read again: got another network, want the one that was measured",
			m.name)
	}
	return text, nil
}

// CureFlags is the settings of a cure as arguments of a command line, to be pasted into a shell.
func CureFlags(r *Cure) string {
	return config.Flags(" ", cureSettings(r)...)
}

// settingTexts writes the settings of a cure as values of --set.
func settingTexts(r *Cure) []string {
	var list []string
	for _, s := range cureSettings(r) {
		list = append(list, s.String())
	}
	return list
}

func cureSettings(r *Cure) []config.Setting {
	var list []config.Setting
	for _, s := range r.Settings() {
		list = append(list, s.Config())
	}
	return list
}
