// Raw access to the AC types.
#ifndef HLSGO_FIXED_AC_H
#define HLSGO_FIXED_AC_H

#include "vectors.h"
#include <ac_fixed.h>
#include <ac_int.h>

template <int W, int I, bool S, ac_q_mode Q, ac_o_mode O>
int width_of(const ac_fixed<W, I, S, Q, O> &) { return W; }
template <int W, int I, bool S, ac_q_mode Q, ac_o_mode O>
int iwidth_of(const ac_fixed<W, I, S, Q, O> &) { return I; }
template <int W, int I, bool S, ac_q_mode Q, ac_o_mode O>
bool sign_of(const ac_fixed<W, I, S, Q, O> &) { return S; }
template <int W, bool S> int width_of(const ac_int<W, S> &) { return W; }
template <int W, bool S> int iwidth_of(const ac_int<W, S> &) { return W; }
template <int W, bool S> bool sign_of(const ac_int<W, S> &) { return S; }

template <int W> ac_int<W, false> pack(const Words &x) {
    ac_int<W, false> r = 0;
    for (int i = int(x.size()) - 1; i >= 0; i--) {
        r = (r << 32) | ac_int<32, false>(uint32_t(x[i] >> 32));
        r = (r << 32) | ac_int<32, false>(uint32_t(x[i]));
    }
    return r;
}

template <int W> Words unpack(const ac_int<W, false> &v, bool is_signed) {
    ac_int<W + 128, false> r = v;
    Words x(words_of(W));
    for (size_t i = 0; i < x.size(); i++) {
        x[i] = r.to_uint64();
        r = r >> 64;
    }
    extend(x, W, is_signed);
    return x;
}

template <int W, int I, bool S, ac_q_mode Q, ac_o_mode O>
void put(ac_fixed<W, I, S, Q, O> &v, const Words &x) {
    v.set_slc(0, pack<W>(x));
}
template <int W, bool S> void put(ac_int<W, S> &v, const Words &x) { v.set_slc(0, pack<W>(x)); }

template <int W, int I, bool S, ac_q_mode Q, ac_o_mode O>
Words get(const ac_fixed<W, I, S, Q, O> &v) {
    ac_int<W, false> r = v.template slc<W>(0);
    return unpack<W>(r, S);
}
template <int W, bool S> Words get(const ac_int<W, S> &v) {
    ac_int<W, false> r = v.template slc<W>(0);
    return unpack<W>(r, S);
}

// There is no conversion of ac_fixed to ac_int, only one to the integer that holds its integer bits.
template <class To, class From> struct Convert {
    static To run(const From &v) { return To(v); }
};
template <int W, bool S, int W2, int I2, bool S2, ac_q_mode Q2, ac_o_mode O2>
struct Convert<ac_int<W, S>, ac_fixed<W2, I2, S2, Q2, O2> > {
    static ac_int<W, S> run(const ac_fixed<W2, I2, S2, Q2, O2> &v) { return ac_int<W, S>(v.to_ac_int()); }
};
template <class To, class From> To converted(const From &v) { return Convert<To, From>::run(v); }

#endif
