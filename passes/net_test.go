package passes_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/act"
	"github.com/hlsgo/hlsgo/layers/builtin"
	"github.com/hlsgo/hlsgo/layers/conv"
	"github.com/hlsgo/hlsgo/layers/dense"
	"github.com/hlsgo/hlsgo/layers/group"
	"github.com/hlsgo/hlsgo/layers/io"
	"github.com/hlsgo/hlsgo/layers/norm"
	"github.com/hlsgo/hlsgo/layers/shape"
	"github.com/hlsgo/hlsgo/layers/softmax"
	"github.com/stretchr/testify/require"
)

// net is a small network under construction.
type net struct{ ir.Parsed }

func (b *net) add(kind, name string, attrs any, data map[string]*ir.Tensor, inputs ...string) *net {
	if len(inputs) == 0 && kind != "Input" && len(b.Layers) > 0 {
		inputs = []string{b.Layers[len(b.Layers)-1].Name}
	}
	b.Layers = append(b.Layers, &ir.Layer{
		Name: name, Kind: kind, ClassName: kind, Attrs: attrs, Data: ir.Data{Tensors: data}, Inputs: inputs,
		Source: name,
	})
	return b
}

func input(dims ...int) *net {
	return new(net).add("Input", "x", &io.Attrs{InputShape: dims}, nil)
}

func (b *net) outputs(names ...string) *net {
	b.Outputs = names
	return b
}

func (b *net) dense(name string, nIn, nOut int, inputs ...string) *net {
	return b.add("Dense", name, &dense.Attrs{NIn: nIn, NOut: nOut},
		map[string]*ir.Tensor{"weight_data": ramp(nIn, nOut), "bias_data": ramp(nOut)}, inputs...)
}

func (b *net) act(name, function string, inputs ...string) *net {
	a := &act.ActivationAttrs{Base: act.Base{Activation: function, TableSize: 1024}}
	return b.add("Activation", name, a, nil, inputs...)
}

func (b *net) bn(name string, n int, scale, bias float64) *net {
	return b.add("BatchNormalization", name, &norm.Attrs{NIn: n, NFilt: -1},
		map[string]*ir.Tensor{"scale_data": fill(scale, n), "bias_data": fill(bias, n)})
}

func (b *net) transpose(name string, perm ...int) *net {
	return b.add("Transpose", name, &shape.TransposeAttrs{Perm: perm}, nil)
}

func (b *net) reshape(name string, dims ...int) *net {
	return b.add("Reshape", name, &shape.ReshapeAttrs{TargetShape: dims}, nil)
}

func (b *net) softmax(name string, a softmax.Attrs) *net {
	a.Activation, a.Axis, a.NOuter, a.NInner = "softmax", -1, 1, 1
	if a.Implementation == "" {
		a.Implementation = "stable"
	}
	return b.add("Softmax", name, &a, nil)
}

func softmaxAttrs(table int) softmax.Attrs { return softmax.Attrs{TableSize: table} }

func (b *net) ternary(name string, threshold float64) *net {
	return b.add("TernaryTanh", name,
		&act.TernaryAttrs{Base: act.Base{Activation: "ternary_tanh", TableSize: 1024}, Threshold: &threshold}, nil)
}

func (b *net) conv1D(name string, width, filt, nChan, nFilt int) *net {
	return b.add("Conv1D", name, &conv.Conv1DAttrs{
		Common:  conv.Common{DataFormat: "channels_last", NChan: nChan, NFilt: nFilt, ParallelizationFactor: 1},
		InWidth: width, OutWidth: width - filt + 1, FiltWidth: filt, StrideWidth: 1, DilationWidth: 1,
	}, map[string]*ir.Tensor{"weight_data": ramp(filt, nChan, nFilt), "bias_data": ramp(nFilt)})
}

func (b *net) group(name string, inner *net, out ...int) *net {
	return b.add("LayerGroup", name, &group.Attrs{Layers: inner.Layers, OutputShape: out}, nil)
}

// steps repeats a Dense over the first axis.
func (b *net) steps(name string, n, out int) *net {
	a := &group.TimeDistributedAttrs{
		OutputShape: []int{n, out}, NTimeSteps: n, Wrapped: input(4).dense("inside", 4, out).Layers[1:],
	}
	return b.add("TimeDistributed", name, a, nil)
}

// ramp is a float32 tensor of 1/8, 2/8, 3/8, ...
func ramp(dims ...int) *ir.Tensor {
	t := ir.NewTensor(ir.Float32, dims...)
	for i := range t.Data {
		t.Data[i] = float64(i+1) / 8
	}
	return t
}

func fill(v float64, dims ...int) *ir.Tensor {
	return ir.NewTensor(ir.Float32, dims...).Map(func(float64) float64 { return v })
}

// settings are the HLSConfig of a test under the types auto: a default, then more lines of YAML.
func settings(t testing.TB, backend, ioType, more string) *ir.Config {
	t.Helper()
	text := fmt.Sprintf("OutputDir: prj\nProjectName: p\nBackend: %s\nIOType: %s\nKerasH5: m.h5\nHLSConfig:\n"+
		"  Model:\n    Precision:\n      default: fixed<16,6>\n%s", backend, ioType, more)
	env := hlsgo.ConfigEnv{Schema: builtin.Registry()}
	cfg, _, err := hlsgo.ReadConfig("test.yml", []byte(text), hlsgo.Overrides{}, env)
	require.NoError(t, err)
	return cfg
}

// reuse is the reuse factor that every model must set, followed by auto types for results and sums.
const reuse = "      result: auto\n      accum: auto\n    ReuseFactor: 1\n"

func (b *net) graph(t testing.TB, cfg *ir.Config) *ir.Graph {
	t.Helper()
	g, err := ir.Build(&b.Parsed, cfg, builtin.Registry())
	require.NoError(t, err)
	require.NoError(t, ir.Verify(g, g.Schema))
	return g
}

func text(t testing.TB, g *ir.Graph) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, g.WriteText(&b))
	return b.String()
}

// apply runs passes as a flow of their own and returns the names of those that matched.
func apply(t testing.TB, g *ir.Graph, list ...ir.Pass) []string {
	t.Helper()
	require.NoError(t, try(g, list...))
	return g.Applied[len(g.Applied)-1].Passes
}

func try(g *ir.Graph, list ...ir.Pass) error {
	f := ir.Flow{Name: fmt.Sprintf("test%d", len(g.Applied)), Passes: list}
	return f.Run(g, func(g *ir.Graph, p ir.Pass) error { return ir.Verify(g, g.Schema) })
}
