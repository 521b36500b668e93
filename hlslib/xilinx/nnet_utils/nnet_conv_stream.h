#ifndef NNET_CONV_STREAM_H_
#define NNET_CONV_STREAM_H_

// Convolution on streams: one word is one pixel. Windows are gathered from the pixels as they come, in one of
// two ways, and go through the kernel of the layer's product, dense or depthwise. A window has the order of
// the weights (row, column, channel), which is the order of arrays: both forms add the same products alike.

#include "hls_stream.h"
#include "nnet_common.h"
#include "nnet_conv_types.h"
#include "nnet_dense.h"
#include "nnet_dense_stream.h"
#include "nnet_stream.h"

namespace nnet {

// The product of one window, as one word.
template <class data_T, class res_T, typename CONFIG_T>
void window_product(typename data_T::value_type window[CONFIG_T::kernel_size * CONFIG_T::n_chan],
                    hls::stream<res_T> &res, typename CONFIG_T::weight_t *weights,
                    typename CONFIG_T::bias_t *biases) {
    #pragma HLS INLINE
    typedef typename data_T::value_type x_T;
    typedef typename res_T::value_type y_T;
    typedef typename CONFIG_T::mult_config mult_T;
    y_T y[CONFIG_T::n_filt];
    #pragma HLS ARRAY_PARTITION variable=y complete
    mult_T::template kernel<x_T, y_T, mult_T>::dense(window, y, weights, biases);
    write_words<res_T, CONFIG_T::n_filt>(y, res);
}

// Line buffer: the last lines of the picture, and for each row of the filter the last pixels of its line,
// which move by one column with each pixel. A dilated filter takes every DILATION_HEIGHT-th line and of it
// every DILATION_WIDTH-th pixel.
template <class x_T, typename CONFIG_T, unsigned FILT_HEIGHT, unsigned DILATION_HEIGHT = 1,
          unsigned DILATION_WIDTH = 1>
struct line_buffer {
    static const unsigned filt_width = CONFIG_T::filt_width;
    static const unsigned n_chan = CONFIG_T::n_chan;
    static const unsigned height = (FILT_HEIGHT - 1) * DILATION_HEIGHT + 1;
    static const unsigned width = (filt_width - 1) * DILATION_WIDTH + 1;
    static const unsigned lines = height > 1 ? height - 1 : 1;

    x_T line[lines][CONFIG_T::in_width][n_chan];
    x_T rows[FILT_HEIGHT * width * n_chan];

    // A pixel enters at column w: it pushes that column of the lines up and becomes the last of its row.
    template <class data_T> void shift(const data_T &in, unsigned w) {
        #pragma HLS INLINE
        x_T column[height][n_chan];
        #pragma HLS ARRAY_PARTITION variable=column complete dim=0
    Channels:
        for (unsigned c = 0; c < n_chan; c++) {
            #pragma HLS UNROLL
            column[height - 1][c] = in[c];
            for (unsigned r = 0; r + 1 < height; r++) {
                #pragma HLS UNROLL
                column[r][c] = line[r][w][c];
            }
            for (unsigned r = 0; r + 1 < height; r++) {
                #pragma HLS UNROLL
                line[r][w][c] = column[r + 1][c];
            }
        }
    Rows:
        for (unsigned r = 0; r < FILT_HEIGHT; r++) {
            #pragma HLS UNROLL
            x_T *row = &rows[r * width * n_chan];
            for (unsigned i = 0; i < (width - 1) * n_chan; i++) {
                #pragma HLS UNROLL
                row[i] = row[i + n_chan];
            }
            for (unsigned c = 0; c < n_chan; c++) {
                #pragma HLS UNROLL
                row[(width - 1) * n_chan + c] = column[r * DILATION_HEIGHT][c];
            }
        }
    }

