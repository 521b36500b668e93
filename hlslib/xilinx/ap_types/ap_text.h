#ifndef HLSGO_AP_TEXT_H_
#define HLSGO_AP_TEXT_H_

// Text: exact strings, and the stream operators of test benches.

#include "ap_ops.h"
#include <algorithm>
#include <istream>
#include <ostream>
#include <string>

namespace ap_detail {

// Digits of a magnitude, most significant first.
template <int W> std::string digits(bits<W, false> a, int radix) {
    std::string s;
    const bits<max_of(W, 8), false> base(bits<8, false>(static_cast<slimb_t>(radix)));
    bits<max_of(W, 8), false> rest(a);
    do {
        const quotient<max_of(W, 8)> z = divide<max_of(W, 8)>(rest, base);
        s += "0123456789abcdef"[z.r.limb(0)];
        rest = z.q;
    } while (!rest.zero());
    std::reverse(s.begin(), s.end());
    return s;
}

inline const char *radix_prefix(int radix) {
    return radix == 2 ? "0b" : radix == 8 ? "0o" : radix == 16 ? "0x" : "";
}

// The decimals of frac * 2^-F, 0 <= frac < 2^F: there are exactly F of them, trailing zeros dropped.
template <int F, int W> std::string decimals(const bits<W, false> &frac) {
    std::string s;
    bits<W + 4, false> rest(frac);
    while (!rest.zero()) {
        rest = mul<bits<W + 4, false> >(rest, bits<4, false>(10));
        const int d = static_cast<int>(shr(rest, F).limb(0));
        s += static_cast<char>('0' + d);
        rest = sub<bits<W + 4, false> >(rest, shl(bits<W + 4, false>(bits<4, false>(d)), F));
    }
    return s;
}

} // namespace ap_detail

// Radix 10 gives a signed number; 2, 8 and 16 the two's complement pattern with its prefix.
template <int W, bool S> std::string ap_int_base<W, S>::to_string(int radix) const {
    const bool neg = radix == 10 && V.negative();
    const ap_detail::bits<W + 1, false> shown =
        neg ? ap_detail::magnitude<W + 1>(V) : ap_detail::bits<W + 1, false>(ap_detail::bits<W, false>(V));
    return (neg ? "-" : "") + (ap_detail::radix_prefix(radix) + ap_detail::digits(shown, radix));
}

// Radix 10 gives the exact value; any other radix the two's complement pattern of the W bits.
template <int W, int I, bool S, ap_q_mode Q, ap_o_mode O, int N>
std::string ap_fixed_base<W, I, S, Q, O, N>::to_string(int radix) const {
    if (radix != 10) {
        ap_int_base<W, false> pattern;
        pattern.V = ap_detail::bits<W, false>(V);
        return pattern.to_string(radix);
    }
    const int F = W - I, up = F < 0 ? -F : 0, down = F > 0 ? F : 0;
    const int wide = W + up + down + 1;
    const ap_detail::bits<wide, false> mag = ap_detail::shl(ap_detail::magnitude<wide>(V), up);
    const ap_detail::bits<wide, false> whole = ap_detail::shr(mag, down);
    const std::string frac = ap_detail::decimals<down>(
        ap_detail::sub<ap_detail::bits<wide, false> >(mag, ap_detail::shl(whole, down)));
    return (V.negative() ? "-" : "") + ap_detail::digits(whole, 10) + (frac.empty() ? "" : "." + frac);
}

// Integers print exactly, fixed-point numbers as a double of the same value would.
template <int W, bool S> inline std::ostream &operator<<(std::ostream &out, const ap_int_base<W, S> &x) {
    const std::ios_base::fmtflags base = out.flags() & std::ios_base::basefield;
    const int radix = base == std::ios_base::hex ? 16 : base == std::ios_base::oct ? 8 : 10;
    const std::string text = x.to_string(radix);
    return out << (radix == 10 ? text : text.substr(2));
}
template <int W, int I, bool S, ap_q_mode Q, ap_o_mode O, int N>
inline std::ostream &operator<<(std::ostream &out, const ap_fixed_base<W, I, S, Q, O, N> &x) {
    return out << x.to_double();
}
template <class T> inline std::ostream &operator<<(std::ostream &out, const ap_detail::range_ref<T> &x) {
    return out << x.to_uint64();
}

// An integer reads a word; a fixed-point number a correctly rounded double, which is then converted.
template <int W, bool S> inline std::istream &operator>>(std::istream &in, ap_int_base<W, S> &x) {
    std::string word;
    if (in >> word)
        x = ap_int_base<W, S>(word.c_str());
    return in;
}
template <int W, int I, bool S, ap_q_mode Q, ap_o_mode O, int N>
inline std::istream &operator>>(std::istream &in, ap_fixed_base<W, I, S, Q, O, N> &x) {
    double d;
    if (in >> d)
        x = d;
    return in;
}

#endif
