#ifndef NNET_EMBED_H_
#define NNET_EMBED_H_

// A row of a table for every index.

#include "nnet_common.h"

namespace nnet {

struct embed_config {
    typedef float embeddings_t;
    static const unsigned n_in = 10;
    static const unsigned n_out = 16;
    static const unsigned vocab_size = 50;
    static const unsigned io_type = io_parallel;
    static const unsigned reuse_factor = 1;
};

// Where entry i of the row of x stands: x * n_out + i, cut toward zero and kept inside the table.
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
