package hlsgo_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/config"
	"github.com/hlsgo/hlsgo/frontend/keras"
	"github.com/hlsgo/hlsgo/internal/hdf5"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/sim"
)

const oracleCases = "testdata/oracle/cases"

// fuzzed are recorded models of which fuzzing replaces single values.
var fuzzed = []string{
	"garnet_mean_vitis_parallel", "garnet_stack_vitis_parallel", "hgq1_dense_spread_vitis_parallel",
	"hgq1_lut_vitis_parallel", "hgq1_branches_add_vitis_parallel",
	"keras2_binarydense_bn_tanh_vitis_parallel", "keras2_ternarydense_bn_tanh_vivado_stream",
	"keras2_biasadd_conv2d_vitis_parallel", "keras2_bram_conv1d_vivado_stream",
	"qkeras_conv2dbn_vitis_parallel", "qkeras_dense_alpha_auto_vitis_parallel",
	"qkeras_lstm_quantized_vivado_parallel", "qkeras_sepconv2d_vitis_stream",
	"qkeras_act_qsigmoid5_vitis_parallel", "qkeras_qbatchnorm_vitis_parallel",
	"keras2_act_chain_modelgran_vitis_parallel", "keras2_embedding_vitis_parallel",
	"keras2_layernorm_vitis_parallel", "keras2_merge_dot_modelgran_vitis_parallel",
	"keras2_rnn_bidir_lstm_vitis_parallel", "keras2_timedist_dense_vitis_parallel",
	"keras2_upsample2d_vitis_parallel", "keras2_zeropad2d_vitis_parallel",
	"keras2_reshape_vitis_stream", "keras2_gavgpool2d_keepdims_vivado_stream",
}

// maxFuzzedValues bounds the networks that fuzzing compiles, for its speed.
const maxFuzzedValues = 1 << 14

// patient is a recorded model in parts, and the places in its description and in its configuration.
type patient struct {
	arch    any // JSON
	config  *ir.Tree
	weights []byte
	inArch  [][]any // keys and numbers that lead to a value
	inTree  [][]any // numbers alone
}

func newPatient(t testing.TB, name string) *patient {
	text, err := os.ReadFile(filepath.Join(oracleCases, name, "model.h5"))
	require.NoError(t, err)
	h5, err := hdf5.Open(bytes.NewReader(text), int64(len(text)))
	require.NoError(t, err)
	a, err := h5.Root().Attr("model_config")
	require.NoError(t, err)
	arch, err := a.Text()
	require.NoError(t, err)
	p := &patient{weights: text}
	require.NoError(t, decodeJSON(arch, &p.arch))
	text, err = os.ReadFile(filepath.Join(oracleCases, name, "hls4ml_config.yml"))
	require.NoError(t, err)
	p.config, err = config.ParseYAML("c.yml", text)
	require.NoError(t, err)
	places(p.arch, nil, func(at []any) { p.inArch = append(p.inArch, slices.Clone(at)) })
	places(p.config, nil, func(at []any) { p.inTree = append(p.inTree, slices.Clone(at)) })
	return p
}

func decodeJSON(text string, into any) error {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	return d.Decode(into)
}

// places visits v and all values inside.
func places(v any, at []any, visit func(at []any)) {
	visit(at)
	switch v := v.(type) {
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(v)) {
			places(v[k], append(at, k), visit)
		}
	case []any:
		for i, e := range v {
			places(e, append(at, i), visit)
		}
	case *ir.Tree:
		for i, e := range v.Values {
			places(e, append(at, i), visit)
		}
	}
}

// with is v with another value at a place.
func with(v any, at []any, by any) any {
	if len(at) == 0 {
		return by
	}
	switch v := v.(type) {
	case map[string]any:
		c := maps.Clone(v)
		c[at[0].(string)] = with(v[at[0].(string)], at[1:], by)
		return c
	case []any:
		c := slices.Clone(v)
		c[at[0].(int)] = with(v[at[0].(int)], at[1:], by)
		return c
	case *ir.Tree:
		c := &ir.Tree{Keys: v.Keys, Values: slices.Clone(v.Values)}
		c.Values[at[0].(int)] = with(v.Values[at[0].(int)], at[1:], by)
		return c
	}
	panic("BUG: a place inside a plain value")
}

