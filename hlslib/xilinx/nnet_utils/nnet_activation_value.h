#ifndef NNET_ACTIVATION_VALUE_H_
#define NNET_ACTIVATION_VALUE_H_

// Activation functions of one value, shared by the parallel and the streaming layers, and the tables behind
// them.
//
// A table holds the function over a range, computed in float and then converted to table_t. The index is cut
// towards zero, so the entry at zero serves twice the width of the others. Arguments outside the range take
// the first or the last entry.

#include "nnet_common.h"
#include <math.h>
#include <type_traits>

namespace nnet {

// ---- tables ------------------------------------------------------------------------------------------

// Argument of entry i of n entries over -range ... range, and over 0 ... -range. Which steps are taken in
// float and which in double decides the last bit of wide tables, so they are as hls4ml's compiled code has
// them: a constant with a point makes a step double, the return makes it float again.
inline float centred_argument(int i, int n, int range) {
    return 2.0 * range * (i - float(n) / 2.0) / float(n);
}
inline float negative_argument(int i, int n, int range) { return -double(range) * i / float(n); }

struct sigmoid_function {
    static float at(int i, int n) { return 1.0 / (1 + expf(-centred_argument(i, n, 8))); }
};
struct tanh_function {
    static float at(int i, int n) { return tanhf(centred_argument(i, n, 4)); }
};
struct softplus_function {
    static float at(int i, int n) { return log(double(expf(centred_argument(i, n, 8))) + 1.0); }
};
struct softsign_function {
    static float at(int i, int n) {
        const float x = centred_argument(i, n, 8);
        return x / (fabsf(x) + 1.0);
    }
};
struct elu_function {
    static float at(int i, int n) { return double(expf(negative_argument(i, n, 8))) - 1.0; }
};
struct selu_function {
    static float at(int i, int n) {
        const double lambda = 1.0507009873554804934193349852946, alpha = 1.6732632423543772848170429916717;
        return lambda * (alpha * (double(expf(negative_argument(i, n, 8))) - 1.0));
    }
};
struct legacy_exp_function {
    static float at(int i, int n) { return expf(centred_argument(i, n, 8)); }
};

template <class Function, class table_T, int N> void fill_table(table_T table[N]) {
    for (int i = 0; i < N; i++)
        table[i] = Function::at(i, N);
}

// ---- indices -----------------------------------------------------------------------------------------

// An int keeps the low 32 bits of the integer part, so very large arguments alias.
inline unsigned clamp_index(int i, unsigned n) {
    #pragma HLS INLINE
    return i < 0 ? 0 : unsigned(i) > n - 1 ? n - 1 : unsigned(i);
}

// Index into n entries over -range ... range.
template <class data_T> unsigned centred_index(data_T x, unsigned n, int range) {
    #pragma HLS INLINE
    const int offset = x * n / (2 * range);
    // The sum may leave the range of int; unsigned numbers wrap where ints have no defined result.
    return clamp_index(int(unsigned(offset) + n / 2), n);
}

// Index into n entries over 0 ... -range for a negative x; a negative integer part (after aliasing) counts as
// very large.
template <class data_T> unsigned negative_index(data_T x, unsigned n, int range) {
    #pragma HLS INLINE
    const int i = x * n / -range;
    return unsigned(i) > n - 1 ? n - 1 : unsigned(i);
}

// ---- functions without a table -----------------------------------------------------------------------

template <class res_T, class data_T> res_T relu_value(data_T x) {
    #pragma HLS INLINE
    return x > 0 ? res_T(x) : res_T(0);
}

template <class res_T, int MAX_INT, class data_T> res_T relu_max_value(data_T x) {
    #pragma HLS INLINE
    return x < 0 ? res_T(0) : x > MAX_INT ? res_T(MAX_INT) : res_T(x);
}

// The product keeps all its bits until the result rounds it.
template <class res_T, class data_T, class param_T> res_T leaky_relu_value(data_T x, param_T alpha) {
    #pragma HLS INLINE
    return x > 0 ? res_T(x) : res_T(alpha * x);
}

template <class res_T, class data_T, class param_T> res_T thresholded_relu_value(data_T x, param_T theta) {
    #pragma HLS INLINE
    return x > theta ? res_T(x) : res_T(0);
}

// slope * x + shift, kept between 0 and 1, in full precision.
template <typename CONFIG_T, class data_T>
auto hard_step(data_T x) -> decltype(CONFIG_T::slope * x + CONFIG_T::shift) {
    #pragma HLS INLINE
    auto y = CONFIG_T::slope * x + CONFIG_T::shift;
    if (y > 1)
        y = 1;
    else if (y < 0)
        y = 0;
    return y;
}

// +1 or -1; a result of a single bit holds 1 or 0 instead.
template <class res_T, class data_T> res_T binary_tanh_value(data_T x) {
    #pragma HLS INLINE
    const bool bit = std::is_same<res_T, ap_uint<1> >::value; // see product::both_binary
    return x >= 0 ? res_T(ap_int<2>(1)) : res_T(ap_int<2>(bit ? 0 : -1));
}

// ---- functions with a table --------------------------------------------------------------------------

// Positive values are scaled by lambda, which has the type lambda_T.
template <class res_T, class lambda_T, class data_T, class table_T>
res_T selu_value(data_T x, lambda_T lambda, unsigned index, const table_T *table) {
    #pragma HLS INLINE
    return x >= 0 ? res_T(lambda * x) : res_T(table[index]);
}

template <class res_T, typename CONFIG_T, class data_T, class param_T, class table_T>
res_T elu_value(data_T x, param_T alpha, const table_T *table) {
    #pragma HLS INLINE
    if (x >= 0)
        return res_T(x);
    return res_T(alpha * table[negative_index(x, CONFIG_T::table_size, 8)]);
}

// The bits of x as an unsigned number select the entry.
template <class data_T> unsigned unary_lut_index(data_T x) {
    #pragma HLS INLINE
    const ap_uint<data_T::width> bits = x(data_T::width - 1, 0);
    return bits.to_uint();
}

} // namespace nnet

#endif
