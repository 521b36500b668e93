#ifndef NNET_LAYERNORM_H_
#define NNET_LAYERNORM_H_

// Layer normalization (io_parallel): every row is shifted and scaled to mean 0 and variance 1, then scaled
// and shifted by weights. The inverse square root comes from a table over the variance.

#include "nnet_common.h"
#include "nnet_dense.h"
#include "nnet_mult.h"
#include <math.h>

namespace nnet {

// Members: n_in, seq_len (rows), epsilon_power_of_10, table_range_power2, table_size, table_t, scale_t,
// bias_t, accum_t, reuse_factor, product.
struct layernorm_config {};

// Entry i is 1/sqrt(x) at x = 10^-epsilon_power_of_10 + i * 2^-table_range_power2 / table_size. Which steps
// are taken in float and which in double is hls4ml's choice, since the last bits of an entry hang on it.
template <typename CONFIG_T> void fill_inverse_roots(typename CONFIG_T::table_t table[CONFIG_T::table_size]) {
    const float low = pow(10.0, -int(CONFIG_T::epsilon_power_of_10));
    const float range = pow(2.0, -int(CONFIG_T::table_range_power2));
    const float step = range / float(CONFIG_T::table_size);
    for (unsigned i = 0; i < CONFIG_T::table_size; i++) {
        const float x = low + step * float(i);
        table[i] = typename CONFIG_T::table_t(1.0 / double(sqrtf(x)));
    }
}

template <class data_T, class res_T, typename CONFIG_T>
void layernorm_1d(const data_T *data, res_T *res, const typename CONFIG_T::table_t *table,
                  const typename CONFIG_T::scale_t *scale, const typename CONFIG_T::bias_t *bias) {
    #pragma HLS INLINE
    typedef typename CONFIG_T::accum_t accum_T;
    typedef typename CONFIG_T::template product<accum_T, accum_T> product_T;
    const unsigned dim = CONFIG_T::n_in / CONFIG_T::seq_len;
    const accum_T inverse = accum_T(1.0 / dim); // a product with it in place of a division: no exact mean
    accum_T sum = 0, squares = 0, diff[dim];
    #pragma HLS ARRAY_PARTITION variable=diff complete
Sum:
    for (unsigned i = 0; i < dim; i++) {
        #pragma HLS UNROLL
        sum += accum_T(data[i]);
    }
    const accum_T mean = accum_T(product_T::product(sum, inverse));
Squares:
    for (unsigned i = 0; i < dim; i++) {
        #pragma HLS UNROLL
        diff[i] = accum_T(data[i]) - mean;
        squares += accum_T(diff[i] * diff[i]);
    }
    const accum_T variance = accum_T(product_T::product(squares, inverse));
    // The entries have epsilon added already, so the variance itself is the index; beyond the table it takes
    // the last entry.
    const unsigned size = CONFIG_T::table_size;
    const int scaling = 1 << CONFIG_T::table_range_power2, last = int(size) - 1;
    const int at = (variance * size * scaling).to_int();
    const typename CONFIG_T::table_t root = table[at < 0 ? 0 : at > last ? last : at];
Result:
    for (unsigned i = 0; i < dim; i++) {
        #pragma HLS UNROLL
        res[i] = res_T(diff[i] * root * scale[i] + bias[i]); // rounded once
    }
}

template <class data_T, class res_T, typename CONFIG_T>
void layernormalize(data_T data[CONFIG_T::n_in], res_T res[CONFIG_T::n_in],
                    typename CONFIG_T::scale_t scale[CONFIG_T::n_in / CONFIG_T::seq_len],
                    typename CONFIG_T::bias_t bias[CONFIG_T::n_in / CONFIG_T::seq_len]) {
    #pragma HLS ARRAY_PARTITION variable=scale complete
    #pragma HLS ARRAY_PARTITION variable=bias complete
    NNET_TABLE bool filled = false;
    NNET_TABLE typename CONFIG_T::table_t table[CONFIG_T::table_size];
    if (!filled) {
        fill_inverse_roots<CONFIG_T>(table);
        filled = true;
    }
    const unsigned dim = CONFIG_T::n_in / CONFIG_T::seq_len;
Rows:
    for (unsigned j = 0; j < CONFIG_T::seq_len; j++) {
        #pragma HLS PIPELINE II=CONFIG_T::reuse_factor
        layernorm_1d<data_T, res_T, CONFIG_T>(&data[j * dim], &res[j * dim], table, scale, bias);
    }
}

} // namespace nnet

#endif
