#ifndef NNET_TRANSPOSE_STREAM_H_
#define NNET_TRANSPOSE_STREAM_H_

#include "hls_stream.h"
#include "nnet_stream.h"
#include "nnet_transpose.h"

namespace nnet {

// The whole tensor is buffered.
template <class data_T, class res_T, typename CONFIG_T>
void transpose(hls::stream<data_T> &data, hls::stream<res_T> &res) {
    typename data_T::value_type buffer[CONFIG_T::N];
    #pragma HLS ARRAY_PARTITION variable=buffer complete
    read_words<data_T, CONFIG_T::N>(data, buffer);
TransposeWords:
    for (unsigned i = 0; i < CONFIG_T::N / res_T::size; i++) {
        #pragma HLS PIPELINE
        res_T out;
        PRAGMA_DATA_PACK(out)
        for (unsigned j = 0; j < res_T::size; j++) {
            #pragma HLS UNROLL
            out[j] = typename res_T::value_type(buffer[transposed_from<CONFIG_T>(i * res_T::size + j)]);
        }
        res.write(out);
    }
}

} // namespace nnet

#endif
