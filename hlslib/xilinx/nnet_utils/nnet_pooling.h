#ifndef NNET_POOLING_H_
#define NNET_POOLING_H_

// Maximum and average of windows of arrays (io_parallel), channels last.

#include "nnet_common.h"
#include "nnet_conv_types.h"

namespace nnet {

enum Pool_Op { Max, Average };

// Members: n_in, n_filt, accum_t, pool_op, reuse_factor; but for a pooling over everything also n_out,
// pool_width, filt_width, stride_width, n_chan, pad_left, pad_right, count_pad (an average counts padding).
struct pooling1d_config {};

// The same for two axes: in_height and in_width for n_in, out_height and out_width for n_out.
struct pooling2d_config {};

// What is done with the values of a window, and what stands in its padding.
template <Pool_Op op> struct pool_values;

template <> struct pool_values<Max> {
    // Only the top bit set: the smallest value of a signed type, but half the range of an unsigned one.
    template <class data_T> static data_T padding() {
        data_T x = 0;
        x[data_T::width - 1] = 1;
        return x;
    }
    template <class data_T, class accum_T, unsigned N> static accum_T eval(const data_T *x, unsigned) {
        #pragma HLS INLINE
        data_T y = x[0];
    Values:
        for (unsigned i = 1; i < N; i++) {
            #pragma HLS UNROLL
            if (x[i] > y)
                y = x[i];
        }
        return accum_T(y);
    }
};

template <> struct pool_values<Average> {
    template <class data_T> static data_T padding() { return 0; }
    // All N values are added, zeros of the padding among them; only the count leaves those out.
    template <class data_T, class accum_T, unsigned N>
    static accum_T eval(const data_T *x, unsigned count) {
        #pragma HLS INLINE
        accum_T y = 0;
    Values:
        for (unsigned i = 0; i < N; i++) {
            #pragma HLS UNROLL
            y += x[i];
        }
        return accum_T(y / count); // cut toward zero
    }
};

// One axis of pixels as a picture of one line. The values of a window come in the same order, so the answer
// is that of a loop over one axis.
template <typename CONFIG_T> struct pooling_line : CONFIG_T {
    static const unsigned in_height = 1;
    static const unsigned in_width = CONFIG_T::n_in;
    static const unsigned out_height = 1;
    static const unsigned out_width = CONFIG_T::n_out;
    static const unsigned pool_height = 1;
    static const unsigned stride_height = 1;
    static const unsigned pad_top = 0;
    static const unsigned pad_bottom = 0;
};

// One channel of the window whose corner, padding included, is (top, left).
template <class data_T, class res_T, typename CONFIG_T>
res_T pool_window(const data_T *data, int top, int left, unsigned channel) {
    #pragma HLS INLINE
    const unsigned size = CONFIG_T::pool_height * CONFIG_T::pool_width;
    data_T window[size];
    #pragma HLS ARRAY_PARTITION variable=window complete
    unsigned pixels = 0;
Gather:
    for (unsigned i = 0; i < size; i++) {
        #pragma HLS UNROLL
        const int row = top + int(i / CONFIG_T::pool_width), col = left + int(i % CONFIG_T::pool_width);
        window[i] = pool_values<CONFIG_T::pool_op>::template padding<data_T>();
        if (row >= 0 && row < int(CONFIG_T::in_height) && col >= 0 && col < int(CONFIG_T::in_width)) {
            window[i] = data[unsigned(row * int(CONFIG_T::in_width) + col) * CONFIG_T::n_filt + channel];
            pixels++;
        }
    }
    const unsigned count = CONFIG_T::count_pad ? size : pixels;
    return res_T(pool_values<CONFIG_T::pool_op>::template eval<data_T, typename CONFIG_T::accum_t, size>(
        window, count));
}

template <class data_T, class res_T, typename CONFIG_T>
void pooling2d_cl(data_T data[CONFIG_T::in_height * CONFIG_T::in_width * CONFIG_T::n_filt],
                  res_T res[CONFIG_T::out_height * CONFIG_T::out_width * CONFIG_T::n_filt]) {
    #pragma HLS PIPELINE II=CONFIG_T::reuse_factor
Rows:
    for (unsigned h = 0; h < CONFIG_T::out_height; h++) {
    Columns:
        for (unsigned w = 0; w < CONFIG_T::out_width; w++) {
            const int top = int(h * CONFIG_T::stride_height) - int(CONFIG_T::pad_top);
            const int left = int(w * CONFIG_T::stride_width) - int(CONFIG_T::pad_left);
        Channels:
            for (unsigned c = 0; c < CONFIG_T::n_filt; c++) {
                #pragma HLS UNROLL
                res[(h * CONFIG_T::out_width + w) * CONFIG_T::n_filt + c] =
                    pool_window<data_T, res_T, CONFIG_T>(data, top, left, c);
            }
        }
    }
}

template <class data_T, class res_T, typename CONFIG_T>
void pooling1d_cl(data_T data[CONFIG_T::n_in * CONFIG_T::n_filt],
                  res_T res[CONFIG_T::n_out * CONFIG_T::n_filt]) {
    #pragma HLS INLINE
    pooling2d_cl<data_T, res_T, pooling_line<CONFIG_T>>(data, res);
}

// One window over all N pixels.
template <class data_T, class res_T, typename CONFIG_T, unsigned N>
void global_pooling(const data_T *data, res_T *res) {
    #pragma HLS PIPELINE II=CONFIG_T::reuse_factor
Channels:
    for (unsigned c = 0; c < CONFIG_T::n_filt; c++) {
        #pragma HLS UNROLL
        data_T window[N];
        #pragma HLS ARRAY_PARTITION variable=window complete
        for (unsigned i = 0; i < N; i++) {
            #pragma HLS UNROLL
            window[i] = data[i * CONFIG_T::n_filt + c];
        }
        res[c] = res_T(pool_values<CONFIG_T::pool_op>::template eval<data_T, typename CONFIG_T::accum_t, N>(
            window, N));
    }
}

template <class data_T, class res_T, typename CONFIG_T>
void global_pooling1d_cl(data_T data[CONFIG_T::n_in * CONFIG_T::n_filt], res_T res[CONFIG_T::n_filt]) {
    #pragma HLS INLINE
    global_pooling<data_T, res_T, CONFIG_T, CONFIG_T::n_in>(data, res);
}

template <class data_T, class res_T, typename CONFIG_T>
void global_pooling2d_cl(data_T data[CONFIG_T::in_height * CONFIG_T::in_width * CONFIG_T::n_filt],
                         res_T res[CONFIG_T::n_filt]) {
    #pragma HLS INLINE
    global_pooling<data_T, res_T, CONFIG_T, CONFIG_T::in_height * CONFIG_T::in_width>(data, res);
}

} // namespace nnet

#endif
