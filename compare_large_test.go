package hlsgo_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/act"
	"github.com/hlsgo/hlsgo/layers/conv"
	"github.com/hlsgo/hlsgo/layers/io"
	"github.com/hlsgo/hlsgo/profiling"
)

// convolutions is a chain of convolutions with 3x3 pixels and ReLU over square pictures of three channels.
func convolutions(side, filters, n int, random *rand.Rand) *ir.Parsed {
	p := &ir.Parsed{Layers: []*ir.Layer{{
		Name: "x", Kind: "Input", ClassName: "InputLayer", Attrs: &io.Attrs{InputShape: []int{side, side, 3}},
	}}}
	add := func(l ir.Layer) {
		l.Inputs, l.Source = []string{p.Layers[len(p.Layers)-1].Name}, l.Name
		p.Layers = append(p.Layers, &l)
	}
	channels := 3
	for i := range n {
		a := &conv.Conv2DAttrs{
			Common: conv.Common{
				NChan: channels, NFilt: filters, DataFormat: "channels_last", ParallelizationFactor: 1,
			},
			InHeight: side, InWidth: side, OutHeight: side, OutWidth: side,
			FiltHeight: 3, FiltWidth: 3, StrideHeight: 1, StrideWidth: 1, DilationHeight: 1, DilationWidth: 1,
			PadTop: 1, PadBottom: 1, PadLeft: 1, PadRight: 1,
		}
		w := ir.NewTensor(ir.Float32, 3, 3, channels, filters).Map(func(float64) float64 {
			return float64(float32(random.NormFloat64() / math.Sqrt(9*float64(channels))))
		})
		add(ir.Layer{
			Name: fmt.Sprintf("c%d", i), Kind: "Conv2D", ClassName: "Conv2D", Attrs: a,
			Data: ir.Data{Tensors: map[string]*ir.Tensor{
				"weight_data": w, "bias_data": ir.NewTensor(ir.Float32, filters),
			}},
		})
		add(ir.Layer{
			Name: fmt.Sprintf("r%d", i), Kind: "Activation", ClassName: "Activation",
			Attrs: &act.ActivationAttrs{Base: act.Base{Activation: "relu", TableSize: 1024}},
		})
		channels = filters
	}
	return p
}

// TestCompareLargePictures compares both models layer by layer, where not all layers fit into memory, with
// measures of whole traces; and experiments on values that are computed again with those on values that were
// kept.
func TestCompareLargePictures(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	m := deepModel(t, convolutions(120, 9, 2, random))
	x := &hlsgo.Array{Shape: []int{2, 120, 120, 3}, F32: make([]float32, 2*120*120*3)}
	for i := range x.F32 {
		x.F32[i] = random.Float32() * 9
	}
	whole, err := m.Compare(t.Context(), hlsgo.CompareOptions{}, x)
	require.NoError(t, err)
	require.NotEmpty(t, whole.Suspects)
	require.Equal(t, 2, whole.Samples)
	float, err := m.Trace(t.Context(), hlsgo.TraceOptions{Float: true}, x)
	require.NoError(t, err)
	fixed, err := m.Trace(t.Context(), hlsgo.TraceOptions{}, x)
	require.NoError(t, err)
	compared := 0
	for _, l := range whole.Layers[1:] {
		var squares, sum float64
		a, b := fixed.Layer(l.Layer).F32, float.Layer(l.Float).F32
		for i, v := range a {
			d := float64(v) - float64(b[i])
			squares += d * d
			sum += profiling.DistDiff(float64(v), float64(b[i]))
		}
		require.Equal(t, math.Sqrt(squares), l.Norm, l.Layer)
		require.Equal(t, sum/float64(len(a)), l.Dist.Mean, l.Layer)
		compared++
	}
	require.Equal(t, 4, compared)
	again, err := m.Compare(t.Context(), hlsgo.CompareOptions{Held: 1}, x)
	require.NoError(t, err)
	require.Equal(t, whole, again)
}
