#ifndef HLSGO_AP_FIXED_H_
#define HLSGO_AP_FIXED_H_

// The arbitrary-precision types of Vivado HLS and Vitis HLS for C simulation with any C++11 compiler:
// ap_fixed, ap_ufixed, ap_int, ap_uint. Written from their documented and observed behaviour.

#include "ap_text.h"

#endif
