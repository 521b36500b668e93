#ifndef NNET_DENSE_COMPRESSED_H_
#define NNET_DENSE_COMPRESSED_H_

#include "nnet_common.h"
#include "nnet_dense.h"

namespace nnet {

// Sparse weights: the n_nonzeros elements {row_index: input, col_index: output, weight}, padded with zeros to
// a multiple of the reuse factor. A step sums its products per output first, then adds them.
template <class data_T, class res_T, typename CONFIG_T>
void dense_compressed(data_T data[CONFIG_T::n_in], res_T res[CONFIG_T::n_out],
                      typename CONFIG_T::weight_t weights[CONFIG_T::n_nonzeros],
                      typename CONFIG_T::bias_t biases[CONFIG_T::n_out]) {
    typedef typename CONFIG_T::accum_t accum_T;
    const unsigned steps = CONFIG_T::reuse_factor;
    const unsigned per_step = DIV_ROUNDUP(CONFIG_T::n_nonzeros, CONFIG_T::reuse_factor);

    #pragma HLS ARRAY_PARTITION variable=biases complete
    #pragma HLS ARRAY_RESHAPE variable=weights block factor=per_step
#ifdef __VITIS_HLS__
    #pragma HLS AGGREGATE variable=weights
#else
    #pragma HLS DATA_PACK variable=weights struct_level
#endif

    accum_T acc[CONFIG_T::n_out];
    #pragma HLS ARRAY_PARTITION variable=acc complete
    start_with_bias<accum_T, typename CONFIG_T::bias_t, CONFIG_T::n_out>(acc, biases);

ReuseLoop:
    for (unsigned s = 0; s < steps; s++) {
        #pragma HLS PIPELINE II=1 rewind
        accum_T part[CONFIG_T::n_out];
        #pragma HLS ARRAY_PARTITION variable=part complete
        clear_sums<accum_T, CONFIG_T::n_out>(part);
    MultLoop:
        for (unsigned k = 0; k < per_step; k++) {
            #pragma HLS UNROLL
            const typename CONFIG_T::weight_t w = weights[k * steps + s];
            typedef typename CONFIG_T::template product<data_T, decltype(w.weight)> product_T;
            const accum_T p = product_T::product(data[w.row_index], w.weight);
        // An index would make a multiplexer of every accumulator; comparisons make an enable of each.
        Select:
            for (unsigned j = 0; j < CONFIG_T::n_out; j++) {
                #pragma HLS UNROLL
                if (w.col_index == j)
                    part[j] += p;
            }
        }
        add_sums<accum_T, CONFIG_T::n_out>(part, acc);
    }

    finish_dense<data_T, res_T, CONFIG_T>(acc, res);
}

} // namespace nnet

#endif
