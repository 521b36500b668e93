#ifndef HLSGO_AP_OPS_H_
#define HLSGO_AP_OPS_H_

// Operators over ap_int, ap_fixed, their bit references and C integers. Results are exact and never rounded
// or saturated; only a division drops bits, towards zero. There is no arithmetic with float or double.

#include "ap_number.h"

namespace ap_detail {

// ---- formats of results ------------------------------------------------------------------------------

template <class A, class B> struct mul_format {
    static const bool s = A::s || B::s;
    typedef typename result_of<A::w + B::w, A::i + B::i, s, A::is_int && B::is_int>::type type;
};

// Common format of two operands: enough bits on both sides, room for a sign when only one has one.
template <class A, class B> struct join_format {
    static const bool s = A::s || B::s;
    static const int i = max_of(A::i + (B::s && !A::s), B::i + (A::s && !B::s));
    static const int f = max_of(A::f, B::f);
    typedef typename result_of<i + f, i, s, A::is_int && B::is_int>::type type;
};

template <class A, class B, bool Signed> struct sum_format {
    typedef join_format<A, B> join;
    static const int i = join::i + 1;
    typedef typename result_of<i + join::f, i, Signed, A::is_int && B::is_int>::type type;
};

template <class A, class B> struct div_format {
    static const bool s = A::s || B::s;
    static const int w = B::s + A::w + max_of(B::f, 0), i = B::s + A::i + B::f;
    typedef typename result_of<w, i, s, A::is_int && B::is_int>::type type;
};

// The remainder is one of integers only.
template <class A, class B, bool Ok = A::is_int &&B::is_int> struct mod_format {};
template <class A, class B> struct mod_format<A, B, true> {
    typedef ap_int_base<min_of(A::w, B::w + (!B::s && A::s)), A::s> type;
};

// Raw integer of an operand brought to the width of R and F fractional bits.
template <class R, int F, int Fa, class Raw> R aligned(const Raw &a) {
    return shl(R(a), F - Fa);
}

// ---- operations: types and bodies --------------------------------------------------------------------

struct op_mul {
    template <class A, class B> struct format : mul_format<A, B> {};
    template <class R, class A, class B, class Ra, class Rb> static R eval(const Ra &a, const Rb &b) {
        R r;
        r.V = mul<decltype(r.V)>(a, b);
        return r;
    }
};

struct op_add {
    template <class A, class B> struct format : sum_format<A, B, A::s || B::s> {};
    template <class R, class A, class B, class Ra, class Rb> static R eval(const Ra &a, const Rb &b) {
        const int f = join_format<A, B>::f;
        R r;
        typedef decltype(r.V) raw;
        r.V = add<raw>(aligned<raw, f, A::f>(a), aligned<raw, f, B::f>(b));
        return r;
    }
};

struct op_sub {
    template <class A, class B> struct format : sum_format<A, B, true> {};
    template <class R, class A, class B, class Ra, class Rb> static R eval(const Ra &a, const Rb &b) {
        const int f = join_format<A, B>::f;
        R r;
        typedef decltype(r.V) raw;
        r.V = sub<raw>(aligned<raw, f, A::f>(a), aligned<raw, f, B::f>(b));
        return r;
    }
};

// The magnitudes and the signs of dividend and divisor. When a signed integer meets a wider unsigned one,
// both are read as unsigned numbers of one bit more than the wider, as the vendor's headers do: a negative
// number counts as a large one.
template <class A, class B> struct division {
    static const bool integers = A::is_int && B::is_int;
    static const bool as_unsigned = integers && A::s != B::s && (A::s ? B::w > A::w : A::w > B::w);
    static const int up = integers ? 0 : max_of(B::f, 0);
    static const int w = max_of(A::w + up, B::w) + 1;
    typedef bits<w, false> number;

    number n, d;
    bool n_negative, d_negative;

    template <class Ra, class Rb>
    division(const Ra &a, const Rb &b)
        : n(shl(as_unsigned ? number(a) : magnitude<w>(a), up)), d(as_unsigned ? number(b) : magnitude<w>(b)),
          n_negative(!as_unsigned && a.negative()), d_negative(!as_unsigned && b.negative()) {}
};

struct op_div {
    template <class A, class B> struct format : div_format<A, B> {};
    template <class R, class A, class B, class Ra, class Rb> static R eval(const Ra &a, const Rb &b) {
        typedef division<A, B> parts;
        const parts p(a, b);
        // Fixed-point division works in the width of its operands, where the lowest number divided by -1
        // overflows and stays the lowest.
        const int wq = parts::integers ? parts::w + 1
                                       : max_of(A::w + parts::up + (B::s && !A::s), B::w + (A::s && !B::s));
        const bits<parts::w + 1, true> q(divide<parts::w>(p.n, p.d).q);
        R r;
        r.V = decltype(r.V)(
            bits<wq, A::s || B::s || parts::integers>(p.n_negative != p.d_negative ? negate(q) : q));
        return r;
    }
};

// The remainder takes the sign of the dividend.
struct op_mod {
    template <class A, class B> struct format : mod_format<A, B> {};
    template <class R, class A, class B, class Ra, class Rb> static R eval(const Ra &a, const Rb &b) {
        typedef division<A, B> parts;
        const parts p(a, b);
        const bits<parts::w + 1, true> m(divide<parts::w>(p.n, p.d).r);
        R r;
        r.V = decltype(r.V)(p.n_negative ? negate(m) : m);
        return r;
    }
};

// Bitwise operations work on the aligned bits.
template <class Word> struct op_bitwise {
    template <class A, class B> struct format : join_format<A, B> {};
    template <class R, class A, class B, class Ra, class Rb> static R eval(const Ra &a, const Rb &b) {
        const int f = join_format<A, B>::f;
        R r;
        typedef decltype(r.V) raw;
        const raw x = aligned<raw, f, A::f>(a), y = aligned<raw, f, B::f>(b);
        for (int i = 0; i < raw::limbs; i++)
            r.V.set_limb(i, Word::eval(x.limb(i), y.limb(i)));
        r.V.trim();
        return r;
    }
};
struct word_and {
    static limb_t eval(limb_t a, limb_t b) { return a & b; }
};
struct word_or {
    static limb_t eval(limb_t a, limb_t b) { return a | b; }
};
struct word_xor {
    static limb_t eval(limb_t a, limb_t b) { return a ^ b; }
};
typedef op_bitwise<word_and> op_and;
typedef op_bitwise<word_or> op_or;
typedef op_bitwise<word_xor> op_xor;

// The result of Op on formats A and B, absent when one of them is no number.
template <class Op, class A, class B, bool Ok = A::known &&B::known> struct result {};
template <class Op, class A, class B>
struct result<Op, A, B, true> : Op::template format<A, B> {};

// ---- comparison --------------------------------------------------------------------------------------

// Both operands are brought to the larger number of fractional bits. Operands of the same signedness compare
// as one expects. Mixed ones compare exactly when the unsigned one is narrower than the signed one or both
// are below 32 bits; else the signed one is read as an unsigned number, so that -1 is greater than 1.
template <class A, class B> struct compare_rule {
    // the left operand gets one bit more than it needs when it is the one that is widened
    static const int wa = A::f < B::f ? A::w + B::f - A::f + 1 : A::w;
    static const int wb = A::f > B::f ? B::w + A::f - B::f : B::w;
    static const bool mixed = A::s != B::s;
    static const int ws = A::s ? wa : wb, wu = A::s ? wb : wa;
    static const bool small = wa < 32 && wb < 32;
    static const bool order_unsigned = mixed && !small && wu >= ws;
    // Equality looks at the patterns of the wider width, except that up to 63 bits of equal width are exact.
    static const bool equal_patterns = mixed && (wu > ws ? wu >= 32 : wu == ws && wu >= 64);
    typedef bits<wa + 1, A::s> left;
    typedef bits<wb + 1, B::s> right;
};

template <class A, class B, class Ra, class Rb> bool compare_equal(const Ra &a, const Rb &b) {
    typedef compare_rule<A, B> rule;
    const int f = max_of(A::f, B::f);
    typedef bits<max_of(rule::wa, rule::wb) + 1, true> exact;
    typedef bits<max_of(rule::wa, rule::wb), false> pattern;
    if (rule::equal_patterns)
        return equal(aligned<pattern, f, A::f>(a), aligned<pattern, f, B::f>(b));
    return equal(aligned<exact, f, A::f>(a), aligned<exact, f, B::f>(b));
}

template <class A, class B, class Ra, class Rb> bool compare_less(const Ra &a, const Rb &b) {
    typedef compare_rule<A, B> rule;
    const int f = max_of(A::f, B::f);
    typedef bits<max_of(rule::wa, rule::wb) + 1, true> wide; // holds both exactly
    return less(aligned<wide, f, A::f>(a), aligned<wide, f, B::f>(b), rule::order_unsigned);
}

} // namespace ap_detail

