package fixed

import (
	"math"
	"math/big"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestTextVectors compares parsing, spelling and weight texts with hls4ml's own.
func TestTextVectors(t *testing.T) {
	counts := map[string]int{}
	for _, g := range readGroups(t, "text.txt.gz") {
		h := g.header
		counts[h[0]]++
		switch h[0] {
		case "parse":
			checkSpelling(t, h[1], h[2], unblank(h[3]), unblank(h[4]))
		case "bad":
			_, err := Parse(h[1])
			require.Error(t, err, h[1])
		case "weight":
			bits, err := strconv.ParseUint(h[2], 16, 64)
			require.NoError(t, err)
			require.Equal(t, h[3], WeightText(math.Float64frombits(bits), mustParse(t, h[1])), h)
		}
	}
	require.Greater(t, counts["parse"], 40)
	require.Greater(t, counts["bad"], 8)
	require.Greater(t, counts["weight"], 600)
}

// unblank undoes the underscore that the generator put for the blank of "ac_int<8, true>".
func unblank(s string) string { return strings.Replace(s, ",_", ", ", 1) }

func checkSpelling(t *testing.T, text, long, ap, ac string) {
	f := mustParse(t, text)
	require.Equal(t, long, f.Long(), text)
	if ap != "-" {
		require.Equal(t, ap, f.In(AP).CPP(), text)
	}
	if ac != "-" {
		require.Equal(t, ac, f.In(AC).CPP(), text)
	}
	back, err := Parse(f.String())
	require.NoError(t, err, text)
	require.Equal(t, f, back, text)
}

func TestString(t *testing.T) {
	for _, c := range []struct {
		f          Format
		short, cpp string
	}{
		{Fixed(16, 6), "fixed<16,6>", "ap_fixed<16,6>"},
		{UFixed(8, 0).With(RND, SAT), "ufixed<8,0,RND,SAT>", "ap_ufixed<8,0,AP_RND,AP_SAT,0>"},
		{Fixed(8, 4).With(RNDConv, WRAP), "fixed<8,4,RND_CONV>", "ap_fixed<8,4,AP_RND_CONV,AP_WRAP,0>"},
		{Format{W: 8, I: 4, Signed: true, N: 2}, "fixed<8,4,TRN,WRAP,2>", "ap_fixed<8,4,AP_TRN,AP_WRAP,2>"},
		{Int(8), "int<8>", "ap_int<8>"},
		{Xnor(), "xnor", "ap_uint<1>"},
		{Exponent(4, true), "exponent<4>", "ap_int<4>"},
		{Fixed(16, 6).In(AC), "ac_fixed<16,6,true>", "ac_fixed<16,6,true>"},
		{UFixed(1, 1).In(AC), "ac_fixed<1,1,false>", "ac_fixed<2,1,false>"},
		{UInt(8).In(AC), "ac_int<8,false>", "ac_int<8, false>"},
		{Exponent(4, false).In(AC), "ac_exponent<4,false>", "ac_int<4, false>"},
		{Xnor().In(AC), "ac_xnor", "ac_int<1, false>"},
		{Float(FloatHalf), "half", "std::float16_t"},
		{Float(FloatHalf).In(AC), "ac_half", "half"},
		{StdFloat(16, 6), "std_float<16,6>", "ap_float<16,6>"},
		{Auto, "auto", "auto"},
	} {
		require.Equal(t, c.short, c.f.String())
		require.Equal(t, c.cpp, c.f.CPP())
		back, err := Parse(c.short)
		require.NoError(t, err)
		require.Equal(t, c.f, back, c.short)
	}
	require.Equal(t, UFixed(2, 1).In(AC), UFixed(1, 1).In(AC).Emitted())
	require.Equal(t, "AP_RND_MIN_INF", RNDMinInf.String())
	require.Equal(t, "SAT_SYM", SATSym.Short())
	require.Equal(t, "AP_Q(9)", Q(9).String())
}

// TestACFloatIsOfOneFamily: however ac_float is spelled, and in whatever family it is used, it is the type
// that String prints.
func TestACFloatIsOfOneFamily(t *testing.T) {
	want := mustParse(t, "ac_float<25,2,8,RND>")
	for _, text := range []string{"float<25,2,8,RND>", "ap_float<25,2,8,RND>", " float<25, 2, 8, ac_rnd> "} {
		f := mustParse(t, text)
		require.Equal(t, want, f, text)
		require.Equal(t, "ac_float<25,2,8,RND>", f.String(), text)
		require.Equal(t, f, mustParse(t, f.In(AP).String()), text)
	}
	require.Equal(t, "ac_float<1,0,0>", mustParse(t, "float<1,0,0>").String())
}

// TestParseErrors fixes the text of users' errors.
func TestParseErrors(t *testing.T) {
	for text, want := range map[string]string{
		"fixd<16,6>": `precision "fixd<16,6>": unknown type: got "fixd", want fixed<W,I>, ` +
			`ufixed<W,I>, int<W>, uint<W>, an ap_ or ac_ type, float, double, half, bfloat16 or auto`,
		"fixed<16>":      `precision "fixed<16>": wrong number of arguments: got 1, want 2 to 5`,
		"fixed<16,6":     `precision "fixed<16,6": malformed: got "fixed<16,6", want name<...>`,
		"fixed<0,6>":     `precision "fixed<0,6>": bad width: got 0, want 1 to 1024`,
		"int<1025>":      `precision "int<1025>": bad width: got 1025, want 1 to 1024`,
		"fixed<8,x>":     `precision "fixed<8,x>": bad I: got "x", want a whole number`,
		"fixed<8,99999>": `precision "fixed<8,99999>": bad integer bits: got 99999, want -8192 to 8192`,
		"fixed<8,4,ROUND>": `precision "fixed<8,4,ROUND>": unknown rounding mode: got "ROUND", want ` +
			`one of TRN TRN_ZERO RND RND_ZERO RND_INF RND_MIN_INF RND_CONV`,
		"fixed<8,4,RND,ST>": `precision "fixed<8,4,RND,ST>": unknown overflow mode: got "ST", want ` +
			`one of WRAP WRAP_SM SAT SAT_ZERO SAT_SYM`,
		"ufixed<8,4,TRN,WRAP_SM>": `precision "ufixed<8,4,TRN,WRAP_SM>": WRAP_SM needs a signed ap_fixed: ` +
			`got ufixed<8,4,TRN,WRAP_SM>`,
		"fixed<8,4,TRN,WRAP,9>": `precision "fixed<8,4,TRN,WRAP,9>": bad saturation bits: got 9, want 0 to 8`,
		"std_float<8,8>":        `precision "std_float<8,8>": bad exponent bits: got 8, want 0 to 7`,
	} {
		_, err := Parse(text)
		require.EqualError(t, err, want)
	}
}

// TestQuantizeWeight: the decimal text comes between the weight and its raw.
func TestQuantizeWeight(t *testing.T) {
	for _, c := range []struct {
		v    float64
		f    string
		want int64
	}{
		{0.97, "fixed<4,3>", 2},           // "1.0"
		{0.97, "fixed<8,4>", 15},          // "0.9700"
		{0.5, "fixed<8,8>", 0},            // "0": ties to even
		{1.5, "fixed<8,8>", 2},            // "2"
		{-0.5, "int<4>", 0},               // "-0"
		{7.6, "int<4>", -8},               // "8" wraps
		{300, "fixed<8,8,TRN,SAT>", 127},  // saturates after the text
		{1e300, "int<8>", 0},              // low bits of a long integer
		{math.NaN(), "fixed<8,4>", 0},     // a stream refuses it
		{math.Inf(1), "fixed<8,4>", 0},    // likewise
		{0.0625, "fixed<8,12>", 0},        // no digits for negative F
		{-0.3, "fixed<8,4,RND_CONV>", -5}, // "-0.3000"
	} {
		f := mustParse(t, c.f)
		require.Equal(t, c.want, QuantizeWeight(c.v, f), "%v %s", c.v, c.f)
		require.Equal(t, c.want, QuantizeWeightBig(new(big.Int), c.v, f).Int64(), "%v %s", c.v, c.f)
	}
}

// TestWeightFloat: 16 digits after the point, then the nearest float.
func TestWeightFloat(t *testing.T) {
	for _, c := range []struct {
		v, want float64
		kind    FloatKind
	}{
		{0.1, float64(float32(0.1)), FloatSingle},
		{0.1, 0.1, FloatDouble},
		{1.23456789012345678e-9, 1.2345679e-9, FloatDouble},
		{1e-20, 0, FloatDouble},
		{1e40, math.Inf(1), FloatSingle},
	} {
		x, err := WeightFloat(c.v, Float(c.kind))
		require.NoError(t, err)
		require.Equal(t, c.want, x)
	}
	_, err := WeightFloat(1, Float(FloatHalf))
	require.EqualError(t, err, "weight of type half: not supported: want float or double")
	_, err = WeightFloat(1, Fixed(8, 4))
	require.EqualError(t, err, "weight of type fixed<8,4>: not supported: want float or double")
	require.Panics(t, func() { QuantizeWeight(1, Float(FloatSingle)) })
}

func TestFromTextErrors(t *testing.T) {
	for text, want := range map[string]string{
		"nan": `weight text "nan": not a number: want decimal digits`,
		"":    `weight text "": not a number: want decimal digits`,
		"1,5": `weight text "1,5": not a number: want decimal digits`,
	} {
		_, err := FromText(text, Fixed(8, 4))
		require.EqualError(t, err, want)
	}
	_, err := FromText("1.5", Int(8))
	require.EqualError(t, err, `weight text "1.5": not an integer: want decimal digits`)
	_, err = FromText(strings.Repeat("9", 500), Int(8))
	require.EqualError(t, err, `weight text of 500 bytes: too long: want at most 400`)
	x, err := FromText("-1e999", Fixed(8, 4).With(TRN, SAT))
	require.NoError(t, err)
	require.Equal(t, int64(-128), x)
}

func TestPo2(t *testing.T) {
	f := Exponent(4, true)
	for _, c := range []struct {
		v    float64
		want Po2
	}{
		{0.25, Po2{true, -2}}, {-4, Po2{false, 2}}, {1, Po2{true, 0}}, {0.3, Po2{true, -1}}, {256, Po2{true, -8}},
	} {
		p := QuantizePo2(c.v, f)
		require.Equal(t, c.want, p, "%v", c.v)
		require.Equal(t, p, Po2FromRaw(p.Raw()))
	}
	require.Equal(t, -4.0, Po2{false, 2}.Value())
	require.Equal(t, Po2{true, 0}, QuantizePo2(0, f))
}
