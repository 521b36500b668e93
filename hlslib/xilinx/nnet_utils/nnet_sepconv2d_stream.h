#ifndef NNET_SEPCONV2D_STREAM_H_
#define NNET_SEPCONV2D_STREAM_H_

// The streaming layers of the separable convolution family: the depthwise one, which differs from an ordinary
// convolution in its product, and the pointwise one.

#include "nnet_conv2d_stream.h"
#include "nnet_depthwise_product.h"
#include "nnet_pointwise_stream.h"

namespace nnet {

template <class data_T, class res_T, typename CONFIG_T>
void depthwise_conv_2d_cl(hls::stream<data_T> &data, hls::stream<res_T> &res,
                          typename CONFIG_T::weight_t weights[CONFIG_T::kernel_size * CONFIG_T::n_chan],
                          typename CONFIG_T::bias_t biases[CONFIG_T::n_chan]) {
    static_assert(CONFIG_T::n_filt == CONFIG_T::n_chan, "a depthwise convolution has one filter per channel");
    #pragma HLS INLINE
    conv_2d_cl<data_T, res_T, CONFIG_T>(data, res, weights, biases);
}

} // namespace nnet

#endif