// ---- binary operators --------------------------------------------------------------------------------

#define HLSGO_AP_BINARY(SYM, OP)                                                                             \
    template <class A, class B>                                                                              \
    inline typename ap_detail::result<OP, ap_detail::ap_format<A>, ap_detail::ap_format<B> >::type           \
    operator SYM(const A &a, const B &b) {                                                                   \
        typedef ap_detail::ap_format<A> fa;                                                                  \
        typedef ap_detail::ap_format<B> fb;                                                                  \
        typedef typename ap_detail::result<OP, fa, fb>::type R;                                              \
        return OP::eval<R, fa, fb>(ap_detail::raw_of(a), ap_detail::raw_of(b));                              \
    }                                                                                                        \
    template <class A, class C>                                                                              \
    inline typename ap_detail::result<OP, ap_detail::ap_format<A>, ap_detail::c_format<C> >::type            \
    operator SYM(const A &a, C c) {                                                                          \
        typedef ap_detail::ap_format<A> fa;                                                                  \
        typedef ap_detail::c_format<C> fb;                                                                   \
        typedef typename ap_detail::result<OP, fa, fb>::type R;                                              \
        return OP::eval<R, fa, fb>(ap_detail::raw_of(a), ap_detail::c_raw(c));                               \
    }                                                                                                        \
    template <class C, class B>                                                                              \
    inline typename ap_detail::result<OP, ap_detail::c_format<C>, ap_detail::ap_format<B> >::type            \
    operator SYM(C c, const B &b) {                                                                          \
        typedef ap_detail::c_format<C> fa;                                                                   \
        typedef ap_detail::ap_format<B> fb;                                                                  \
        typedef typename ap_detail::result<OP, fa, fb>::type R;                                              \
        return OP::eval<R, fa, fb>(ap_detail::c_raw(c), ap_detail::raw_of(b));                               \
    }                                                                                                        \
    template <int W, bool S, class B>                                                                        \
    inline typename std::enable_if<ap_detail::ap_format<B>::known || ap_detail::c_format<B>::known,          \
                                   ap_int_base<W, S> &>::type                                                \
    operator SYM##=(ap_int_base<W, S> &a, const B &b) {                                                      \
        return a = a SYM ap_detail::as_integer(b);                                                           \
    }                                                                                                        \
    template <int W, int I, bool S, ap_q_mode Q, ap_o_mode O, int N, class B>                                \
    inline typename std::enable_if<ap_detail::ap_format<B>::known || ap_detail::c_format<B>::known,          \
                                   ap_fixed_base<W, I, S, Q, O, N> &>::type                                  \
    operator SYM##=(ap_fixed_base<W, I, S, Q, O, N> &a, const B &b) {                                        \
        return a = a SYM b;                                                                                  \
    }

