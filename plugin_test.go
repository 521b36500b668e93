package hlsgo_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/backend/xilinx"
	"github.com/hlsgo/hlsgo/frontend"
	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/frontend/keras"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// count is a pass that counts how often it runs.
func count(runs *int) ir.Pass {
	return ir.Pass{Name: "count", Doc: "count", Whole: func(*ir.Graph) (bool, error) {
		*runs++
		return true, nil
	}}
}

func TestPluginPass(t *testing.T) {
	runs := 0
	tk, err := hlsgo.New(hlsgo.Plugin{Name: "counter", Setup: func(r *hlsgo.Registry) error {
		return r.AddPass("convert", ir.After("infer_precision_types"), count(&runs))
	}})
	require.NoError(t, err)
	flows := tk.Flows()
	convert := flows[slices.IndexFunc(flows, func(f hlsgo.FlowRow) bool { return f.Name == "convert" })]
	at := slices.Index(convert.Passes, "infer_precision_types")
	require.Equal(t, "count", convert.Passes[at+1])

	m, err := tk.Load("benchmarks/jets.yml", hlsgo.Overrides{})
	require.NoError(t, err)
	_, err = m.Graph()
	require.NoError(t, err)
	require.Equal(t, 1, runs)

	plain, err := hlsgo.New()
	require.NoError(t, err)
	for _, f := range plain.Flows() {
		require.NotContains(t, f.Passes, "count", "another toolkit must not see the pass")
	}
}

func TestPluginErrors(t *testing.T) {
	for want, setup := range map[string]func(*hlsgo.Registry) error{
		`layer "Dense": registered twice: got it from "mine", already from "hlsgo"`: func(r *hlsgo.Registry) error {
			return r.AddLayer(layers.Def{Kind: "Dense"})
		},
		`backend "Vitis": registered twice: got it from "mine", already from "hlsgo"`: func(
			r *hlsgo.Registry,
		) error {
			return r.AddBackend(xilinx.Vitis())
		},
		`front end "keras": registered twice: got it from "mine", already from "hlsgo"`: func(
			r *hlsgo.Registry,
		) error {
			f, err := keras.New()
			require.NoError(t, err)
			return r.AddReader(f)
		},
		`keras layer "Dense": handled twice: got it from "mine", already from "hlsgo"`: func(
			r *hlsgo.Registry,
		) error {
			return r.AddHandler("keras", build.Handler{Classes: []string{"Dense"}, Skip: true})
		},
		`handlers for "jax": got no reader of that framework, want one of keras, onnx, torch`: func(
			r *hlsgo.Registry,
		) error {
			return r.AddHandler("jax", build.Handler{Classes: []string{"Linear"}, Skip: true})
		},
		`keras layers ["Own"]: got a handler without Read, want one, or Skip`: func(r *hlsgo.Registry) error {
			return r.AddHandler("keras", build.Handler{Classes: []string{"Own"}})
		},
		`pass "infer_precision_types": registered twice: got it from "mine", already from "hlsgo"`: func(
			r *hlsgo.Registry,
		) error {
			return r.AddPass("convert", ir.First(), ir.Pass{Name: "infer_precision_types"})
		},
		`pass "count": got no pass "nowhere" in flow "convert", want one of them`: func(r *hlsgo.Registry) error {
			return r.AddPass("convert", ir.After("nowhere"), count(new(int)))
		},
	} {
		_, err := hlsgo.New(hlsgo.Plugin{Name: "mine", Setup: setup})
		require.EqualError(t, err, `plugin "mine": `+want)
	}
	_, err := hlsgo.New(hlsgo.Plugin{Name: "empty"})
	require.EqualError(t, err, `plugin "empty": got no Setup, want a function`)
}

// TestTwoPluginsErrors names both plugins that bring the same.
func TestTwoPluginsErrors(t *testing.T) {
	handler := build.Handler{Classes: []string{"Own"}, Skip: true}
	for want, setup := range map[string]func(*hlsgo.Registry) error{
		`plugin "b": keras layer "Own": handled twice: got it from "b", already from "a"`: func(
			r *hlsgo.Registry,
		) error {
			return r.AddHandler("keras", handler)
		},
		`plugin "b": layer "Own": registered twice: got it from "b", already from "a"`: func(
			r *hlsgo.Registry,
		) error {
			return r.AddLayer(layers.Def{Kind: "Own"})
		},
		`plugin "b": pass "count": registered twice: got it from "b", already from "a"`: func(
			r *hlsgo.Registry,
		) error {
			return r.AddPass("convert", ir.First(), count(new(int)))
		},
	} {
		_, err := hlsgo.New(hlsgo.Plugin{Name: "a", Setup: setup}, hlsgo.Plugin{Name: "b", Setup: setup})
		require.EqualError(t, err, want)
	}
}

