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
    static_assert(CONFIG_T::n_filt == CONFIG_T::n_chan, "a depthwise convolution has one filter per channel");
    data_T windows[CONFIG_T::n_pixels][CONFIG_T::filt_width * CONFIG_T::n_chan];
    #pragma HLS ARRAY_PARTITION variable=windows complete dim=0
    #pragma HLS ARRAY_PARTITION variable=weights complete
    #pragma HLS ARRAY_PARTITION variable=biases complete
PartitionLoop:
    for (unsigned part = 0; part < CONFIG_T::n_partitions; part++) {
        #pragma HLS PIPELINE II=CONFIG_T::reuse_factor rewind
        CONFIG_T::template fill_buffer<data_T, CONFIG_T>::fill_buffer(data, windows, part);
    PixelLoop:
        for (unsigned p = 0; p < CONFIG_T::n_pixels; p++) {
            #pragma HLS UNROLL
            res_T *pixel = &res[(part * CONFIG_T::n_pixels + p) * CONFIG_T::n_filt];
            typedef typename CONFIG_T::mult_config mult_T;
            depthwise_product_latency<data_T, res_T, mult_T>(windows[p], pixel, weights, biases);
        }
    }
}

} // namespace nnet

#endif