namespace ap_detail {
// The right operand of a compound assignment to an ap_int: a fixed-point one is cut to its integer first.
template <class B> const B &as_integer(const B &b) { return b; }
template <int W, int I, bool S, ap_q_mode Q, ap_o_mode O, int N>
ap_int_base<(I > 1 ? I : 1), S> as_integer(const ap_fixed_base<W, I, S, Q, O, N> &b) {
    return b.to_ap_int();
}
} // namespace ap_detail

HLSGO_AP_BINARY(*, ap_detail::op_mul)
HLSGO_AP_BINARY(+, ap_detail::op_add)
HLSGO_AP_BINARY(-, ap_detail::op_sub)
HLSGO_AP_BINARY(/, ap_detail::op_div)
HLSGO_AP_BINARY(%, ap_detail::op_mod)
HLSGO_AP_BINARY(&, ap_detail::op_and)
HLSGO_AP_BINARY(|, ap_detail::op_or)
HLSGO_AP_BINARY(^, ap_detail::op_xor)
#undef HLSGO_AP_BINARY

// ---- comparison operators ----------------------------------------------------------------------------

// EXPR speaks of EQ(a, b) and LT(a, b) in the order of the operands, since the rule is not symmetric.
#define HLSGO_AP_COMPARE(SYM, EXPR, DSYM)                                                                    \
    template <class A, class B>                                                                              \
    inline typename std::enable_if<ap_detail::ap_format<A>::known && ap_detail::ap_format<B>::known,         \
                                   bool>::type                                                               \
    operator SYM(const A &a, const B &b) {                                                                   \
        typedef ap_detail::ap_format<A> fa;                                                                  \
        typedef ap_detail::ap_format<B> fb;                                                                  \
        const auto &x = ap_detail::raw_of(a);                                                                \
        const auto &y = ap_detail::raw_of(b);                                                                \
        return EXPR;                                                                                         \
    }                                                                                                        \
    template <class A, class C>                                                                              \
    inline typename std::enable_if<ap_detail::ap_format<A>::known && ap_detail::c_format<C>::known,          \
                                   bool>::type                                                               \
    operator SYM(const A &a, C c) {                                                                          \
        typedef ap_detail::ap_format<A> fa;                                                                  \
        typedef ap_detail::c_format<C> fb;                                                                   \
        const auto &x = ap_detail::raw_of(a);                                                                \
        const auto y = ap_detail::c_raw(c);                                                                  \
        return EXPR;                                                                                         \
    }                                                                                                        \
    template <class C, class B>                                                                              \
    inline typename std::enable_if<ap_detail::c_format<C>::known && ap_detail::ap_format<B>::known,          \
                                   bool>::type                                                               \
    operator SYM(C c, const B &b) {                                                                          \
        typedef ap_detail::c_format<C> fa;                                                                   \
        typedef ap_detail::ap_format<B> fb;                                                                  \
        const auto x = ap_detail::c_raw(c);                                                                  \
        const auto &y = ap_detail::raw_of(b);                                                                \
        return EXPR;                                                                                         \
    }                                                                                                        \
    template <int W, int I, bool S, ap_q_mode Q, ap_o_mode O, int N>                                         \
    inline bool operator SYM(const ap_fixed_base<W, I, S, Q, O, N> &a, double d) {                           \
        return a.to_double() SYM d;                                                                          \
    }                                                                                                        \
    template <int W, int I, bool S, ap_q_mode Q, ap_o_mode O, int N>                                         \
    inline bool operator SYM(double d, const ap_fixed_base<W, I, S, Q, O, N> &a) {                           \
        return a.to_double() DSYM d;                                                                         \
    }

