#ifndef NNET_IMAGE_STREAM_H_
#define NNET_IMAGE_STREAM_H_

// Pictures enlarged by whole factors on streams: one word is one pixel, and one line is buffered.

#include "hls_stream.h"
#include "nnet_common.h"
#include "nnet_image.h"
#include "nnet_stream.h"

namespace nnet {

template <class data_T, typename CONFIG_T, class res_T>
void resize_nearest(hls::stream<data_T> &image, hls::stream<res_T> &resized) {
    static_assert(CONFIG_T::new_height % CONFIG_T::height == 0 && CONFIG_T::new_width % CONFIG_T::width == 0,
                  "streams can be enlarged by whole factors only");
    const unsigned rows = CONFIG_T::new_height / CONFIG_T::height;
    const unsigned cols = CONFIG_T::new_width / CONFIG_T::width;
    data_T line[CONFIG_T::width];
Lines:
    for (unsigned h = 0; h < CONFIG_T::height; h++) {
    ReadLine:
        for (unsigned w = 0; w < CONFIG_T::width; w++) {
            #pragma HLS PIPELINE
            line[w] = image.read();
        }
    Rows:
        for (unsigned i = 0; i < rows * CONFIG_T::width; i++) {
        Cols:
            for (unsigned j = 0; j < cols; j++) {
                #pragma HLS PIPELINE
                resized.write(convert_word<res_T>(line[i % CONFIG_T::width]));
            }
        }
    }
}

// Two lines are buffered, the one above and the one below.
template <class data_T, typename CONFIG_T, class res_T>
void resize_bilinear(hls::stream<data_T> &image, hls::stream<res_T> &resized) {
    typedef linear_pixel<CONFIG_T::height, CONFIG_T::new_height> row_T;
    typedef linear_pixel<CONFIG_T::width, CONFIG_T::new_width> col_T;
    data_T above[CONFIG_T::width], below[CONFIG_T::width];
    unsigned read = 0; // lines so far; the last is below
Height:
    for (unsigned h = 0; h < CONFIG_T::new_height; h++) {
        const row_T row(h);
    Lines:
        for (; read <= row.high; read++) {
        ReadLine:
            for (unsigned w = 0; w < CONFIG_T::width; w++) {
                #pragma HLS PIPELINE
                above[w] = below[w];
                below[w] = image.read();
            }
        }
        const data_T *const top = row.low + 1 < read ? above : below;
    Width:
        for (unsigned w = 0; w < CONFIG_T::new_width; w++) {
            #pragma HLS PIPELINE
            const col_T col(w);
            res_T out;
            PRAGMA_DATA_PACK(out)
            for (unsigned c = 0; c < CONFIG_T::n_chan; c++) {
                #pragma HLS UNROLL
                typename CONFIG_T::accum_t sum = top[col.low][c] * (row.low_share * col.low_share);
                sum += top[col.high][c] * (row.low_share * col.high_share);
                sum += below[col.low][c] * (row.high_share * col.low_share);
                sum += below[col.high][c] * (row.high_share * col.high_share);
                out[c] = sum / int(row_T::parts * col_T::parts);
            }
            resized.write(out);
        }
    }
}

} // namespace nnet

#endif
