// Package oracletest brings the cases answered by hls4ml 1.3.0, which live in testdata/oracle, to tests:
// their data, and the final graph of each as hls4ml dumped it. It is for external tests only.
package oracletest

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hlsgo/hlsgo/internal/npy"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/stretchr/testify/require"
)

// Case is one model with one configuration.
type Case struct {
	Name, Dir, Backend string
	IOType             ir.IOType
	// Model is hls4ml's dump of the final graph, ir.json.
	Model Model
	// Weights holds the final weights by "layer/role".
	Weights map[string]*ir.Tensor
}

// Names lists the cases of testdata/oracle/*.txt, list after list in the order of their names.
func Names(t testing.TB) []string {
	t.Helper()
	lists, err := filepath.Glob(filepath.Join(root(t), "*.txt"))
	require.NoError(t, err)
	var names []string
	for _, list := range lists {
		text, err := os.ReadFile(list)
		require.NoError(t, err)
		names = append(names, strings.Fields(string(text))...)
	}
	return names
}

// Runnable lists the cases whose recorded graphs can be run: hls4ml takes weights that it makes adders of out
// of its graph, and the dumps of quantizers that are layers of HGQ2 lack their bits.
func Runnable(t testing.TB) []string {
	t.Helper()
	return slices.DeleteFunc(Names(t), func(name string) bool {
		graph, err := os.ReadFile(filepath.Join(root(t), "cases", name, "ir.json"))
		if err != nil {
			return false
		}
		has := func(text string) bool { return bytes.Contains(graph, []byte(text)) }
		return has(`"strategy": "distributed_arithmetic"`) ||
			has(`"class": "FixedPointQuantizer"`) && !has(`"mask_bits"`)
	})
}

// Load reads a case of testdata/oracle.
func Load(t testing.TB, name string) *Case {
	t.Helper()
	return LoadDir(t, filepath.Join(root(t), "cases", name))
}

// LoadDir reads a case that stands in a folder of its own. One without ir.json has data only.
func LoadDir(t testing.TB, dir string) *Case {
	t.Helper()
	c := &Case{Name: filepath.Base(dir), Dir: dir}
	if _, err := os.Stat(filepath.Join(dir, "ir.json")); os.IsNotExist(err) {
		return c
	}
	var meta struct {
		Backend string    `json:"backend"`
		IOType  ir.IOType `json:"io_type"`
	}
	readJSON(t, filepath.Join(c.Dir, "meta.json"), &meta)
	c.Backend, c.IOType = meta.Backend, meta.IOType
	readJSON(t, filepath.Join(c.Dir, "ir.json"), &c.Model)
	c.Weights = Npz(t, filepath.Join(c.Dir, "weights.npz"))
	return c
}

// Array reads an .npy file of the case: X, X_0, y, y_1, ... It returns nil when there is no such file.
func (c *Case) Array(t testing.TB, stem string) *ir.Tensor {
	t.Helper()
	path := filepath.Join(c.Dir, stem+".npy")
	if _, err := os.Stat(path); os.IsNotExist(err) {
		return nil
	}
	r, err := npy.Open(path)
	require.NoError(t, err)
	return tensor(t, r)
}

// Npz reads all arrays of a .npz file.
func Npz(t testing.TB, path string) map[string]*ir.Tensor {
	t.Helper()
	z, err := zip.OpenReader(path)
	require.NoError(t, err)
	defer z.Close()
	out := map[string]*ir.Tensor{}
	for _, f := range z.File {
		file, err := f.Open()
		require.NoError(t, err)
		data, err := io.ReadAll(file)
		require.NoError(t, err, f.Name)
		name := strings.TrimSuffix(f.Name, ".npy")
		if whole := bytes.Replace(data, []byte("'<i8'"), []byte("'<f8'"), 1); !bytes.Equal(whole, data) {
			out[name] = integers(t, whole)
			continue
		}
		r, err := npy.OpenReader(bytes.NewReader(data))
		require.NoError(t, err, f.Name)
		out[name] = tensor(t, r)
	}
	return out
}

// integers reads an array of 64-bit integers whose header says double: binary weights. With floats they
// promote to double precision.
func integers(t testing.TB, data []byte) *ir.Tensor {
	t.Helper()
	r, err := npy.OpenReader(bytes.NewReader(data))
	require.NoError(t, err)
	out := tensor(t, r)
	for i, v := range out.Data {
		out.Data[i] = float64(int64(math.Float64bits(v)))
	}
	return out
}

func tensor(t testing.TB, r *npy.Reader) *ir.Tensor {
	t.Helper()
	defer r.Close()
	out := &ir.Tensor{Shape: r.Shape()}
	var err error
	if r.DType() == npy.Float64 {
		out.DType = ir.Float64
		out.Data, err = npy.ReadAll[float64](r)
	} else {
		var data []float32
		data, err = npy.ReadAll[float32](r)
		for _, v := range data {
			out.Data = append(out.Data, float64(v))
		}
	}
	require.NoError(t, err)
	return out
}

func readJSON(t testing.TB, path string, into any) {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, into), path)
}

// root finds testdata/oracle from the folder of the running test upwards.
func root(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	require.NoError(t, err)
	for {
		path := filepath.Join(dir, "testdata", "oracle")
		if _, err := os.Stat(filepath.Join(path, "main.txt")); err == nil {
			return path
		}
		up := filepath.Dir(dir)
		require.NotEqual(t, dir, up, "testdata/oracle is in no folder above the test")
		dir = up
	}
}
