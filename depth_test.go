package hlsgo_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/act"
	"github.com/hlsgo/hlsgo/layers/dense"
	"github.com/hlsgo/hlsgo/layers/io"
	"github.com/hlsgo/hlsgo/sim"
)

// deep is a chain of n layers of four values as front ends read it: dense layers, each with the linear
// activation that is its argument, or activations alone.
func deep(n int, kind string) *ir.Parsed {
	p := &ir.Parsed{Layers: []*ir.Layer{{
		Name: "x", Kind: "Input", ClassName: "InputLayer", Attrs: &io.Attrs{InputShape: []int{4}},
	}}}
	add := func(l ir.Layer) {
		l.Inputs, l.Source = []string{p.Layers[len(p.Layers)-1].Name}, l.Name
		p.Layers = append(p.Layers, &l)
	}
	for i := range n {
		name, function := fmt.Sprintf("%s%d", kind, i), "relu"
		if kind == "dense" {
			w := ir.NewTensor(ir.Float32, 4, 4).Map(func(float64) float64 { return 0.25 })
			add(ir.Layer{
				Name: name, Kind: "Dense", ClassName: "Dense", Attrs: &dense.Attrs{NIn: 4, NOut: 4},
				Data: ir.Data{Tensors: map[string]*ir.Tensor{"weight_data": w, "bias_data": ir.NewTensor(ir.Float32, 4)}},
			})
			name, function = name+"_linear", "linear"
		}
		add(ir.Layer{
			Name: name, Kind: "Activation", ClassName: "Activation", Implicit: kind == "dense",
			Attrs: &act.ActivationAttrs{Base: act.Base{Activation: function, TableSize: 1024}},
		})
	}
	return p
}

func deepModel(t testing.TB, p *ir.Parsed) *hlsgo.Model {
	t.Helper()
	tk, err := hlsgo.New()
	require.NoError(t, err)
	m, err := tk.NewModel(p, &ir.Config{
		Backend: "Vivado", ProjectName: "deep", IOType: ir.Parallel,
		HLS: ir.HLSConfig{Model: &ir.Section{
			Precision: []ir.Precision{{Var: "default", Text: "ap_fixed<16,6>"}},
			Keys:      []ir.Key{{Name: "ReuseFactor", Value: 1}, {Name: "Strategy", Value: "Latency"}},
		}},
	})
	require.NoError(t, err)
	return m
}

// BenchmarkDepth builds, compiles and writes networks of 250 to 2,000 layers and reports how time grows with
// depth: the exponent of the power of the number of layers that fits best. 1 is linear. The last row is told
// in full.
func BenchmarkDepth(b *testing.B) {
	for _, kind := range []string{"dense", "relu"} {
		for _, step := range []struct {
			name string
			run  func(m *hlsgo.Model) error
		}{
			{"graph", func(m *hlsgo.Model) error { _, err := m.Graph(); return err }},
			{"compile", func(m *hlsgo.Model) error { _, err := m.Compile(sim.Options{}); return err }},
			{"project", func(m *hlsgo.Model) error { _, err := m.Project(); return err }},
		} {
			b.Run(kind+"/"+step.name, func(b *testing.B) { benchmarkDepth(b, kind, step.run) })
		}
	}
}

func benchmarkDepth(b *testing.B, kind string, run func(m *hlsgo.Model) error) {
	depths := []float64{250, 500, 1000, 2000}
	seconds := make([]float64, len(depths))
	for range b.N {
		for i, n := range depths {
			m := deepModel(b, deep(int(n), kind))
			start := time.Now()
			require.NoError(b, run(m))
			seconds[i] += time.Since(start).Seconds()
		}
	}
	for i, n := range depths {
		b.ReportMetric(1000*seconds[i]/float64(b.N), fmt.Sprintf("ms/%.0f", n))
	}
	b.ReportMetric(exponent(depths, seconds), "exponent")
}

// exponent fits y = c*x^e, by least squares of the logarithms.
func exponent(x, y []float64) float64 {
	var sx, sy, sxx, sxy float64
	for i := range x {
		a, b := math.Log(x[i]), math.Log(y[i])
		sx, sy, sxx, sxy = sx+a, sy+b, sxx+a*a, sxy+a*b
	}
	n := float64(len(x))
	return (n*sxy - sx*sy) / (n*sxx - sx*sx)
}
