#ifndef NNET_BATCHNORM_H_
#define NNET_BATCHNORM_H_

// Scale and shift, res = data * scale + bias, rounded once. n_filt is the number of channels, or -1 when
// every element has its own scale.

#include "nnet_common.h"
#include "nnet_dense.h"
#include "nnet_mult.h"

namespace nnet {

// Members: n_in, n_filt, n_scale_bias (values of scale and bias), reuse_factor, multiplier_limit, scale_t,
// bias_t, product.
struct batchnorm_config {};

// Members: n_in, n_filt, n_scale_bias (thresholds).
struct batchnorm_quantized_tanh_config {};

// Which scale element i of a tensor has.
template <typename CONFIG_T> unsigned channel_of(unsigned i) {
    #pragma HLS INLINE
    return CONFIG_T::n_filt == unsigned(-1) ? i : i % CONFIG_T::n_filt;
}

template <class data_T, typename CONFIG_T>
auto normalize_value(data_T x, typename CONFIG_T::scale_t scale, typename CONFIG_T::bias_t bias)
    -> decltype(CONFIG_T::template product<data_T, typename CONFIG_T::scale_t>::product(x, scale) + bias) {
    #pragma HLS INLINE
    return CONFIG_T::template product<data_T, typename CONFIG_T::scale_t>::product(x, scale) + bias;
}

// Batch normalization followed by a sign: a comparison with a threshold.
template <class data_T, class threshold_T> ap_uint<1> above(data_T x, threshold_T threshold) {
    #pragma HLS INLINE
    return x >= threshold ? 1 : 0;
}

// ... by a ternary step: above the high threshold 1, up to and including the low one -1.
template <class data_T, class threshold_T>
ap_int<2> ternary_step(data_T x, threshold_T high, threshold_T low) {
    #pragma HLS INLINE
    return x > high ? 1 : x <= low ? -1 : 0;
}

template <class data_T, class res_T, typename CONFIG_T>
void normalize(data_T data[CONFIG_T::n_in], res_T res[CONFIG_T::n_in],
               typename CONFIG_T::scale_t scale[CONFIG_T::n_scale_bias],
               typename CONFIG_T::bias_t bias[CONFIG_T::n_scale_bias]) {
    #pragma HLS function_instantiate variable=scale,bias
    #pragma HLS PIPELINE II=CONFIG_T::reuse_factor
    #pragma HLS ARRAY_PARTITION variable=scale complete
    #pragma HLS ARRAY_PARTITION variable=bias complete
    #pragma HLS ALLOCATION operation instances=mul limit=CONFIG_T::multiplier_limit
Result:
    for (unsigned i = 0; i < CONFIG_T::n_in; i++) {
        #pragma HLS UNROLL
        const unsigned c = channel_of<CONFIG_T>(i);
        res[i] = normalize_value<data_T, CONFIG_T>(data[i], scale[c], bias[c]);
    }
}

template <class data_T, typename CONFIG_T, class threshold_T>
void normalize_binary_tanh(data_T data[CONFIG_T::n_in], ap_uint<1> res[CONFIG_T::n_in],
                           threshold_T threshold[CONFIG_T::n_scale_bias]) {
    #pragma HLS PIPELINE
    #pragma HLS ARRAY_PARTITION variable=res complete
    for (unsigned i = 0; i < CONFIG_T::n_in; i++) {
        #pragma HLS UNROLL
        res[i] = above(data[i], threshold[channel_of<CONFIG_T>(i)]);
    }
}

template <class data_T, typename CONFIG_T, class threshold_T>
void normalize_ternary_tanh(data_T data[CONFIG_T::n_in], ap_int<2> res[CONFIG_T::n_in],
                            threshold_T threshold_hi[CONFIG_T::n_scale_bias],
                            threshold_T threshold_lo[CONFIG_T::n_scale_bias]) {
    #pragma HLS PIPELINE
    #pragma HLS ARRAY_PARTITION variable=res complete
    for (unsigned i = 0; i < CONFIG_T::n_in; i++) {
        #pragma HLS UNROLL
        const unsigned c = channel_of<CONFIG_T>(i);
        res[i] = ternary_step(data[i], threshold_hi[c], threshold_lo[c]);
    }
}

} // namespace nnet

#endif
