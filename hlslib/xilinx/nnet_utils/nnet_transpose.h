#ifndef NNET_TRANSPOSE_H_
#define NNET_TRANSPOSE_H_

#include "nnet_common.h"

namespace nnet {

// Shapes and strides are arrays outside the struct because HLS tools cannot index constexpr ones.
// perm_strides[i] is the stride in the input of axis i of the output.
struct transpose_config {
    static const unsigned dims;
    static const unsigned N;
    static const unsigned *const from_shape;
    static const unsigned *const to_shape;
    static const unsigned *const perm;
    static const unsigned *const perm_strides;
};

// Where element `out` of the flat output stands in the flat input.
template <typename CONFIG_T> unsigned transposed_from(unsigned out) {
    #pragma HLS INLINE
    unsigned in = 0;
    for (unsigned i = CONFIG_T::dims; i-- > 0;) {
        #pragma HLS UNROLL
        in += (out % CONFIG_T::to_shape[i]) * CONFIG_T::perm_strides[i];
        out /= CONFIG_T::to_shape[i];
    }
    return in;
}

template <class data_T, class res_T, typename CONFIG_T>
void transpose(const data_T data[CONFIG_T::N], res_T res[CONFIG_T::N]) {
    for (unsigned i = 0; i < CONFIG_T::N; i++) {
        #pragma HLS UNROLL
        res[i] = data[transposed_from<CONFIG_T>(i)];
    }
}

} // namespace nnet

#endif