// form is a front end that takes the files it is told to.
type form struct {
	name   string
	accept error
}

func (f form) Name() string                  { return f.name }
func (f form) Keys() []string                { return []string{"KerasH5", "FormFile"} }
func (f form) Extensions() map[string]string { return map[string]string{".h5": "FormFile"} }

func (f form) Accepts(frontend.Source) error { return f.accept }

func (f form) Read(src frontend.Source, _ ir.Schema) (*ir.Parsed, error) {
	for key, path := range src.Files {
		return nil, fmt.Errorf("read by %s: %s %s", f.name, key, filepath.Base(path))
	}
	return nil, errors.New("got no files")
}

// TestReadersShareFiles asks the readers of a file, the one added last first.
func TestReadersShareFiles(t *testing.T) {
	const model = "frontend/keras/testdata/models/sequential_dropout.h5"
	kit := func(forms ...frontend.Reader) *hlsgo.Toolkit {
		tk, err := hlsgo.New(hlsgo.Plugin{Name: "forms", Setup: func(r *hlsgo.Registry) error {
			for _, f := range forms {
				if err := r.AddReader(f); err != nil {
					return err
				}
			}
			return nil
		}})
		require.NoError(t, err)
		return tk
	}
	refuses := form{"other", errors.New("got HDF5, want a form of its own")}

	m, err := kit(refuses).Load(model, hlsgo.Overrides{})
	require.NoError(t, err)
	require.Empty(t, m.Warnings())

	_, err = kit(form{"first", nil}, form{"last", nil}).Load(model, hlsgo.Overrides{})
	require.EqualError(t, err, "read by last: FormFile sequential_dropout.h5")

	_, err = kit(refuses).Load("frontend/keras/testdata/models/none.h5", hlsgo.Overrides{})
	require.ErrorIs(t, err, os.ErrNotExist)
	require.NotContains(t, err.Error(), "\n")

	path := filepath.Join(t.TempDir(), "zip.h5")
	require.NoError(t, os.WriteFile(path, []byte("PK\x03\x04"), 0o600))
	_, err = kit(refuses).Load(path, hlsgo.Overrides{})
	require.ErrorContains(t, err, "zip.h5: no front end reads it:\n  other: got HDF5, want a form of its own\n"+
		"  keras: ")

	// a key of a plugin's reader is a known one
	text, err := os.ReadFile("benchmarks/jets.yml")
	require.NoError(t, err)
	config := filepath.Join(t.TempDir(), "c.yml")
	lines := strings.Split(string(text), "\n")
	i := slices.IndexFunc(lines, func(l string) bool { return strings.HasPrefix(l, "KerasH5:") })
	require.GreaterOrEqual(t, i, 0)
	lines[i] = "FormFile: m.form"
	require.NoError(t, os.WriteFile(config, []byte(strings.Join(lines, "\n")), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(filepath.Dir(config), "m.form"), nil, 0o600))
	_, err = kit(refuses).Load(config, hlsgo.Overrides{})
	require.EqualError(t, err, "read by other: FormFile m.form")
	_, err = kit().Load(config, hlsgo.Overrides{})
	require.ErrorContains(t, err, "no model file: got none, want one of KerasH5, KerasJson, KerasModel")
}

// taking is a front end that takes what Keras' reader takes too, and reads it as that does.
type taking struct{ *keras.Reader }

func (taking) Name() string { return "taking" }

// TestReaderTakenTwiceWarns says which of two readers has read a file.
func TestReaderTakenTwiceWarns(t *testing.T) {
	r, err := keras.New()
	require.NoError(t, err)
	tk, err := hlsgo.New(hlsgo.Plugin{Name: "second", Setup: func(reg *hlsgo.Registry) error {
		return reg.AddReader(taking{r})
	}})
	require.NoError(t, err)
	const model = "frontend/keras/testdata/models/sequential_dropout.h5"
	m, err := tk.Load(model, hlsgo.Overrides{})
	require.NoError(t, err)
	require.Equal(t, []string{model + `: read by "taking" of plugin "second"; "keras" of plugin "hlsgo" ` +
		`takes it too: the one added last goes first`}, m.Warnings())
}
