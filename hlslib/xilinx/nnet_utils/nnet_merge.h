#ifndef NNET_MERGE_H_
#define NNET_MERGE_H_

// Two arrays (io_parallel) made one: arithmetic value by value, scalar product, concatenation.

#include "nnet_common.h"
#include "nnet_mult.h"

namespace nnet {

// Members: n_elem of the result, n_elem1 and n_elem2 of the tensors (a shorter one is repeated), on streams
// reuse_factor, for average_of_sum n_terms.
struct merge_config {};

// Members: n_in, n_out (1), multiplier_limit, reuse_factor, accum_t, product.
struct dot_config {};

// Members: the axes of both tensors, n_elem1_0 ... n_elem2_2 as far as there are, and axis, counted from 1
// or, negative, from the last.
struct concat_config {};

// The operations on two values, each converted once.
struct merge_add {
    template <class res_T, class x_T, class y_T> static res_T eval(const x_T &x, const y_T &y) {
        return res_T(x + y);
    }
};
struct merge_subtract {
    template <class res_T, class x_T, class y_T> static res_T eval(const x_T &x, const y_T &y) {
        return res_T(x - y);
    }
};
struct merge_multiply {
    template <class res_T, class x_T, class y_T> static res_T eval(const x_T &x, const y_T &y) {
        return res_T(x * y);
    }
};
// One half as a number of one bit: the product is exact, and the average is rounded as it is converted.
struct merge_average {
    template <class res_T, class x_T, class y_T> static res_T eval(const x_T &x, const y_T &y) {
        return res_T((x + y) * ap_ufixed<1, 0>(0.5));
    }
};
// The end of an average of N tensors: the sum of all, cut toward zero when it is divided.
template <int N> struct merge_average_of {
    template <class res_T, class x_T, class y_T> static res_T eval(const x_T &x, const y_T &y) {
        return res_T((x + y) / N);
    }
};
struct merge_maximum {
    template <class res_T, class x_T, class y_T> static res_T eval(const x_T &x, const y_T &y) {
        return x > y ? res_T(x) : res_T(y);
    }
};
struct merge_minimum {
    template <class res_T, class x_T, class y_T> static res_T eval(const x_T &x, const y_T &y) {
        return x < y ? res_T(x) : res_T(y);
    }
};

// A shorter array begins again when it is used up.
template <class op, class input1_T, class input2_T, class res_T, typename CONFIG_T>
void merge_arrays(const input1_T *data1, const input2_T *data2, res_T *res) {
    #pragma HLS INLINE
Merge:
    for (unsigned i = 0; i < CONFIG_T::n_elem; i++) {
        #pragma HLS UNROLL
        res[i] = op::template eval<res_T>(data1[i % CONFIG_T::n_elem1], data2[i % CONFIG_T::n_elem2]);
    }
}

template <class input1_T, class input2_T, class res_T, typename CONFIG_T>
void add(input1_T data1[CONFIG_T::n_elem1], input2_T data2[CONFIG_T::n_elem2], res_T res[CONFIG_T::n_elem]) {
    #pragma HLS PIPELINE
    merge_arrays<merge_add, input1_T, input2_T, res_T, CONFIG_T>(data1, data2, res);
}

template <class input1_T, class input2_T, class res_T, typename CONFIG_T>
void subtract(input1_T data1[CONFIG_T::n_elem1], input2_T data2[CONFIG_T::n_elem2],
              res_T res[CONFIG_T::n_elem]) {
    #pragma HLS PIPELINE
    merge_arrays<merge_subtract, input1_T, input2_T, res_T, CONFIG_T>(data1, data2, res);
}

template <class input1_T, class input2_T, class res_T, typename CONFIG_T>
void multiply(input1_T data1[CONFIG_T::n_elem1], input2_T data2[CONFIG_T::n_elem2],
              res_T res[CONFIG_T::n_elem]) {
    #pragma HLS PIPELINE
    merge_arrays<merge_multiply, input1_T, input2_T, res_T, CONFIG_T>(data1, data2, res);
}

template <class input1_T, class input2_T, class res_T, typename CONFIG_T>
void average(input1_T data1[CONFIG_T::n_elem1], input2_T data2[CONFIG_T::n_elem2],
             res_T res[CONFIG_T::n_elem]) {
    #pragma HLS PIPELINE
    merge_arrays<merge_average, input1_T, input2_T, res_T, CONFIG_T>(data1, data2, res);
}

template <class input1_T, class input2_T, class res_T, typename CONFIG_T>
void average_of_sum(input1_T data1[CONFIG_T::n_elem1], input2_T data2[CONFIG_T::n_elem2],
                    res_T res[CONFIG_T::n_elem]) {
    #pragma HLS PIPELINE
    typedef merge_average_of<int(CONFIG_T::n_terms)> policy;
    merge_arrays<policy, input1_T, input2_T, res_T, CONFIG_T>(data1, data2, res);
}

template <class input1_T, class input2_T, class res_T, typename CONFIG_T>
void maximum(input1_T data1[CONFIG_T::n_elem1], input2_T data2[CONFIG_T::n_elem2],
             res_T res[CONFIG_T::n_elem]) {
    #pragma HLS PIPELINE
    merge_arrays<merge_maximum, input1_T, input2_T, res_T, CONFIG_T>(data1, data2, res);
}

template <class input1_T, class input2_T, class res_T, typename CONFIG_T>
void minimum(input1_T data1[CONFIG_T::n_elem1], input2_T data2[CONFIG_T::n_elem2],
             res_T res[CONFIG_T::n_elem]) {
    #pragma HLS PIPELINE
    merge_arrays<merge_minimum, input1_T, input2_T, res_T, CONFIG_T>(data1, data2, res);
}

template <class input1_T, class input2_T, class res_T, typename CONFIG_T>
void dot1d(input1_T data1[CONFIG_T::n_in], input2_T data2[CONFIG_T::n_in], res_T res[CONFIG_T::n_out]) {
    #pragma HLS PIPELINE II=CONFIG_T::reuse_factor
    #pragma HLS ALLOCATION operation instances=mul limit=CONFIG_T::multiplier_limit
    typedef typename CONFIG_T::template product<input1_T, input2_T> product_T;
    typename CONFIG_T::accum_t acc = 0;
Products:
    for (unsigned i = 0; i < CONFIG_T::n_in; i++) {
        #pragma HLS UNROLL
        acc += static_cast<typename CONFIG_T::accum_t>(product_T::product(data1[i], data2[i]));
    }
    res[0] = res_T(acc);
}

// SIZE1 values of the first array and SIZE2 of the second in turns. Along any axis a concatenation is this: a
// turn is one index of the axes before, and what follows them lies together in both arrays.
template <class input1_T, class input2_T, class res_T, unsigned TURNS, unsigned SIZE1, unsigned SIZE2>
void concatenate_turns(const input1_T *data1, const input2_T *data2, res_T *res) {
    #pragma HLS INLINE
Turns:
    for (unsigned t = 0; t < TURNS; t++) {
        #pragma HLS UNROLL
        for (unsigned i = 0; i < SIZE1; i++) {
            #pragma HLS UNROLL
            res[t * (SIZE1 + SIZE2) + i] = res_T(data1[t * SIZE1 + i]);
        }
        for (unsigned i = 0; i < SIZE2; i++) {
            #pragma HLS UNROLL
            res[t * (SIZE1 + SIZE2) + SIZE1 + i] = res_T(data2[t * SIZE2 + i]);
        }
    }
}

template <class input1_T, class input2_T, class res_T, typename CONFIG_T>
void concatenate1d(input1_T data1[CONFIG_T::n_elem1_0], input2_T data2[CONFIG_T::n_elem2_0],
                   res_T res[CONFIG_T::n_elem1_0 + CONFIG_T::n_elem2_0]) {
    #pragma HLS PIPELINE
    const unsigned size1 = CONFIG_T::n_elem1_0, size2 = CONFIG_T::n_elem2_0;
    concatenate_turns<input1_T, input2_T, res_T, 1, size1, size2>(data1, data2, res);
}

// The axis counts from 1, or from -1 for the last downwards.
template <typename CONFIG_T, int RANK> struct concat_axis {
    static const int value = CONFIG_T::axis < 0 ? RANK + CONFIG_T::axis : CONFIG_T::axis - 1;
};

template <class input1_T, class input2_T, class res_T, typename CONFIG_T>
void concatenate2d(input1_T data1[CONFIG_T::n_elem1_0 * CONFIG_T::n_elem1_1],
                   input2_T data2[CONFIG_T::n_elem2_0 * CONFIG_T::n_elem2_1],
                   res_T res[CONFIG_T::n_elem1_0 * CONFIG_T::n_elem1_1 +
                             CONFIG_T::n_elem2_0 * CONFIG_T::n_elem2_1]) {
    #pragma HLS PIPELINE
    const bool last = concat_axis<CONFIG_T, 2>::value == 1;
    const unsigned size1 = (last ? 1 : CONFIG_T::n_elem1_0) * CONFIG_T::n_elem1_1;
    const unsigned size2 = (last ? 1 : CONFIG_T::n_elem2_0) * CONFIG_T::n_elem2_1;
    concatenate_turns<input1_T, input2_T, res_T, last ? CONFIG_T::n_elem1_0 : 1, size1, size2>(data1, data2,
                                                                                               res);
}

template <class input1_T, class input2_T, class res_T, typename CONFIG_T>
void concatenate3d(input1_T data1[CONFIG_T::n_elem1_0 * CONFIG_T::n_elem1_1 * CONFIG_T::n_elem1_2],
                   input2_T data2[CONFIG_T::n_elem2_0 * CONFIG_T::n_elem2_1 * CONFIG_T::n_elem2_2],
                   res_T res[CONFIG_T::n_elem1_0 * CONFIG_T::n_elem1_1 * CONFIG_T::n_elem1_2 +
                             CONFIG_T::n_elem2_0 * CONFIG_T::n_elem2_1 * CONFIG_T::n_elem2_2]) {
    #pragma HLS PIPELINE
    const int axis = concat_axis<CONFIG_T, 3>::value;
    const unsigned turns = (axis > 0 ? CONFIG_T::n_elem1_0 : 1) * (axis > 1 ? CONFIG_T::n_elem1_1 : 1);
    const unsigned size1 = CONFIG_T::n_elem1_0 * CONFIG_T::n_elem1_1 * CONFIG_T::n_elem1_2 / turns;
    const unsigned size2 = CONFIG_T::n_elem2_0 * CONFIG_T::n_elem2_1 * CONFIG_T::n_elem2_2 / turns;
    concatenate_turns<input1_T, input2_T, res_T, turns, size1, size2>(data1, data2, res);
}

} // namespace nnet

#endif
