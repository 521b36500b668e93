#ifndef HLSGO_AP_MODES_H_
#define HLSGO_AP_MODES_H_

// What a conversion does with bits below the last one kept (quantization, Q) ...
enum ap_q_mode {
    AP_RND,         // nearest, half towards plus infinity
    AP_RND_ZERO,    // nearest, half towards zero
    AP_RND_MIN_INF, // nearest, half towards minus infinity
    AP_RND_INF,     // nearest, half away from zero
    AP_RND_CONV,    // nearest, half to even
    AP_TRN,         // floor (the default)
    AP_TRN_ZERO     // towards zero
};

// ... and with values beyond the range (overflow, O).
enum ap_o_mode {
    AP_SAT,      // nearest representable value
    AP_SAT_ZERO, // zero
    AP_SAT_SYM,  // as AP_SAT, but the most negative value is never used
    AP_WRAP,     // low bits are kept (the default); with N > 0 the N top bits saturate
    AP_WRAP_SM   // sign-magnitude wrap-around, signed types only
};

#endif
