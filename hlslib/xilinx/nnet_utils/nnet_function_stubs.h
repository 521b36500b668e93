#ifndef NNET_FUNCTION_STUBS_H_
#define NNET_FUNCTION_STUBS_H_

// Base classes of what a configuration names: kernels of this library and code generated per layer. They show
// what such a class offers; the class itself hides the member with its own. Nothing here is virtual, since a
// tool has to know at synthesis which hardware a call means.

#include "nnet_common.h"
#include "nnet_helpers.h"
#include "nnet_mult.h"

namespace nnet {

// Copies the pixels of one partition into windows: buffer[pixel][position in the kernel * n_chan + channel].
template <class data_T, typename CONFIG_T> struct FillConv1DBuffer {
    static void fill_buffer(data_T[CONFIG_T::in_width * CONFIG_T::n_chan],
                            data_T[CONFIG_T::n_pixels][CONFIG_T::filt_width * CONFIG_T::n_chan],
                            const unsigned) {}
};

template <class data_T, typename CONFIG_T> struct FillConv2DBuffer {
    static void
    fill_buffer(data_T[CONFIG_T::in_height * CONFIG_T::in_width * CONFIG_T::n_chan],
                data_T[CONFIG_T::n_pixels][CONFIG_T::filt_height * CONFIG_T::filt_width * CONFIG_T::n_chan],
                const unsigned) {}
};

// A matrix-vector product with bias.
template <class data_T, class res_T, typename CONFIG_T> struct DenseKernel {
    static void dense(data_T[CONFIG_T::n_in], res_T[CONFIG_T::n_out],
                      typename CONFIG_T::weight_t[CONFIG_T::n_in * CONFIG_T::n_out],
                      typename CONFIG_T::bias_t[CONFIG_T::n_out]) {}
};

template <class data_T, class res_T, typename CONFIG_T>
struct DepthwiseDenseKernel : DenseKernel<data_T, res_T, CONFIG_T> {};

template <class data_T, class res_T, typename CONFIG_T> struct Conv1DKernel {
    static void conv(data_T[CONFIG_T::in_width * CONFIG_T::n_chan],
                     res_T[CONFIG_T::out_width * CONFIG_T::n_filt],
                     typename CONFIG_T::weight_t[CONFIG_T::filt_width * CONFIG_T::n_chan * CONFIG_T::n_filt],
                     typename CONFIG_T::bias_t[CONFIG_T::n_filt]) {}
};

} // namespace nnet

#endif
