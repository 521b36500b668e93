package keras_test

import (
	"compress/gzip"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/frontend"
	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/frontend/keras"
	"github.com/hlsgo/hlsgo/internal/hdf5"
	"github.com/hlsgo/hlsgo/internal/tabletest"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/act"
	"github.com/hlsgo/hlsgo/layers/builtin"
)

const cases = "../../testdata/oracle/cases"

func reader(t testing.TB) *keras.Reader {
	r, err := keras.New()
	require.NoError(t, err)
	return r
}

// wantLayer is one entry of hls4ml's layer list, as the script recorded it.
type wantLayer struct {
	Name, Kind string
	ClassName  string `json:"class_name"`
	Inputs     []string
	Attrs      map[string]any
	Tensors    map[string]wantTensor
	Inner      []wantLayer
}

type wantTensor struct {
	Shape         []int
	DType, SHA256 string
}

type wantNetwork struct {
	Layers          []wantLayer
	Inputs, Outputs []string
}

func recorded(t *testing.T) map[string]wantNetwork {
	f, err := os.Open("testdata/layerlists.json.gz")
	require.NoError(t, err)
	defer f.Close()
	z, err := gzip.NewReader(f)
	require.NoError(t, err)
	var all map[string]wantNetwork
	require.NoError(t, json.NewDecoder(z).Decode(&all))
	return all
}

// source finds the files of a recorded network: a model of testdata/models, or a case of the oracle.
func source(name string) frontend.Source {
	if strings.HasSuffix(name, ".h5") {
		path := filepath.Join("testdata/models", filepath.Base(name))
		return frontend.Source{Files: map[string]string{"KerasH5": path}}
	}
	dir := filepath.Join(cases, name)
	if _, err := os.Stat(filepath.Join(dir, "model.json")); err == nil {
		return frontend.Source{Files: map[string]string{
			"KerasJson": filepath.Join(dir, "model.json"), "KerasH5": filepath.Join(dir, "weights.h5"),
		}}
	}
	return frontend.Source{Files: map[string]string{"KerasH5": filepath.Join(dir, "model.h5")}}
}

// TestLayerLists compares names, order, kinds, inputs, attributes and weights with hls4ml's own layer list.
func TestLayerLists(t *testing.T) {
	s, r := builtin.Registry(), reader(t)
	all := recorded(t)
	require.Greater(t, len(all), 90)
	rows := tabletest.New(t)
	for name, want := range all {
		rows.Run(filepath.Base(name), func(t *tabletest.T) {
			got, err := r.Read(source(name), s)
			require.NoError(t, err)
			require.Equal(t, want.Inputs, got.Inputs)
			require.Equal(t, want.Outputs, got.Outputs)
			compareLayers(t, want.Layers, got.Layers)
		})
	}
}

func compareLayers(t testing.TB, want []wantLayer, got []*ir.Layer) {
	require.Equal(t, len(want), len(got))
	for i, w := range want {
		g := got[i]
		require.Equal(t, w.Name, g.Name)
		require.Equal(t, w.Kind, g.Kind, w.Name)
		require.Equal(t, w.ClassName, g.ClassName, w.Name)
		inputs := w.Inputs
		if len(inputs) == 0 && w.Kind != "Input" { // hls4ml's list has none where they are the layer before
			inputs = []string{want[i-1].Name}
		}
		require.Equal(t, inputs, g.Inputs, w.Name)
		for name, value := range w.Attrs {
			compareAttr(t, w.Name, name, value, g.Attrs)
		}
		require.Equal(t, len(w.Tensors), len(g.Data.Tensors), w.Name)
		for name, tensor := range w.Tensors {
			compareTensor(t, w.Name+": "+name, tensor, g.Data.Tensors[name])
		}
		if w.Inner != nil {
			inner, _ := ir.GetAttr(g.Attrs, "layer_list")
			compareLayers(t, w.Inner, inner.([]*ir.Layer))
		}
	}
}

// harmless are attributes that hls4ml stores for every layer and reads for some only.
var harmless = map[string]bool{"data_format": true, "activation": true, "use_bias": true, "epsilon": true}

