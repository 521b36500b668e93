#ifndef NNET_EMBED_H_
#define NNET_EMBED_H_

// A row of a table for every index.

#include "nnet_common.h"

namespace nnet {

// Members: n_in, n_out (values of a row), vocab_size (rows), embeddings_t, reuse_factor.
struct embed_config {};

// Where entry i of the row of x stands: x * n_out + i, cut toward zero and kept inside the table. The sum is
// cut and not x, as in hls4ml, so a fraction of x moves the start of its row. Outside the table hls4ml reads
// what memory holds; the nearest entry stands for that here.
template <class data_T, typename CONFIG_T> int embedding_index(const data_T &x, unsigned i) {
    #pragma HLS INLINE
    const unsigned n_out = CONFIG_T::n_out;
    const int last = int(CONFIG_T::vocab_size * CONFIG_T::n_out) - 1;
    const int at = (x * n_out + i).to_int();
    return at < 0 ? 0 : at > last ? last : at;
}

template <class data_T, class res_T, typename CONFIG_T>
void embedding(data_T data[CONFIG_T::n_in], res_T res[CONFIG_T::n_in * CONFIG_T::n_out],
               typename CONFIG_T::embeddings_t embeddings[CONFIG_T::vocab_size * CONFIG_T::n_out]) {
    #pragma HLS PIPELINE II=CONFIG_T::reuse_factor
Indices:
    for (unsigned j = 0; j < CONFIG_T::n_in; j++) {
        #pragma HLS UNROLL
        for (unsigned i = 0; i < CONFIG_T::n_out; i++) {
            #pragma HLS UNROLL
            res[j * CONFIG_T::n_out + i] = res_T(embeddings[embedding_index<data_T, CONFIG_T>(data[j], i)]);
        }
    }
}

} // namespace nnet

#endif
