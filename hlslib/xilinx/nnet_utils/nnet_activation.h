#ifndef NNET_ACTIVATION_H_
#define NNET_ACTIVATION_H_

// Activation layers on arrays (io_parallel).

#include "nnet_activation_value.h"
#include "nnet_common.h"
#include "nnet_softmax.h"

namespace nnet {

// Members: n_in, reuse_factor, io_type; with a table also table_size and table_t.
struct activ_config {
    // Softmax is the one activation whose configuration names no table of this kind, since most of its
    // implementations have tables of their own. The legacy one reads these, so its answers hang on them.
    static const unsigned table_size = 1024;
    typedef ap_fixed<18, 8> table_t;
};

// ---- no table ----------------------------------------------------------------------------------------

template <class data_T, class res_T, typename CONFIG_T>
void linear(data_T data[CONFIG_T::n_in], res_T res[CONFIG_T::n_in]) {
    #pragma HLS PIPELINE
    for (unsigned i = 0; i < CONFIG_T::n_in; i++)
        res[i] = data[i];
}

template <class data_T, class res_T, typename CONFIG_T>
void relu(data_T data[CONFIG_T::n_in], res_T res[CONFIG_T::n_in]) {
    #pragma HLS PIPELINE
    for (unsigned i = 0; i < CONFIG_T::n_in; i++)
        res[i] = relu_value<res_T>(data[i]);
}

template <class data_T, class res_T, int MAX_INT, typename CONFIG_T>
void relu_max(data_T data[CONFIG_T::n_in], res_T res[CONFIG_T::n_in]) {
    #pragma HLS PIPELINE
    for (unsigned i = 0; i < CONFIG_T::n_in; i++)
        res[i] = relu_max_value<res_T, MAX_INT>(data[i]);
}

template <class data_T, class res_T, typename CONFIG_T>
void relu6(data_T data[CONFIG_T::n_in], res_T res[CONFIG_T::n_in]) {
    relu_max<data_T, res_T, 6, CONFIG_T>(data, res);
}

template <class data_T, class res_T, typename CONFIG_T>
void relu1(data_T data[CONFIG_T::n_in], res_T res[CONFIG_T::n_in]) {
    relu_max<data_T, res_T, 1, CONFIG_T>(data, res);
}

template <class data_T, class param_T, class res_T, typename CONFIG_T>
void leaky_relu(data_T data[CONFIG_T::n_in], param_T alpha, res_T res[CONFIG_T::n_in]) {
    #pragma HLS PIPELINE
    for (unsigned i = 0; i < CONFIG_T::n_in; i++)
        res[i] = leaky_relu_value<res_T>(data[i], alpha);
}

// A slope per element.
template <class data_T, class param_T, class res_T, typename CONFIG_T>
void prelu(data_T data[CONFIG_T::n_in], param_T alpha[CONFIG_T::n_in], res_T res[CONFIG_T::n_in]) {
    #pragma HLS PIPELINE
    for (unsigned i = 0; i < CONFIG_T::n_in; i++)
        res[i] = leaky_relu_value<res_T>(data[i], alpha[i]);
}

template <class data_T, class param_T, class res_T, typename CONFIG_T>
void thresholded_relu(data_T data[CONFIG_T::n_in], param_T theta, res_T res[CONFIG_T::n_in]) {
    #pragma HLS PIPELINE
    for (unsigned i = 0; i < CONFIG_T::n_in; i++)
        res[i] = thresholded_relu_value<res_T>(data[i], theta);
}

template <class data_T, class res_T, typename CONFIG_T>
void hard_sigmoid(data_T data[CONFIG_T::n_in], res_T res[CONFIG_T::n_in]) {
    #pragma HLS PIPELINE
    for (unsigned i = 0; i < CONFIG_T::n_in; i++)
        res[i] = hard_step<CONFIG_T>(data[i]);
}

template <class data_T, class res_T, typename CONFIG_T>
void hard_tanh(data_T data[CONFIG_T::n_in], res_T res[CONFIG_T::n_in]) {
    #pragma HLS PIPELINE
    for (unsigned i = 0; i < CONFIG_T::n_in; i++)
        res[i] = 2 * hard_step<CONFIG_T>(data[i]) - 1; // exact, rounded as it is stored
}

template <class data_T, class res_T, typename CONFIG_T>
void binary_tanh(data_T data[CONFIG_T::n_in], res_T res[CONFIG_T::n_in]) {
    #pragma HLS PIPELINE
    for (unsigned i = 0; i < CONFIG_T::n_in; i++)
        res[i] = binary_tanh_value<res_T>(data[i]);
}

// Twice the value, in the type of the data (where it may overflow), is compared with +-1. The streaming
// variant compares the value itself.
template <class data_T, class res_T, typename CONFIG_T>
void ternary_tanh(data_T data[CONFIG_T::n_in], res_T res[CONFIG_T::n_in]) {
    #pragma HLS PIPELINE
    for (unsigned i = 0; i < CONFIG_T::n_in; i++) {
        const data_T twice = 2 * data[i];
        res[i] = twice > 1 ? res_T(1) : twice > -1 ? res_T(0) : res_T(-1);
    }
}

// ---- with a table ------------------------------------------------------------------------------------

// RANGE is hls4ml's: a table covers -RANGE ... RANGE, whatever the type of the data reaches.
template <class Function, int RANGE, class data_T, class res_T, typename CONFIG_T>
void centred_table(data_T data[CONFIG_T::n_in], res_T res[CONFIG_T::n_in]) {
    #pragma HLS INLINE
    NNET_TABLE bool initialized = false;
    NNET_TABLE typename CONFIG_T::table_t table[CONFIG_T::table_size];
    if (!initialized) {
        fill_table<Function, typename CONFIG_T::table_t, CONFIG_T::table_size>(table);
        initialized = true;
    }
    #pragma HLS PIPELINE
    for (unsigned i = 0; i < CONFIG_T::n_in; i++)
        res[i] = table[centred_index(data[i], CONFIG_T::table_size, RANGE)];
}

template <class data_T, class res_T, typename CONFIG_T>
void sigmoid(data_T data[CONFIG_T::n_in], res_T res[CONFIG_T::n_in]) {
    centred_table<sigmoid_function, 8, data_T, res_T, CONFIG_T>(data, res);
}

template <class data_T, class res_T, typename CONFIG_T>
void tanh(data_T data[CONFIG_T::n_in], res_T res[CONFIG_T::n_in]) {
    centred_table<tanh_function, 4, data_T, res_T, CONFIG_T>(data, res);
}

template <class data_T, class res_T, typename CONFIG_T>
void softplus(data_T data[CONFIG_T::n_in], res_T res[CONFIG_T::n_in]) {
    centred_table<softplus_function, 8, data_T, res_T, CONFIG_T>(data, res);
}

template <class data_T, class res_T, typename CONFIG_T>
void softsign(data_T data[CONFIG_T::n_in], res_T res[CONFIG_T::n_in]) {
    centred_table<softsign_function, 8, data_T, res_T, CONFIG_T>(data, res);
}

template <class data_T, class param_T, class res_T, typename CONFIG_T>
void elu(data_T data[CONFIG_T::n_in], const param_T alpha, res_T res[CONFIG_T::n_in]) {
    NNET_TABLE bool initialized = false;
    NNET_TABLE typename CONFIG_T::table_t table[CONFIG_T::table_size];
    if (!initialized) {
        fill_table<elu_function, typename CONFIG_T::table_t, CONFIG_T::table_size>(table);
        initialized = true;
    }
    #pragma HLS PIPELINE
    for (unsigned i = 0; i < CONFIG_T::n_in; i++)
        res[i] = elu_value<res_T, CONFIG_T>(data[i], alpha, table);
}

template <class data_T, class res_T, typename CONFIG_T>
void elu(data_T data[CONFIG_T::n_in], res_T res[CONFIG_T::n_in]) {
    elu<data_T, ap_uint<1>, res_T, CONFIG_T>(data, 1, res);
}

// The factor of positive values has 15 fraction bits here; in the streaming variant it has the type of the
// data. Indices that alias to a negative number take the first entry here, the last one there.
template <class data_T, class res_T, typename CONFIG_T>
void selu(data_T data[CONFIG_T::n_in], res_T res[CONFIG_T::n_in]) {
    NNET_TABLE bool initialized = false;
    NNET_TABLE typename CONFIG_T::table_t table[CONFIG_T::table_size];
    if (!initialized) {
        fill_table<selu_function, typename CONFIG_T::table_t, CONFIG_T::table_size>(table);
        initialized = true;
    }
    const ap_ufixed<16, 1> lambda = 1.0507009873554805;
    #pragma HLS PIPELINE
    for (unsigned i = 0; i < CONFIG_T::n_in; i++) {
        const int index = data[i] * CONFIG_T::table_size / -8;
        res[i] = selu_value<res_T>(data[i], lambda, clamp_index(index, CONFIG_T::table_size), table);
    }
}

template <class data_T, class res_T, typename CONFIG_T>
void unary_lut(data_T data[CONFIG_T::n_in], res_T res[CONFIG_T::n_in],
               typename CONFIG_T::table_t table[CONFIG_T::table_size]) {
    #pragma HLS function_instantiate variable=table
    #pragma HLS ARRAY_PARTITION variable=table
    for (unsigned i = 0; i < CONFIG_T::n_in; i++) {
        #pragma HLS UNROLL
        res[i] = res_T(table[unary_lut_index(data[i])]);
    }
}

} // namespace nnet

#endif
