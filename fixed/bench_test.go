package fixed_test

import (
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/fixed/fixedtest"
)

const block = 4096

func rawBlock(f fixed.Format) []int64 {
	r := rand.New(rand.NewPCG(7, 7))
	xs := make([]int64, block)
	for i := range xs {
		xs[i] = fixedtest.RandomNarrow(r, f)
	}
	return xs
}

// perBlock reports the time of one element.
func perBlock(b *testing.B, run func()) {
	b.ReportAllocs()
	for b.Loop() {
		run()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*block), "ns/element")
}

var benchTargets = []struct {
	name string
	to   fixed.Format
}{
	{"identity", fixed.Fixed(36, 16)},
	{"shift", fixed.Fixed(32, 16)},
	{"wrap", fixed.Fixed(16, 6)},
	{"round", fixed.Fixed(16, 6).With(fixed.RND, fixed.WRAP)},
	{"clamp", fixed.Fixed(16, 6).With(fixed.RND, fixed.SAT)},
	{"even", fixed.Fixed(16, 6).With(fixed.RNDConv, fixed.SAT)},
	{"general", fixed.Format{W: 16, I: 6, Signed: true, N: 2}},
}

func BenchmarkCastNarrow(b *testing.B) {
	from := fixed.Fixed(36, 16)
	xs, ys := rawBlock(from), make([]int64, block)
	for _, c := range benchTargets {
		b.Run(c.name, func(b *testing.B) {
			perBlock(b, func() {
				for i, x := range xs {
					ys[i] = fixed.Cast(x, from, c.to)
				}
			})
		})
	}
}

func BenchmarkPlanSlice(b *testing.B) {
	from := fixed.Fixed(36, 16)
	xs, ys := rawBlock(from), make([]int64, block)
	for _, c := range benchTargets {
		p := fixed.NewPlan(from, from.MinRaw(), from.MaxRaw(), c.to)
		b.Run(c.name, func(b *testing.B) { perBlock(b, func() { p.ApplySlice(ys, xs) }) })
	}
}

func BenchmarkPlanLanes(b *testing.B) {
	from := fixed.Fixed(32, 16)
	xs, ys := make([]int32, block), make([]int16, block)
	for i, x := range rawBlock(from) {
		xs[i] = int32(x)
	}
	for _, c := range benchTargets[2:] {
		p := fixed.NewPlan(from, from.MinRaw(), from.MaxRaw(), c.to)
		b.Run(c.name, func(b *testing.B) { perBlock(b, func() { fixed.ApplyLanes(p, ys, xs) }) })
	}
}

func BenchmarkWide(b *testing.B) {
	from, to := fixed.Fixed(120, 60), fixed.Fixed(80, 40).With(fixed.RND, fixed.SAT)
	r := rand.New(rand.NewPCG(7, 7))
	xs, y := make([]*big.Int, block), new(big.Int)
	for i := range xs {
		xs[i] = fixedtest.RandomRaw(r, from)
	}
	p := fixed.NewWidePlan(from, to)
	b.Run("plan", func(b *testing.B) {
		perBlock(b, func() {
			for _, x := range xs {
				p.Apply(y, x)
			}
		})
	})
	b.Run("cast", func(b *testing.B) {
		perBlock(b, func() {
			for _, x := range xs {
				fixed.CastBig(y, x, from, to)
			}
		})
	})
}

func BenchmarkFromFloat32s(b *testing.B) {
	r := rand.New(rand.NewPCG(7, 7))
	src, dst := make([]float32, block), make([]int64, block)
	for i := range src {
		src[i] = float32(r.NormFloat64() * 4)
	}
	for _, c := range benchTargets[2:] {
		b.Run(c.name, func(b *testing.B) { perBlock(b, func() { fixed.FromFloat32s(dst, src, c.to) }) })
	}
	ac := fixed.Fixed(16, 6).In(fixed.AC)
	b.Run("ac", func(b *testing.B) { perBlock(b, func() { fixed.FromFloat32s(dst, src, ac) }) })
}

func BenchmarkToFloat32s(b *testing.B) {
	dst := make([]float32, block)
	for _, f := range []fixed.Format{fixed.Fixed(16, 6), fixed.Fixed(60, 20)} {
		xs := rawBlock(f)
		b.Run(f.String(), func(b *testing.B) { perBlock(b, func() { fixed.ToFloat32s(dst, xs, f) }) })
	}
}

func BenchmarkToFloat64s(b *testing.B) {
	f, dst := fixed.Fixed(36, 16), make([]float64, block)
	xs := rawBlock(f)
	perBlock(b, func() { fixed.ToFloat64s(dst, xs, f) })
}

func BenchmarkQuantizeWeight(b *testing.B) {
	f := fixed.Fixed(16, 6)
	r := rand.New(rand.NewPCG(7, 7))
	src := make([]float64, block)
	for i := range src {
		src[i] = float64(float32(r.NormFloat64()))
	}
	sum := int64(0)
	perBlock(b, func() {
		for _, v := range src {
			sum += fixed.QuantizeWeight(v, f)
		}
	})
	_ = sum
}
