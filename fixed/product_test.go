package fixed_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo/fixed"
)

func TestProductFollowsKindsOnly(t *testing.T) {
	x := fixed.Fixed(16, 6)
	for _, c := range []struct {
		data, weight fixed.Format
		product      fixed.Product
		text         string
	}{
		{x, x, fixed.Mult, "mult"}, {x, fixed.Int(2), fixed.WeightTernary, "weight_ternary"},
		{x, fixed.UInt(2), fixed.Mult, "mult"}, {x, fixed.Int(3), fixed.Mult, "mult"},
		{x, fixed.Fixed(2, 2), fixed.Mult, "mult"}, {x, fixed.Xnor(), fixed.WeightBinary, "weight_binary"},
		{fixed.Xnor(), x, fixed.DataBinary, "data_binary"},
		{fixed.Xnor(), fixed.Xnor(), fixed.BothBinary, "both_binary"},
		{x, fixed.Exponent(4, true), fixed.WeightExponential, "weight_exponential"},
		{fixed.Xnor(), fixed.Int(2), fixed.DataBinary, "data_binary"},
	} {
		require.Equal(t, c.product, fixed.ProductOf(c.data, c.weight), "%v * %v", c.data, c.weight)
		require.Equal(t, c.text, c.product.String())
	}
}
