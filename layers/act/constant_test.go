package act

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestConstantFormat holds the type of a constant against what hls4ml 1.3.0 finds for it.
func TestConstantFormat(t *testing.T) {
	for _, c := range []struct {
		v    float64
		want string
	}{
		{0, "ufixed<1,1>"},
		{1, "ufixed<1,1>"},
		{0.3, "ufixed<8,-1>"},
		{0.30000001192092896, "ufixed<8,-1>"},
		{0.2, "ufixed<8,-2>"},
		{0.5, "ufixed<1,0>"},
		{0.75, "ufixed<2,0>"},
		{2, "ufixed<1,2>"},
		{3, "ufixed<2,2>"},
		{-1, "fixed<1,1>"},
		{-0.5, "fixed<1,0>"},
		{-0.3, "fixed<9,0>"},
		{-2, "fixed<1,2>"},
		{-3, "fixed<3,3>"},
		{100, "ufixed<5,7>"},
		{0.001, "ufixed<8,-9>"},
		{0.009999999776482582, "ufixed<8,-6>"},
		{255, "ufixed<8,8>"},
		{256, "ufixed<1,9>"},
		{257, "ufixed<8,9>"},
		{0.6000000238418579, "ufixed<8,0>"},
		{-256, "fixed<1,9>"},
		{-257, "fixed<9,10>"},
		{1e10, "ufixed<8,34>"},
		{1.0 / 3, "ufixed<8,-1>"},
	} {
		require.Equal(t, c.want, constantFormat(c.v).String(), "%v", c.v)
	}
}