func compareAttr(t testing.TB, layer, name string, want any, attrs any) {
	got, ok := ir.GetAttr(attrs, name)
	if !ok && harmless[name] {
		return
	}
	require.True(t, ok, "%s: no attribute %s", layer, name)
	if f, ok := got.(*fixed.Format); ok {
		require.Equal(t, want, f.String(), "%s: %s", layer, name)
		return
	}
	if list, ok := want.([]any); ok && name == "output_shape" {
		want = list[1:] // hls4ml's still has the batch axis
	}
	wantText, err := json.Marshal(want)
	require.NoError(t, err)
	gotText, err := json.Marshal(got)
	require.NoError(t, err)
	require.JSONEq(t, string(wantText), string(gotText), "%s: %s", layer, name)
}

func compareTensor(t testing.TB, name string, want wantTensor, got *ir.Tensor) {
	require.NotNil(t, got, name)
	require.Equal(t, fmt.Sprint(want.Shape), fmt.Sprint(got.Shape), name)
	require.Equal(t, want.DType, got.DType.String(), name)
	h := sha256.New()
	for _, v := range got.Data {
		h.Write(binary.LittleEndian.AppendUint64(nil, math.Float64bits(v)))
	}
	require.Equal(t, want.SHA256, hex.EncodeToString(h.Sum(nil)), name)
}

func find(p *ir.Parsed, name string) *ir.Layer {
	for _, l := range p.Layers {
		if l.Name == name {
			return l
		}
	}
	return nil
}

func attr(t *testing.T, l *ir.Layer, name string) any {
	v, ok := ir.GetAttr(l.Attrs, name)
	require.True(t, ok, name)
	return v
}

// TestIgnoredAttributes checks what hls4ml drops and the float reference needs.
func TestIgnoredAttributes(t *testing.T) {
	p, err := reader(t).Read(source("activations.h5"), builtin.Registry())
	require.NoError(t, err)
	l := find(p, "l6")
	require.Equal(t, 6.0, *attr(t, l, "max_value").(*float64))
	require.InDelta(t, 0.1, attr(t, l, "negative_slope"), 1e-7)
	require.InDelta(t, 0.2, attr(t, l, "threshold"), 1e-7)
	require.Nil(t, attr(t, find(p, "l7"), "max_value"))
	require.True(t, find(p, "d0_elu").Implicit)
	require.Equal(t, "d0", find(p, "d0_elu").Source)
	require.False(t, find(p, "l0").Implicit)
}

func TestKerasModelKey(t *testing.T) {
	kinds := builtin.Registry()
	path := source("norms.h5").Files["KerasH5"]
	_, err := reader(t).Read(frontend.Source{Files: map[string]string{"KerasModel": path}}, kinds)
	require.NoError(t, err)
	_, err = reader(t).Read(frontend.Source{Files: map[string]string{"KerasModel": "x.keras"}}, kinds)
	require.EqualError(t, err, "x.keras: no such file or directory")
	_, err = reader(t).Read(frontend.Source{Files: map[string]string{"KerasJson": "x.json"}}, kinds)
	require.ErrorContains(t, err, "want the weights too")
	_, err = reader(t).Read(frontend.Source{}, kinds)
	require.ErrorContains(t, err, "got no Keras model")
	_, err = reader(t).Read(frontend.Source{Files: map[string]string{"KerasH5": "missing.h5"}}, kinds)
	require.ErrorIs(t, err, os.ErrNotExist)
	weights := source("doc_keras_3layer_json_yaml_vivado_parallel").Files["KerasH5"]
	_, err = reader(t).Read(frontend.Source{Files: map[string]string{"KerasH5": weights}}, kinds)
	require.EqualError(t, err, weights+": model_config: got weights without an architecture, want a whole "+
		"model, or the architecture with them: model.json with --weights, or KerasJson beside KerasH5")
}

