package fixed_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo/fixed"
)

func TestExactly(t *testing.T) {
	for _, c := range []struct {
		values []float64
		want   fixed.Format
	}{
		{nil, fixed.Fixed(2, 2)}, {[]float64{0}, fixed.Fixed(2, 2)},
		{[]float64{0.5}, fixed.Fixed(2, 1)}, {[]float64{-0.5, 3}, fixed.Fixed(4, 3)},
		{[]float64{1 << 40, 0, 1. / 1024}, fixed.Fixed(52, 42)}, {[]float64{96}, fixed.Fixed(3, 8)},
	} {
		require.Equal(t, c.want, fixed.Exactly(c.values...), c.values)
		for _, v := range c.values {
			require.Equal(t, v, fixed.ToFloat64(fixed.FromFloat64(v, c.want), c.want))
		}
	}
}
