#ifndef NNET_CODE_GEN_H_
#define NNET_CODE_GEN_H_

// Classes generated for single layers (windows of convolutions, unrolled products) stand below the mark.

#include "nnet_adders.h"
#include "nnet_common.h"
#include "nnet_conv1d_latency.h"
#include "nnet_function_stubs.h"
#include "nnet_helpers.h"
#include "nnet_mult.h"

namespace nnet {

// hls4ml insert code

} // namespace nnet

#endif
