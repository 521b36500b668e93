#ifndef NNET_DENSE_RESOURCE_H_
#define NNET_DENSE_RESOURCE_H_

// Multipliers shared over reuse_factor steps, weights in memory. Weights are (n_out, n_in); step s uses the
// elements s, s + reuse_factor, s + 2 * reuse_factor ... of that matrix in one clock cycle, so the memory is
// reshaped into blocks of that many words.
//
// The kernels differ in what a step does, since the weights of a step belong to every output, to one input or
// to neither. This is also the order of the sums, which shows in the answer when accum_t saturates.

#include "nnet_common.h"
#include "nnet_function_stubs.h"
#include "nnet_mult.h"

namespace nnet {

template <typename CONFIG_T> struct resource_shape {
    static const unsigned total = CONFIG_T::n_in * CONFIG_T::n_out;
    static const unsigned steps = MIN(CONFIG_T::reuse_factor, total);
    static const unsigned per_step = DIV_ROUNDUP(total, steps);
};

// The frame of all kernels: biases, steps, results. A step_T is one run over the steps; it keeps from one to
// the next what would take a division to compute anew.
template <class data_T, class res_T, typename CONFIG_T, template <class, class> class step_T>
struct DenseResource : DenseKernel<data_T, res_T, CONFIG_T> {
    static void dense(data_T data[CONFIG_T::n_in], res_T res[CONFIG_T::n_out],
                      typename CONFIG_T::weight_t weights[CONFIG_T::n_in * CONFIG_T::n_out],
                      typename CONFIG_T::bias_t biases[CONFIG_T::n_out]) {
        typedef typename CONFIG_T::accum_t accum_T;
        const unsigned steps = resource_shape<CONFIG_T>::steps;
        const unsigned per_step = resource_shape<CONFIG_T>::per_step;
        (void)per_step; // for the pragma

        #pragma HLS function_instantiate variable=weights,biases
        #pragma HLS ARRAY_RESHAPE variable=weights block factor=per_step
        #pragma HLS ARRAY_PARTITION variable=biases complete
#ifndef __VITIS_HLS__
        // Vitis chooses the memory by itself. One step needs none: all weights are read at once.
        if (steps > 1) {
            #pragma HLS RESOURCE variable=weights core=ROM_nP_BRAM
        }
#endif

        accum_T acc[CONFIG_T::n_out];
        #pragma HLS ARRAY_PARTITION variable=acc complete
        start_with_bias<accum_T, typename CONFIG_T::bias_t, CONFIG_T::n_out>(acc, biases);

        step_T<data_T, CONFIG_T> step;
    ReuseLoop:
        for (unsigned s = 0; s < steps; s++) {
            #pragma HLS PIPELINE II=1 rewind
            step.add(s, data, weights, acc);
        }

        finish_dense<data_T, res_T, CONFIG_T>(acc, res);
    }
};

// reuse_factor <= n_in, a divisor of n_in * n_out with whole outputs per step: every step serves every
// output; each adds its inputs in the order s = 0, 1, ...; i = s, s + reuse_factor, ...
template <class data_T, typename CONFIG_T> struct step_over_inputs {
    static const unsigned n_in = CONFIG_T::n_in;
    static const unsigned steps = resource_shape<CONFIG_T>::steps;
    static const unsigned per_step = resource_shape<CONFIG_T>::per_step;
    static const unsigned per_output = per_step / CONFIG_T::n_out;
    static_assert(steps <= n_in, "DenseResource_rf_leq_nin: the reuse factor exceeds n_in");
    static_assert(per_step % CONFIG_T::n_out == 0,
                  "DenseResource_rf_leq_nin: this reuse factor is not possible");

    void add(unsigned s, data_T *data, typename CONFIG_T::weight_t *weights,
             typename CONFIG_T::accum_t *acc) {
        #pragma HLS INLINE
        typedef typename CONFIG_T::template product<data_T, typename CONFIG_T::weight_t> product_T;
        unsigned in = s, out = 0, done = 0;
    MultLoop:
        for (unsigned k = 0; k < per_step; k++) {
            #pragma HLS UNROLL
            acc[out] += typename CONFIG_T::accum_t(product_T::product(data[in], weights[s + k * steps]));
            in = in + steps >= n_in ? s : in + steps;
            done = done + 1 == per_output ? 0 : done + 1;
            out += done == 0;
        }
    }
};

// reuse_factor a multiple of n_in: a step serves one input and every (reuse_factor / n_in)-th output, each
// output adds its inputs in order.
template <class data_T, typename CONFIG_T> struct step_over_outputs {
    static const unsigned n_in = CONFIG_T::n_in;
    static const unsigned total = resource_shape<CONFIG_T>::total;
    static const unsigned steps = resource_shape<CONFIG_T>::steps;
    static const unsigned per_step = resource_shape<CONFIG_T>::per_step;
    static_assert(steps % n_in == 0, "DenseResource_rf_gt_nin_rem0: the reuse factor is no multiple of n_in");

    unsigned in, first_out; // s % n_in, s / n_in

    step_over_outputs() : in(0), first_out(0) {}

    void add(unsigned s, data_T *data, typename CONFIG_T::weight_t *weights,
             typename CONFIG_T::accum_t *acc) {
        #pragma HLS INLINE
        typedef typename CONFIG_T::template product<data_T, typename CONFIG_T::weight_t> product_T;
        const unsigned out_stride = steps / n_in;
    MultLoop:
        for (unsigned k = 0; k < per_step; k++) {
            #pragma HLS UNROLL
            const unsigned w = s + k * steps;
            if (w < total) // the last step may be short
                acc[first_out + k * out_stride] +=
                    typename CONFIG_T::accum_t(product_T::product(data[in], weights[w]));
        }
        first_out += in + 1 == n_in;
        in = in + 1 == n_in ? 0 : in + 1;
    }
};

// Any other reuse_factor above n_in: the products of a step are summed per output first, then added, since
// an output may have several in one step and an accumulator takes one value per step.
template <class data_T, typename CONFIG_T> struct step_over_both {
    static const unsigned n_in = CONFIG_T::n_in;
    static const unsigned total = resource_shape<CONFIG_T>::total;
    static const unsigned steps = resource_shape<CONFIG_T>::steps;
    static const unsigned per_step = resource_shape<CONFIG_T>::per_step;
    static_assert(CONFIG_T::reuse_factor > n_in,
                  "DenseResource_rf_gt_nin: the reuse factor does not exceed n_in");

    void add(unsigned s, data_T *data, typename CONFIG_T::weight_t *weights,
             typename CONFIG_T::accum_t *acc) {
        #pragma HLS INLINE
        typedef typename CONFIG_T::accum_t accum_T;
        typedef typename CONFIG_T::template product<data_T, typename CONFIG_T::weight_t> product_T;
        accum_T part[CONFIG_T::n_out];
        #pragma HLS ARRAY_PARTITION variable=part complete
        clear_sums<accum_T, CONFIG_T::n_out>(part);
    MultLoop:
        for (unsigned k = 0; k < per_step; k++) {
            #pragma HLS UNROLL
            const unsigned w = s + k * steps;
            if (w < total)
                part[w / n_in] += accum_T(product_T::product(data[w % n_in], weights[w]));
        }
        add_sums<accum_T, CONFIG_T::n_out>(part, acc);
    }
};

// The names by which configurations choose a kernel tell how the reuse factor stands to n_in.
template <class data_T, class res_T, typename CONFIG_T>
struct DenseResource_rf_leq_nin : DenseResource<data_T, res_T, CONFIG_T, step_over_inputs> {};
template <class data_T, class res_T, typename CONFIG_T>
struct DenseResource_rf_gt_nin_rem0 : DenseResource<data_T, res_T, CONFIG_T, step_over_outputs> {};
template <class data_T, class res_T, typename CONFIG_T>
struct DenseResource_rf_gt_nin : DenseResource<data_T, res_T, CONFIG_T, step_over_both> {};

} // namespace nnet

#endif