// TestNestedParts reads a nested model from two files; hls4ml finds weights inside only in whole models.
func TestNestedParts(t *testing.T) {
	parts := frontend.Source{Files: map[string]string{
		"KerasJson": "testdata/models/nested.json", "KerasH5": "testdata/models/nested_weights.h5",
	}}
	got, err := reader(t).Read(parts, builtin.Registry())
	require.NoError(t, err)
	want := recorded(t)["frontend/keras/testdata/models/nested.h5"].Layers
	compareLayers(t, want, got.Layers)
	parts.Files["KerasH5"] = "testdata/models/nested.weights.h5" // with numbers for names
	got, err = reader(t).Read(parts, builtin.Registry())
	require.NoError(t, err)
	compareLayers(t, want, got.Layers)
}

// TestWith adds handlers to a reader and leaves the one it is asked of as it is.
func TestWith(t *testing.T) {
	r := reader(t)
	mine := func(class string) build.Handler {
		return build.Handler{Classes: []string{class}, Read: func(c *build.Call) (*build.Out, error) {
			out, err := c.Layer("Activation", "Activation")
			if err == nil {
				build.Attrs[act.Base](out).Activation = "relu"
			}
			return out, err
		}}
	}
	_, err := r.With(mine("Dense"))
	require.EqualError(t, err, `keras layer "Dense": got a second handler, want one`)
	_, err = r.With(build.Handler{Classes: []string{"Own"}})
	require.EqualError(t, err, `keras layers ["Own"]: got a handler without Read, want one, or Skip`)
	with := func(classes ...string) *keras.Reader {
		out := frontend.Extensible(r)
		for _, class := range classes {
			out, err = out.With(mine(class))
			require.NoError(t, err)
		}
		return out.(*keras.Reader)
	}
	require.Contains(t, with("Own").Classes(), "Own")
	require.NotContains(t, r.Classes(), "Own")
	for _, c := range []struct {
		file  string
		added []string
		ok    bool
	}{
		{"Own", []string{"Own"}, true},
		{"my_pkg>Own", []string{"Own"}, true},
		{"my_pkg>Own", []string{"my_pkg>Own"}, true},
		{"Own", []string{"my_pkg>Own"}, true},
		{"your>Own", []string{"my_pkg>Own"}, false},
		{"Own", []string{"my_pkg>Own", "your>Own"}, false},
		{"my_pkg>Own", []string{"my_pkg>Own", "your>Own"}, true},
		{"my_pkg>Dense", nil, false}, // another layer than the Dense of Keras
	} {
		h5, err := hdf5.OpenFile("testdata/models/dropouts.h5")
		require.NoError(t, err)
		text := []byte(sequential(layer(c.file, `{"name": "l"}`)))
		p, err := with(c.added...).ReadParts("m.json", text, h5, "w.h5", builtin.Registry())
		require.Equal(t, c.ok, err == nil, "%s by %v: %v", c.file, c.added, err)
		if err == nil {
			require.Equal(t, "relu", attr(t, p.Layers[1], "activation"))
		}
		require.NoError(t, h5.Close())
	}
}

// TestAccepts looks at what tells models of Keras from others.
func TestAccepts(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		return path
	}
	h5 := source("norms.h5").Files["KerasH5"]
	for _, c := range []struct {
		files map[string]string
		want  string
	}{
		{map[string]string{"KerasH5": h5}, ""},
		{map[string]string{"KerasModel": h5}, ""},
		{map[string]string{"KerasJson": file("2.json", `{"keras_version": "2.12.0"}`), "KerasH5": h5}, ""},
		{map[string]string{"KerasModel": file("m.keras", "PK\x03\x04")}, "m.keras: got a damaged zip archive"},
		{map[string]string{"KerasH5": file("zip.h5", "PK\x03\x04")}, "zip.h5"},
		{map[string]string{"KerasH5": filepath.Join(dir, "none.h5")}, "none.h5: no such file or directory"},
		{
			map[string]string{"KerasH5": file("lfs.h5", "version https://git-lfs.github.com/spec/v1\n")},
			"lfs.h5: got a pointer of Git LFS",
		},
		{map[string]string{"KerasJson": file("3.json", `{"module": "keras"}`), "KerasH5": h5}, ""},
	} {
		err := reader(t).Accepts(frontend.Source{Files: c.files})
		if c.want == "" {
			require.NoError(t, err, c.files)
			continue
		}
		require.ErrorContains(t, err, c.want)
	}
}
