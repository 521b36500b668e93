#ifndef NNET_CROPPING_STREAM_H_
#define NNET_CROPPING_STREAM_H_

// A part of a stream: one word is one pixel, those outside are read and dropped.

#include "hls_stream.h"
#include "nnet_common.h"
#include "nnet_cropping.h"
#include "nnet_stream.h"

namespace nnet {

template <class data_T> void drop_pixels(hls::stream<data_T> &data, unsigned pixels) {
    #pragma HLS INLINE
Drops:
    for (unsigned i = 0; i < pixels; i++) {
        #pragma HLS PIPELINE
        data.read();
    }
}

template <class data_T, class res_T, typename CONFIG_T>
void cropping1d_cl(hls::stream<data_T> &data, hls::stream<res_T> &res) {
    drop_pixels(data, CONFIG_T::crop_left);
    copy_words(data, res, CONFIG_T::out_width);
    drop_pixels(data, CONFIG_T::crop_right);
}

template <class data_T, class res_T, typename CONFIG_T>
void cropping2d_cl(hls::stream<data_T> &data, hls::stream<res_T> &res) {
    drop_pixels(data, CONFIG_T::crop_top * CONFIG_T::in_width);
Lines:
    for (unsigned h = 0; h < CONFIG_T::out_height; h++) {
        cropping1d_cl<data_T, res_T, CONFIG_T>(data, res);
    }
    drop_pixels(data, CONFIG_T::crop_bottom * CONFIG_T::in_width);
}

} // namespace nnet

#endif
