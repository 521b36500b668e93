#ifndef NNET_EINSUM_DENSE_H_
#define NNET_EINSUM_DENSE_H_

// Product of a tensor and weights along named axes: in each of n_inplace blocks, n_free_data rows of
// n_contract values go through one fully connected layer of n_free_kernel outputs. Weights are stored block
// by block, and a bias for every result, in the order of the blocks.

#include "nnet_common.h"
#include "nnet_dense.h"
#include "nnet_transpose.h"
#include <type_traits>

namespace nnet {

// Members: tpose_inp_conf and tpose_out_conf, which are configurations of transpose; dense_conf, that of the
// dense product of a row; n_free_data, n_free_kernel, n_contract, n_inplace and parallelization_factor, the
// number of rows that are computed at once.
struct einsum_dense_config {};

template <class data_T, class res_T, typename CONFIG_T>
void einsum_dense(data_T data[CONFIG_T::tpose_inp_conf::N], res_T res[CONFIG_T::tpose_out_conf::N],
                  typename CONFIG_T::dense_conf::weight_t
                      weights[CONFIG_T::n_inplace * CONFIG_T::n_contract * CONFIG_T::n_free_kernel],
                  typename CONFIG_T::dense_conf::bias_t biases[CONFIG_T::tpose_out_conf::N]) {
    data_T rows[CONFIG_T::tpose_inp_conf::N];
    res_T results[CONFIG_T::tpose_out_conf::N];
    #pragma HLS ARRAY_PARTITION variable=rows complete
    #pragma HLS ARRAY_PARTITION variable=results complete

    transpose<data_T, data_T, typename CONFIG_T::tpose_inp_conf>(data, rows);

Rows:
    for (unsigned i = 0; i < CONFIG_T::n_free_data; i++) {
        #pragma HLS UNROLL factor=CONFIG_T::parallelization_factor
    Blocks:
        for (unsigned block = 0; block < CONFIG_T::n_inplace; block++) {
            #pragma HLS UNROLL
            const unsigned row = block * CONFIG_T::n_free_data + i;
            dense<data_T, res_T, typename CONFIG_T::dense_conf>(
                &rows[row * CONFIG_T::n_contract], &results[row * CONFIG_T::n_free_kernel],
                &weights[block * CONFIG_T::n_contract * CONFIG_T::n_free_kernel],
                &biases[row * CONFIG_T::n_free_kernel]);
        }
    }

    transpose<res_T, res_T, typename CONFIG_T::tpose_out_conf>(results, res);
}

// With the weights in graphs of adders: da_kernel, a member in the place of dense_conf, makes the sums of one
// row of each block, in full and converted to accum_t.
template <class data_T, class res_T, typename CONFIG_T>
typename std::enable_if<CONFIG_T::strategy == distributed_arithmetic>::type
einsum_dense(data_T data[CONFIG_T::tpose_inp_conf::N], res_T res[CONFIG_T::tpose_out_conf::N],
             typename CONFIG_T::bias_t biases[CONFIG_T::tpose_out_conf::N]) {
    data_T rows[CONFIG_T::tpose_inp_conf::N];
    typename CONFIG_T::accum_t sums[CONFIG_T::tpose_out_conf::N];
    #pragma HLS ARRAY_PARTITION variable=rows complete
    #pragma HLS ARRAY_PARTITION variable=sums complete

    transpose<data_T, data_T, typename CONFIG_T::tpose_inp_conf>(data, rows);

Rows:
    for (unsigned i = 0; i < CONFIG_T::n_free_data; i++) {
        #pragma HLS UNROLL factor=CONFIG_T::parallelization_factor
        CONFIG_T::da_kernel(rows, sums, i);
    }
Bias:
    for (unsigned i = 0; i < CONFIG_T::tpose_out_conf::N; i++) {
        #pragma HLS UNROLL
        sums[i] = sums[i] + biases[i];
    }

    transpose<typename CONFIG_T::accum_t, res_T, typename CONFIG_T::tpose_out_conf>(sums, res);
}

} // namespace nnet

#endif
