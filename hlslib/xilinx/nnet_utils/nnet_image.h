#ifndef NNET_IMAGE_H_
#define NNET_IMAGE_H_

// Pictures of another size on arrays (io_parallel), channels last.

#include "nnet_common.h"

namespace nnet {

struct resize_config {
    static const unsigned height = 10;
    static const unsigned width = 10;
    static const unsigned n_chan = 10;
    static const unsigned new_height = 10;
    static const unsigned new_width = 10;
};

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

} // namespace nnet

#endif
