#ifndef HLSGO_AP_DECL_H_
#define HLSGO_AP_DECL_H_

// Declarations and the compile-time description of every type that may stand in an expression.

#include "ap_bits.h"
#include "ap_modes.h"
#include <climits>

template <int W, bool S> struct ap_int_base;
template <int W, int I, bool S, ap_q_mode Q, ap_o_mode O, int N> struct ap_fixed_base;

// ap_int<W> and its relatives are names for the two templates above, so that the result of an operator and
// a declared variable of the same format have one and the same type.
template <int W> using ap_int = ap_int_base<W, true>;
template <int W> using ap_uint = ap_int_base<W, false>;
template <int W, int I, ap_q_mode Q = AP_TRN, ap_o_mode O = AP_WRAP, int N = 0>
using ap_fixed = ap_fixed_base<W, I, true, Q, O, N>;
template <int W, int I, ap_q_mode Q = AP_TRN, ap_o_mode O = AP_WRAP, int N = 0>
using ap_ufixed = ap_fixed_base<W, I, false, Q, O, N>;

namespace ap_detail {

template <class Owner> struct bit_ref;
template <class Owner> struct range_ref;

// The format of an operand. is_int: integer arithmetic (ap_int, C integers) rather than fixed-point.
template <int WW, int II, bool SS, bool Int> struct format {
    static const bool known = true, is_int = Int, s = SS;
    static const int w = WW, i = II, f = WW - II;
};

struct unknown_format {
    static const bool known = false;
};

// C integers; an enumeration counts as int.
template <class T, bool Integral = std::is_integral<T>::value, bool Enum = std::is_enum<T>::value>
struct c_format : unknown_format {};
template <class T>
struct c_format<T, true, false>
    : format<int(sizeof(T) * CHAR_BIT), int(sizeof(T) * CHAR_BIT), std::is_signed<T>::value, true> {};
template <> struct c_format<bool, true, false> : format<1, 1, false, true> {};
template <class T> struct c_format<T, false, true> : format<32, 32, true, true> {};

template <class T> struct ap_format : unknown_format {};
template <int W, bool S> struct ap_format<ap_int_base<W, S> > : format<W, W, S, true> {};
template <int W, int I, bool S, ap_q_mode Q, ap_o_mode O, int N>
struct ap_format<ap_fixed_base<W, I, S, Q, O, N> > : format<W, I, S, false> {};
template <class T> struct ap_format<bit_ref<T> > : format<1, 1, false, true> {};
template <class T> struct ap_format<range_ref<T> > : format<T::width, T::width, false, true> {};

// Raw bits of an operand.
template <int W, bool S> const bits<W, S> &raw_of(const ap_int_base<W, S> &a) { return a.V; }
template <int W, int I, bool S, ap_q_mode Q, ap_o_mode O, int N>
const bits<W, S> &raw_of(const ap_fixed_base<W, I, S, Q, O, N> &a) {
    return a.V;
}
template <class T> bits<1, false> raw_of(const bit_ref<T> &a) { return bits<1, false>(a.get()); }
template <class T> bits<T::width, false> raw_of(const range_ref<T> &a) { return a.get(); }
template <class C> bits<c_format<C>::w, c_format<C>::s> c_raw(C c) {
    return bits<c_format<C>::w, c_format<C>::s>(static_cast<slimb_t>(c));
}

// The type of a computed result: never rounds, never saturates.
template <int W, int I, bool S, bool Int> struct result_of {
    typedef ap_fixed_base<W, I, S, AP_TRN, AP_WRAP, 0> type;
};
template <int W, int I, bool S> struct result_of<W, I, S, true> {
    typedef ap_int_base<W, S> type;
};

} // namespace ap_detail

#endif
