package passes_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/hlsgo/hlsgo/backend/xilinx"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/passes"
	"github.com/stretchr/testify/require"
)

// whole is hls4ml's order of the passes in each flow, with those that have no counterpart here.
var whole = map[string]string{
	"parse_qonnx": `reshape_constant padding_constant resize_remove_constants quant_constant_parameters
		bipolar_quant_constant_parameters fuse_quant_with_constant fuse_bipolar_quant_with_constant
		quant_to_activation bipolar_quant_to_activation const_quant_to_const_alpha
		const_bipolar_quant_to_const_alpha quant_to_alpha_activation_alpha
		bipolar_quant_to_alpha_activation_alpha batch_norm_onnx_constant_parameters constant_batch_norm_fusion
		merge_two_constants scale_down_add bias_down_add scale_down_mat_mul scale_down_conv merge_to_apply_alpha
		merge_to_apply_alpha_div matmul_const_to_dense conv_to_conv_x_d conv_to_depthwise_conv_x_d
		fold_constant_scale`,
	"convert": `channels_last_converter chain_merge separable_to_depthwise_and_conv
		remove_transpose_before_flatten
		remove_nop_transpose remove_single_channel_transpose fuse_bias_add expand_time_distributed
		expand_layer_group output_rounding_saturation_mode qkeras_factorize_alpha extract_ternary_threshold
		fuse_consecutive_batch_normalization fuse_batch_normalization replace_multidimensional_dense_with_conv
		enforce_proxy_model_embedded_config bit_exact fuse_fixed_point_quantizer fix_input_precision
		eliminate_linear_activation merge_linear_activation infer_precision_types`,
	"optimize": `remove_nop_batch_normalization note_scales`,
	"vivado:init_layers": `vivado:init_base_layer vivado:init_bidirectional vivado:init_conv1d vivado:init_conv2d
		vivado:init_dense vivado:init_einsum vivado:init_einsum_dense vivado:init_embed vivado:init_garnet
		vivado:init_gru vivado:init_lstm vivado:init_pooling1d vivado:init_pooling2d vivado:init_sepconv1d
		vivado:init_sepconv2d vivado:init_time_distributed vivado:init_depconv1d vivado:init_depconv2d
		vivado:init_garnet_stack init_extension`,
	"vivado:streaming": `vivado:inplace_stream_flatten vivado:reshape_stream vivado:clone_output
		vivado:insert_zero_padding_before_conv1d vivado:insert_zero_padding_before_conv2d vivado:broadcast_stream`,
	"vivado:quantization": `vivado:merge_batch_norm_quantized_tanh vivado:quantize_dense_output
		fuse_consecutive_batch_normalization vivado:xnor_pooling`,
	"vivado:optimize": `vivado:remove_final_reshape vivado:optimize_pointwise_conv
		vivado:inplace_parallel_reshape vivado:inplace_stream_flatten vivado:skip_softmax
		vivado:fix_softmax_table_size infer_precision_types
		vivado:distributed_arithmetic_codegen vivado:distributed_arithmetic_einsum_codegen
		vivado:fuse_quantizer_into_d_a_layers vivado:process_fixed_point_quantizer_layer`,
	"vivado:specific_types": `vivado:transform_types vivado:register_bram_weights
		vivado:generate_conv_streaming_instructions vivado:apply_resource_strategy vivado:generate_conv_im2col
		vivado:generate_unrolled_dense_resource vivado:set_pipeline_style vivado:d_a_latency_dense_template
		vivado:d_a_latency_conv_template vivado:d_a_combinational_template`,
	"vitis:validation": `vitis:validate_conv_implementation vitis:validate_resource_strategy
		vitis:validate_resource_unrolled_strategy vitis:validate_bidirectional_merge_mode
		vitis:validate_bidirectional_io_type vitis:validate_std_cpp_types`,
	"vivado:ip": ``,
	"vitis:ip":  ``,
}

// TestFlowsFollowHLS4ML wants each flow to be a part of hls4ml's, in its order.
func TestFlowsFollowHLS4ML(t *testing.T) {
	require.Len(t, flows(), len(whole))
	for _, f := range flows() {
		order, ok := whole[f.Name]
		require.True(t, ok, f.Name)
		at := -1
		for _, p := range f.Passes {
			i := slices.Index(strings.Fields(order), p.Name)
			require.Greater(t, i, at, "%s: %s", f.Name, p.Name)
			at = i
		}
	}
}

func TestOrderOfPasses(t *testing.T) {
	for _, f := range flows() {
		require.NoError(t, passes.CheckOrder(f, xilinx.Order()...))
	}
	for _, b := range slices.Concat(passes.Order(), xilinx.Order()) {
		require.NotEmpty(t, b.Why)
	}
	wrong := &ir.Flow{Name: "wrong", Passes: []ir.Pass{
		passes.InferPrecisionTypes, passes.FuseBatchNormalization,
	}}
	require.EqualError(t, passes.CheckOrder(wrong), `flow "wrong": pass fuse_batch_normalization: got it after `+
		`infer_precision_types, want it before: fusing asks for a type that is still auto`)
}

// TestFlowsAreOnesOwn changes a flow and wants the next one as it was.
func TestFlowsAreOnesOwn(t *testing.T) {
	flow := xilinx.VitisFlow()
	flow.Requires[0].Passes[0] = ir.Pass{Name: "other"}
	require.NotEqual(t, "other", xilinx.VitisFlow().Requires[0].Passes[0].Name)
}
