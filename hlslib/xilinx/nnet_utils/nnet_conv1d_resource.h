#ifndef NNET_CONV1D_RESOURCE_H_
#define NNET_CONV1D_RESOURCE_H_

#include "nnet_common.h"
#include "nnet_dense.h"
#include "nnet_function_stubs.h"

namespace nnet {

// Window after window through a kernel that shares its multipliers. Only the kernel is pipelined: a pipeline
// over the partitions would unroll its steps.
template <class data_T, class res_T, typename CONFIG_T>
struct Conv1DResource : Conv1DKernel<data_T, res_T, CONFIG_T> {
    static void conv(data_T data[CONFIG_T::in_width * CONFIG_T::n_chan],
                     res_T res[CONFIG_T::out_width * CONFIG_T::n_filt],
                     typename CONFIG_T::weight_t weights[CONFIG_T::kernel_size * CONFIG_T::n_chan *
                                                         CONFIG_T::n_filt],
                     typename CONFIG_T::bias_t biases[CONFIG_T::n_filt]) {
        data_T windows[CONFIG_T::n_pixels][CONFIG_T::filt_width * CONFIG_T::n_chan];
        #pragma HLS ARRAY_PARTITION variable=windows complete dim=0
        #pragma HLS ARRAY_PARTITION variable=biases complete
    PartitionLoop:
        for (unsigned part = 0; part < CONFIG_T::n_partitions; part++) {
            CONFIG_T::template fill_buffer<data_T, CONFIG_T>::fill_buffer(data, windows, part);
        PixelLoop:
            for (unsigned p = 0; p < CONFIG_T::n_pixels; p++) {
                #pragma HLS UNROLL
                res_T *pixel = &res[(part * CONFIG_T::n_pixels + p) * CONFIG_T::n_filt];
                typedef typename CONFIG_T::mult_config mult_T;
                mult_T::template kernel<data_T, res_T, mult_T>::dense(windows[p], pixel, weights, biases);
            }
        }
    }
};

} // namespace nnet

#endif
