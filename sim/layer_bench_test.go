package sim

import (
	"math/rand/v2"
	"testing"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/sim/vec"
)

// BenchmarkLayer runs one layer of 500 inputs and 500 outputs over 1024 samples: the sums, and the conversion
// of each to its result. benchmarks/yardstick is the same in C++.
func BenchmarkLayer(b *testing.B) { benchLayers(b, vec.Best()) }

// BenchmarkLayerAVX2 is the same without AVX-512.
func BenchmarkLayerAVX2(b *testing.B) {
	for _, s := range vec.Sets() {
		if s.Name == "AVX2" {
			benchLayers(b, s)
		}
	}
}

func benchLayers(b *testing.B, set vec.Set) {
	data := fixed.Fixed(16, 6)
	for _, c := range []struct {
		name                string
		data, accum, result fixed.Format
	}{
		{"exact16", fixed.Fixed(11, 1), fixed.Fixed(32, 12), fixed.Fixed(32, 12)},
		{"cut16", data, data, data},
		{"exact64", fixed.Fixed(24, 8), fixed.Fixed(60, 28), fixed.Fixed(60, 28)},
	} {
		b.Run(c.name, func(b *testing.B) { benchLayer(b, set, c.data, c.accum, c.result) })
	}
}

func benchLayer(b *testing.B, set vec.Set, data, accum, result fixed.Format) {
	const inputs, outputs, samples = 500, 500, 1024
	r := rand.New(rand.NewPCG(1, 2))
	lo := newLowering(&ir.Graph{}, &Env{})
	s := Sum{X: data, WFormat: data, BFormat: data, Accum: accum, Result: result, Bias: make([]int64, outputs)}
	var in []Plane
	for range inputs {
		in = append(in, lo.newPlane(Range{Lo: data.MinRaw(), Hi: data.MaxRaw()}))
	}
	s.Taps = [][]Plane{in}
	for range outputs {
		w := make([]int64, inputs)
		for i := range w {
			w[i] = r.Int64N(1000) - 500
		}
		s.W = append(s.W, w)
	}
	out := lo.Sum(s)
	p := &code{ops: lo.ops, layout: lo.layoutNodes(in, out, make([]int, len(lo.ops)), nil)}
	p.vectorize(lo, &set)
	m := newMemory(p.layout, samples)
	m.n = samples
	for b.Loop() {
		for _, o := range p.ops {
			o.run(m)
		}
	}
	b.ReportMetric(inputs*outputs*samples*float64(b.N)/float64(b.Elapsed().Nanoseconds()), "GMAC/s")
}
