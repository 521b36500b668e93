#ifndef NNET_PADDING_H_
#define NNET_PADDING_H_

// Zeros around arrays (io_parallel), channels last.

#include "nnet_common.h"

namespace nnet {

// Members: n_chan, in_width, out_width, pad_left, pad_right.
struct padding1d_config {};

// The same, in_height, out_height, pad_top, pad_bottom.
struct padding2d_config {};

// N zeros, then the place behind them.
template <class res_T> res_T *fill_zeros(res_T *res, unsigned n) {
    #pragma HLS INLINE
    for (unsigned i = 0; i < n; i++) {
        #pragma HLS UNROLL
        res[i] = 0;
    }
    return res + n;
}

// One line with its padding, then the place behind it.
template <class data_T, class res_T, typename CONFIG_T> res_T *pad_line(const data_T *line, res_T *res) {
    #pragma HLS INLINE
    const unsigned n = CONFIG_T::in_width * CONFIG_T::n_chan;
    res = fill_zeros(res, CONFIG_T::pad_left * CONFIG_T::n_chan);
    for (unsigned i = 0; i < n; i++) {
        #pragma HLS UNROLL
        res[i] = res_T(line[i]);
    }
    return fill_zeros(res + n, CONFIG_T::pad_right * CONFIG_T::n_chan);
}

template <class data_T, class res_T, typename CONFIG_T>
void zeropad1d_cl(data_T data[CONFIG_T::n_chan * CONFIG_T::in_width],
                  res_T res[CONFIG_T::n_chan * CONFIG_T::out_width]) {
    #pragma HLS PIPELINE
    pad_line<data_T, res_T, CONFIG_T>(data, res);
}

template <class data_T, class res_T, typename CONFIG_T>
void zeropad2d_cl(data_T data[CONFIG_T::n_chan * CONFIG_T::in_height * CONFIG_T::in_width],
                  res_T res[CONFIG_T::n_chan * CONFIG_T::out_height * CONFIG_T::out_width]) {
    #pragma HLS PIPELINE
    const unsigned line = CONFIG_T::out_width * CONFIG_T::n_chan;
    res_T *at = fill_zeros(res, CONFIG_T::pad_top * line);
Lines:
    for (unsigned h = 0; h < CONFIG_T::in_height; h++) {
        at = pad_line<data_T, res_T, CONFIG_T>(&data[h * CONFIG_T::in_width * CONFIG_T::n_chan], at);
    }
    fill_zeros(at, CONFIG_T::pad_bottom * line);
}

} // namespace nnet

#endif
