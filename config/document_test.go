package config_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo/config"
	"github.com/hlsgo/hlsgo/ir"
)

// commented is a configuration as people write them.
const commented = `# the tagger, v3
KerasH5: "model.h5"   # trained on Monday
OutputDir: prj

HLSConfig:
    Model:
        Precision: fixed<16,6> # as in the note
        ReuseFactor: 1
    LayerName:
        # the first layer
        fc1:
            Precision: 'ap_fixed<12,4>'  # narrow
            # ReuseFactor: 2
        fc2: {ReuseFactor: 4, Precision: {weight: 'fixed<8,2>'}} # one line
        fc3:
            Precision:
                weight: fixed<8,2>
                bias: "fixed<8,4>" # and this

# the end
`

// TestDocument pins what settings do to a text, and that they do nothing else.
func TestDocument(t *testing.T) {
	const fx = "fixed<20,8>"
	for _, c := range []struct {
		name, path string
		value      any
		old, want  string // of the text: what is replaced by what
	}{
		{"plain value", "HLSConfig.Model.ReuseFactor", 2, "ReuseFactor: 1\n", "ReuseFactor: 2\n"},
		{"keeps comment", "Model.Precision", fx, "fixed<16,6> # as", "fixed<20,8> # as"},
		{"keeps double quotes", "LayerName.fc3.Precision.bias", fx, `"fixed<8,4>" # and`, `"fixed<20,8>" # and`},
		{"keeps single quotes", "LayerName.fc1.Precision", fx, "'ap_fixed<12,4>'  #", "'fixed<20,8>'  #"},
		{
			"new variable", "LayerName.fc3.Precision.result", fx,
			"# and this\n", "# and this\n                result: fixed<20,8>\n",
		},
		{
			"one type becomes the default", "LayerName.fc1.Precision.result", fx,
			"Precision: 'ap_fixed<12,4>'  # narrow\n",
			"Precision:\n                default: 'ap_fixed<12,4>'  # narrow\n                result: fixed<20,8>\n",
		},
		{
			"in one line", "LayerName.fc2.Precision.result", fx,
			"{weight: 'fixed<8,2>'}} # one", "{weight: 'fixed<8,2>', result: 'fixed<20,8>'}} # one",
		},
		{"key in one line", "LayerName.fc2.Strategy", "Resource", "'}} #", "'}, Strategy: Resource} #"},
		{
			"new layer", "LayerName.fc4.Precision.result", fx, "# and this\n",
			"# and this\n        fc4:\n            Precision:\n                result: fixed<20,8>\n",
		},
		{
			"new section", "LayerType.Dense.ReuseFactor", 2, "# and this\n",
			"# and this\n    LayerType:\n        Dense:\n            ReuseFactor: 2\n",
		},
		{"new key at the top", "Part", "xc7", "# and this\n", "# and this\nPart: xc7\n"},
		{"name with dots", `LayerName."a.b".ReuseFactor`, 2, "# and this\n",
			"# and this\n        a.b:\n            ReuseFactor: 2\n"},
		{"number where a text was", "OutputDir", 3, "OutputDir: prj", "OutputDir: 3"},
		{"text that looks like a number", "OutputDir", "3", "OutputDir: prj", "OutputDir: '3'"},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Equal(t, 1, strings.Count(commented, c.old))
			want := strings.Replace(commented, c.old, c.want, 1)
			assert.Equal(t, want, changed(t, commented, config.Setting{Path: c.path, Value: c.value}))
			crlf := func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }
			got := changed(t, crlf(commented), config.Setting{Path: c.path, Value: c.value})
			assert.Equal(t, crlf(want), got, "with line ends of Windows")
		})
	}
	assert.Equal(t, commented, changed(t, commented), "no settings")
	same := config.Setting{Path: "Model.ReuseFactor", Value: 1}
	assert.Equal(t, commented, changed(t, commented, same), "a setting that is there")
}

