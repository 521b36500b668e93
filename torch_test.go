package hlsgo_test

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/internal/oracletest"
	"github.com/hlsgo/hlsgo/internal/tabletest"
)

// TestReferenceEqualsPyTorch compares the float reference of the cases of PyTorch with what the modules
// answered in float32, in whatever order of axes the firmware answers.
func TestReferenceEqualsPyTorch(t *testing.T) {
	tk, err := hlsgo.New()
	require.NoError(t, err)
	rows := tabletest.New(t)
	checked := 0
	for _, name := range oracletest.Names(t) {
		dir := filepath.Join("testdata/oracle/cases", name)
		if _, err := os.Stat(filepath.Join(dir, "y_float.npy")); err != nil || !strings.HasPrefix(name, "torch_") {
			continue
		}
		checked++
		rows.Run(name, func(t *tabletest.T) {
			m, err := tk.Load(filepath.Join(dir, "hls4ml_config.yml"), hlsgo.Overrides{})
			require.NoError(t, err)
			x := oracletest.Arrays[hlsgo.Array](t, dir, "X")
			y, err := m.Reference(t.Context(), x...)
			require.NoError(t, err)
			g, err := m.Graph()
			require.NoError(t, err)
			want := oracletest.Arrays[hlsgo.Array](t, dir, "y_float")[0]
			line, err := m.Layout()
			require.NoError(t, err)
			last := strings.HasSuffix(line, "channels last") && strings.Contains(line, "answers")
			compareModule(t, y[0], want, g.Var(g.Outputs[0]).Shape, last, rounding(x))
		})
	}
	require.Greater(t, checked, 20)
}

// rounding is what float32 may lose in a sum of a few terms as large as the largest input.
func rounding(x []*hlsgo.Array) float64 {
	largest := 0.0
	for _, a := range x {
		for _, v := range a.F32 {
			largest = max(largest, math.Abs(float64(v)))
		}
	}
	return 16 * 0x1p-23 * largest
}

// compareModule compares answers of the shape, channels last or not, with those of a module. Of recurrent
// layers hls4ml answers the last step, and so does the reference.
func compareModule(t testing.TB, got, want *hlsgo.Array, shape []int, last bool, lost float64) {
	size, row := got.Shape[1], want.Len()/want.Shape[0]
	for s := range want.Shape[0] {
		for i := range size {
			at := i
			if channels := shape[len(shape)-1]; last {
				at = i%channels*(size/channels) + i/channels
			}
			w := float64(want.F32[s*row+row-size+at])
			g := got.F64[s*size+i]
			require.LessOrEqual(t, math.Abs(g-w), 1e-5*max(1, math.Abs(w))+lost, "sample %d, value %d", s, i)
		}
	}
}

// TestLayoutOfSamples refuses samples that lie in memory in the other order, with the way to turn them.
func TestLayoutOfSamples(t *testing.T) {
	tk, err := hlsgo.New()
	require.NoError(t, err)
	path := filepath.Join("testdata/oracle/cases/torch_conv2d_full_vitis_parallel/hls4ml_config.yml")
	for _, c := range []struct {
		set, want string
		shape     []int
	}{
		{"full", "", []int{3, 2, 6, 6}},
		{"full", "", []int{3, 72}},
		{"full", "X.transpose(0, 3, 1, 2)", []int{3, 6, 6, 2}},
		{"full", "want (samples, 2, 6, 6)", []int{3, 3, 4, 6}},
		{"internal", "", []int{3, 6, 6, 2}},
		{"internal", "X.transpose(0, 2, 3, 1)", []int{3, 2, 6, 6}},
	} {
		m, err := tk.Load(path, hlsgo.Overrides{Set: []string{"HLSConfig.Model.ChannelsLastConversion=" + c.set}})
		require.NoError(t, err)
		x, err := hlsgo.NewArray(make([]float32, 3*72), c.shape...)
		require.NoError(t, err)
		for _, predict := range []func() error{
			func() error { _, err := m.Predict(t.Context(), x); return err },
			func() error { _, err := m.Reference(t.Context(), x); return err },
		} {
			if err := predict(); c.want == "" {
				require.NoError(t, err)
			} else {
				require.ErrorContains(t, err, c.want)
			}
		}
	}
}

