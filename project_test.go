package hlsgo_test

import (
	"io/fs"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/io"
	"github.com/hlsgo/hlsgo/layers/norm"
	"github.com/hlsgo/hlsgo/layers/shape"
)

// TestProjectWantsDistinctArguments gives the top function one tensor twice, which no C++ can have.
func TestProjectWantsDistinctArguments(t *testing.T) {
	tk, err := hlsgo.New()
	require.NoError(t, err)
	m, err := tk.Load("benchmarks/jets.yml", hlsgo.Overrides{})
	require.NoError(t, err)
	_, err = m.Project()
	require.NoError(t, err)

	p := m.Parsed().Clone()
	p.Outputs = append(p.Outputs, p.Outputs[0])
	expectTwice(t, tk, p, m.Config(), "layer9_out")

	p.Outputs = []string{p.Inputs[0]}
	expectTwice(t, tk, p, m.Config(), "jet")
}

// TestWriteProjectTellsProgress counts the values of the weights, up to all of them.
func TestWriteProjectTellsProgress(t *testing.T) {
	tk, err := hlsgo.New()
	require.NoError(t, err)
	m, err := tk.Load("benchmarks/jets.yml", hlsgo.Overrides{})
	require.NoError(t, err)
	var told []int
	dir := t.TempDir()
	files, err := m.WriteProject(t.Context(), dir, func(done, total int) {
		require.Equal(t, 16*64+64+64*32+32+32*32+32+32*5+5, total)
		told = append(told, done)
	})
	require.NoError(t, err)
	require.Len(t, told, 8, "once per tensor")
	require.Equal(t, 16*64+64+64*32+32+32*32+32+32*5+5, told[7])
	found := 0
	require.NoError(t, filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			found++
		}
		return err
	}))
	require.Equal(t, found, files)
}

// TestNoThresholdWithoutScale refuses a normalization of gamma 0 before a binary or ternary tanh, which has
// no threshold that C++ could compare with.
func TestNoThresholdWithoutScale(t *testing.T) {
	tk, err := hlsgo.New()
	require.NoError(t, err)
	for _, name := range []string{
		"keras2_binarydense_bn_tanh_vitis_parallel", "keras2_ternarydense_bn_tanh_vivado_stream",
	} {
		m, err := tk.Load(filepath.Join(oracleCases, name, "hls4ml_config.yml"), hlsgo.Overrides{})
		require.NoError(t, err)
		p := m.Parsed().Clone()
		for _, l := range p.Layers {
			if gamma := l.Data.Tensors["gamma_data"]; gamma != nil {
				gamma = gamma.Clone()
				gamma.Data[2] = 0
				l.Data.Tensors["gamma_data"] = gamma
			}
		}
		m, err = tk.NewModel(p, m.Config())
		require.NoError(t, err)
		_, err = m.Project()
		require.ErrorContains(t, err, "scale: got 0 at flat index 2 (gamma of the normalization), want another")
		_, err = m.Predict(t.Context())
		require.ErrorContains(t, err, "scale: got 0 at flat index 2")
	}
}

// TestStreamFlattenForOthers puts a normalization behind a flatten: on streams it gets words of its own.
func TestStreamFlattenForOthers(t *testing.T) {
	tk, err := hlsgo.New()
	require.NoError(t, err)
	for ioType, want := range map[ir.IOType]string{ir.Parallel: "Reshape", ir.Stream: "Repack"} {
		m, err := tk.NewModel(flattenThenNorm(), &ir.Config{
			ProjectName: "p", Backend: "Vitis", IOType: ioType, Part: "part", ClockPeriod: 5,
			HLS: ir.HLSConfig{Model: &ir.Section{
				Precision: []ir.Precision{{Var: "default", Text: "fixed<16,6>"}},
				Keys:      []ir.Key{{Name: "ReuseFactor", Value: 1}},
			}},
		})
		require.NoError(t, err)
		g, err := m.Graph()
		require.NoError(t, err)
		require.Equal(t, want, g.Nodes[1].Kind)
		_, err = m.Project()
		require.NoError(t, err)
	}
}

func flattenThenNorm() *ir.Parsed {
	one := func() *ir.Tensor {
		return &ir.Tensor{Shape: []int{6}, DType: ir.Float32, Data: []float64{1, 1, 1, 1, 1, 1}}
	}
	return &ir.Parsed{
		Inputs: []string{"in"}, Outputs: []string{"bn"},
		Layers: []*ir.Layer{
			{Name: "in", Kind: "Input", ClassName: "InputLayer", Attrs: &io.Attrs{InputShape: []int{3, 2}}},
			{Name: "flat", Kind: "Reshape", ClassName: "Reshape", Inputs: []string{"in"},
				Attrs: &shape.ReshapeAttrs{TargetShape: []int{6}}},
			{Name: "bn", Kind: "BatchNormalization", ClassName: "BatchNormalization", Inputs: []string{"flat"},
				Attrs: &norm.Attrs{NIn: 6, NFilt: -1, UseGamma: true, UseBeta: true},
				Data:  ir.Data{Tensors: map[string]*ir.Tensor{"scale_data": one(), "bias_data": one()}}},
		},
	}
}

func expectTwice(t *testing.T, tk *hlsgo.Toolkit, p *ir.Parsed, cfg *ir.Config, tensor string) {
	t.Helper()
	m, err := tk.NewModel(p, cfg)
	require.NoError(t, err)
	_, err = m.Project()
	require.EqualError(t, err, `model: tensor "`+tensor+`": got it twice among inputs and outputs, `+
		`want each once: the top function has one argument for each`)
}
