#ifndef NNET_REVERSE_H_
#define NNET_REVERSE_H_

#include "nnet_common.h"

namespace nnet {

// Members: n_in.
struct reverse_config {};

// Wiring alone: every value goes to the place as far from the end as its own is from the beginning.
template <class data_T, class res_T, typename CONFIG_T>
void reverse(data_T data[CONFIG_T::n_in], res_T res[CONFIG_T::n_in]) {
    #pragma HLS INLINE
    for (unsigned i = 0; i < CONFIG_T::n_in; i++) {
        #pragma HLS UNROLL
        res[CONFIG_T::n_in - 1 - i] = data[i];
    }
}

// A vector is one word of a stream, so that its end is there as soon as its beginning.
template <class data_T, class res_T, typename CONFIG_T>
void reverse(hls::stream<data_T> &data, hls::stream<res_T> &res) {
    data_T word = data.read();
    res_T turned;
    for (unsigned i = 0; i < CONFIG_T::n_in; i++) {
        #pragma HLS UNROLL
        turned[CONFIG_T::n_in - 1 - i] = word[i];
    }
    res.write(turned);
}

} // namespace nnet

#endif
