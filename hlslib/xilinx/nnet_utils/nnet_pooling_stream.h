#ifndef NNET_POOLING_STREAM_H_
#define NNET_POOLING_STREAM_H_

// Maximum and average of windows of streams: one word is one pixel. Values are converted to the accumulator
// first and reduced as a balanced tree, as hls4ml does on streams alone: on arrays it adds one after the
// other, and the averages may differ where accum_t rounds or saturates. The line buffer serves both
// implementations of a configuration, since a window holds the same values however it was gathered.

#include "hls_stream.h"
#include "nnet_common.h"
#include "nnet_conv_stream.h"
#include "nnet_pooling.h"

namespace nnet {

template <Pool_Op op> struct pool_tree;

template <> struct pool_tree<Max> {
    template <class T, unsigned N> static T eval(const T *x) {
        #pragma HLS INLINE
        return reduce<T, N, Op_max<T>>(x, Op_max<T>());
    }
    template <class T> static T add(const T &x, const T &y) { return x > y ? x : y; }
    template <class res_T, class T> static res_T finish(const T &x, unsigned) { return res_T(x); }
};

template <> struct pool_tree<Average> {
    template <class T, unsigned N> static T eval(const T *x) {
        #pragma HLS INLINE
        const T sum = reduce<T, N, Op_add<T>>(x, Op_add<T>());
        const int count = N;
        return T(sum / count); // cut toward zero
    }
    template <class T> static T add(const T &x, const T &y) { return T(x + y); }
    template <class res_T, class T> static res_T finish(const T &x, unsigned count) {
        return res_T(x / count);
    }
};

template <class data_T, class res_T, typename CONFIG_T>
void pool_buffer(const data_T *buffer, hls::stream<res_T> &res) {
    #pragma HLS INLINE
    typedef typename CONFIG_T::accum_t accum_T;
    const unsigned size = CONFIG_T::pool_height * CONFIG_T::pool_width;
    res_T out;
    PRAGMA_DATA_PACK(out)
Channels:
    for (unsigned c = 0; c < CONFIG_T::n_filt; c++) {
        #pragma HLS PIPELINE
        accum_T window[size];
        #pragma HLS ARRAY_PARTITION variable=window complete
        for (unsigned i = 0; i < size; i++) {
            #pragma HLS UNROLL
            window[i] = accum_T(buffer[i * CONFIG_T::n_filt + c]);
        }
        const accum_T y = pool_tree<CONFIG_T::pool_op>::template eval<accum_T, size>(window);
        out[c] = typename res_T::value_type(y);
    }
    res.write(out);
}

template <class data_T, class res_T, typename CONFIG_T>
void pooling2d_cl(hls::stream<data_T> &data, hls::stream<res_T> &res) {
    static_assert(CONFIG_T::pad_top == 0 && CONFIG_T::pad_bottom == 0 && CONFIG_T::pad_left == 0 &&
                      CONFIG_T::pad_right == 0,
                  "poolings of streams have no padding");
    typedef typename data_T::value_type x_T;
    line_buffer<x_T, CONFIG_T, CONFIG_T::pool_height> buffer;
    #pragma HLS ARRAY_PARTITION variable=buffer.line complete dim=1
    #pragma HLS ARRAY_PARTITION variable=buffer.line complete dim=3
    #pragma HLS ARRAY_PARTITION variable=buffer.rows complete
ReadHeight:
    for (unsigned h = 0; h < CONFIG_T::in_height; h++) {
    ReadWidth:
        for (unsigned w = 0; w < CONFIG_T::in_width; w++) {
            #pragma HLS LOOP_FLATTEN
            #pragma HLS PIPELINE
            buffer.shift(data.read(), w);
            if (window_ends<CONFIG_T::pool_height, CONFIG_T::stride_height>(h) &&
                window_ends<CONFIG_T::pool_width, CONFIG_T::stride_width>(w))
                pool_buffer<x_T, res_T, CONFIG_T>(buffer.rows, res);
        }
    }
}

template <class data_T, class res_T, typename CONFIG_T>
void pooling1d_cl(hls::stream<data_T> &data, hls::stream<res_T> &res) {
    #pragma HLS INLINE
    pooling2d_cl<data_T, res_T, pooling_line<CONFIG_T>>(data, res);
}

// All N pixels of a stream, one after the other.
template <class data_T, class res_T, typename CONFIG_T, unsigned N>
void global_pooling(hls::stream<data_T> &data, hls::stream<res_T> &res) {
    #pragma HLS INLINE
    typedef typename CONFIG_T::accum_t accum_T;
    typedef pool_tree<CONFIG_T::pool_op> op;
    accum_T acc[CONFIG_T::n_filt];
    #pragma HLS ARRAY_PARTITION variable=acc complete
Pixels:
    for (unsigned i = 0; i < N; i++) {
        #pragma HLS PIPELINE
        const data_T in = data.read();
        for (unsigned c = 0; c < CONFIG_T::n_filt; c++) {
            #pragma HLS UNROLL
            const accum_T x = accum_T(in[c]);
            acc[c] = i == 0 ? x : op::add(acc[c], x);
        }
    }
    res_T out;
    PRAGMA_DATA_PACK(out)
    for (unsigned c = 0; c < CONFIG_T::n_filt; c++) {
        #pragma HLS UNROLL
        out[c] = op::template finish<typename res_T::value_type>(acc[c], N);
    }
    res.write(out);
}

template <class data_T, class res_T, typename CONFIG_T>
void global_pooling1d_cl(hls::stream<data_T> &data, hls::stream<res_T> &res) {
    global_pooling<data_T, res_T, CONFIG_T, CONFIG_T::n_in>(data, res);
}

template <class data_T, class res_T, typename CONFIG_T>
void global_pooling2d_cl(hls::stream<data_T> &data, hls::stream<res_T> &res) {
    global_pooling<data_T, res_T, CONFIG_T, CONFIG_T::in_height * CONFIG_T::in_width>(data, res);
}

} // namespace nnet

#endif
