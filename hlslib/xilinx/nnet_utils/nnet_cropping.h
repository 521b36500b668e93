#ifndef NNET_CROPPING_H_
#define NNET_CROPPING_H_

// A part of an array (io_parallel), channels last.

#include "nnet_common.h"

namespace nnet {

// Members: n_chan, in_width, out_width, crop_left, crop_right.
struct cropping1d_config {};

// The same, in_height, out_height, crop_top, crop_bottom.
struct cropping2d_config {};

// What stays of one line.
template <class data_T, class res_T, typename CONFIG_T> void crop_line(const data_T *line, res_T *res) {
    #pragma HLS INLINE
    for (unsigned i = 0; i < CONFIG_T::out_width * CONFIG_T::n_chan; i++) {
        #pragma HLS UNROLL
        res[i] = res_T(line[CONFIG_T::crop_left * CONFIG_T::n_chan + i]);
    }
}

template <class data_T, class res_T, typename CONFIG_T>
void cropping1d_cl(data_T data[CONFIG_T::n_chan * CONFIG_T::in_width],
                   res_T res[CONFIG_T::n_chan * CONFIG_T::out_width]) {
    #pragma HLS PIPELINE
    crop_line<data_T, res_T, CONFIG_T>(data, res);
}

template <class data_T, class res_T, typename CONFIG_T>
void cropping2d_cl(data_T data[CONFIG_T::n_chan * CONFIG_T::in_height * CONFIG_T::in_width],
                   res_T res[CONFIG_T::n_chan * CONFIG_T::out_height * CONFIG_T::out_width]) {
    #pragma HLS PIPELINE
Lines:
    for (unsigned h = 0; h < CONFIG_T::out_height; h++) {
        crop_line<data_T, res_T, CONFIG_T>(
            &data[(h + CONFIG_T::crop_top) * CONFIG_T::in_width * CONFIG_T::n_chan],
            &res[h * CONFIG_T::out_width * CONFIG_T::n_chan]);
    }
}

} // namespace nnet

#endif
