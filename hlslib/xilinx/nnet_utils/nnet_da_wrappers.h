#ifndef NNET_DA_WRAPPERS_H_
#define NNET_DA_WRAPPERS_H_

// Layers whose products are graphs of adders, generated for their weights: the configuration names the
// generated function dense_da, which has the weights in it.

#include "hls_stream.h"
#include "nnet_common.h"
#include "nnet_stream.h"
#include <type_traits>

namespace nnet {

// Members: n_in, n_out, strategy and dense_da.
template <class data_T, class res_T, typename CONFIG_T>
typename std::enable_if<CONFIG_T::strategy == distributed_arithmetic>::type
dense(hls::stream<data_T> &data_stream, hls::stream<res_T> &res_stream) {
    typename data_T::value_type data[CONFIG_T::n_in];
    typename res_T::value_type res[CONFIG_T::n_out];
    #pragma HLS ARRAY_PARTITION variable=data complete
    #pragma HLS ARRAY_PARTITION variable=res complete
    read_words<data_T, CONFIG_T::n_in>(data_stream, data);
    CONFIG_T::dense_da(data, res);
    write_words<res_T, CONFIG_T::n_out>(res, res_stream);
}

// WINDOW values go into the product of a pixel. Partition by partition, as other convolutions of arrays do.
template <class data_T, class res_T, typename CONFIG_T, unsigned WINDOW>
void conv_da(data_T *data, res_T *res) {
    #pragma HLS INLINE
    data_T windows[CONFIG_T::n_pixels][WINDOW];
    #pragma HLS ARRAY_PARTITION variable=windows complete dim=0
PartitionLoop:
    for (unsigned part = 0; part < CONFIG_T::n_partitions; part++) {
        #pragma HLS PIPELINE II=1 rewind
        CONFIG_T::template fill_buffer<data_T, CONFIG_T>::fill_buffer(data, windows, part);
    PixelLoop:
        for (unsigned p = 0; p < CONFIG_T::n_pixels; p++) {
            #pragma HLS UNROLL
            CONFIG_T::dense_da(windows[p], &res[(part * CONFIG_T::n_pixels + p) * CONFIG_T::n_filt]);
        }
    }
}

// Members: in_width, n_chan, out_width, n_filt, filt_width, n_partitions, n_pixels, fill_buffer, strategy and
// dense_da; over two axes in_height, out_height and filt_height too.
template <typename CONFIG_T, class data_T, class res_T>
typename std::enable_if<CONFIG_T::strategy == distributed_arithmetic>::type
conv1d_cl(data_T data[CONFIG_T::in_width * CONFIG_T::n_chan],
          res_T res[CONFIG_T::out_width * CONFIG_T::n_filt]) {
    #pragma HLS INLINE
    conv_da<data_T, res_T, CONFIG_T, CONFIG_T::filt_width * CONFIG_T::n_chan>(data, res);
}

template <typename CONFIG_T, class data_T, class res_T>
typename std::enable_if<CONFIG_T::strategy == distributed_arithmetic>::type
conv2d_cl(data_T data[CONFIG_T::in_height * CONFIG_T::in_width * CONFIG_T::n_chan],
          res_T res[CONFIG_T::out_height * CONFIG_T::out_width * CONFIG_T::n_filt]) {
    #pragma HLS INLINE
    constexpr unsigned window = CONFIG_T::filt_height * CONFIG_T::filt_width * CONFIG_T::n_chan;
    conv_da<data_T, res_T, CONFIG_T, window>(data, res);
}

} // namespace nnet

#endif
