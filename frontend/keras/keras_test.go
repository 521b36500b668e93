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
	"github.com/hlsgo/hlsgo/internal/tabletest"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
	"github.com/hlsgo/hlsgo/layers/act"
	"github.com/hlsgo/hlsgo/layers/conv"
	"github.com/hlsgo/hlsgo/layers/dense"
	"github.com/hlsgo/hlsgo/layers/group"
	"github.com/hlsgo/hlsgo/layers/io"
	"github.com/hlsgo/hlsgo/layers/norm"
	"github.com/hlsgo/hlsgo/layers/shape"
	"github.com/hlsgo/hlsgo/layers/softmax"
)

const cases = "../../testdata/oracle/cases"

func schema(t testing.TB) ir.Schema {
	r := layers.NewRegistry()
	for _, family := range [][]layers.Def{
		act.Defs, conv.Defs, dense.Defs, group.Defs, io.Defs, norm.Defs, shape.Defs, softmax.Defs,
	} {
		require.NoError(t, r.AddLayer("built-in", family...))
	}
	return r
}

func reader(t testing.TB, extra ...build.Handler) *keras.Reader {
	r, err := keras.New(extra...)
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
	s, r := schema(t), reader(t)
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
	p, err := reader(t).Read(source("activations.h5"), schema(t))
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
	path := source("norms.h5").Files["KerasH5"]
	_, err := reader(t).Read(frontend.Source{Files: map[string]string{"KerasModel": path}}, schema(t))
	require.NoError(t, err)
	_, err = reader(t).Read(frontend.Source{Files: map[string]string{"KerasModel": "x.keras"}}, schema(t))
	require.EqualError(t, err, `KerasModel "x.keras": got a file that is not HDF5, want the model saved as .h5`)
	_, err = reader(t).Read(frontend.Source{Files: map[string]string{"KerasJson": "x.json"}}, schema(t))
	require.ErrorContains(t, err, "want the weights too")
	_, err = reader(t).Read(frontend.Source{}, schema(t))
	require.ErrorContains(t, err, "got no Keras model")
	_, err = reader(t).Read(frontend.Source{Files: map[string]string{"KerasH5": "missing.h5"}}, schema(t))
	require.ErrorIs(t, err, os.ErrNotExist)
	weights := source("doc_keras_3layer_json_yaml_vivado_parallel").Files["KerasH5"]
	_, err = reader(t).Read(frontend.Source{Files: map[string]string{"KerasH5": weights}}, schema(t))
	require.ErrorContains(t, err, "weights without an architecture")
}

// TestNestedParts reads a nested model from two files; hls4ml finds weights inside only in whole models.
func TestNestedParts(t *testing.T) {
	parts := frontend.Source{Files: map[string]string{
		"KerasJson": "testdata/models/nested.json", "KerasH5": "testdata/models/nested_weights.h5",
	}}
	got, err := reader(t).Read(parts, schema(t))
	require.NoError(t, err)
	compareLayers(t, recorded(t)["frontend/keras/testdata/models/nested.h5"].Layers, got.Layers)
	parts.Files["KerasH5"] = "testdata/models/nested.weights.h5"
	_, err = reader(t).Read(parts, schema(t))
	require.ErrorContains(t, err, "nested.weights.h5: got weights in the form of Keras 3")
}

func TestSecondHandler(t *testing.T) {
	_, err := keras.New(build.Handler{Classes: []string{"Dense"}})
	require.EqualError(t, err, `keras layer "Dense": got a second handler, want one`)
	require.Contains(t, reader(t, build.Handler{Classes: []string{"Own"}}).Classes(), "Own")
}