#define HLSGO_AP_EQ ap_detail::compare_equal<fa, fb>(x, y)
#define HLSGO_AP_LT ap_detail::compare_less<fa, fb>(x, y)
#define HLSGO_AP_GT ap_detail::compare_greater<fa, fb>(x, y)

namespace ap_detail {
template <class A, class B, class Ra, class Rb> bool compare_greater(const Ra &a, const Rb &b) {
    typedef compare_rule<A, B> rule;
    const int f = max_of(A::f, B::f);
    typedef bits<max_of(rule::wa, rule::wb) + 1, true> wide;
    return less(aligned<wide, f, B::f>(b), aligned<wide, f, A::f>(a), rule::order_unsigned);
}
} // namespace ap_detail

HLSGO_AP_COMPARE(==, HLSGO_AP_EQ, ==)
HLSGO_AP_COMPARE(!=, !HLSGO_AP_EQ, !=)
HLSGO_AP_COMPARE(<, HLSGO_AP_LT, >)
HLSGO_AP_COMPARE(>, HLSGO_AP_GT, <)
HLSGO_AP_COMPARE(<=, !HLSGO_AP_GT, >=)
HLSGO_AP_COMPARE(>=, !HLSGO_AP_LT, <=)
#undef HLSGO_AP_COMPARE
#undef HLSGO_AP_EQ
#undef HLSGO_AP_LT
#undef HLSGO_AP_GT

// ---- shifts ------------------------------------------------------------------------------------------

