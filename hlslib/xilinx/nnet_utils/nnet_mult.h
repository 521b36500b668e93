#ifndef NNET_MULT_H_
#define NNET_MULT_H_

// Products of data and weight, one class for every pair of type classes. A configuration names the class it
// needs; the result is exact, its type is the caller's to narrow.

#include "nnet_common.h"
#include <type_traits>

namespace nnet {

namespace product {

// Data and weight of one bit standing for -1 and +1: XNOR.
template <class x_T, class w_T> struct both_binary {
    static x_T product(x_T a, w_T w) {
        #pragma HLS INLINE
        return a == w;
    }
};

// Weight of one bit standing for -1 and +1.
template <class x_T, class w_T> struct weight_binary {
    static auto product(x_T a, w_T w) -> decltype(-a) {
        #pragma HLS INLINE
        typedef decltype(-a) r_T;
        return w == 0 ? r_T(-a) : r_T(a);
    }
};

// Data of one bit standing for -1 and +1.
template <class x_T, class w_T> struct data_binary {
    static auto product(x_T a, w_T w) -> decltype(-w) {
        #pragma HLS INLINE
        typedef decltype(-w) r_T;
        return a == 0 ? r_T(-w) : r_T(w);
    }
};

// Weight -1, 0 or +1 in two bits. The fourth pattern, -2, acts as +1.
template <class x_T, class w_T> struct weight_ternary {
    static auto product(x_T a, w_T w) -> decltype(-a) {
        #pragma HLS INLINE
        typedef decltype(-a) r_T;
        if (w == 0)
            return r_T(0);
        return w == -1 ? r_T(-a) : r_T(a);
    }
};

template <class x_T, class w_T> struct mult {
    static auto product(x_T a, w_T w) -> decltype(a * w) {
        #pragma HLS INLINE
        return a * w;
    }
};

// Weight +-2^e, kept as its sign bit (1: plus) and the exponent e: a shift. Bits below the result's last
// fall off, bits above wrap.
template <class x_T, class w_T> struct weight_exponential {
    static const int half = decltype(w_T::weight)::width + x_T::width;
    typedef ap_fixed<2 * half, half> r_T;
    static r_T product(x_T a, w_T w) {
        #pragma HLS INLINE
        const r_T y = r_T(a) << w.weight;
        return w.sign == 1 ? y : r_T(-y);
    }
};

} // namespace product

// From the accumulator to the result. Sums of XNOR products count the agreements; 2 * agreements - n_in is
// the sum of the +-1 they stand for, and reaches the result through an integer just wide enough.
template <class data_T, class res_T, class CONFIG_T> struct final_cast {
    static const bool xnor = std::is_same<data_T, ap_uint<1> >::value &&
                             std::is_same<typename CONFIG_T::weight_t, ap_uint<1> >::value;
    typedef ap_int<ceillog2(CONFIG_T::n_in) + 2> sum_T;
    typedef typename CONFIG_T::accum_t accum_T;

    static sum_T eval(accum_T x, std::true_type) {
        #pragma HLS INLINE
        return sum_T(x * 2 - CONFIG_T::n_in);
    }
    static res_T eval(accum_T x, std::false_type) {
        #pragma HLS INLINE
        return res_T(x);
    }
};

template <class data_T, class res_T, class CONFIG_T>
auto cast(typename CONFIG_T::accum_t x)
    -> decltype(final_cast<data_T, res_T, CONFIG_T>::eval(
        x, std::integral_constant<bool, final_cast<data_T, res_T, CONFIG_T>::xnor>())) {
    #pragma HLS INLINE
    typedef final_cast<data_T, res_T, CONFIG_T> F;
    return F::eval(x, std::integral_constant<bool, F::xnor>());
}

// ---- sums of N outputs, one accumulator each: the ends that all products share -------------------------

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

template <class accum_T, unsigned N> void clear_sums(accum_T acc[N]) {
    #pragma HLS INLINE
Clear:
    for (unsigned j = 0; j < N; j++) {
        #pragma HLS UNROLL
        acc[j] = 0;
    }
}

template <class accum_T, unsigned N> void add_sums(const accum_T part[N], accum_T acc[N]) {
    #pragma HLS INLINE
AddLoop:
    for (unsigned j = 0; j < N; j++) {
        #pragma HLS UNROLL
        acc[j] += part[j];
    }
}

} // namespace nnet

#endif
