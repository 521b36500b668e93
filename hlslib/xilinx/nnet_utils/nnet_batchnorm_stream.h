#ifndef NNET_BATCHNORM_STREAM_H_
#define NNET_BATCHNORM_STREAM_H_

#include "hls_stream.h"
#include "nnet_batchnorm.h"
#include "nnet_common.h"

namespace nnet {

template <class data_T, class res_T, typename CONFIG_T>
void normalize(hls::stream<data_T> &data, hls::stream<res_T> &res,
               typename CONFIG_T::scale_t scale[CONFIG_T::n_scale_bias],
               typename CONFIG_T::bias_t bias[CONFIG_T::n_scale_bias]) {
    #pragma HLS ARRAY_PARTITION variable=scale complete
    #pragma HLS ARRAY_PARTITION variable=bias complete
    #pragma HLS ALLOCATION operation instances=mul limit=CONFIG_T::multiplier_limit
    typedef typename data_T::value_type x_T;
    // hls4ml's interval: as many cycles as its share of multipliers needs for the tensor.
    constexpr unsigned ii = CONFIG_T::n_in / CONFIG_T::multiplier_limit;
    (void)ii; // for the pragma
BatchNormLoop:
    for (unsigned i = 0; i < CONFIG_T::n_in / data_T::size; i++) {
        #pragma HLS PIPELINE II=ii
        const data_T in = data.read();
        res_T out;
        PRAGMA_DATA_PACK(out)
        for (unsigned j = 0; j < data_T::size; j++) {
            #pragma HLS UNROLL
            // With channels, a word holds whole pixels.
            const unsigned c = CONFIG_T::n_filt == unsigned(-1) ? i * data_T::size + j : j % CONFIG_T::n_filt;
            out[j] = normalize_value<x_T, CONFIG_T>(in[j], scale[c], bias[c]);
        }
        res.write(out);
    }
}

// The words of the result are as long as those of the data, also where every value has its own threshold.
template <class data_T, typename CONFIG_T, class res_T, class threshold_T>
void normalize_binary_tanh(hls::stream<data_T> &data, hls::stream<res_T> &res,
                           threshold_T threshold[CONFIG_T::n_scale_bias]) {
    #pragma HLS ARRAY_PARTITION variable=threshold complete
BinaryNormLoop:
    for (unsigned i = 0; i < CONFIG_T::n_in / data_T::size; i++) {
        #pragma HLS PIPELINE
        const data_T in = data.read();
        res_T out;
        PRAGMA_DATA_PACK(out)
        for (unsigned j = 0; j < data_T::size; j++) {
            #pragma HLS UNROLL
            const unsigned c = CONFIG_T::n_filt == unsigned(-1) ? i * data_T::size + j : j % CONFIG_T::n_filt;
            out[j] = above<typename data_T::value_type>(in[j], threshold[c]);
        }
        res.write(out);
    }
}

template <class data_T, typename CONFIG_T, class res_T, class threshold_T>
void normalize_ternary_tanh(hls::stream<data_T> &data, hls::stream<res_T> &res,
                            threshold_T threshold_hi[CONFIG_T::n_scale_bias],
                            threshold_T threshold_lo[CONFIG_T::n_scale_bias]) {
    #pragma HLS ARRAY_PARTITION variable=threshold_hi complete
    #pragma HLS ARRAY_PARTITION variable=threshold_lo complete
TernaryNormLoop:
    for (unsigned i = 0; i < CONFIG_T::n_in / data_T::size; i++) {
        #pragma HLS PIPELINE
        const data_T in = data.read();
        res_T out;
        PRAGMA_DATA_PACK(out)
        for (unsigned j = 0; j < data_T::size; j++) {
            #pragma HLS UNROLL
            const unsigned c = CONFIG_T::n_filt == unsigned(-1) ? i * data_T::size + j : j % CONFIG_T::n_filt;
            out[j] = ternary_step<typename data_T::value_type>(in[j], threshold_hi[c], threshold_lo[c]);
        }
        res.write(out);
    }
}

} // namespace nnet

#endif
