#ifndef NNET_DENSE_LATENCY_H_
#define NNET_DENSE_LATENCY_H_

#include "nnet_common.h"
#include "nnet_function_stubs.h"
#include "nnet_mult.h"

namespace nnet {

// Everything at once: n_in * n_out multipliers (fewer with a reuse factor, as the tool shares them). Weights
// are (n_in, n_out).
//
// An output adds its products input by input. Which of the two loops is outside changes no answer, for the
// outputs have accumulators of their own; with the inputs outside, a fanned-out input is read once.
template <class data_T, class res_T, typename CONFIG_T>
struct DenseLatency : DenseKernel<data_T, res_T, CONFIG_T> {
    static void dense(data_T data[CONFIG_T::n_in], res_T res[CONFIG_T::n_out],
                      typename CONFIG_T::weight_t weights[CONFIG_T::n_in * CONFIG_T::n_out],
                      typename CONFIG_T::bias_t biases[CONFIG_T::n_out]) {
        typedef typename CONFIG_T::accum_t accum_T;
        typedef typename CONFIG_T::template product<data_T, typename CONFIG_T::weight_t> product_T;

        #pragma HLS function_instantiate variable=weights,biases
        #pragma HLS PIPELINE II=CONFIG_T::reuse_factor
        #pragma HLS ARRAY_PARTITION variable=biases complete
        #pragma HLS ALLOCATION operation instances=mul limit=CONFIG_T::multiplier_limit

        accum_T acc[CONFIG_T::n_out];
        #pragma HLS ARRAY_PARTITION variable=acc complete
        start_with_bias<accum_T, typename CONFIG_T::bias_t, CONFIG_T::n_out>(acc, biases);

    Inputs:
        for (unsigned i = 0; i < CONFIG_T::n_in; i++) {
            #pragma HLS UNROLL
            const data_T x = data[i];
        Outputs:
            for (unsigned j = 0; j < CONFIG_T::n_out; j++) {
                #pragma HLS UNROLL
                acc[j] += accum_T(product_T::product(x, weights[i * CONFIG_T::n_out + j]));
            }
        }

        finish_dense<data_T, res_T, CONFIG_T>(acc, res);
    }
};

} // namespace nnet

#endif
