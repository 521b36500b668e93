#ifndef NNET_PADDING_STREAM_H_
#define NNET_PADDING_STREAM_H_

// Zeros around streams: one word is one pixel.

#include "hls_stream.h"
#include "nnet_common.h"
#include "nnet_padding.h"
#include "nnet_stream.h"

namespace nnet {

template <class res_T> void write_zeros(hls::stream<res_T> &res, unsigned pixels) {
    #pragma HLS INLINE
    res_T zero;
    PRAGMA_DATA_PACK(zero)
    for (unsigned c = 0; c < res_T::size; c++) {
        #pragma HLS UNROLL
        zero[c] = 0;
    }
Zeros:
    for (unsigned i = 0; i < pixels; i++) {
        #pragma HLS PIPELINE
        res.write(zero);
    }
}

template <class data_T, class res_T, typename CONFIG_T>
void zeropad1d_cl(hls::stream<data_T> &data, hls::stream<res_T> &res) {
    write_zeros(res, CONFIG_T::pad_left);
    copy_words(data, res, CONFIG_T::in_width);
    write_zeros(res, CONFIG_T::pad_right);
}

template <class data_T, class res_T, typename CONFIG_T>
void zeropad2d_cl(hls::stream<data_T> &data, hls::stream<res_T> &res) {
    write_zeros(res, CONFIG_T::pad_top * CONFIG_T::out_width);
Lines:
    for (unsigned h = 0; h < CONFIG_T::in_height; h++) {
        zeropad1d_cl<data_T, res_T, CONFIG_T>(data, res);
    }
    write_zeros(res, CONFIG_T::pad_bottom * CONFIG_T::out_width);
}

} // namespace nnet

#endif
