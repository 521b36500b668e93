#ifndef NNET_EINSUM_H_
#define NNET_EINSUM_H_

// Product of two tensors along named axes. The permutations bring both into blocks of vectors of
// n_contract values: n_free0 of the first and n_free1 of the second in each of n_inplace blocks. Every
// pair of vectors of a block makes one result, and the last permutation puts the results where they belong.

#include "nnet_common.h"
#include "nnet_mult.h"
#include "nnet_transpose.h"

namespace nnet {

// Members: tpose_inp0_config, tpose_inp1_config and tpose_out_conf, which are configurations of transpose;
// n_free0, n_free1, n_contract, n_inplace, reuse_factor, multiplier_limit, accum_t and product.
struct einsum_config {};

// Products go into the sum in full; the sum alone is converted, after each.
template <class data0_T, class data1_T, typename CONFIG_T>
typename CONFIG_T::accum_t einsum_result(const data0_T *x, const data1_T *y) {
    #pragma HLS INLINE
    typename CONFIG_T::accum_t acc = 0;
Products:
    for (unsigned c = 0; c < CONFIG_T::n_contract; c++) {
        #pragma HLS UNROLL
        acc += CONFIG_T::template product<data0_T, data1_T>::product(x[c], y[c]);
    }
    return acc;
}

template <class data0_T, class data1_T, class res_T, typename CONFIG_T>
void einsum(const data0_T data0[CONFIG_T::tpose_inp0_config::N],
            const data1_T data1[CONFIG_T::tpose_inp1_config::N],
            res_T res[CONFIG_T::tpose_out_conf::N]) {
    #pragma HLS PIPELINE II=CONFIG_T::reuse_factor
    #pragma HLS ALLOCATION operation instances=mul limit=CONFIG_T::multiplier_limit

    data0_T rows[CONFIG_T::tpose_inp0_config::N];
    data1_T cols[CONFIG_T::tpose_inp1_config::N];
    res_T results[CONFIG_T::tpose_out_conf::N];
    #pragma HLS ARRAY_PARTITION variable=rows complete
    #pragma HLS ARRAY_PARTITION variable=cols complete
    #pragma HLS ARRAY_PARTITION variable=results complete

    transpose<data0_T, data0_T, typename CONFIG_T::tpose_inp0_config>(data0, rows);
    transpose<data1_T, data1_T, typename CONFIG_T::tpose_inp1_config>(data1, cols);

Rows:
    for (unsigned i = 0; i < CONFIG_T::n_inplace * CONFIG_T::n_free0; i++) {
        #pragma HLS UNROLL
        const unsigned first = i / CONFIG_T::n_free0 * CONFIG_T::n_free1; // vector of the block in cols
    Cols:
        for (unsigned j = 0; j < CONFIG_T::n_free1; j++) {
            #pragma HLS UNROLL
            results[i * CONFIG_T::n_free1 + j] = einsum_result<data0_T, data1_T, CONFIG_T>(
                &rows[i * CONFIG_T::n_contract], &cols[(first + j) * CONFIG_T::n_contract]);
        }
    }

    transpose<res_T, res_T, typename CONFIG_T::tpose_out_conf>(results, res);
}

} // namespace nnet

#endif
