#ifndef NNET_CONV1D_H_
#define NNET_CONV1D_H_

// Convolution over one dimension on arrays (io_parallel). Generated code (fill_buffer) copies the windows of
// a partition of the output pixels; every window then goes through the dense kernel.

#include "nnet_common.h"
#include "nnet_conv1d_latency.h"
#include "nnet_conv1d_resource.h"
#include "nnet_conv_types.h"
#include "nnet_function_stubs.h"

namespace nnet {

// Members: in_width, n_chan, out_width, n_filt, filt_width, kernel_size, stride_width, dilation, pad_left,
// pad_right, strategy, reuse_factor, weight_t, bias_t, accum_t, mult_config (the product of one window, with
// a kernel); on arrays n_partitions, n_pixels (of a partition), fill_buffer, conv_kernel; on streams
// implementation and, where it is encoded, pixels, scale_index.
struct conv1d_config {};

template <class data_T, class res_T, typename CONFIG_T>
void conv_1d_cl(data_T data[CONFIG_T::in_width * CONFIG_T::n_chan],
                res_T res[CONFIG_T::out_width * CONFIG_T::n_filt],
                typename CONFIG_T::weight_t weights[CONFIG_T::kernel_size * CONFIG_T::n_chan *
                                                    CONFIG_T::n_filt],
                typename CONFIG_T::bias_t biases[CONFIG_T::n_filt]) {
    #pragma HLS INLINE
    CONFIG_T::template conv_kernel<data_T, res_T, CONFIG_T>::conv(data, res, weights, biases);
}

template <class data_T, class res_T, typename CONFIG_T>
void pointwise_conv_1d_cl(data_T data[CONFIG_T::in_width * CONFIG_T::n_chan],
                          res_T res[CONFIG_T::out_width * CONFIG_T::n_filt],
                          typename CONFIG_T::weight_t weights[CONFIG_T::n_chan * CONFIG_T::n_filt],
                          typename CONFIG_T::bias_t biases[CONFIG_T::n_filt]) {
    static_assert(CONFIG_T::filt_width == 1, "a pointwise convolution has a kernel of one pixel");
    #pragma HLS INLINE
    CONFIG_T::template conv_kernel<data_T, res_T, CONFIG_T>::conv(data, res, weights, biases);
}

} // namespace nnet

#endif
