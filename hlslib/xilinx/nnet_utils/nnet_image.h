#ifndef NNET_IMAGE_H_
#define NNET_IMAGE_H_

// Pictures of another size on arrays (io_parallel), channels last.

#include "nnet_common.h"

namespace nnet {

// Members: height, width, n_chan, new_height, new_width; for bilinear also accum_t.
struct resize_config {};

// The pixel of a line of SIZE pixels behind pixel i of one of NEW_SIZE, in steps of 2^-16.
template <unsigned SIZE, unsigned NEW_SIZE> unsigned nearest_pixel(unsigned i) {
    #pragma HLS INLINE
    return (i * ((SIZE << 16) / NEW_SIZE + 1)) >> 16;
}

template <class data_T, typename CONFIG_T, class res_T>
void resize_nearest(data_T image[CONFIG_T::height * CONFIG_T::width * CONFIG_T::n_chan],
                    res_T resized[CONFIG_T::new_height * CONFIG_T::new_width * CONFIG_T::n_chan]) {
    #pragma HLS PIPELINE
Height:
    for (unsigned h = 0; h < CONFIG_T::new_height; h++) {
        const unsigned row = nearest_pixel<CONFIG_T::height, CONFIG_T::new_height>(h);
    Width:
        for (unsigned w = 0; w < CONFIG_T::new_width; w++) {
            const unsigned col = nearest_pixel<CONFIG_T::width, CONFIG_T::new_width>(w);
            for (unsigned c = 0; c < CONFIG_T::n_chan; c++) {
                #pragma HLS UNROLL
                resized[(h * CONFIG_T::new_width + w) * CONFIG_T::n_chan + c] =
                    res_T(image[(row * CONFIG_T::width + col) * CONFIG_T::n_chan + c]);
            }
        }
    }
}

// What pixel i of a line enlarged from SIZE to NEW_SIZE pixels takes from two pixels of the line, in parts of
// 2 * NEW_SIZE / SIZE. Whole parts keep the weighted sum exact; one division at the end scales it.
template <unsigned SIZE, unsigned NEW_SIZE> struct linear_pixel {
    static const unsigned factor = NEW_SIZE / SIZE;
    static const unsigned parts = 2 * factor;
    unsigned low, high, low_share, high_share;

    linear_pixel(unsigned i) {
        #pragma HLS INLINE
        const unsigned at = 2 * i + 1 < factor ? 0 : 2 * i + 1 - factor;
        low = at / parts;
        high = low + 1 < SIZE ? low + 1 : low;
        high_share = at % parts;
        low_share = parts - high_share;
    }
};

template <class data_T, typename CONFIG_T, class res_T>
void resize_bilinear(data_T image[CONFIG_T::height * CONFIG_T::width * CONFIG_T::n_chan],
                     res_T resized[CONFIG_T::new_height * CONFIG_T::new_width * CONFIG_T::n_chan]) {
    #pragma HLS PIPELINE
    typedef linear_pixel<CONFIG_T::height, CONFIG_T::new_height> row_T;
    typedef linear_pixel<CONFIG_T::width, CONFIG_T::new_width> col_T;
Height:
    for (unsigned h = 0; h < CONFIG_T::new_height; h++) {
        const row_T row(h);
    Width:
        for (unsigned w = 0; w < CONFIG_T::new_width; w++) {
            const col_T col(w);
            const data_T *const top = image + row.low * CONFIG_T::width * CONFIG_T::n_chan;
            const data_T *const bottom = image + row.high * CONFIG_T::width * CONFIG_T::n_chan;
            const unsigned left = col.low * CONFIG_T::n_chan, right = col.high * CONFIG_T::n_chan;
            for (unsigned c = 0; c < CONFIG_T::n_chan; c++) {
                #pragma HLS UNROLL
                typename CONFIG_T::accum_t sum = top[left + c] * (row.low_share * col.low_share);
                sum += top[right + c] * (row.low_share * col.high_share);
                sum += bottom[left + c] * (row.high_share * col.low_share);
                sum += bottom[right + c] * (row.high_share * col.high_share);
                resized[(h * CONFIG_T::new_width + w) * CONFIG_T::n_chan + c] =
                    res_T(sum / int(row_T::parts * col_T::parts));
            }
        }
    }
}

} // namespace nnet

#endif
