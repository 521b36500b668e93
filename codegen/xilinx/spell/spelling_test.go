package spell_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo/codegen/xilinx/spell"
	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
)

func TestTypes(t *testing.T) {
	s := spell.Spelling{}
	require.Equal(t, "ap_fixed<16,6>", s.Type(fixed.Fixed(16, 6)))
	require.Equal(t, "ap_uint<filt_width>", s.UInt("filt_width"))
	require.Equal(t, "hls::stream<nnet::array<ap_int<4>, 3*1>>", s.Stream(s.Word(s.Type(fixed.Int(4)), 3)))
	require.Equal(t, "ap_uint<1> sign; ap_int<4> weight;", s.Exponent(fixed.Int(4)))
}

// TestToolsDiffer holds the one pragma that the two tools write differently.
func TestToolsDiffer(t *testing.T) {
	vivado, vitis := spell.Spelling{}, spell.Spelling{BindStorage: true}
	require.Equal(t, "#pragma HLS RESOURCE variable=w2 core=ROM_nP_BRAM", vivado.ROM("w2"))
	require.Equal(t, "#pragma HLS BIND_STORAGE variable=w2 type=ROM_NP impl=BRAM", vitis.ROM("w2"))
	require.Equal(t, vivado.Split("acc"), vitis.Split("acc"))
}

func TestStorage(t *testing.T) {
	for want, v := range map[string]*ir.Variable{
		"#pragma HLS STREAM variable=x depth=9":                      {Pragma: "stream", Depth: 9},
		"#pragma HLS ARRAY_PARTITION variable=x complete dim=0":      {Pragma: "partition"},
		"#pragma HLS ARRAY_RESHAPE variable=x cyclic factor=4 dim=0": {Pragma: "reshape", Factor: 4},
	} {
		v.Name = "x"
		require.Equal(t, want, spell.Spelling{}.Storage(v))
	}
}