// theatre is what operations need.
type theatre struct {
	tk     *hlsgo.Toolkit
	env    config.Env
	reader *keras.Reader
}

func newTheatre(t testing.TB) theatre {
	tk, err := hlsgo.New()
	require.NoError(t, err)
	r, err := keras.New()
	require.NoError(t, err)
	env := tk.ConfigEnv()
	env.Schema = fewNames{env.Schema}
	return theatre{tk, env, r}
}

// fewNames lists few of the kinds, and knows all: a third of an operation would go into listing the keys that
// kinds declare.
type fewNames struct{ ir.Schema }

// KindNames implements ir.Schema.
func (fewNames) KindNames() []string { return []string{"Activation", "Dense", "LSTM", "Softmax"} }

// operate reads, converts and compiles the network; where that fails, an error says so.
func (o theatre) operate(t *testing.T, arch any, settings *ir.Tree, weights []byte) error {
	text, err := json.Marshal(arch)
	require.NoError(t, err)
	h5, err := hdf5.Open(bytes.NewReader(weights), int64(len(weights)))
	require.NoError(t, err)
	p, err := o.reader.ReadParts("m.json", text, h5, "w.h5", o.env.Schema)
	if err != nil {
		return err
	}
	cfg, _, err := config.Read("c.yml", config.WriteYAML(settings), hlsgo.Overrides{}, o.env)
	if err != nil {
		return err
	}
	m, err := o.tk.NewModel(p, cfg)
	if err != nil {
		return err
	}
	g, err := m.Graph()
	if err != nil {
		return err
	}
	values := 0
	for _, n := range g.Nodes {
		if size, ok := ir.GetAttr(n.Attrs, "table_size"); ok {
			values += size.(int)
		}
		for _, v := range n.Vars {
			values += v.Size()
		}
	}
	if values > maxFuzzedValues {
		return nil
	}
	_, err = m.Compile(sim.Options{})
	return err
}

var hostile = []string{
	`null`, `-1`, `0`, `2`, `300`, `3.5`, `1e308`, `9007199254740992`, `""`, `"relu"`, `[]`, `{}`, `[[1]]`,
	`true`, `"quantized_bits(60,-59,alpha='auto')"`, `"fixed<1,-200>"`, `"ufixed<1024,512,RND,SAT>"`,
	`{"class_name": "quantized_relu", "config": {"bits": 1000000}}`,
	`{"class_name": "ternary", "config": {"alpha": "auto_po2"}}`,
}

// patients loads the networks of the fuzz tests, and adds every hostile value in some of their places, which
// are `apart` of each other.
func patients(f *testing.F, apart int) []*patient {
	var all []*patient
	for i, name := range fuzzed {
		all = append(all, newPatient(f, name))
		for k := i % 3; k < len(hostile); k += 3 {
			f.Add(uint8(i), uint16(apart*k), hostile[k])
		}
	}
	return all
}

// FuzzLayers puts arbitrary values in the place of any value of a model's description.
func FuzzLayers(f *testing.F) {
	o, all := newTheatre(f), patients(f, 7)
	f.Fuzz(func(t *testing.T, which uint8, place uint16, text string) {
		p := all[int(which)%len(all)]
		var by any
		if decodeJSON(text, &by) == nil {
			_ = o.operate(t, with(p.arch, p.inArch[int(place)%len(p.inArch)], by), p.config, p.weights)
		}
	})
}

// FuzzSettings puts arbitrary values in the place of any value of a configuration.
func FuzzSettings(f *testing.F) {
	o, all := newTheatre(f), patients(f, 5)
	f.Fuzz(func(t *testing.T, which uint8, place uint16, text string) {
		p := all[int(which)%len(all)]
		doc, err := config.ParseYAML("c.yml", []byte("v: "+text+"\n"))
		if err != nil || len(doc.Values) == 0 {
			return
		}
		if tree, ok := with(p.config, p.inTree[int(place)%len(p.inTree)], doc.Values[0]).(*ir.Tree); ok {
			_ = o.operate(t, p.arch, tree, p.weights)
		}
	})
}
