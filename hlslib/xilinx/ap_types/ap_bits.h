#ifndef HLSGO_AP_BITS_H_
#define HLSGO_AP_BITS_H_

// Two's complement integers of a fixed width: the storage below ap_int and ap_fixed.
//
// bits<W, S> holds W bits, read as a signed number (S) or an unsigned one. Up to 64 bits live in one
// native word; wider ones in little-endian 64-bit limbs. The stored form is always normalised: the unused
// high bits repeat the sign (S) or are zero. Every operation works modulo 2^W of its result, so an operation
// is exact when its result type is wide enough; choosing that type is the caller's business.

#ifdef __SYNTHESIS__
#error "these headers are for C simulation; use the ap_types of the HLS tool for synthesis"
#endif

#include <cstddef>
#include <stdexcept>
#include <type_traits>

namespace ap_detail {

typedef unsigned long long limb_t;
typedef long long slimb_t;

inline limb_t shl64(limb_t x, int k) { return k >= 64 ? 0 : x << k; }
inline limb_t shr64(limb_t x, int k) { return k >= 64 ? 0 : x >> k; }
inline slimb_t sar64(slimb_t x, int k) { return x >> (k > 63 ? 63 : k); }

constexpr int max_of(int a, int b) { return a > b ? a : b; }
constexpr int min_of(int a, int b) { return a < b ? a : b; }

template <int W, bool S, bool Wide = (W > 64)> struct bits;

// One native word.
template <int W, bool S> struct bits<W, S, false> {
    static_assert(W >= 1, "a number needs at least one bit");
    typedef typename std::conditional<S, slimb_t, limb_t>::type word;
    static const int limbs = 1;

    word v;

    constexpr bits() : v(0) {}
    explicit bits(slimb_t x) : v(wrap(static_cast<limb_t>(x))) {}
    template <int W2, bool S2> explicit bits(const bits<W2, S2> &o) : v(wrap(o.limb(0))) {}

    static word wrap(limb_t x) {
        const int unused = 64 - W;
        return static_cast<word>(x << unused) >> unused;
    }

    bool negative() const { return S && static_cast<slimb_t>(v) < 0; }
    bool zero() const { return v == 0; }
    limb_t fill() const { return negative() ? ~limb_t(0) : 0; }
    limb_t limb(int i) const { return i == 0 ? static_cast<limb_t>(v) : fill(); }
    void set_limb(int, limb_t x) { v = static_cast<word>(x); }
    void trim() { v = wrap(static_cast<limb_t>(v)); }
};

// Limbs.
template <int W, bool S> struct bits<W, S, true> {
    static const int limbs = (W + 63) / 64;

    limb_t w[limbs];

    constexpr bits() : w() {}
    explicit bits(slimb_t x) : w() {
        const limb_t high = x < 0 ? ~limb_t(0) : 0;
        w[0] = static_cast<limb_t>(x);
        for (int i = 1; i < limbs; i++)
            w[i] = high;
        trim();
    }
    template <int W2, bool S2> explicit bits(const bits<W2, S2> &o) : w() {
        for (int i = 0; i < limbs; i++)
            w[i] = o.limb(i);
        trim();
    }

    bool negative() const { return S && static_cast<slimb_t>(w[limbs - 1]) < 0; }
    bool zero() const {
        for (int i = 0; i < limbs; i++)
            if (w[i] != 0)
                return false;
        return true;
    }
    limb_t fill() const { return negative() ? ~limb_t(0) : 0; }
    limb_t limb(int i) const { return i < limbs ? w[i] : fill(); }
    void set_limb(int i, limb_t x) { w[i] = x; }
    void trim() {
        const int unused = limbs * 64 - W;
        const limb_t top = w[limbs - 1] << unused;
        w[limbs - 1] = S ? static_cast<limb_t>(static_cast<slimb_t>(top) >> unused) : top >> unused;
    }
};

// ---- single bits -------------------------------------------------------------------------------------

// Bit i of the infinitely sign-extended number.
template <int W, bool S> bool get_bit(const bits<W, S> &a, int i) {
    return (a.limb(i / 64) >> (i % 64)) & 1;
}

template <int W, bool S> void set_bit(bits<W, S> &a, int i, bool b) {
    const limb_t mask = limb_t(1) << (i % 64);
    const limb_t old = a.limb(i / 64);
    a.set_limb(i / 64, b ? (old | mask) : (old & ~mask));
    a.trim();
}

// Sets bits lo..hi to b; an empty range changes nothing.
template <int W, bool S> void set_range(bits<W, S> &a, int lo, int hi, bool b) {
    for (int i = lo; i <= hi; i++)
        set_bit(a, i, b);
}

// True when any of the k lowest bits is set.
template <int W, bool S> bool any_below(const bits<W, S> &a, int k) {
    int i = 0;
    for (; k >= 64; k -= 64, i++)
        if (a.limb(i) != 0)
            return true;
    return k > 0 && (a.limb(i) << (64 - k)) != 0;
}

// Number of bits up to the highest one of a number known to be non-negative.
template <int W, bool S> int bit_length(const bits<W, S> &a) {
    for (int i = bits<W, S>::limbs - 1; i >= 0; i--) {
        int n = 0;
        for (limb_t x = a.limb(i); x != 0; x >>= 1)
            n++;
        if (n != 0)
            return i * 64 + n;
    }
    return 0;
}

// ---- shifts ------------------------------------------------------------------------------------------

template <int W, bool S> bits<W, S> shl(const bits<W, S> &a, int k) {
    bits<W, S> r;
    const int step = k / 64, sub = k % 64;
    for (int i = step; i < bits<W, S>::limbs; i++) {
        limb_t x = a.limb(i - step) << sub;
        if (sub != 0 && i > step)
            x |= a.limb(i - step - 1) >> (64 - sub);
        r.set_limb(i, x);
    }
    r.trim();
    return r;
}

// Arithmetic for signed numbers, logical for unsigned ones.
template <int W, bool S> bits<W, S> shr(const bits<W, S> &a, int k) {
    bits<W, S> r;
    const int step = k / 64, sub = k % 64;
    for (int i = 0; i < bits<W, S>::limbs; i++) {
        limb_t x = a.limb(i + step) >> sub;
        if (sub != 0)
            x |= a.limb(i + step + 1) << (64 - sub);
        r.set_limb(i, x);
    }
    r.trim();
    return r;
}

// ---- arithmetic, modulo 2^W of the result ------------------------------------------------------------

template <class R, class A, class B> R add(const A &a, const B &b) {
    R r;
    limb_t carry = 0;
    for (int i = 0; i < R::limbs; i++) {
        const limb_t x = a.limb(i), s = x + b.limb(i), t = s + carry;
        carry = (s < x) | (t < s);
        r.set_limb(i, t);
    }
    r.trim();
    return r;
}

template <class R, class A, class B> R sub(const A &a, const B &b) {
    R r;
    limb_t borrow = 0;
    for (int i = 0; i < R::limbs; i++) {
        const limb_t x = a.limb(i), y = b.limb(i), d = x - y, t = d - borrow;
        borrow = (x < y) | (d < borrow);
        r.set_limb(i, t);
    }
    r.trim();
    return r;
}

// lo + 2^64 hi = a * b + c + d; the sum cannot overflow.
inline limb_t mul_add(limb_t a, limb_t b, limb_t c, limb_t d, limb_t &hi) {
    const limb_t half = 0xffffffffu;
    const limb_t al = a & half, ah = a >> 32, bl = b & half, bh = b >> 32;
    const limb_t low = al * bl, m1 = ah * bl + (low >> 32), m2 = al * bh + (m1 & half);
    hi = ah * bh + (m1 >> 32) + (m2 >> 32);
    limb_t lo = (m2 << 32) | (low & half);
    lo += c;
    hi += lo < c;
    lo += d;
    hi += lo < d;
    return lo;
}

template <class R, class A, class B> R mul(const A &a, const B &b, std::false_type /* wide */) {
    R r;
    r.set_limb(0, a.limb(0) * b.limb(0));
    r.trim();
    return r;
}

template <class R, class A, class B> R mul(const A &a, const B &b, std::true_type /* wide */) {
    R r;
    for (int i = 0; i < R::limbs; i++) {
        limb_t carry = 0;
        const limb_t x = a.limb(i);
        for (int j = 0; x != 0 && i + j < R::limbs; j++)
            r.set_limb(i + j, mul_add(x, b.limb(j), r.limb(i + j), carry, carry));
    }
    r.trim();
    return r;
}

template <class R, class A, class B> R mul(const A &a, const B &b) {
    return mul<R>(a, b, std::integral_constant<bool, (R::limbs > 1)>());
}

template <int W, bool S> bits<W, S> negate(const bits<W, S> &a) {
    return sub<bits<W, S> >(bits<W, S>(), a);
}

template <int W, bool S> bits<W, S> invert(const bits<W, S> &a) {
    bits<W, S> r;
    for (int i = 0; i < bits<W, S>::limbs; i++)
        r.set_limb(i, ~a.limb(i));
    r.trim();
    return r;
}

// ---- comparison --------------------------------------------------------------------------------------

template <class A, class B> bool equal(const A &a, const B &b) {
    for (int i = 0; i < max_of(A::limbs, B::limbs) + 1; i++)
        if (a.limb(i) != b.limb(i))
            return false;
    return true;
}

// a < b as sign-extended patterns; with as_unsigned a negative number counts as a very large one.
template <class A, class B> bool less(const A &a, const B &b, bool as_unsigned) {
    if (!as_unsigned && a.negative() != b.negative())
        return a.negative();
    for (int i = max_of(A::limbs, B::limbs); i >= 0; i--)
        if (a.limb(i) != b.limb(i))
            return a.limb(i) < b.limb(i);
    return false;
}

// ---- division ----------------------------------------------------------------------------------------

template <int W> struct quotient {
    bits<W, false> q, r;
};

// Schoolbook division of magnitudes, one bit at a time; a single word divides natively.
template <int W> quotient<W> divide(const bits<W, false> &n, const bits<W, false> &d) {
    quotient<W> z;
    if (d.zero())
        throw std::domain_error("ap_fixed or ap_int: division by zero");
    if (W <= 64) {
        z.q.set_limb(0, n.limb(0) / d.limb(0));
        z.r.set_limb(0, n.limb(0) % d.limb(0));
        return z;
    }
    bits<W + 1, false> rest;
    for (int i = bit_length(n) - 1; i >= 0; i--) {
        rest = shl(rest, 1);
        set_bit(rest, 0, get_bit(n, i));
        if (!less(rest, d, true)) {
            rest = sub<bits<W + 1, false> >(rest, d);
            set_bit(z.q, i, true);
        }
    }
    z.r = bits<W, false>(rest);
    return z;
}

template <int W, class A> bits<W, false> magnitude(const A &a) {
    bits<W, true> x(a);
    return bits<W, false>(a.negative() ? negate(x) : x);
}

} // namespace ap_detail

#endif