// TestProgramFromStream reads a program from a pipe.
func TestProgramFromStream(t *testing.T) {
	tk, err := hlsgo.New()
	require.NoError(t, err)
	f, err := os.Open("testdata/oracle/cases/torch_conv2d_full_vitis_parallel/model.pt2")
	require.NoError(t, err)
	defer f.Close()
	m, err := tk.LoadStream(f, "standard input", ".", hlsgo.Overrides{})
	require.NoError(t, err)
	line, err := m.Layout()
	require.NoError(t, err)
	require.Equal(t, "samples: input_1 (samples, 2, 6, 6), as in PyTorch; answers: (samples, 2, 2, 3), "+
		"channels last", line)
}

// TestInputShape compares the key InputShape with the program.
func TestInputShape(t *testing.T) {
	tk, err := hlsgo.New()
	require.NoError(t, err)
	path := filepath.Join("testdata/oracle/cases/torch_conv2d_full_vitis_parallel/hls4ml_config.yml")
	for set, want := range map[string]string{
		"[2, 6, 6]": "", "[[2, 6, 6]]": "", "'(None, 2, 6, 6)'": "", "null": "",
		"[6, 6, 2]": "want [[2 6 6]]", "x": "want a list", "[[1], 2]": "want a list", "[]": "want a list",
	} {
		_, err := tk.Load(path, hlsgo.Overrides{Set: []string{"InputShape=" + set}})
		if want == "" {
			require.NoError(t, err, set)
		} else {
			require.ErrorContains(t, err, want, set)
		}
	}
}

// folders lists those of testdata/torch with the prefix, and those of the folder that HLSGO_MODULES names,
// which a script filled with more of them.
func folders(t testing.TB, prefix string) []string {
	list, err := filepath.Glob(filepath.Join("testdata/torch", prefix+"_*"))
	require.NoError(t, err)
	require.NotEmpty(t, list)
	if more := os.Getenv("HLSGO_MODULES"); more != "" {
		drawn, err := filepath.Glob(filepath.Join(more, "*", "model.pt2"))
		require.NoError(t, err)
		for _, path := range drawn {
			list = append(list, filepath.Dir(path))
		}
	}
	return list
}

// TestQuantizedModules wants of networks whose steps are powers of two that the firmware answers what the
// module itself does, in every bit.
func TestQuantizedModules(t *testing.T) {
	tk, err := hlsgo.New()
	require.NoError(t, err)
	rows := tabletest.New(t)
	for _, dir := range folders(t, "quantized") {
		rows.Run(filepath.Base(dir), func(t *tabletest.T) {
			m, err := tk.Load(filepath.Join(dir, "hls4ml_config.yml"), hlsgo.Overrides{})
			require.NoError(t, err)
			y, err := m.Predict(t.Context(), oracletest.Arrays[hlsgo.Array](t, dir, "X")...)
			require.NoError(t, err)
			want := oracletest.Arrays[hlsgo.Array](t, dir, "y_float")
			require.Equal(t, want[0].F32, y[0].F32)
		})
	}
}

// TestDecomposed wants the same answers of a program and of what run_decompositions makes of it.
func TestDecomposed(t *testing.T) {
	tk, err := hlsgo.New()
	require.NoError(t, err)
	rows := tabletest.New(t)
	dirs, err := filepath.Glob("testdata/torch/decomposed_*")
	require.NoError(t, err)
	require.NotEmpty(t, dirs)
	for _, dir := range dirs {
		rows.Run(filepath.Base(dir), func(t *tabletest.T) {
			var answers [][]float32
			for _, name := range []string{"a.pt2", "b.pt2"} {
				m, err := tk.Load(filepath.Join(dir, name), hlsgo.Overrides{})
				require.NoError(t, err)
				y, err := m.Predict(t.Context(), oracletest.Arrays[hlsgo.Array](t, dir, "X")...)
				require.NoError(t, err)
				answers = append(answers, y[0].F32)
			}
			require.Equal(t, answers[0], answers[1])
		})
	}
}

