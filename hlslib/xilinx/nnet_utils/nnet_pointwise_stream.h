#ifndef NNET_POINTWISE_STREAM_H_
#define NNET_POINTWISE_STREAM_H_

// Convolution with a kernel of one pixel on streams: one word is one pixel.

#include "hls_stream.h"
#include "nnet_common.h"
#include "nnet_conv_types.h"
#include "nnet_dense_stream.h"
#include "nnet_stream.h"

namespace nnet {

template <class data_T, class res_T, typename CONFIG_T>
void pointwise_pixel(const data_T &in, hls::stream<res_T> &res,
                     typename CONFIG_T::weight_t weights[CONFIG_T::n_chan * CONFIG_T::n_filt],
                     typename CONFIG_T::bias_t biases[CONFIG_T::n_filt]) {
    #pragma HLS INLINE
    typedef typename data_T::value_type x_T;
    typedef typename res_T::value_type y_T;
    typedef typename CONFIG_T::mult_config mult_T;
    x_T x[CONFIG_T::n_chan];
    #pragma HLS ARRAY_PARTITION variable=x complete
    y_T y[CONFIG_T::n_filt];
    #pragma HLS ARRAY_PARTITION variable=y complete
    for (unsigned c = 0; c < CONFIG_T::n_chan; c++) {
        #pragma HLS UNROLL
        x[c] = in[c];
    }
    mult_T::template kernel<x_T, y_T, mult_T>::dense(x, y, weights, biases);
    write_words<res_T, CONFIG_T::n_filt>(y, res);
}

// Of every line and column only each stride-th pixel has an output.
template <class data_T, class res_T, typename CONFIG_T, unsigned HEIGHT, unsigned STRIDE_HEIGHT>
void pointwise_picture(hls::stream<data_T> &data, hls::stream<res_T> &res,
                       typename CONFIG_T::weight_t weights[CONFIG_T::n_chan * CONFIG_T::n_filt],
                       typename CONFIG_T::bias_t biases[CONFIG_T::n_filt]) {
    static_assert(CONFIG_T::kernel_size == 1, "a pointwise convolution has a kernel of one pixel");
    static_assert(CONFIG_T::pad_left == 0 && CONFIG_T::pad_right == 0,
                  "a stream is padded by a layer of its own");
    #pragma HLS INLINE
    #pragma HLS ARRAY_PARTITION variable=biases complete
ReadHeight:
    for (unsigned h = 0; h < HEIGHT; h++) {
    ReadWidth:
        for (unsigned w = 0; w < CONFIG_T::in_width; w++) {
            #pragma HLS LOOP_FLATTEN
            if (!shares_multipliers<CONFIG_T::strategy>::value) {
                #pragma HLS PIPELINE II=CONFIG_T::reuse_factor
            }
            const data_T pixel = data.read();
            if (h % STRIDE_HEIGHT == 0 && w % CONFIG_T::stride_width == 0)
                pointwise_pixel<data_T, res_T, CONFIG_T>(pixel, res, weights, biases);
        }
    }
}

template <class data_T, class res_T, typename CONFIG_T>
void pointwise_conv_1d_cl(hls::stream<data_T> &data, hls::stream<res_T> &res,
                          typename CONFIG_T::weight_t weights[CONFIG_T::n_chan * CONFIG_T::n_filt],
                          typename CONFIG_T::bias_t biases[CONFIG_T::n_filt]) {
    pointwise_picture<data_T, res_T, CONFIG_T, 1, 1>(data, res, weights, biases);
}

template <class data_T, class res_T, typename CONFIG_T>
void pointwise_conv_2d_cl(hls::stream<data_T> &data, hls::stream<res_T> &res,
                          typename CONFIG_T::weight_t weights[CONFIG_T::n_chan * CONFIG_T::n_filt],
                          typename CONFIG_T::bias_t biases[CONFIG_T::n_filt]) {
    static_assert(CONFIG_T::pad_top == 0 && CONFIG_T::pad_bottom == 0,
                  "a stream is padded by a layer of its own");
    const unsigned height = CONFIG_T::in_height, stride = CONFIG_T::stride_height;
    pointwise_picture<data_T, res_T, CONFIG_T, height, stride>(data, res, weights, biases);
}

} // namespace nnet

#endif
