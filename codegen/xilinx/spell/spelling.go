package spell

import (
	"fmt"
	"strings"

	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
)

// Spelling implements codegen.Spelling for the tools that read ap_types and HLS pragmas.
type Spelling struct {
	// BindStorage says that the tool calls the memory of an array by a BIND_STORAGE pragma, as Vitis HLS does,
	// where Vivado HLS has RESOURCE.
	BindStorage bool
}

var _ codegen.Spelling = Spelling{}

// Type is f as hls4ml writes it: ap_fixed<16,6>.
func (Spelling) Type(f fixed.Format) string { return f.CPP() }

// UInt is ap_uint<width>.
func (Spelling) UInt(width string) string { return "ap_uint<" + width + ">" }

// Word is nnet::array; the factor of one is hls4ml's, whose words may hold several pixels.
func (Spelling) Word(typ string, n int) string { return fmt.Sprintf("nnet::array<%s, %d*1>", typ, n) }

// Stream is hls::stream<word>.
func (Spelling) Stream(word string) string { return "hls::stream<" + word + ">" }

// Exponent has the members that nnet::product::weight_exponential reads.
func (s Spelling) Exponent(f fixed.Format) string {
	return fmt.Sprintf("%s sign; %s weight;", s.UInt("1"), s.Type(f))
}

// Headers are those of ap_types.
func (Spelling) Headers() []string { return []string{"ap_fixed.h", "ap_int.h"} }

// StreamHeader is that of ap_types' streams.
func (Spelling) StreamHeader() string { return "hls_stream.h" }

// Namespaces are those of nnet_utils and ap_types.
func (Spelling) Namespaces() []string { return []string{"nnet", "hls", "std"} }

// Inline is the pragma INLINE.
func (Spelling) Inline() string { return "#pragma HLS INLINE" }

// Unroll is the pragma UNROLL.
func (Spelling) Unroll() string { return "#pragma HLS UNROLL" }

// PipelineLoop is the pragma PIPELINE; the tool finds the interval.
func (Spelling) PipelineLoop() string { return "#pragma HLS PIPELINE" }

// Pipeline is the pragma PIPELINE with an interval.
func (Spelling) Pipeline(ii string) string { return "#pragma HLS pipeline II=" + ii }

// Split is the pragma ARRAY_PARTITION.
func (Spelling) Split(array string) string {
	return "#pragma HLS ARRAY_PARTITION variable=" + array + " complete"
}

// Pack is the pragma ARRAY_RESHAPE by blocks.
func (Spelling) Pack(array, factor string) string {
	return "#pragma HLS ARRAY_RESHAPE variable=" + array + " block factor=" + factor
}

// ROM has two readers per memory, which both tools call nP.
func (s Spelling) ROM(array string) string {
	if s.BindStorage {
		return "#pragma HLS BIND_STORAGE variable=" + array + " type=ROM_NP impl=BRAM"
	}
	return "#pragma HLS RESOURCE variable=" + array + " core=ROM_nP_BRAM"
}

// Multipliers is the pragma ALLOCATION.
func (Spelling) Multipliers(limit int) string {
	return fmt.Sprintf("#pragma HLS ALLOCATION operation instances=mul limit=%d", limit)
}

// Storage is one of STREAM, ARRAY_PARTITION and ARRAY_RESHAPE.
func (Spelling) Storage(v *ir.Variable) string {
	if v.Pragma == "stream" {
		return fmt.Sprintf("#pragma HLS STREAM variable=%s depth=%d", v.Name, v.Depth)
	}
	how := "complete"
	if v.Factor > 0 {
		how = fmt.Sprintf("cyclic factor=%d", v.Factor)
	}
	return fmt.Sprintf("#pragma HLS ARRAY_%s variable=%s %s dim=0", strings.ToUpper(v.Pragma), v.Name, how)
}
