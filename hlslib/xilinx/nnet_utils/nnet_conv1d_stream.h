#ifndef NNET_CONV1D_STREAM_H_
#define NNET_CONV1D_STREAM_H_

#include "nnet_conv1d.h"
#include "nnet_conv_stream.h"

namespace nnet {

template <conv_implementation> struct conv1d_stream;

template <> struct conv1d_stream<conv_implementation::linebuffer> {
    template <class data_T, class res_T, typename CONFIG_T>
    static void conv(hls::stream<data_T> &data, hls::stream<res_T> &res,
                     typename CONFIG_T::weight_t *weights, typename CONFIG_T::bias_t *biases) {
        #pragma HLS INLINE
        // A line is a picture of one row.
        conv_line_buffer<data_T, res_T, CONFIG_T, 1, 1, 1, 1, CONFIG_T::dilation>(data, res, weights, biases);
    }
};

template <> struct conv1d_stream<conv_implementation::encoded> {
    template <class data_T, class res_T, typename CONFIG_T>
    static void conv(hls::stream<data_T> &data, hls::stream<res_T> &res,
                     typename CONFIG_T::weight_t *weights, typename CONFIG_T::bias_t *biases) {
        #pragma HLS INLINE
        typedef typename CONFIG_T::template scale_index<CONFIG_T::filt_width, CONFIG_T::stride_width,
                                                        CONFIG_T::in_width>
            scale;
        const unsigned depth = CONFIG_T::out_width;
        (void)depth; // for the pragma
        hls::stream<typename data_T::value_type> fifo[CONFIG_T::kernel_size * CONFIG_T::n_chan];
        #pragma HLS STREAM variable=fifo depth=depth
        #pragma HLS ARRAY_PARTITION variable=CONFIG_T::pixels complete
    ReadWidth:
        for (unsigned w = 0; w < CONFIG_T::in_width; w++) {
            if (!shares_multipliers<CONFIG_T::strategy>::value) {
                #pragma HLS PIPELINE II=CONFIG_T::reuse_factor
            }
            encoded_pixel<data_T, res_T, CONFIG_T>(data.read(), CONFIG_T::pixels[scale::scale_index(w)], fifo,
                                                   res, weights, biases);
        }
    }
};

template <class data_T, class res_T, typename CONFIG_T>
void conv_1d_cl(hls::stream<data_T> &data, hls::stream<res_T> &res,
                typename CONFIG_T::weight_t weights[CONFIG_T::kernel_size * CONFIG_T::n_chan *
                                                    CONFIG_T::n_filt],
                typename CONFIG_T::bias_t biases[CONFIG_T::n_filt]) {
    #pragma HLS INLINE recursive
    conv1d_stream<CONFIG_T::implementation>::template conv<data_T, res_T, CONFIG_T>(data, res, weights,
                                                                                    biases);
}

} // namespace nnet

#endif
