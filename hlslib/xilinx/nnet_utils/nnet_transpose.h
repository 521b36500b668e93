#ifndef NNET_TRANSPOSE_H_
#define NNET_TRANSPOSE_H_

#include "nnet_common.h"

namespace nnet {

// Members: N, dims (axes), to_shape, perm_strides[i] (the stride in the input of axis i of the output). The
// arrays stand outside the configuration because HLS tools cannot index constexpr ones.
struct transpose_config {};

// Where element `out` of the flat output stands in the flat input. With `out` known once the loop round it is
// unrolled, this is a constant of the wiring and costs no hardware.
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
