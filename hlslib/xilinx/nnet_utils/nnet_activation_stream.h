#ifndef NNET_ACTIVATION_STREAM_H_
#define NNET_ACTIVATION_STREAM_H_

// Activation layers on streams (io_stream). Words in and out have the same size.

#include "hls_stream.h"
#include "nnet_activation.h"
#include "nnet_common.h"
#include "nnet_stream.h"

namespace nnet {

// ---- no table: one function object per activation ----------------------------------------------------

template <class y_T> struct linear_of {
    template <class x_T> y_T operator()(x_T x) const { return x; }
};
template <class y_T> struct relu_of {
    template <class x_T> y_T operator()(x_T x) const { return relu_value<y_T>(x); }
};
template <class y_T, class param_T> struct leaky_relu_of {
    param_T alpha;
    template <class x_T> y_T operator()(x_T x) const { return leaky_relu_value<y_T>(x, alpha); }
};
template <class y_T, class param_T> struct thresholded_relu_of {
    param_T theta;
    template <class x_T> y_T operator()(x_T x) const { return thresholded_relu_value<y_T>(x, theta); }
};
template <class y_T, typename CONFIG_T> struct hard_sigmoid_of {
    template <class x_T> y_T operator()(x_T x) const { return hard_step<CONFIG_T>(x); }
};
template <class y_T, typename CONFIG_T> struct hard_tanh_of {
    template <class x_T> y_T operator()(x_T x) const { return 2 * hard_step<CONFIG_T>(x) - 1; }
};
template <class y_T> struct binary_tanh_of {
    template <class x_T> y_T operator()(x_T x) const { return binary_tanh_value<y_T>(x); }
};
// The value itself is compared with +-1; the parallel variant compares twice the value.
template <class y_T> struct ternary_tanh_of {
    template <class x_T> y_T operator()(x_T x) const { return x > 1 ? y_T(1) : x <= -1 ? y_T(-1) : y_T(0); }
};

// Applies f to every element of N: f(x, i, values) has the element, its place in the tensor and what f looks
// up, a table or one value per element. The values are an argument of their own, not a member of f, because
// HLS tools follow an array through arguments but not through a pointer in a struct.
template <class data_T, class res_T, unsigned N, class Function, class value_T>
void map_stream(hls::stream<data_T> &data, hls::stream<res_T> &res, const Function &f,
                const value_T *values) {
    #pragma HLS INLINE
MapWords:
    for (unsigned i = 0; i < N / res_T::size; i++) {
        #pragma HLS PIPELINE
        const data_T in = data.read();
        res_T out;
        PRAGMA_DATA_PACK(out)
        for (unsigned j = 0; j < res_T::size; j++) {
            #pragma HLS UNROLL
            out[j] = f(in[j], i * res_T::size + j, values);
        }
        res.write(out);
    }
}

// The same for a function of the element alone.
template <class Function> struct of_element {
    Function f;
    template <class x_T>
    auto operator()(const x_T &x, unsigned, const bool *) const -> decltype(f(x)) {
        return f(x);
    }
};
template <class data_T, class res_T, unsigned N, class Function>
void map_stream(hls::stream<data_T> &data, hls::stream<res_T> &res, const Function &f) {
    #pragma HLS INLINE
    const bool none[1] = {false};
    const of_element<Function> g = {f};
    map_stream<data_T, res_T, N>(data, res, g, none);
}

template <class data_T, class res_T, typename CONFIG_T>
void linear(hls::stream<data_T> &data, hls::stream<res_T> &res) {
    map_stream<data_T, res_T, CONFIG_T::n_in>(data, res, linear_of<typename res_T::value_type>());
}

template <class data_T, class res_T, typename CONFIG_T>
void relu(hls::stream<data_T> &data, hls::stream<res_T> &res) {
    map_stream<data_T, res_T, CONFIG_T::n_in>(data, res, relu_of<typename res_T::value_type>());
}

template <class data_T, class param_T, class res_T, typename CONFIG_T>
void leaky_relu(hls::stream<data_T> &data, param_T alpha, hls::stream<res_T> &res) {
    const leaky_relu_of<typename res_T::value_type, param_T> f = {alpha};
    map_stream<data_T, res_T, CONFIG_T::n_in>(data, res, f);
}

template <class data_T, class param_T, class res_T, typename CONFIG_T>
void thresholded_relu(hls::stream<data_T> &data, param_T theta, hls::stream<res_T> &res) {
    const thresholded_relu_of<typename res_T::value_type, param_T> f = {theta};
    map_stream<data_T, res_T, CONFIG_T::n_in>(data, res, f);
}

template <class data_T, class res_T, typename CONFIG_T>
void hard_sigmoid(hls::stream<data_T> &data, hls::stream<res_T> &res) {
    const hard_sigmoid_of<typename res_T::value_type, CONFIG_T> f = {};
    map_stream<data_T, res_T, CONFIG_T::n_in>(data, res, f);
}

template <class data_T, class res_T, typename CONFIG_T>
void hard_tanh(hls::stream<data_T> &data, hls::stream<res_T> &res) {
    const hard_tanh_of<typename res_T::value_type, CONFIG_T> f = {};
    map_stream<data_T, res_T, CONFIG_T::n_in>(data, res, f);
}

template <class data_T, class res_T, typename CONFIG_T>
void binary_tanh(hls::stream<data_T> &data, hls::stream<res_T> &res) {
    map_stream<data_T, res_T, CONFIG_T::n_in>(data, res, binary_tanh_of<typename res_T::value_type>());
}

template <class data_T, class res_T, typename CONFIG_T>
void ternary_tanh(hls::stream<data_T> &data, hls::stream<res_T> &res) {
    map_stream<data_T, res_T, CONFIG_T::n_in>(data, res, ternary_tanh_of<typename res_T::value_type>());
}

// A slope per element.
template <class y_T> struct prelu_of {
    template <class x_T, class param_T> y_T operator()(x_T x, unsigned i, const param_T *alpha) const {
        return leaky_relu_value<y_T>(x, alpha[i]);
    }
};
template <class data_T, class param_T, class res_T, typename CONFIG_T>
void prelu(hls::stream<data_T> &data, const param_T alpha[CONFIG_T::n_in], hls::stream<res_T> &res) {
    map_stream<data_T, res_T, CONFIG_T::n_in>(data, res, prelu_of<typename res_T::value_type>(), alpha);
}

// ---- with a table ------------------------------------------------------------------------------------

template <class y_T, unsigned SIZE, int RANGE> struct table_of {
    template <class x_T, class table_T> y_T operator()(x_T x, unsigned, const table_T *table) const {
        return table[centred_index(x, SIZE, RANGE)];
    }
};
template <class y_T, class param_T, typename CONFIG_T> struct elu_of {
    param_T alpha;
    template <class x_T, class table_T> y_T operator()(x_T x, unsigned, const table_T *table) const {
        return elu_value<y_T, CONFIG_T>(x, alpha, table);
    }
};
// lambda_T is the type of the data; the parallel variant keeps 15 fraction bits of the factor.
template <class y_T, class lambda_T, unsigned SIZE> struct selu_of {
    lambda_T lambda;
    template <class x_T, class table_T> y_T operator()(x_T x, unsigned, const table_T *table) const {
        return selu_value<y_T>(x, lambda, negative_index(x, SIZE, 8), table);
    }
};

template <class Function, int RANGE, class data_T, class res_T, typename CONFIG_T>
void centred_table_stream(hls::stream<data_T> &data, hls::stream<res_T> &res) {
    #pragma HLS INLINE
    NNET_TABLE bool initialized = false;
    NNET_TABLE typename CONFIG_T::table_t table[CONFIG_T::table_size];
    if (!initialized) {
        fill_table<Function, typename CONFIG_T::table_t, CONFIG_T::table_size>(table);
        initialized = true;
    }
    map_stream<data_T, res_T, CONFIG_T::n_in>(
        data, res, table_of<typename res_T::value_type, CONFIG_T::table_size, RANGE>(), table);
}

template <class data_T, class res_T, typename CONFIG_T>
void sigmoid(hls::stream<data_T> &data, hls::stream<res_T> &res) {
    centred_table_stream<sigmoid_function, 8, data_T, res_T, CONFIG_T>(data, res);
}

template <class data_T, class res_T, typename CONFIG_T>
void tanh(hls::stream<data_T> &data, hls::stream<res_T> &res) {
    centred_table_stream<tanh_function, 4, data_T, res_T, CONFIG_T>(data, res);
}

template <class data_T, class res_T, typename CONFIG_T>
void softplus(hls::stream<data_T> &data, hls::stream<res_T> &res) {
    centred_table_stream<softplus_function, 8, data_T, res_T, CONFIG_T>(data, res);
}

template <class data_T, class res_T, typename CONFIG_T>
void softsign(hls::stream<data_T> &data, hls::stream<res_T> &res) {
    centred_table_stream<softsign_function, 8, data_T, res_T, CONFIG_T>(data, res);
}

template <class data_T, class param_T, class res_T, typename CONFIG_T>
void elu(hls::stream<data_T> &data, param_T alpha, hls::stream<res_T> &res) {
    NNET_TABLE bool initialized = false;
    NNET_TABLE typename CONFIG_T::table_t table[CONFIG_T::table_size];
    if (!initialized) {
        fill_table<elu_function, typename CONFIG_T::table_t, CONFIG_T::table_size>(table);
        initialized = true;
    }
    const elu_of<typename res_T::value_type, param_T, CONFIG_T> f = {alpha};
    map_stream<data_T, res_T, CONFIG_T::n_in>(data, res, f, table);
}

template <class data_T, class res_T, typename CONFIG_T>
void elu(hls::stream<data_T> &data, hls::stream<res_T> &res) {
    elu<data_T, ap_uint<1>, res_T, CONFIG_T>(data, 1, res);
}

template <class data_T, class res_T, typename CONFIG_T>
void selu(hls::stream<data_T> &data, hls::stream<res_T> &res) {
    typedef typename data_T::value_type x_T;
    NNET_TABLE bool initialized = false;
    NNET_TABLE typename CONFIG_T::table_t table[CONFIG_T::table_size];
    if (!initialized) {
        fill_table<selu_function, typename CONFIG_T::table_t, CONFIG_T::table_size>(table);
        initialized = true;
    }
    const selu_of<typename res_T::value_type, x_T, CONFIG_T::table_size> f = {1.0507009873554805};
    map_stream<data_T, res_T, CONFIG_T::n_in>(data, res, f, table);
}

template <class data_T, class res_T, typename CONFIG_T>
void unary_lut(hls::stream<data_T> &data, hls::stream<res_T> &res,
               typename CONFIG_T::table_t table[CONFIG_T::table_size]) {
    #pragma HLS function_instantiate variable=table
    #pragma HLS ARRAY_PARTITION variable=table complete
UnaryLUTWords:
    for (unsigned i = 0; i < CONFIG_T::n_in / res_T::size; i++) {
        #pragma HLS PIPELINE II=CONFIG_T::reuse_factor rewind
        const data_T in = data.read();
        res_T out;
        PRAGMA_DATA_PACK(out)
        for (unsigned j = 0; j < res_T::size; j++) {
            #pragma HLS UNROLL
            out[j] = table[unary_lut_index(in[j])];
        }
        res.write(out);
    }
}

// One softmax per word.
template <class data_T, class res_T, typename CONFIG_T>
void softmax(hls::stream<data_T> &data, hls::stream<res_T> &res) {
    static_assert(CONFIG_T::axis == unsigned(-1), "softmax on a stream works along the last axis only");
    typedef typename data_T::value_type x_T;
    typedef typename res_T::value_type y_T;
    const unsigned n = data_T::size;
    x_T in[n];
    #pragma HLS ARRAY_PARTITION variable=in complete
    y_T out[n];
    #pragma HLS ARRAY_PARTITION variable=out complete
SoftmaxWords:
    for (unsigned i = 0; i < CONFIG_T::n_in / n; i++) {
        #pragma HLS PIPELINE II=CONFIG_T::reuse_factor
        read_words<data_T, n>(data, in);
        softmax_kernel<CONFIG_T::implementation>::template eval<n, x_T, y_T, CONFIG_T>(in, out);
        write_words<res_T, n>(out, res);
    }
}

} // namespace nnet

#endif
