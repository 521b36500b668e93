#ifndef NNET_CONV_TYPES_H_
#define NNET_CONV_TYPES_H_

// Names that the configuration of every convolution uses.

#include "nnet_common.h"

namespace nnet {

enum class conv_implementation { linebuffer = 0, encoded = 1 };

// Position of pixel idx of a line of W pixels in the shortest line that a kernel of K pixels with stride S
// treats alike. The encoded implementation stores its instructions for that shortest line only.
template <unsigned K, unsigned S, unsigned W> struct scale_index_regular {
    static const unsigned low = K < S ? K : S, high = K < S ? S : K;
    static const unsigned used = ((W - K) / S) * S + K;             // pixels that some window covers
    static const unsigned shortest = (DIV_ROUNDUP(high, low) - 1) * S + K;
    static unsigned scale_index(unsigned idx) {
        #pragma HLS INLINE
        const unsigned edge = high - low;
        if (idx < edge)
            return idx;
        if (idx >= used)
            return shortest;
        const unsigned to_end = used - idx;
        return to_end <= edge ? shortest - to_end : edge + (idx - edge) % S;
    }
};

// No shortening: every pixel keeps its own instruction.
template <unsigned K, unsigned S, unsigned W> struct scale_index_unscaled {
    static unsigned scale_index(unsigned idx) {
        #pragma HLS INLINE
        return idx;
    }
};

} // namespace nnet

#endif
