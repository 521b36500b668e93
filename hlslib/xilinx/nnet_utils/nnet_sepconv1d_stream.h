#ifndef NNET_SEPCONV1D_STREAM_H_
#define NNET_SEPCONV1D_STREAM_H_

// The streaming layers of the separable convolution family: the pointwise one.

#include "nnet_pointwise_stream.h"

#endif
