#ifndef NNET_CONV1D_LATENCY_H_
#define NNET_CONV1D_LATENCY_H_

#include "nnet_common.h"
#include "nnet_dense_latency.h"
#include "nnet_function_stubs.h"
#include "nnet_mult.h"

namespace nnet {

// All windows of a partition at once, a partition every reuse_factor cycles.
template <class data_T, class res_T, typename CONFIG_T>
struct Conv1DLatency : Conv1DKernel<data_T, res_T, CONFIG_T> {
    static void conv(data_T data[CONFIG_T::in_width * CONFIG_T::n_chan],
                     res_T res[CONFIG_T::out_width * CONFIG_T::n_filt],
                     typename CONFIG_T::weight_t weights[CONFIG_T::kernel_size * CONFIG_T::n_chan *
                                                         CONFIG_T::n_filt],
                     typename CONFIG_T::bias_t biases[CONFIG_T::n_filt]) {
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
                typedef DenseLatency<data_T, res_T, typename CONFIG_T::mult_config> product_T;
                product_T::dense(windows[p], pixel, weights, biases);
            }
        }
    }
};

// The sums of one pixel. mult_config counts the terms and sums of all pixels together here, so the sizes come
// from the layer.
template <class data_T, class res_T, typename CONFIG_T>
void pointwise_pixel(const data_T *data, res_T *res, const typename CONFIG_T::weight_t *weights,
                     const typename CONFIG_T::bias_t *biases) {
    typedef typename CONFIG_T::mult_config mult_T;
    typedef typename CONFIG_T::accum_t accum_T;
    typedef typename mult_T::template product<data_T, typename CONFIG_T::weight_t> product_T;
    #pragma HLS INLINE
Filters:
    for (unsigned f = 0; f < CONFIG_T::n_filt; f++) {
        #pragma HLS UNROLL
        accum_T acc = accum_T(biases[f]);
    Channels:
        for (unsigned c = 0; c < CONFIG_T::n_chan; c++) {
            #pragma HLS UNROLL
            acc += accum_T(product_T::product(data[c], weights[c * CONFIG_T::n_filt + f]));
        }
        res[f] = cast<data_T, res_T, mult_T>(acc);
    }
}

// 1x1 kernel: the window of a pixel is the pixel. No copy of windows, each partition has its slice of pixels.
template <class data_T, class res_T, typename CONFIG_T>
struct BatchedDenseForConv1D : Conv1DKernel<data_T, res_T, CONFIG_T> {
    static void conv(data_T data[CONFIG_T::in_width * CONFIG_T::n_chan],
                     res_T res[CONFIG_T::out_width * CONFIG_T::n_filt],
                     typename CONFIG_T::weight_t weights[CONFIG_T::n_chan * CONFIG_T::n_filt],
                     typename CONFIG_T::bias_t biases[CONFIG_T::n_filt]) {
        static_assert(CONFIG_T::filt_width == 1, "a pointwise convolution has a kernel of one pixel");
        static_assert(CONFIG_T::pad_left == 0 && CONFIG_T::pad_right == 0,
                      "a pointwise convolution has no padding");
        #pragma HLS PIPELINE II=CONFIG_T::reuse_factor * CONFIG_T::n_partitions
        #pragma HLS ARRAY_PARTITION variable=weights complete
        #pragma HLS ARRAY_PARTITION variable=biases complete
        const unsigned in_part = CONFIG_T::in_width / CONFIG_T::n_partitions;
        const unsigned out_part = CONFIG_T::out_width / CONFIG_T::n_partitions;
    PartitionLoop:
        for (unsigned part = 0; part < CONFIG_T::n_partitions; part++) {
        PixelLoop:
            for (unsigned p = 0; p < out_part; p++) {
                #pragma HLS UNROLL
                data_T *in = &data[(part * in_part + p * CONFIG_T::stride_width) * CONFIG_T::n_chan];
                res_T *out = &res[(part * out_part + p) * CONFIG_T::n_filt];
                pointwise_pixel<data_T, res_T, CONFIG_T>(in, out, weights, biases);
            }
        }
    }
};

} // namespace nnet

#endif
