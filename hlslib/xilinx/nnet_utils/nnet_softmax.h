#ifndef NNET_SOFTMAX_H_
#define NNET_SOFTMAX_H_

// Softmax over N values, in four ways:
//   latency: exp and 1/x from tables;
//   stable:  the same for the differences to the largest value. They are held in inp_norm_t and wrap when
//            they do not fit;
//   legacy:  the sum of exp(x_j - x_i) per output, then 1/x; one type for both tables;
//   argmax:  1 for the first largest value, 0 for all others.
// One body per way serves the parallel and the streaming layers. It is entered through softmax_kernel, so
// only the way in use is compiled.

#include "nnet_activation_value.h"
#include "nnet_common.h"
#include "nnet_stream.h"

namespace nnet {

enum class softmax_implementation { latency = 0, legacy = 1, stable = 2, argmax = 3 };

// ---- tables addressed by the top bits of a number ----------------------------------------------------

template <class x_T, unsigned TABLE_SIZE> struct top_bits {
    static const int bits = ceillog2(TABLE_SIZE);

    // The number with the given top bits, all others zero: the lower edge of a bin. An index keeps the top
    // bits only, so the entry serves the whole bin.
    static float value(unsigned index) {
        x_T x(0);
        x(x_T::width - 1, x_T::width - bits) = index;
        return float(x);
    }
    static unsigned index(x_T x) {
        #pragma HLS INLINE
        const ap_uint<bits> top = x(x_T::width - 1, x_T::width - bits);
        return top.to_uint();
    }
};

template <class x_T, typename CONFIG_T>
void fill_exp_table(typename CONFIG_T::exp_table_t table[CONFIG_T::exp_table_size], bool negative) {
    for (unsigned i = 0; i < CONFIG_T::exp_table_size; i++) {
        const float x = top_bits<x_T, CONFIG_T::exp_table_size>::value(i) * CONFIG_T::exp_scale;
        table[i] = expf(negative ? -x : x);
    }
}

// 1/0 is an infinity, which saturates or, in a wrapping type, becomes 0.
template <typename CONFIG_T>
void fill_invert_table(typename CONFIG_T::inv_table_t table[CONFIG_T::inv_table_size]) {
    for (unsigned i = 0; i < CONFIG_T::inv_table_size; i++) {
        const float x = top_bits<typename CONFIG_T::inv_inp_t, CONFIG_T::inv_table_size>::value(i);
        table[i] = 1 / x;
    }
}

// Exponentials to probabilities: a balanced sum, its inverse from the table, N products.
template <unsigned N, class res_T, typename CONFIG_T>
void divide_by_sum(typename CONFIG_T::accum_t e[N], res_T res[N],
                   const typename CONFIG_T::inv_table_t *invert) {
    #pragma HLS INLINE
    typedef typename CONFIG_T::accum_t accum_T;
    typedef typename CONFIG_T::inv_inp_t sum_T;
    // Balanced, because a sum that rounds or saturates tells the shape of its tree.
    const sum_T sum = reduce<accum_T, N, Op_add<accum_T> >(e, Op_add<accum_T>());
    const unsigned index = top_bits<sum_T, CONFIG_T::inv_table_size>::index(sum);
    const typename CONFIG_T::inv_table_t inverse = invert[index];
    for (unsigned i = 0; i < N; i++) {
        #pragma HLS UNROLL
        res[i] = e[i] * inverse;
    }
}

// ---- the four ways -----------------------------------------------------------------------------------

template <softmax_implementation> struct softmax_kernel;

template <> struct softmax_kernel<softmax_implementation::latency> {
    template <unsigned N, class data_T, class res_T, typename CONFIG_T>
    static void eval(data_T data[N], res_T res[N]) {
        #pragma HLS INLINE
        NNET_TABLE bool initialized = false;
        NNET_TABLE typename CONFIG_T::exp_table_t exp_table[CONFIG_T::exp_table_size];
        NNET_TABLE typename CONFIG_T::inv_table_t invert_table[CONFIG_T::inv_table_size];
        if (!initialized) {
            fill_exp_table<data_T, CONFIG_T>(exp_table, false);
            fill_invert_table<CONFIG_T>(invert_table);
            initialized = true;
        }
        typename CONFIG_T::accum_t e[N];
        #pragma HLS ARRAY_PARTITION variable=e complete
        for (unsigned i = 0; i < N; i++) {
            #pragma HLS UNROLL
            e[i] = exp_table[top_bits<data_T, CONFIG_T::exp_table_size>::index(data[i])];
        }
        divide_by_sum<N, res_T, CONFIG_T>(e, res, invert_table);
    }
};

template <> struct softmax_kernel<softmax_implementation::stable> {
    template <unsigned N, class data_T, class res_T, typename CONFIG_T>
    static void eval(data_T data[N], res_T res[N]) {
        #pragma HLS INLINE
        typedef typename CONFIG_T::inp_norm_t norm_T;
        NNET_TABLE bool initialized = false;
        NNET_TABLE typename CONFIG_T::exp_table_t exp_table[CONFIG_T::exp_table_size];
        NNET_TABLE typename CONFIG_T::inv_table_t invert_table[CONFIG_T::inv_table_size];
        if (!initialized) {
            fill_exp_table<norm_T, CONFIG_T>(exp_table, true);
            fill_invert_table<CONFIG_T>(invert_table);
            initialized = true;
        }
        const data_T largest = reduce<data_T, N, Op_max<data_T> >(data, Op_max<data_T>());
        typename CONFIG_T::accum_t e[N];
        #pragma HLS ARRAY_PARTITION variable=e complete
        for (unsigned i = 0; i < N; i++) {
            #pragma HLS UNROLL
            const norm_T below = largest - data[i];
            e[i] = exp_table[top_bits<norm_T, CONFIG_T::exp_table_size>::index(below)];
        }
        divide_by_sum<N, res_T, CONFIG_T>(e, res, invert_table);
    }
};

template <> struct softmax_kernel<softmax_implementation::legacy> {
    // 1/x over 0 ... 64.
    struct invert_function {
        static float argument(int i, int n) { return 64.0 * i / float(n); }
    };
    template <class table_T, int N> static void fill_invert(table_T table[N]) {
        for (int i = 0; i < N; i++) {
            const float x = invert_function::argument(i, N);
            table[i] = x > 0 ? 1.0 / x : 0.0;
        }
    }

    // The streaming layer uses table_size for both tables, the parallel one has a size for each.
    template <typename CONFIG_T> static constexpr unsigned exp_size() {
        return CONFIG_T::io_type == io_stream ? CONFIG_T::table_size : CONFIG_T::exp_table_size;
    }
    template <typename CONFIG_T> static constexpr unsigned invert_size() {
        return CONFIG_T::io_type == io_stream ? CONFIG_T::table_size : CONFIG_T::inv_table_size;
    }

    template <unsigned N, class data_T, class res_T, typename CONFIG_T>
    static void eval(data_T data[N], res_T res[N]) {
        #pragma HLS INLINE
        typedef typename CONFIG_T::table_t table_T;
        NNET_TABLE bool initialized = false;
        NNET_TABLE table_T exp_table[exp_size<CONFIG_T>()];
        NNET_TABLE table_T invert_table[invert_size<CONFIG_T>()];
        if (!initialized) {
            fill_table<legacy_exp_function, table_T, exp_size<CONFIG_T>()>(exp_table);
            fill_invert<table_T, invert_size<CONFIG_T>()>(invert_table);
            initialized = true;
        }
        table_T sum[N];
        #pragma HLS ARRAY_PARTITION variable=sum complete
        for (unsigned i = 0; i < N; i++) {
            #pragma HLS UNROLL
            sum[i] = 0;
            for (unsigned j = 0; j < N; j++) {
                #pragma HLS UNROLL
                if (i == j) // no look-up: hls4ml adds exp(0) as a constant
                    sum[i] += table_T(1);
                else
                    sum[i] += exp_table[centred_index(data[j] - data[i], exp_size<CONFIG_T>(), 8)];
            }
        }
        for (unsigned i = 0; i < N; i++) {
            #pragma HLS UNROLL
            const int index = sum[i] * invert_size<CONFIG_T>() / 64;
            res[i] = res_T(invert_table[clamp_index(index, invert_size<CONFIG_T>())]);
        }
    }
};

template <> struct softmax_kernel<softmax_implementation::argmax> {
    template <unsigned N, class data_T, class res_T, typename CONFIG_T>
    static void eval(data_T data[N], res_T res[N]) {
        #pragma HLS INLINE
        data_T largest = data[0];
        unsigned first = 0;
        for (unsigned i = 1; i < N; i++) {
            #pragma HLS UNROLL
            if (data[i] > largest) {
                largest = data[i];
                first = i;
            }
        }
        for (unsigned i = 0; i < N; i++) {
            #pragma HLS UNROLL
            res[i] = i == first ? res_T(1) : res_T(0);
        }
    }
};

// ---- layers on arrays --------------------------------------------------------------------------------

template <class data_T, class res_T, typename CONFIG_T>
void softmax(data_T data[CONFIG_T::n_slice], res_T res[CONFIG_T::n_slice]) {
    #pragma HLS PIPELINE
    typedef softmax_kernel<CONFIG_T::implementation> kernel;
    kernel::template eval<CONFIG_T::n_slice, data_T, res_T, CONFIG_T>(data, res);
}

// Along the middle one of three axes (n_outer, n_slice, n_inner): the values of a slice stand n_inner apart.
// Unrolled, all slices are calls side by side; the limit on softmax says how many of them get hardware.
template <class data_T, class res_T, typename CONFIG_T>
void softmax_multidim(data_T data[CONFIG_T::n_in], res_T res[CONFIG_T::n_in]) {
    #pragma HLS INLINE
    constexpr unsigned limit = CONFIG_T::parallelization_factor;
    (void)limit; // for the pragma
    const unsigned stride = CONFIG_T::n_inner;
    #pragma HLS ALLOCATION function instances=softmax<data_T, res_T, CONFIG_T> limit=limit
    data_T in[CONFIG_T::n_slice];
    res_T out[CONFIG_T::n_slice];
Slices:
    for (unsigned s = 0; s < CONFIG_T::n_outer * stride; s++) {
        #pragma HLS UNROLL
        const unsigned first = s / stride * CONFIG_T::n_slice * stride + s % stride;
        for (unsigned j = 0; j < CONFIG_T::n_slice; j++) {
            #pragma HLS UNROLL
            in[j] = data[first + j * stride];
        }
        softmax<data_T, res_T, CONFIG_T>(in, out);
        for (unsigned j = 0; j < CONFIG_T::n_slice; j++) {
            #pragma HLS UNROLL
            res[first + j * stride] = out[j];
        }
    }
}

} // namespace nnet

#endif