// The result has the type of the left operand: bits fall out at both ends without rounding or saturation.
// A negative count shifts the other way.
namespace ap_detail {
template <class Raw> Raw shift_left(const Raw &a, long long n) {
    return n >= 0 ? shl(a, n > 4096 ? 4096 : int(n)) : shr(a, n < -4096 ? 4096 : int(-n));
}
template <class T> struct shift_count {
    static const bool known = c_format<T>::known;
    static long long get(T c) { return static_cast<long long>(c); }
};
template <int W, bool S> struct shift_count<ap_int_base<W, S> > {
    static const bool known = true;
    static long long get(const ap_int_base<W, S> &c) {
        return S ? static_cast<long long>(c.to_int()) : static_cast<long long>(c.to_uint());
    }
};
template <int W, int I, bool S, ap_q_mode Q, ap_o_mode O, int N>
struct shift_count<ap_fixed_base<W, I, S, Q, O, N> > {
    static const bool known = true;
    static long long get(const ap_fixed_base<W, I, S, Q, O, N> &c) { return c.to_int(); }
};
template <class A> struct is_number : std::false_type {};
template <int W, bool S> struct is_number<ap_int_base<W, S> > : std::true_type {};
template <int W, int I, bool S, ap_q_mode Q, ap_o_mode O, int N>
struct is_number<ap_fixed_base<W, I, S, Q, O, N> > : std::true_type {};
template <class A, class B>
struct shift_result : std::enable_if<is_number<A>::value && shift_count<B>::known, A> {};
} // namespace ap_detail

#define HLSGO_AP_SHIFT(SYM, SIGN)                                                                            \
    template <class A, class B>                                                                              \
    inline typename ap_detail::shift_result<A, B>::type                                                      \
    operator SYM(const A &a, const B &n) {                                                                   \
        A r;                                                                                                 \
        r.V = ap_detail::shift_left(a.V, SIGN ap_detail::shift_count<B>::get(n));                            \
        return r;                                                                                            \
    }                                                                                                        \
    template <class A, class B>                                                                              \
    inline typename ap_detail::shift_result<A, B>::type &                                                    \
    operator SYM##=(A &a, const B &n) {                                                                      \
        return a = a SYM n;                                                                                  \
    }
HLSGO_AP_SHIFT(<<, +)
HLSGO_AP_SHIFT(>>, -)
#undef HLSGO_AP_SHIFT

// ---- unary operators ---------------------------------------------------------------------------------

template <int W, int I, bool S, ap_q_mode Q, ap_o_mode O, int N>
inline ap_fixed_base<W + 1, I + 1, true, AP_TRN, AP_WRAP, 0>
operator-(const ap_fixed_base<W, I, S, Q, O, N> &a) {
    ap_fixed_base<W + 1, I + 1, true, AP_TRN, AP_WRAP, 0> r;
    r.V = ap_detail::negate(ap_detail::bits<W + 1, true>(a.V));
    return r;
}
// Zero, an unsigned number of one bit, minus a: one bit more than a, two more for a signed single bit.
template <int W, bool S>
inline ap_int_base<ap_detail::max_of(W, S ? 2 : 1) + 1, true> operator-(const ap_int_base<W, S> &a) {
    ap_int_base<ap_detail::max_of(W, S ? 2 : 1) + 1, true> r;
    r.V = ap_detail::negate(decltype(r.V)(a.V));
    return r;
}
template <class A>
inline typename std::enable_if<ap_detail::is_number<A>::value, A>::type operator+(const A &a) {
    return a;
}
template <class A>
inline typename std::enable_if<ap_detail::is_number<A>::value, A>::type operator~(const A &a) {
    A r;
    r.V = ap_detail::invert(a.V);
    return r;
}
template <class A>
inline typename std::enable_if<ap_detail::is_number<A>::value, bool>::type operator!(const A &a) {
    return a.V.zero();
}
template <class A>
inline typename std::enable_if<ap_detail::is_number<A>::value, A &>::type operator++(A &a) {
    return a += ap_int_base<1, false>(1);
}
template <class A>
inline typename std::enable_if<ap_detail::is_number<A>::value, A &>::type operator--(A &a) {
    return a -= ap_int_base<1, false>(1);
}
template <class A>
inline typename std::enable_if<ap_detail::is_number<A>::value, A>::type operator++(A &a, int) {
    const A old = a;
    ++a;
    return old;
}
template <class A>
inline typename std::enable_if<ap_detail::is_number<A>::value, A>::type operator--(A &a, int) {
    const A old = a;
    --a;
    return old;
}

#endif
