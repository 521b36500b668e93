#ifndef NNET_EMBED_STREAM_H_
#define NNET_EMBED_STREAM_H_

// A row of a table, one word, for every index of a stream.

#include "hls_stream.h"
#include "nnet_common.h"
#include "nnet_embed.h"

namespace nnet {

template <class data_T, class res_T, typename CONFIG_T>
void embedding(hls::stream<data_T> &data, hls::stream<res_T> &res,
               typename CONFIG_T::embeddings_t embeddings[CONFIG_T::vocab_size * CONFIG_T::n_out]) {
    typedef typename data_T::value_type x_T;
Words:
    for (unsigned k = 0; k < CONFIG_T::n_in / data_T::size; k++) {
        const data_T in = data.read();
    Indices:
        for (unsigned j = 0; j < data_T::size; j++) {
            #pragma HLS PIPELINE II=CONFIG_T::reuse_factor
            res_T out;
            PRAGMA_DATA_PACK(out)
            for (unsigned i = 0; i < CONFIG_T::n_out; i++) {
                #pragma HLS UNROLL
                out[i] = embeddings[embedding_index<x_T, CONFIG_T>(in[j], i)];
            }
            res.write(out);
        }
    }
}

} // namespace nnet

#endif