    // The pixels of the window that ends here.
    void take(x_T window[FILT_HEIGHT * filt_width * n_chan]) {
        #pragma HLS INLINE
    Window:
        for (unsigned p = 0; p < FILT_HEIGHT * filt_width; p++) {
            #pragma HLS UNROLL
            const x_T *pixel = &rows[(p / filt_width * width + p % filt_width * DILATION_WIDTH) * n_chan];
            for (unsigned c = 0; c < n_chan; c++) {
                #pragma HLS UNROLL
                window[p * n_chan + c] = pixel[c];
            }
        }
    }
};

// Whether a window of K pixels with stride S ends at pixel i.
template <unsigned K, unsigned S> bool window_ends(unsigned i) {
    #pragma HLS INLINE
    return i + 1 >= K && (i + 1 - K) % S == 0;
}

template <class data_T, class res_T, typename CONFIG_T, unsigned HEIGHT, unsigned FILT_HEIGHT,
          unsigned STRIDE_HEIGHT, unsigned DILATION_HEIGHT, unsigned DILATION_WIDTH>
void conv_line_buffer(hls::stream<data_T> &data, hls::stream<res_T> &res,
                      typename CONFIG_T::weight_t *weights, typename CONFIG_T::bias_t *biases) {
    static_assert(CONFIG_T::pad_left == 0 && CONFIG_T::pad_right == 0,
                  "a stream is padded by a layer of its own");
    #pragma HLS INLINE
    typedef typename data_T::value_type x_T;
    typedef line_buffer<x_T, CONFIG_T, FILT_HEIGHT, DILATION_HEIGHT, DILATION_WIDTH> buffer_T;
    // Nothing is cleared: no window is taken before all of its pixels have entered, so what stood here before
    // this picture is never read.
    buffer_T buffer;
    #pragma HLS ARRAY_PARTITION variable=buffer.line complete dim=1
    #pragma HLS ARRAY_PARTITION variable=buffer.line complete dim=3
    #pragma HLS ARRAY_PARTITION variable=buffer.rows complete
ReadHeight:
    for (unsigned h = 0; h < HEIGHT; h++) {
    ReadWidth:
        for (unsigned w = 0; w < CONFIG_T::in_width; w++) {
            #pragma HLS LOOP_FLATTEN
            if (!shares_multipliers<CONFIG_T::strategy>::value) {
                #pragma HLS PIPELINE II=CONFIG_T::reuse_factor
            }
            buffer.shift(data.read(), w);
            if (window_ends<buffer_T::height, STRIDE_HEIGHT>(h) &&
                window_ends<buffer_T::width, CONFIG_T::stride_width>(w)) {
                x_T window[CONFIG_T::kernel_size * CONFIG_T::n_chan];
                #pragma HLS ARRAY_PARTITION variable=window complete
                buffer.take(window);
                window_product<data_T, res_T, CONFIG_T>(window, res, weights, biases);
            }
        }
    }
}

// Encoded: each place of the window has a FIFO. Generated instructions say for each pixel at which places of
// windows it stands, as bits; the pixel at the last place completes a window.
template <class data_T, class res_T, typename CONFIG_T>
void encoded_pixel(const data_T &in, ap_uint<CONFIG_T::kernel_size> places,
                   hls::stream<typename data_T::value_type> fifo[CONFIG_T::kernel_size * CONFIG_T::n_chan],
                   hls::stream<res_T> &res, typename CONFIG_T::weight_t *weights,
                   typename CONFIG_T::bias_t *biases) {
    #pragma HLS INLINE
Places:
    for (unsigned f = 0; f < CONFIG_T::kernel_size; f++) {
        #pragma HLS UNROLL
        for (unsigned c = 0; c < CONFIG_T::n_chan; c++) {
            #pragma HLS UNROLL
            if (places[f])
                fifo[f * CONFIG_T::n_chan + c].write(in[c]);
        }
    }
    if (!places[CONFIG_T::kernel_size - 1])
        return;
    typename data_T::value_type window[CONFIG_T::kernel_size * CONFIG_T::n_chan];
    #pragma HLS ARRAY_PARTITION variable=window complete
Gather:
    for (unsigned i = 0; i < CONFIG_T::kernel_size * CONFIG_T::n_chan; i++) {
        #pragma HLS UNROLL
        window[i] = fifo[i].read();
    }
    window_product<data_T, res_T, CONFIG_T>(window, res, weights, biases);
}

} // namespace nnet

#endif
