// Raw access to the AP types.
#ifndef HLSGO_FIXED_AP_H
#define HLSGO_FIXED_AP_H

#include "vectors.h"
#include <ap_fixed.h>
#include <ap_int.h>

template <int W, int I, bool S, ap_q_mode Q, ap_o_mode O, int N>
int width_of(const ap_fixed_base<W, I, S, Q, O, N> &) { return W; }
template <int W, int I, bool S, ap_q_mode Q, ap_o_mode O, int N>
int iwidth_of(const ap_fixed_base<W, I, S, Q, O, N> &) { return I; }
template <int W, int I, bool S, ap_q_mode Q, ap_o_mode O, int N>
bool sign_of(const ap_fixed_base<W, I, S, Q, O, N> &) { return S; }
template <int W, bool S> int width_of(const ap_int_base<W, S> &) { return W; }
template <int W, bool S> int iwidth_of(const ap_int_base<W, S> &) { return W; }
template <int W, bool S> bool sign_of(const ap_int_base<W, S> &) { return S; }

template <int W> ap_uint<W> pack(const Words &x) {
    ap_uint<W> r = 0;
    for (int i = 0; i < W; i += 64)
        r.range(i + 63 < W ? i + 63 : W - 1, i) = ap_uint<64>(x[i / 64]);
    return r;
}

template <int W> Words unpack(const ap_uint<W> &r, bool is_signed) {
    Words x(words_of(W));
    for (int i = 0; i < W; i += 64)
        x[i / 64] = ap_uint<64>(r.range(i + 63 < W ? i + 63 : W - 1, i)).to_uint64();
    extend(x, W, is_signed);
    return x;
}

template <int W, int I, bool S, ap_q_mode Q, ap_o_mode O, int N>
void put(ap_fixed_base<W, I, S, Q, O, N> &v, const Words &x) { v.range(W - 1, 0) = pack<W>(x); }
template <int W, bool S> void put(ap_int_base<W, S> &v, const Words &x) { v.range(W - 1, 0) = pack<W>(x); }

template <int W, int I, bool S, ap_q_mode Q, ap_o_mode O, int N>
Words get(const ap_fixed_base<W, I, S, Q, O, N> &v) {
    ap_uint<W> r = v.range(W - 1, 0);
    return unpack<W>(r, S);
}
template <int W, bool S> Words get(const ap_int_base<W, S> &v) {
    ap_uint<W> r = v.range(W - 1, 0);
    return unpack<W>(r, S);
}

template <class To, class From> To converted(const From &v) { return To(v); }

#endif
