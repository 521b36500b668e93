package profiling_test

import (
	"math/rand/v2"
	"testing"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/profiling"
)

// BenchmarkAdd counts values, a million at once; MB/s is millions of values per second.
func BenchmarkAdd(b *testing.B) {
	values := make([]float32, 1_000_000)
	r := rand.New(rand.NewPCG(1, 2))
	for i := range values {
		values[i] = float32(int(r.NormFloat64()*1024)) / 1024
	}
	for name, f := range map[string]fixed.Format{"grid": fixed.Fixed(16, 6), "buckets": fixed.Auto} {
		b.Run(name, func(b *testing.B) {
			c := profiling.NewCollector(f)
			b.SetBytes(int64(len(values)))
			for b.Loop() {
				profiling.Add(c, values)
			}
		})
	}
}
