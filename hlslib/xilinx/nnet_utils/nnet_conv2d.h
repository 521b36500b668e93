#ifndef NNET_CONV2D_H_
#define NNET_CONV2D_H_

// Convolution over two dimensions on arrays (io_parallel), as in nnet_conv1d.h.

#include "nnet_common.h"
#include "nnet_conv_types.h"
#include "nnet_dense.h"
#include "nnet_dense_latency.h"
#include "nnet_function_stubs.h"

namespace nnet {

struct conv2d_config {
    typedef float bias_t;
    typedef float weight_t;
    typedef float accum_t;

    static const unsigned pad_top = 0;
    static const unsigned pad_bottom = 0;
    static const unsigned pad_left = 0;
    static const unsigned pad_right = 0;
    static const unsigned in_height = 10;
    static const unsigned in_width = 10;
    static const unsigned n_chan = 1;
    static const unsigned filt_height = 1;
    static const unsigned filt_width = 1;
    static const unsigned kernel_size = filt_height * filt_width;
    static const unsigned n_filt = 1;
    static const unsigned stride_height = 1;
    static const unsigned stride_width = 1;
    static const unsigned out_height = 10;
    static const unsigned out_width = 10;
    static const unsigned dilation_height = 1;
    static const unsigned dilation_width = 1;

    static const unsigned reuse_factor = 1;
    static const bool store_weights_in_bram = false;
    static const unsigned n_zeros = 0;
};

// The dense kernel behind a strategy; resource_unrolled has no own one on arrays.
template <bool Resource> struct conv_pixel;
template <> struct conv_pixel<false> {
    template <class data_T, class res_T, typename MULT_T, class weight_T, class bias_T>
    static void eval(data_T *in, res_T *out, weight_T *weights, bias_T *biases) {
        #pragma HLS INLINE
        dense_latency<data_T, res_T, MULT_T>(in, out, weights, biases);
    }
};
template <> struct conv_pixel<true> {
    template <class data_T, class res_T, typename MULT_T, class weight_T, class bias_T>
    static void eval(data_T *in, res_T *out, weight_T *weights, bias_T *biases) {
        #pragma HLS INLINE
        MULT_T::template kernel<data_T, res_T, MULT_T>::dense(in, out, weights, biases);
    }
};

template <class data_T, class res_T, typename CONFIG_T>
void conv_2d_cl(
    data_T data[CONFIG_T::in_height * CONFIG_T::in_width * CONFIG_T::n_chan],
    res_T res[CONFIG_T::out_height * CONFIG_T::out_width * CONFIG_T::n_filt],
    typename CONFIG_T::weight_t weights[CONFIG_T::kernel_size * CONFIG_T::n_chan * CONFIG_T::n_filt],
    typename CONFIG_T::bias_t biases[CONFIG_T::n_filt]) {
    constexpr bool shares =
        CONFIG_T::strategy == nnet::resource || CONFIG_T::strategy == nnet::resource_unrolled;
    constexpr unsigned ii = shares ? 1 : CONFIG_T::reuse_factor;
    (void)ii; // for the pragma
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
            typedef typename CONFIG_T::mult_config mult_T;
            conv_pixel<shares>::template eval<data_T, res_T, mult_T>(windows[p], pixel, weights, biases);
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
