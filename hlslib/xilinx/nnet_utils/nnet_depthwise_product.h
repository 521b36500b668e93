#ifndef NNET_DEPTHWISE_PRODUCT_H_
#define NNET_DEPTHWISE_PRODUCT_H_

// The product of each channel of a window with weights of its own: n_in values in pixels of n_out channels,
// as many weights. Channel c adds the values c, c + n_out, c + 2 * n_out ...

#include "nnet_common.h"
#include "nnet_function_stubs.h"
#include "nnet_mult.h"

namespace nnet {

template <class data_T, class res_T, typename CONFIG_T>
struct DepthwiseDenseLatency : DepthwiseDenseKernel<data_T, res_T, CONFIG_T> {
    static void dense(data_T data[CONFIG_T::n_in], res_T res[CONFIG_T::n_out],
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
};

// Step s takes the values s, s + steps, s + 2 * steps ... at once. A channel adds in the order of the steps,
// mostly another one than above, which shows when accum_t saturates.
template <class data_T, class res_T, typename CONFIG_T>
struct DepthwiseDenseResource_rf_leq_nout : DepthwiseDenseKernel<data_T, res_T, CONFIG_T> {
    static void dense(data_T data[CONFIG_T::n_in], res_T res[CONFIG_T::n_out],
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
};

// The names tell how the reuse factor stands to n_out; one loop serves every case.
template <class data_T, class res_T, typename CONFIG_T>
struct DepthwiseDenseResource_rf_gt_nout_rem0
    : DepthwiseDenseResource_rf_leq_nout<data_T, res_T, CONFIG_T> {};

template <class data_T, class res_T, typename CONFIG_T>
struct DepthwiseDenseResource_rf_gt_nout : DepthwiseDenseResource_rf_leq_nout<data_T, res_T, CONFIG_T> {};

// All windows of a picture on arrays, partition by partition. hls4ml has this loop for every strategy.
template <class data_T, class res_T, typename CONFIG_T>
void depthwise_partitions(data_T *data, res_T *res,
                          typename CONFIG_T::weight_t weights[CONFIG_T::kernel_size * CONFIG_T::n_chan],
                          typename CONFIG_T::bias_t biases[CONFIG_T::n_chan]) {
    static_assert(CONFIG_T::n_filt == CONFIG_T::n_chan, "a depthwise convolution has one filter per channel");
    #pragma HLS INLINE
    typedef DepthwiseDenseLatency<data_T, res_T, typename CONFIG_T::mult_config> product_T;
    data_T windows[CONFIG_T::n_pixels][CONFIG_T::kernel_size * CONFIG_T::n_chan];
    #pragma HLS ARRAY_PARTITION variable=windows complete dim=0
    #pragma HLS ARRAY_PARTITION variable=weights complete
    #pragma HLS ARRAY_PARTITION variable=biases complete
PartitionLoop:
    for (unsigned part = 0; part < CONFIG_T::n_partitions; part++) {
        #pragma HLS PIPELINE II=CONFIG_T::reuse_factor rewind
        CONFIG_T::template fill_buffer<data_T, CONFIG_T>::fill_buffer(data, windows, part);
    PixelLoop:
        for (unsigned p = 0; p < CONFIG_T::n_pixels; p++) {
            #pragma HLS UNROLL
            res_T *pixel = &res[(part * CONFIG_T::n_pixels + p) * CONFIG_T::n_filt];
            product_T::dense(windows[p], pixel, weights, biases);
        }
    }
}

} // namespace nnet

#endif
