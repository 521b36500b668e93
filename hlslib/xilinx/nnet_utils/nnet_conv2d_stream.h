#ifndef NNET_CONV2D_STREAM_H_
#define NNET_CONV2D_STREAM_H_

#include "nnet_conv2d.h"
#include "nnet_conv_stream.h"

namespace nnet {

template <conv_implementation> struct conv2d_stream;

// A filter of one row answers every row, whatever the stride of the rows: hls4ml's line buffer for one
// dimension serves it.
template <> struct conv2d_stream<conv_implementation::linebuffer> {
    template <class data_T, class res_T, typename CONFIG_T>
    static void conv(hls::stream<data_T> &data, hls::stream<res_T> &res,
                     typename CONFIG_T::weight_t *weights, typename CONFIG_T::bias_t *biases) {
        #pragma HLS INLINE
        const unsigned stride = CONFIG_T::filt_height > 1 ? CONFIG_T::stride_height : 1;
        conv_line_buffer<data_T, res_T, CONFIG_T, CONFIG_T::in_height, CONFIG_T::filt_height, stride,
                         CONFIG_T::dilation_height, CONFIG_T::dilation_width>(data, res, weights, biases);
    }
};

template <> struct conv2d_stream<conv_implementation::encoded> {
    template <class data_T, class res_T, typename CONFIG_T>
    static void conv(hls::stream<data_T> &data, hls::stream<res_T> &res,
                     typename CONFIG_T::weight_t *weights, typename CONFIG_T::bias_t *biases) {
        static_assert(CONFIG_T::filt_height == CONFIG_T::filt_width,
                      "the encoded implementation has square filters");
        #pragma HLS INLINE
        typedef typename CONFIG_T::template scale_index_height<CONFIG_T::filt_height, CONFIG_T::stride_height,
                                                               CONFIG_T::in_height>
            scale_h;
        typedef typename CONFIG_T::template scale_index_width<CONFIG_T::filt_width, CONFIG_T::stride_width,
                                                              CONFIG_T::in_width>
            scale_w;
        const unsigned depth = CONFIG_T::filt_height * CONFIG_T::out_width;
        (void)depth; // for the pragma
        hls::stream<typename data_T::value_type> fifo[CONFIG_T::kernel_size * CONFIG_T::n_chan];
        #pragma HLS STREAM variable=fifo depth=depth
        #pragma HLS ARRAY_PARTITION variable=CONFIG_T::pixels complete
    ReadHeight:
        for (unsigned h = 0; h < CONFIG_T::in_height; h++) {
        ReadWidth:
            for (unsigned w = 0; w < CONFIG_T::in_width; w++) {
                #pragma HLS LOOP_FLATTEN
                if (!shares_multipliers<CONFIG_T::strategy>::value) {
                    #pragma HLS PIPELINE II=CONFIG_T::reuse_factor
                }
                const unsigned at = scale_h::scale_index(h) * CONFIG_T::min_width + scale_w::scale_index(w);
                encoded_pixel<data_T, res_T, CONFIG_T>(data.read(), CONFIG_T::pixels[at], fifo, res, weights,
                                                       biases);
            }
        }
    }
};

template <class data_T, class res_T, typename CONFIG_T>
void conv_2d_cl(hls::stream<data_T> &data, hls::stream<res_T> &res,
                typename CONFIG_T::weight_t weights[CONFIG_T::kernel_size * CONFIG_T::n_chan *
                                                    CONFIG_T::n_filt],
                typename CONFIG_T::bias_t biases[CONFIG_T::n_filt]) {
    static_assert(CONFIG_T::pad_top == 0 && CONFIG_T::pad_bottom == 0,
                  "a stream is padded by a layer of its own");
    #pragma HLS INLINE recursive
    conv2d_stream<CONFIG_T::implementation>::template conv<data_T, res_T, CONFIG_T>(data, res, weights,
                                                                                    biases);
}

} // namespace nnet

#endif
