#ifndef NNET_DENSE_H_
#define NNET_DENSE_H_

// Fully connected layer, res = data * weights + biases.
//
// The accumulator starts with the bias; every product is converted to accum_t before it is added, and every
// sum is converted to accum_t again. The strategies differ in the order of the additions, which shows only
// when accum_t saturates: a type that wraps adds in a ring, and nothing is cut off a sum of equal types.

#include "hls_stream.h"
#include "nnet_common.h"
#include "nnet_dense_latency.h"
#include "nnet_dense_resource.h"
#include "nnet_function_stubs.h"
#include "nnet_helpers.h"
#include "nnet_mult.h"

namespace nnet {

// Members: n_in, n_out, strategy, reuse_factor, multiplier_limit, weight_t, bias_t, accum_t, product and
// kernel, one of the classes Dense... or a generated one; with compressed weights n_nonzeros.
struct dense_config {};

template <class data_T, class res_T, typename CONFIG_T>
void dense(data_T data[CONFIG_T::n_in], res_T res[CONFIG_T::n_out],
           typename CONFIG_T::weight_t weights[CONFIG_T::n_in * CONFIG_T::n_out],
           typename CONFIG_T::bias_t biases[CONFIG_T::n_out]) {
    #pragma HLS INLINE
    CONFIG_T::template kernel<data_T, res_T, CONFIG_T>::dense(data, res, weights, biases);
}

} // namespace nnet

#endif