// TestGeneratedConfigs compares generated configurations with those of hls4ml's config_from_pytorch_model,
// key by key.
func TestGeneratedConfigs(t *testing.T) {
	tk, err := hlsgo.New()
	require.NoError(t, err)
	dirs, err := filepath.Glob("testdata/torch/config_*")
	require.NoError(t, err)
	require.NotEmpty(t, dirs)
	for _, dir := range dirs {
		text, err := os.ReadFile(filepath.Join(dir, "configs.json"))
		require.NoError(t, err)
		var all map[string]any
		require.NoError(t, json.Unmarshal(text, &all))
		require.Len(t, all, 6)
		for name, want := range all {
			granularity, backend, _ := strings.Cut(name, " ")
			got, _, err := tk.GenerateConfig(filepath.Join(dir, "model.pt2"), granularity, "",
				hlsgo.Overrides{Backend: backend})
			require.NoError(t, err)
			var tree map[string]any
			require.NoError(t, yaml.Unmarshal(got, &tree))
			same, err := json.Marshal(tree["HLSConfig"])
			require.NoError(t, err)
			expected, err := json.Marshal(want)
			require.NoError(t, err)
			require.JSONEq(t, string(expected), string(same), "%s: %s", dir, name)
		}
	}
}

// TestModulesAgainstHLS4ML compares networks drawn at random with what hls4ml answered, in every bit.
func TestModulesAgainstHLS4ML(t *testing.T) {
	tk, err := hlsgo.New()
	require.NoError(t, err)
	rows := tabletest.New(t)
	for _, dir := range folders(t, "hls4ml") {
		if !exists(filepath.Join(dir, "y.npy")) {
			continue // of HLSGO_MODULES, which hls4ml was not asked about
		}
		rows.Run(filepath.Base(dir), func(t *tabletest.T) {
			m, err := tk.Load(filepath.Join(dir, "hls4ml_config.yml"), hlsgo.Overrides{})
			require.NoError(t, err)
			comparePrediction(t, m, dir, "X", "y")
		})
	}
}

// TestOutputsInOrder wants outputs in hls4ml's order, that of the layers, and a warning where the module
// has another.
func TestOutputsInOrder(t *testing.T) {
	tk, err := hlsgo.New()
	require.NoError(t, err)
	m, err := tk.Load("testdata/torch/outputs/model.pt2", hlsgo.Overrides{})
	require.NoError(t, err)
	require.Equal(t, []string{"b", "relu"}, m.Parsed().Outputs)
	require.Equal(t, []string{"outputs: the module returns relu, b: as in hls4ml they come in the order of " +
		"their " +
		"layers, b, relu"}, m.Warnings())
}

// TestVersions wants the same network, by names and answers, of what several versions of PyTorch wrote.
func TestVersions(t *testing.T) {
	tk, err := hlsgo.New()
	require.NoError(t, err)
	for name, shape := range map[string][]int{"pictures": {4, 2, 6, 6}, "series": {4, 6, 4}} {
		paths, err := filepath.Glob("testdata/torch/versions/" + name + "_*.pt2")
		require.NoError(t, err)
		require.Greater(t, len(paths), 1)
		values := make([]float32, shape[0]*shape[1]*shape[2]*append(shape, 1)[3])
		for i := range values {
			values[i] = float32(i%17)/8 - 1
		}
		x, err := hlsgo.NewArray(values, shape...)
		require.NoError(t, err)
		var names []string
		var answers []float32
		for _, path := range paths {
			m, err := tk.Load(path, hlsgo.Overrides{})
			require.NoError(t, err)
			y, err := m.Predict(t.Context(), x)
			require.NoError(t, err)
			var own []string
			for _, l := range m.Parsed().Layers {
				own = append(own, l.Name)
			}
			if names == nil {
				names, answers = own, y[0].F32
			}
			require.Equal(t, names, own, path)
			require.Equal(t, answers, y[0].F32, path)
		}
	}
}