// TestDocumentForms edits texts of less usual forms.
func TestDocumentForms(t *testing.T) {
	result := config.Setting{Path: "LayerName.b.Precision.result", Value: "fixed<9,3>"}
	for _, c := range []struct{ name, text, want string }{
		{
			"alias is written out",
			"x: &t {Precision: 'fixed<8,2>'} # c\nHLSConfig:\n  LayerName:\n    a: *t\n    b: *t # d\n",
			"x: &t {Precision: 'fixed<8,2>'} # c\nHLSConfig:\n  LayerName:\n    a: *t\n    b:\n      Precision:\n" +
				"        default: fixed<8,2>\n        result: fixed<9,3> # d\n",
		},
		{
			"aliases of what changes are written out",
			"HLSConfig:\n  LayerName:\n    b: &t\n      Precision: fixed<8,2>\n    a: *t\n",
			"HLSConfig:\n  LayerName:\n    b: &t\n      Precision:\n        default: fixed<8,2>\n" +
				"        result: fixed<9,3>\n    a:\n      Precision: fixed<8,2>\n",
		},
		{
			"merged keys stay merged",
			"x: &t\n  ReuseFactor: 2 # c\nHLSConfig:\n  LayerName:\n    b:\n      <<: *t\n      Trace: true\n",
			"x: &t\n  ReuseFactor: 2 # c\nHLSConfig:\n  LayerName:\n    b:\n      <<: *t\n      Trace: true\n" +
				"      Precision:\n        result: fixed<9,3>\n",
		},
		{
			"merged key that changes becomes an own one",
			"x: &t\n  Precision: fixed<8,2>\nHLSConfig:\n  LayerName:\n    b:\n      <<: *t\n",
			"x: &t\n  Precision: fixed<8,2>\nHLSConfig:\n  LayerName:\n    b:\n      <<: *t\n" +
				"      Precision:\n        default: fixed<8,2>\n        result: fixed<9,3>\n",
		},
		{
			"mapping whose merged keys change is written out",
			"HLSConfig:\n  LayerName:\n    b: &t\n      Precision: {weight: 'fixed<8,2>'}\n    a:\n      <<: *t\n",
			"HLSConfig:\n  LayerName:\n    b: &t\n      Precision: {weight: 'fixed<8,2>', result: 'fixed<9,3>'}\n" +
				"    a:\n      Precision:\n        weight: fixed<8,2>\n",
		},
		{
			"nothing there",
			"HLSConfig:\n  LayerName: # none yet\n  Model: {}\n",
			"HLSConfig:\n  LayerName:\n    b:\n      Precision:\n        result: fixed<9,3> # none yet\n" +
				"  Model: {}\n",
		},
		{"null there", "HLSConfig:\n  LayerName: ~\n",
			"HLSConfig:\n  LayerName:\n    b:\n      Precision:\n        result: fixed<9,3>\n"},
		{"empty braces", "HLSConfig:\n  LayerName: {}",
			"HLSConfig:\n  LayerName:\n    b:\n      Precision:\n        result: fixed<9,3>"},
		{"JSON", `{"HLSConfig": {"LayerName": {"b": {"Precision": "fixed<8,2>"}}}}`,
			`{"HLSConfig": {"LayerName": {"b": {"Precision": {default: "fixed<8,2>", result: 'fixed<9,3>'}}}}}`},
		{"no last line break", "HLSConfig:\n  LayerName:\n    b: {}\n    a:\n      Trace: true",
			"HLSConfig:\n  LayerName:\n    b:\n      Precision:\n        result: fixed<9,3>\n    a:\n" +
				"      Trace: true"},
		{"byte order mark", "\ufeffHLSConfig:\n  LayerName:\n    b:\n      Precision: {result: 'fixed<1,1>'}\n",
			"\ufeffHLSConfig:\n  LayerName:\n    b:\n      Precision: {result: 'fixed<9,3>'}\n"},
		{"key given twice: the last counts",
			"HLSConfig:\n  LayerName:\n    b: {Trace: true}\n    b:\n      Precision:\n        result: fixed<1,1>\n",
			"HLSConfig:\n  LayerName:\n    b: {Trace: true}\n    b:\n      Precision:\n        result: fixed<9,3>\n"},
		{"letters of several bytes",
			"# größe\nHLSConfig:\n  LayerName:\n    ä: {Precision: 'fixed<8,2>'}\n    b: {x: ü}\n",
			"# größe\nHLSConfig:\n  LayerName:\n    ä: {Precision: 'fixed<8,2>'}\n" +
				"    b: {x: ü, Precision: {result: 'fixed<9,3>'}}\n"},
		{"several lines in braces", "HLSConfig: {\n  LayerName: {\n    b: { Trace: true, # c\n    } } }\n",
			"HLSConfig: {\n  LayerName: {\n    b: { Trace: true, Precision: {result: 'fixed<9,3>'}, # c\n    } } }\n"},
		{"text of several lines", "note: |\n  a\n  b\nHLSConfig:\n  LayerName:\n    b: {}\nz: >\n  c\n",
			"note: |\n  a\n  b\nHLSConfig:\n  LayerName:\n    b:\n      Precision:\n" +
				"        result: fixed<9,3>\nz: >\n  c\n"},
		{"tag", "KerasModel: !keras_model m.h5\nHLSConfig: {LayerName: {b: {Precision: !!str fixed}}}\n",
			"KerasModel: !keras_model m.h5\nHLSConfig: {LayerName: {b: {Precision: {default: !!str fixed, " +
				"result: 'fixed<9,3>'}}}}\n"},
		{"list", "HLSConfig:\n  Flows:\n  - a # c\n  - b\n  LayerName:\n    b: {}\n",
			"HLSConfig:\n  Flows:\n  - a # c\n  - b\n  LayerName:\n    b:\n      Precision:\n" +
				"        result: fixed<9,3>\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			assert.Equal(t, c.want, changed(t, c.text, result))
		})
	}
}

// changed is a text with settings, which says what a tree with the settings says.
func changed(t testing.TB, text string, settings ...config.Setting) string {
	t.Helper()
	d, err := config.NewDocument("c.yml", []byte(text))
	require.NoError(t, err)
	require.NoError(t, d.Set(settings...))
	out, err := d.Bytes()
	require.NoError(t, err)
	back, err := config.ParseYAML("c.yml", out)
	require.NoError(t, err)
	require.Equal(t, plain(d.Tree()), plain(back), "%s", out)
	return string(out)
}

