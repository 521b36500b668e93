#ifndef NNET_DENSE_RESOURCE_H_
#define NNET_DENSE_RESOURCE_H_

// Multipliers shared over reuse_factor steps, weights in memory. Weights are (n_out, n_in); step s uses the
// elements s, s + reuse_factor, s + 2 * reuse_factor ... of that matrix in one clock cycle, so the memory is
// reshaped into blocks of that many words.

#include "nnet_common.h"
#include "nnet_mult.h"
#include <assert.h>

namespace nnet {

template <typename CONFIG_T> struct resource_shape {
    static const unsigned total = CONFIG_T::n_in * CONFIG_T::n_out;
    static const unsigned steps = MIN(CONFIG_T::reuse_factor, total);
    static const unsigned per_step = DIV_ROUNDUP(total, steps);
};

template <class accum_T, class bias_T, unsigned N> void start_with_bias(accum_T acc[N], bias_T biases[N]) {
    #pragma HLS INLINE
Bias:
    for (unsigned j = 0; j < N; j++) {
        #pragma HLS UNROLL
        acc[j] = accum_T(biases[j]);
    }
}

template <class data_T, class res_T, typename CONFIG_T>
void finish_dense(typename CONFIG_T::accum_t acc[CONFIG_T::n_out], res_T res[CONFIG_T::n_out]) {
    #pragma HLS INLINE
Result:
    for (unsigned j = 0; j < CONFIG_T::n_out; j++) {
        #pragma HLS UNROLL
        res[j] = cast<data_T, res_T, CONFIG_T>(acc[j]);
    }
}

// reuse_factor <= n_in, a divisor of n_in * n_out with whole outputs per step: every step serves every
// output; each adds its inputs in the order s = 0, 1, ...; i = s, s + reuse_factor, ...
template <class data_T, class res_T, typename CONFIG_T>
void dense_resource_rf_leq_nin(data_T data[CONFIG_T::n_in], res_T res[CONFIG_T::n_out],
                               typename CONFIG_T::weight_t weights[CONFIG_T::n_in * CONFIG_T::n_out],
                               typename CONFIG_T::bias_t biases[CONFIG_T::n_out]) {
    typedef typename CONFIG_T::accum_t accum_T;
    typedef typename CONFIG_T::template product<data_T, typename CONFIG_T::weight_t> product_T;
    const unsigned n_in = CONFIG_T::n_in;
    const unsigned steps = CONFIG_T::reuse_factor;
    const unsigned per_step = resource_shape<CONFIG_T>::per_step;
    const unsigned per_output = per_step / CONFIG_T::n_out;

    assert(steps <= n_in && "dense_resource_rf_leq_nin: the reuse factor exceeds n_in");
    assert(per_step % CONFIG_T::n_out == 0 && "dense_resource_rf_leq_nin: this reuse factor is not possible");

    #pragma HLS function_instantiate variable=weights,biases
    #pragma HLS ARRAY_RESHAPE variable=weights block factor=per_step
    #pragma HLS ARRAY_PARTITION variable=biases complete
#ifndef __VITIS_HLS__
    if (steps > 1) {
        #pragma HLS RESOURCE variable=weights core=ROM_nP_BRAM
    }
#endif

    accum_T acc[CONFIG_T::n_out];
    #pragma HLS ARRAY_PARTITION variable=acc complete
    start_with_bias<accum_T, typename CONFIG_T::bias_t, CONFIG_T::n_out>(acc, biases);

ReuseLoop:
    for (unsigned s = 0; s < steps; s++) {
        #pragma HLS PIPELINE II=1 rewind
        unsigned in = s, out = 0, done = 0;
    MultLoop:
        for (unsigned k = 0; k < per_step; k++) {
            #pragma HLS UNROLL
            acc[out] += accum_T(product_T::product(data[in], weights[s + k * steps]));
            in = in + steps >= n_in ? s : in + steps;
            done = done + 1 == per_output ? 0 : done + 1;
            out += done == 0;
        }
    }

    finish_dense<data_T, res_T, CONFIG_T>(acc, res);
}

// reuse_factor a multiple of n_in: a step serves one input and every (reuse_factor / n_in)-th output, each
// output adds its inputs in order.
template <class data_T, class res_T, typename CONFIG_T>
void dense_resource_rf_gt_nin_rem0(data_T data[CONFIG_T::n_in], res_T res[CONFIG_T::n_out],
                                   typename CONFIG_T::weight_t weights[CONFIG_T::n_in * CONFIG_T::n_out],
                                   typename CONFIG_T::bias_t biases[CONFIG_T::n_out]) {
    typedef typename CONFIG_T::accum_t accum_T;
    typedef typename CONFIG_T::template product<data_T, typename CONFIG_T::weight_t> product_T;
    const unsigned n_in = CONFIG_T::n_in;
    const unsigned total = resource_shape<CONFIG_T>::total;
    const unsigned steps = resource_shape<CONFIG_T>::steps;
    const unsigned per_step = resource_shape<CONFIG_T>::per_step;
    const unsigned out_stride = steps / n_in;

    assert(steps % n_in == 0 && "dense_resource_rf_gt_nin_rem0: the reuse factor is no multiple of n_in");

    #pragma HLS function_instantiate variable=weights,biases
    #pragma HLS ARRAY_RESHAPE variable=weights block factor=per_step
    #pragma HLS ARRAY_PARTITION variable=biases complete
#ifndef __VITIS_HLS__
    if (steps > 1) {
        #pragma HLS RESOURCE variable=weights core=ROM_nP_BRAM
    }
#endif

    accum_T acc[CONFIG_T::n_out];
    #pragma HLS ARRAY_PARTITION variable=acc complete
    start_with_bias<accum_T, typename CONFIG_T::bias_t, CONFIG_T::n_out>(acc, biases);

    unsigned in = 0, first_out = 0;
ReuseLoop:
    for (unsigned s = 0; s < steps; s++) {
        #pragma HLS PIPELINE II=1 rewind
    MultLoop:
        for (unsigned k = 0; k < per_step; k++) {
            #pragma HLS UNROLL
            const unsigned w = s + k * steps;
            if (w < total)
                acc[first_out + k * out_stride] += accum_T(product_T::product(data[in], weights[w]));
        }
        first_out += in + 1 == n_in;
        in = in + 1 == n_in ? 0 : in + 1;
    }

    finish_dense<data_T, res_T, CONFIG_T>(acc, res);
}

// Any other reuse_factor above n_in: the products of a step are summed per output first, then added.
template <class data_T, class res_T, typename CONFIG_T>
void dense_resource_rf_gt_nin(data_T data[CONFIG_T::n_in], res_T res[CONFIG_T::n_out],
                              typename CONFIG_T::weight_t weights[CONFIG_T::n_in * CONFIG_T::n_out],
                              typename CONFIG_T::bias_t biases[CONFIG_T::n_out]) {
    typedef typename CONFIG_T::accum_t accum_T;
    typedef typename CONFIG_T::template product<data_T, typename CONFIG_T::weight_t> product_T;
    const unsigned n_in = CONFIG_T::n_in;
    const unsigned total = resource_shape<CONFIG_T>::total;
    const unsigned steps = CONFIG_T::reuse_factor;
    const unsigned per_step = DIV_ROUNDUP(total, steps);

    assert(steps > n_in && "dense_resource_rf_gt_nin: the reuse factor does not exceed n_in");

    #pragma HLS function_instantiate variable=weights,biases
    #pragma HLS ARRAY_RESHAPE variable=weights block factor=per_step
    #pragma HLS ARRAY_PARTITION variable=biases complete
#ifndef __VITIS_HLS__
    if (steps > 1) {
        #pragma HLS RESOURCE variable=weights core=ROM_nP_BRAM
    }
#endif

    accum_T acc[CONFIG_T::n_out];
    #pragma HLS ARRAY_PARTITION variable=acc complete
    start_with_bias<accum_T, typename CONFIG_T::bias_t, CONFIG_T::n_out>(acc, biases);

ReuseLoop:
    for (unsigned s = 0; s < steps; s++) {
        #pragma HLS PIPELINE II=1 rewind
        accum_T part[CONFIG_T::n_out];
        #pragma HLS ARRAY_PARTITION variable=part complete
    Clear:
        for (unsigned j = 0; j < CONFIG_T::n_out; j++) {
            #pragma HLS UNROLL
            part[j] = 0;
        }
    MultLoop:
        for (unsigned k = 0; k < per_step; k++) {
            #pragma HLS UNROLL
            const unsigned w = s + k * steps;
            if (w < total)
                part[w / n_in] += accum_T(product_T::product(data[w % n_in], weights[w]));
        }
    AddLoop:
        for (unsigned j = 0; j < CONFIG_T::n_out; j++) {
            #pragma HLS UNROLL
            acc[j] += part[j];
        }
    }

    finish_dense<data_T, res_T, CONFIG_T>(acc, res);
}

template <class data_T, class res_T, typename CONFIG_T>
void dense_resource(data_T data[CONFIG_T::n_in], res_T res[CONFIG_T::n_out],
                    typename CONFIG_T::weight_t weights[CONFIG_T::n_in * CONFIG_T::n_out],
                    typename CONFIG_T::bias_t biases[CONFIG_T::n_out]) {
    #pragma HLS INLINE recursive
    if (CONFIG_T::reuse_factor <= CONFIG_T::n_in)
        dense_resource_rf_leq_nin<data_T, res_T, CONFIG_T>(data, res, weights, biases);
    else if (CONFIG_T::reuse_factor % CONFIG_T::n_in == 0)
        dense_resource_rf_gt_nin_rem0<data_T, res_T, CONFIG_T>(data, res, weights, biases);
    else
        dense_resource_rf_gt_nin<data_T, res_T, CONFIG_T>(data, res, weights, biases);
}

} // namespace nnet

#endif
