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

} // namespace nnet

#endif
