#ifndef NNET_DEPTHWISE_PRODUCT_H_
#define NNET_DEPTHWISE_PRODUCT_H_

// The product of each channel of a window with weights of its own: n_in values in pixels of n_out channels,
// as many weights. Channel c adds the values c, c + n_out, c + 2 * n_out ...

#include "nnet_common.h"
#include "nnet_dense_resource.h"
#include "nnet_function_stubs.h"
#include "nnet_mult.h"

namespace nnet {

template <class data_T, class res_T, typename CONFIG_T>
void depthwise_product_latency(data_T data[CONFIG_T::n_in], res_T res[CONFIG_T::n_out],
                               typename CONFIG_T::weight_t weights[CONFIG_T::n_in],
                               typename CONFIG_T::bias_t biases[CONFIG_T::n_out]) {
    typedef typename CONFIG_T::accum_t accum_T;
    typedef typename CONFIG_T::template product<data_T, typename CONFIG_T::weight_t> product_T;

    #pragma HLS INLINE
    #pragma HLS function_instantiate variable=weights
    #pragma HLS PIPELINE II=CONFIG_T::reuse_factor
    #pragma HLS ALLOCATION operation instances=mul limit=CONFIG_T::multiplier_limit

    accum_T acc[CONFIG_T::n_out];
    #pragma HLS ARRAY_PARTITION variable=acc complete
    start_with_bias<accum_T, typename CONFIG_T::bias_t, CONFIG_T::n_out>(acc, biases);
Places:
    for (unsigned i = 0; i < CONFIG_T::n_in; i++) {
        #pragma HLS UNROLL
        acc[i % CONFIG_T::n_out] += accum_T(product_T::product(data[i], weights[i]));
    }
    finish_dense<data_T, res_T, CONFIG_T>(acc, res);
}

// Step s takes the values s, s + steps, s + 2 * steps ... at once.
template <class data_T, class res_T, typename CONFIG_T>
void depthwise_product_resource(data_T data[CONFIG_T::n_in], res_T res[CONFIG_T::n_out],
                                typename CONFIG_T::weight_t weights[CONFIG_T::n_in],
                                typename CONFIG_T::bias_t biases[CONFIG_T::n_out]) {
    typedef typename CONFIG_T::accum_t accum_T;
    typedef typename CONFIG_T::template product<data_T, typename CONFIG_T::weight_t> product_T;
    const unsigned steps = MIN(CONFIG_T::reuse_factor, CONFIG_T::n_in);
    const unsigned per_step = CONFIG_T::n_in / steps;
    static_assert(CONFIG_T::n_in % MIN(CONFIG_T::reuse_factor, CONFIG_T::n_in) == 0,
                  "the reuse factor of a depthwise product divides its window");

    #pragma HLS function_instantiate variable=weights,biases
    #pragma HLS ARRAY_RESHAPE variable=weights block factor=per_step
    #pragma HLS ARRAY_RESHAPE variable=data block factor=per_step
    #pragma HLS ARRAY_PARTITION variable=biases complete

    accum_T acc[CONFIG_T::n_out];
    #pragma HLS ARRAY_PARTITION variable=acc complete
    start_with_bias<accum_T, typename CONFIG_T::bias_t, CONFIG_T::n_out>(acc, biases);
Steps:
    for (unsigned s = 0; s < steps; s++) {
        #pragma HLS PIPELINE II=1 rewind
    Places:
        for (unsigned k = 0; k < per_step; k++) {
            #pragma HLS UNROLL
            const unsigned i = s + k * steps;
            acc[i % CONFIG_T::n_out] += accum_T(product_T::product(data[i], weights[i]));
        }
    }
    finish_dense<data_T, res_T, CONFIG_T>(acc, res);
}

template <class data_T, class res_T, typename CONFIG_T>
struct DepthwiseDenseLatency : DepthwiseDenseKernel<data_T, res_T, CONFIG_T> {
    static void dense(data_T data[CONFIG_T::n_in], res_T res[CONFIG_T::n_out],
                      typename CONFIG_T::weight_t weights[CONFIG_T::n_in],
                      typename CONFIG_T::bias_t biases[CONFIG_T::n_out]) {
        #pragma HLS INLINE
        depthwise_product_latency<data_T, res_T, CONFIG_T>(data, res, weights, biases);
    }
};

// The names tell how the reuse factor stands to n_out; the order of the sums is the same.
template <class data_T, class res_T, typename CONFIG_T>
struct DepthwiseDenseResource_rf_leq_nout : DepthwiseDenseKernel<data_T, res_T, CONFIG_T> {
    static void dense(data_T data[CONFIG_T::n_in], res_T res[CONFIG_T::n_out],
                      typename CONFIG_T::weight_t weights[CONFIG_T::n_in],
                      typename CONFIG_T::bias_t biases[CONFIG_T::n_out]) {
        #pragma HLS INLINE
        depthwise_product_resource<data_T, res_T, CONFIG_T>(data, res, weights, biases);
    }
};

template <class data_T, class res_T, typename CONFIG_T>
struct DepthwiseDenseResource_rf_gt_nout_rem0
    : DepthwiseDenseResource_rf_leq_nout<data_T, res_T, CONFIG_T> {};

template <class data_T, class res_T, typename CONFIG_T>
struct DepthwiseDenseResource_rf_gt_nout : DepthwiseDenseResource_rf_leq_nout<data_T, res_T, CONFIG_T> {};

} // namespace nnet

#endif