// plain is a tree without its order.
func plain(v any) any {
	if t, ok := v.(*ir.Tree); ok {
		m := map[string]any{}
		for i, k := range t.Keys {
			m[k] = plain(t.Values[i])
		}
		return m
	}
	return v
}

// TestDocumentOfCases changes every recorded configuration, with comments at the ends of its lines and
// between them. All comments must be there still.
func TestDocumentOfCases(t *testing.T) {
	files, err := filepath.Glob("../testdata/*/*/hls4ml_config.yml")
	require.NoError(t, err)
	more, err := filepath.Glob(oracleCases + "/*/hls4ml_config.yml")
	require.NoError(t, err)
	files = append(files, more...)
	require.Greater(t, len(files), 300)
	for i, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		rng := rand.New(rand.NewPCG(uint64(i), 1))
		commented := withComments(string(text), rng)
		got := changed(t, commented, randomSettings(t, file, text, rng)...)
		for n := range strings.Count(commented, " #c") {
			if !strings.Contains(got, fmt.Sprintf(" #c%d.", n)) {
				t.Errorf("%s: comment %d is lost:\n%s", file, n, got)
				break
			}
		}
	}
}

func withComments(text string, rng *rand.Rand) string {
	var b strings.Builder
	for n, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		fmt.Fprintf(&b, "%s  #c%d.\n", line, n)
		if rng.IntN(3) == 0 {
			b.WriteString(strings.Repeat(" ", rng.IntN(8)) + "# between\n\n")
		}
	}
	return b.String()
}

// randomSettings are some of layers that are there and of layers that are not, and of the model.
func randomSettings(t testing.TB, file string, text []byte, rng *rand.Rand) []config.Setting {
	tree, err := config.ParseYAML(file, text)
	require.NoError(t, err)
	layers := []string{"new", "a.b", "c d"}
	if v, ok := tree.Get("HLSConfig"); ok {
		names, _ := v.(*ir.Tree).Get("LayerName")
		if names, ok := names.(*ir.Tree); ok {
			layers = append(layers, names.Keys...)
		}
	}
	all := []config.Setting{
		{Path: "Model.Precision", Value: "fixed<17,7>"}, {Path: "Model.Precision.result", Value: "fixed<3,3>"},
		{Path: "Part", Value: "other"}, {Path: "KerasH5", Value: "/elsewhere/model.h5"},
		{Path: "WriterConfig.Namespace", Value: "ns"},
	}
	for _, key := range []string{
		"Precision.result", "Precision.weight", "Precision", "table_t", "Trace", "TableSize",
	} {
		for _, l := range layers {
			value := map[string]any{"Trace": true, "TableSize": 2048}[key]
			if value == nil {
				value = "fixed<21,9,RND,SAT>"
			}
			all = append(all, config.Setting{Path: config.Join("LayerName", l) + "." + key, Value: value})
		}
	}
	rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all[:rng.IntN(min(8, len(all)))]
}

// TestDocumentRename gives types the names that hls4ml reads.
func TestDocumentRename(t *testing.T) {
	const head = "HLSConfig:\n  Model:\n    Precision: {default: 'fixed<9,3>'}\n  LayerName:\n    a:\n" +
		"      Precision:\n"
	d, err := config.NewDocument("c.yml", []byte(
		head+"        result_t: fixed<8,2> # c\n        weight: fixed<8,1>\n"))
	require.NoError(t, err)
	d.Rename()
	text, err := d.Bytes()
	require.NoError(t, err)
	require.Equal(t, head+"        weight: fixed<8,1>\n        result: fixed<8,2>\n", string(text))
}

// FuzzDocument edits arbitrary text: what comes out says what was asked for, or the text is none that can be
// edited.
func FuzzDocument(f *testing.F) {
	f.Add([]byte(commented), "fixed<9,3>")
	f.Add([]byte("x: &t {Precision: a} # c\nHLSConfig:\n  LayerName:\n    a: *t\n    b: *t # d\n"), "a: b")
	f.Add([]byte("HLSConfig: {LayerName: {b: {<<: [{a: 1}], Precision: !!str 'x'}}}"), "\u2028\"'")
	f.Add([]byte("? HLSConfig\n: LayerName:\n  - b\n"), "1e3")
	f.Add([]byte("HLSConfig:\r\n  LayerName:\r\n    b: |\r\n      x\r\n"), "")
	f.Fuzz(func(t *testing.T, text []byte, value string) {
		d, err := config.NewDocument("c.yml", text)
		if err != nil || !utf8.ValidString(value) {
			return
		}
		if d.Set(config.Setting{Path: "LayerName.b.Precision.result", Value: value}) != nil {
			return
		}
		out, err := d.Bytes()
		require.NoError(t, err)
		back, err := config.ParseYAML("c.yml", out)
		require.NoError(t, err, "%s", out)
		require.Equal(t, plain(d.Tree()), plain(back), "%s", out)
	})
}
