#ifndef NNET_SEPCONV1D_H_
#define NNET_SEPCONV1D_H_

// Depthwise convolution over one dimension on arrays (io_parallel). Every strategy has the same sums.

#include "nnet_conv1d.h"
#include "nnet_depthwise_product.h"

namespace nnet {

template <class data_T, class res_T, typename CONFIG_T>
void depthwise_conv_1d_cl(data_T data[CONFIG_T::in_width * CONFIG_T::n_chan],
                          res_T res[CONFIG_T::out_width * CONFIG_T::n_filt],
                          typename CONFIG_T::weight_t weights[CONFIG_T::kernel_size * CONFIG_T::n_chan],
                          typename CONFIG_T::bias_t biases[CONFIG_T::n_chan]) {
    depthwise_partitions<data_T, res_T, CONFIG_T>(data, res, weights, biases);
}

} // namespace nnet

#endif
