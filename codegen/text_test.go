package codegen_test

import (
	"math"
	"testing"

	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/stretchr/testify/require"
)

// The texts of this test are what CPython's repr prints.
func TestFloatTextIsPythons(t *testing.T) {
	for v, want := range map[float64]string{
		0.2: "0.2", 1: "1.0", -0.5: "-0.5", 0: "0.0", math.Copysign(0, -1): "-0.0",
		float64(float32(0.3)): "0.30000001192092896", 1e-5: "1e-05", 1e-4: "0.0001", 1.5e-7: "1.5e-07",
		1e16: "1e+16", 9999999999999998: "9999999999999998.0", 1e100: "1e+100", 123456: "123456.0",
		math.Inf(1): "inf", math.Inf(-1): "-inf",
	} {
		require.Equal(t, want, codegen.FloatText(v))
	}
	require.Equal(t, "nan", codegen.FloatText(math.NaN()))
}

// The texts of this test are what numpy prints for its float32.
func TestSamplesAreNumpys(t *testing.T) {
	x := []float32{1e-4, 0.00012, 1e16, 9.9e15, 123456789, 16777216, 3.4e38, 1e-45, 0.1, 1e22}
	got, err := codegen.Samples(2, x)
	require.NoError(t, err)
	want := "1e-04 0.00012 1e+16 9900000000000000.0 123456790.0 \n16777216.0 3.4e+38 1e-45 0.1 1e+22 \n"
	require.Equal(t, want, string(got))
	got, err = codegen.Samples(1, []float64{1e-4, 1e16, 123456789012345680})
	require.NoError(t, err)
	require.Equal(t, "0.0001 1e+16 1.2345678901234568e+17 \n", string(got))
}

func TestSamplesWantWholeRows(t *testing.T) {
	_, err := codegen.Samples(3, []float32{1, 2, 3, 4})
	require.EqualError(t, err, "samples: wrong number of values: got 4, want a multiple of 3 samples")
	_, err = codegen.Samples(0, []float32{})
	require.EqualError(t, err, "samples: wrong number of values: got 0, want a multiple of 0 samples")
}

func TestConfigPrintsEveryKindOfMember(t *testing.T) {
	c := codegen.NewConfig("config2", "nnet::some_config")
	c.Uint("n_in", 3)
	c.Bool("store", false)
	c.Expr("limit", "n_in * 2")
	c.Enum("nnet::kind", "kind", "nnet::kind::a")
	c.Float("scale", 1)
	c.Type("accum_t", "acc")
	c.Product(fixed.Fixed(16, 6), fixed.Fixed(16, 6))
	c.Static("slope_t", "slope", "0.2")
	c.Array("ap_uint<n_in>", "pixels", "n_in", "0")
	c.Pointer("perm", []int{1, 0})
	var w codegen.Writer
	w.Config(c)
	require.Equal(t, `struct config2 : nnet::some_config {
    static const unsigned n_in = 3;
    static const bool store = false;
    static const unsigned limit = n_in * 2;
    static const nnet::kind kind = nnet::kind::a;
    static constexpr float scale = 1.0;
    typedef acc accum_t;
    template <class x_T, class y_T>
    using product = nnet::product::mult<x_T, y_T>;
    static const slope_t slope;
    static const ap_uint<n_in> pixels[n_in];
    static const unsigned *const perm;
};
const unsigned config2_perm[2] = {1, 0};
const slope_t config2::slope = 0.2;
const ap_uint<config2::n_in> config2::pixels[] = {0};
const unsigned *const config2::perm = config2_perm;
`, w.String())
}

func weight(f fixed.Format, data ...float64) *ir.Weight {
	return &ir.Weight{
		Role: "weight", Var: "w2", Type: &ir.Type{Name: "w_t", Format: f},
		Data: &ir.Tensor{Shape: []int{len(data)}, Data: data},
	}
}

func TestWeightTexts(t *testing.T) {
	for _, c := range []struct {
		f    fixed.Format
		data []float64
		want string
	}{
		{fixed.Fixed(16, 6), []float64{0.5, -1.25, 1.0 / 3}, "0.5000000000, -1.2500000000, 0.3333333333"},
		{fixed.Fixed(8, 8), []float64{0.5, 1.5, -2.6}, "0, 2, -3"},
		{fixed.Int(2), []float64{-1, 0, 1}, "-1, 0, 1"},
		{fixed.Xnor(), []float64{0, 1}, "0, 1"},
		{fixed.Exponent(4, true), []float64{0.5, -4}, "{1.0, -1}, {0.0, 2}"},
	} {
		require.Equal(t, c.want, string(codegen.WeightTxt(weight(c.f, c.data...))), c.f)
	}
}

func TestWeightHeaders(t *testing.T) {
	w := weight(fixed.Fixed(4, 2), 0, 0.25)
	require.Equal(t, `#ifndef W2_H_
#define W2_H_

// weight, shape [2], 1 of 2 values are zero
#ifndef __SYNTHESIS__
w_t w2[2];
#else
w_t w2[2] = {0.00, 0.25};
#endif

#endif
`, string(codegen.WeightHeader(w, "", true)))
	require.Equal(t, `#ifndef NET_W2_H_
#define NET_W2_H_

// weight, shape [2], 1 of 2 values are zero
namespace net {

w_t w2[2] = {0.00, 0.25};

} // namespace net

#endif
`, string(codegen.WeightHeader(w, "net", false)))
}

func TestIsIdentifier(t *testing.T) {
	for _, s := range []string{"myproject", "_a1", "A", "ints"} {
		require.True(t, codegen.IsIdentifier(s), s)
	}
	for _, s := range []string{"", "1a", "a b", "a-b", "a::b", "é", "int", "default"} {
		require.False(t, codegen.IsIdentifier(s), s)
	}
}
