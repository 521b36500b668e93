#ifndef NNET_LAYERNORM_STREAM_H_
#define NNET_LAYERNORM_STREAM_H_

// Layer normalization of a stream: one word is one row.

#include "hls_stream.h"
#include "nnet_common.h"
#include "nnet_layernorm.h"

namespace nnet {

template <class data_T, class res_T, typename CONFIG_T>
void layernormalize(hls::stream<data_T> &data, hls::stream<res_T> &res,
                    typename CONFIG_T::scale_t scale[CONFIG_T::n_in / CONFIG_T::seq_len],
                    typename CONFIG_T::bias_t bias[CONFIG_T::n_in / CONFIG_T::seq_len]) {
    #pragma HLS ARRAY_PARTITION variable=scale complete
    #pragma HLS ARRAY_PARTITION variable=bias complete
    NNET_TABLE bool filled = false;
    NNET_TABLE typename CONFIG_T::table_t table[CONFIG_T::table_size];
    if (!filled) {
        fill_inverse_roots<CONFIG_T>(table);
        filled = true;
    }
    const unsigned dim = CONFIG_T::n_in / CONFIG_T::seq_len;
    typedef typename data_T::value_type x_T;
    typedef typename res_T::value_type y_T;
Rows:
    for (unsigned j = 0; j < CONFIG_T::seq_len; j++) {
        #pragma HLS PIPELINE II=CONFIG_T::reuse_factor
        const data_T in = data.read();
        x_T x[dim];
        #pragma HLS ARRAY_PARTITION variable=x complete
        y_T y[dim];
        #pragma HLS ARRAY_PARTITION variable=y complete
        for (unsigned i = 0; i < dim; i++) {
            #pragma HLS UNROLL
            x[i] = in[i];
        }
        layernorm_1d<x_T, y_T, CONFIG_T>(x, y, table, scale, bias);
        res_T out;
        PRAGMA_DATA_PACK(out)
        for (unsigned i = 0; i < dim; i++) {
            #pragma HLS UNROLL
            out[i] = y[i];
        }
        res.write(out);
    }
}

} // namespace nnet

#endif
