#ifndef NNET_CONV2D_H_
#define NNET_CONV2D_H_

// Convolution over two dimensions on arrays (io_parallel), as in nnet_conv1d.h.

#include "nnet_common.h"
#include "nnet_conv_types.h"
#include "nnet_dense.h"
#include "nnet_dense_latency.h"
#include "nnet_function_stubs.h"
#include <type_traits>

namespace nnet {

// Members: those of conv1d_config for two axes, without conv_kernel.
struct conv2d_config {
    // hls4ml has no dilation over two axes and sets none: neighbouring pixels.
    static const unsigned dilation_height = 1;
    static const unsigned dilation_width = 1;
};

template <class data_T, class res_T, typename CONFIG_T>
void conv_2d_cl(
    data_T data[CONFIG_T::in_height * CONFIG_T::in_width * CONFIG_T::n_chan],
    res_T res[CONFIG_T::out_height * CONFIG_T::out_width * CONFIG_T::n_filt],
    typename CONFIG_T::weight_t weights[CONFIG_T::kernel_size * CONFIG_T::n_chan * CONFIG_T::n_filt],
    typename CONFIG_T::bias_t biases[CONFIG_T::n_filt]) {
    constexpr bool shares = shares_multipliers<CONFIG_T::strategy>::value;
    constexpr unsigned ii = shares ? 1 : CONFIG_T::reuse_factor;
    (void)ii; // for the pragma
    // hls4ml takes the latency kernel, whatever kernel the configuration names, where nothing is shared.
    typedef typename CONFIG_T::mult_config mult_T;
    typedef typename std::conditional<shares, typename mult_T::template kernel<data_T, res_T, mult_T>,
                                      DenseLatency<data_T, res_T, mult_T> >::type product_T;
    data_T windows[CONFIG_T::n_pixels][CONFIG_T::kernel_size * CONFIG_T::n_chan];
    #pragma HLS ARRAY_PARTITION variable=windows complete dim=0
    #pragma HLS ARRAY_PARTITION variable=biases complete
PartitionLoop:
    for (unsigned part = 0; part < CONFIG_T::n_partitions; part++) {
        if (!shares) {
            #pragma HLS PIPELINE II=ii rewind
        }
        CONFIG_T::template fill_buffer<data_T, CONFIG_T>::fill_buffer(data, windows, part);
    PixelLoop:
        for (unsigned p = 0; p < CONFIG_T::n_pixels; p++) {
            #pragma HLS UNROLL
            res_T *pixel = &res[(part * CONFIG_T::n_pixels + p) * CONFIG_T::n_filt];
            product_T::dense(windows[p], pixel, weights, biases);
        }
    }
}

template <class data_T, class res_T, typename CONFIG_T>
void pointwise_conv_2d_cl(data_T data[CONFIG_T::in_height * CONFIG_T::in_width * CONFIG_T::n_chan],
                          res_T res[CONFIG_T::out_height * CONFIG_T::out_width * CONFIG_T::n_filt],
                          typename CONFIG_T::weight_t weights[CONFIG_T::n_chan * CONFIG_T::n_filt],
                          typename CONFIG_T::bias_t biases[CONFIG_T::n_filt]) {
    static_assert(CONFIG_T::kernel_size == 1, "a pointwise convolution has a kernel of one pixel");
    #pragma HLS INLINE
    conv_2d_cl<data_T, res_T, CONFIG_T>(data, res, weights, biases);
}

} // namespace nnet

#endif
