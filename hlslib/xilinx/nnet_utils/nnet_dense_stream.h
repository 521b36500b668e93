#ifndef NNET_DENSE_STREAM_H_
#define NNET_DENSE_STREAM_H_

#include "hls_stream.h"
#include "nnet_common.h"
#include "nnet_dense.h"
#include "nnet_stream.h"

namespace nnet {

// The kernel between two streams: all inputs are gathered first. It is a function of its own so that the
// pipeline covers the product without the words that come and go.
template <class data_T, class res_T, typename CONFIG_T>
void dense_wrapper(data_T data[CONFIG_T::n_in], res_T res[CONFIG_T::n_out],
                   typename CONFIG_T::weight_t weights[CONFIG_T::n_in * CONFIG_T::n_out],
                   typename CONFIG_T::bias_t biases[CONFIG_T::n_out]) {
    #pragma HLS INLINE recursive
    if (!shares_multipliers<CONFIG_T::strategy>::value) {
        #pragma HLS PIPELINE II=CONFIG_T::reuse_factor
    }
    dense<data_T, res_T, CONFIG_T>(data, res, weights, biases);
}

template <class data_T, class res_T, typename CONFIG_T>
void dense(hls::stream<data_T> &data_stream, hls::stream<res_T> &res_stream,
           typename CONFIG_T::weight_t weights[CONFIG_T::n_in * CONFIG_T::n_out],
           typename CONFIG_T::bias_t biases[CONFIG_T::n_out]) {
    typedef typename data_T::value_type x_T;
    typedef typename res_T::value_type y_T;
    x_T data[CONFIG_T::n_in];
    #pragma HLS ARRAY_PARTITION variable=data complete
    y_T res[CONFIG_T::n_out];
    #pragma HLS ARRAY_PARTITION variable=res complete

    read_words<data_T, CONFIG_T::n_in>(data_stream, data);
    dense_wrapper<x_T, y_T, CONFIG_T>(data, res, weights, biases);
    write_words<res_T, CONFIG_T::n_out>(res, res_stream);
}

} // namespace nnet

#endif
