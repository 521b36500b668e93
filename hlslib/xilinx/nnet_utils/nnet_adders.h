#ifndef NNET_ADDERS_H_
#define NNET_ADDERS_H_

// For generated functions that multiply by constants with adders: a shift moves the binary point and is no
// hardware.

#include "ap_fixed.h"

namespace nnet {

template <int SHIFT, int W, int I, ap_q_mode Q, ap_o_mode O, int N>
ap_fixed<W, I + SHIFT> bit_shift(const ap_fixed<W, I, Q, O, N> &x) {
    #pragma HLS INLINE
    ap_fixed<W, I + SHIFT> shifted;
    shifted.range() = x.range();
    return shifted;
}

template <int SHIFT, int W, int I, ap_q_mode Q, ap_o_mode O, int N>
ap_ufixed<W, I + SHIFT> bit_shift(const ap_ufixed<W, I, Q, O, N> &x) {
    #pragma HLS INLINE
    ap_ufixed<W, I + SHIFT> shifted;
    shifted.range() = x.range();
    return shifted;
}

} // namespace nnet

#endif
