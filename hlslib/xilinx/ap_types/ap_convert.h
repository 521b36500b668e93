#ifndef HLSGO_AP_CONVERT_H_
#define HLSGO_AP_CONVERT_H_

// Conversions between formats: quantize first, then handle overflow. This is the one place where bits are
// rounded away or saturated.

#include "ap_bits.h"
#include "ap_modes.h"
#include <cstring>

namespace ap_detail {

inline bool low_bits_set(slimb_t v, int k) {
    return k >= 64 ? v != 0 : k > 0 && (static_cast<limb_t>(v) << (64 - k)) != 0;
}

// Is one step to be added to the floor? half: the first bit dropped; rest: any bit below it; neg: the source
// is negative; odd: the floor is odd.
template <ap_q_mode Q> bool rounds_up(bool half, bool rest, bool neg, bool odd) {
    switch (Q) {
    case AP_RND:
        return half;
    case AP_RND_ZERO:
        return half && (neg || rest);
    case AP_RND_MIN_INF:
        return half && rest;
    case AP_RND_INF:
        return half && (!neg || rest);
    case AP_RND_CONV:
        return half && (odd || rest);
    case AP_TRN_ZERO:
        return neg && (half || rest);
    default:
        return false;
    }
}

// Overflow of a target of W bits. low: the quantized value modulo 2^W; out: the value is out of range;
// neg: the value is negative; deleted: the first deleted bit of the source (AP_WRAP_SM only).
template <int W, bool S, ap_o_mode O, int N> struct overflow {
    typedef bits<W, S> raw;
    static_assert(S || O != AP_WRAP_SM, "AP_WRAP_SM needs a signed type");

    static raw lowest() {
        raw r;
        set_bit(r, W - 1, S);
        return r;
    }
    static raw highest() { return invert(lowest()); }

    static raw saturate(bool neg) {
        if (!neg)
            return highest();
        raw r = lowest();
        if (S && O == AP_SAT_SYM)
            set_bit(r, 0, true); // one above the lowest; a single bit keeps -1
        return r;
    }

    // N top bits saturate, the sign bit keeps the sign of the value.
    static raw wrap_top(raw r, bool neg) {
        if (S) {
            set_bit(r, W - 1, neg);
            set_range(r, max_of(W - N, 0), W - 2, !neg);
        } else {
            set_range(r, max_of(W - N, 0), W - 1, true);
        }
        return r;
    }

    static raw wrap_sign_magnitude(raw r, bool neg, bool deleted) {
        const bool top = get_bit(r, W - 1);
        if (N == 0) {
            if (deleted == top)
                return r;
            r = invert(r);
            set_bit(r, W - 1, deleted);
            return r;
        }
        if (N == 1) {
            if (neg != top)
                r = invert(r);
        } else {
            if (get_bit(r, max_of(W - N, 0)) == neg)
                r = invert(r);
            set_range(r, max_of(W - N, 0), W - 2, !neg);
        }
        set_bit(r, W - 1, neg);
        return r;
    }

    static raw apply(const raw &low, bool out, bool neg, bool deleted) {
        if (O == AP_WRAP && N == 0)
            return low;
        if (O == AP_SAT_SYM && S && neg && equal(low, lowest()))
            out = true;
        if (!out)
            return low;
        switch (O) {
        case AP_WRAP:
            return wrap_top(low, neg);
        case AP_WRAP_SM:
            return wrap_sign_magnitude(low, neg, deleted);
        case AP_SAT_ZERO:
            return raw();
        default:
            return saturate(neg);
        }
    }

    // q holds the quantized value exactly.
    template <class Exact> static raw fit(const Exact &q, bool deleted) {
        const raw low(q);
        if (O == AP_WRAP && N == 0)
            return low;
        return apply(low, !equal(low, q), q.negative(), deleted);
    }
};

// From a raw integer with F2 fractional bits to a format of W bits with F fractional bits.
template <int W, int F, bool S, ap_q_mode Q, ap_o_mode O, int N> struct converter {
    typedef bits<W, S> raw;
    typedef overflow<W, S, O, N> over;

    // Any pattern of a word, as a signed number.
    template <class T> static bits<64, true> word(T x) { return bits<64, true>(static_cast<slimb_t>(x)); }

    // The source fits a signed word and so does every intermediate value.
    template <int F2, int W2, bool S2> static raw word_path(const bits<W2, S2> &a) {
        const int drop = F2 - F;
        const slimb_t v = static_cast<slimb_t>(a.limb(0));
        if (drop <= 0)
            return over::fit(word(shl64(a.limb(0), -drop)), first_deleted<F2>(a));
        slimb_t q = sar64(v, drop);
        if (Q != AP_TRN) {
            const bool half = sar64(v, drop - 1) & 1;
            const bool rest = low_bits_set(v, drop - 1);
            q += rounds_up<Q>(half, rest, v < 0, q & 1);
        }
        return over::fit(word(q), first_deleted<F2>(a));
    }

    template <int F2, int W2, bool S2> static raw limb_path(const bits<W2, S2> &a) {
        const int drop = F2 - F;
        const bool wraps = O == AP_WRAP && N == 0;
        bits<max_of(wraps ? max_of(W, W2) : W2 + max_of(-drop, 0), W) + 2, true> q(a);
        if (drop <= 0) {
            q = shl(q, -drop);
        } else {
            const bool half = get_bit(q, drop - 1), rest = any_below(q, drop - 1);
            q = shr(q, drop);
            if (rounds_up<Q>(half, rest, a.negative(), q.limb(0) & 1))
                q = add<decltype(q)>(q, bits<2, false>(1));
        }
        return over::fit(q, first_deleted<F2>(a));
    }

    template <int F2, int W2, bool S2> static bool first_deleted(const bits<W2, S2> &a) {
        const int pos = F2 - F + W;
        return O == AP_WRAP_SM && pos >= 0 && pos < W2 && get_bit(a, pos);
    }

    template <int F2, int W2, bool S2> static raw select(const bits<W2, S2> &a, std::true_type) {
        return word_path<F2>(a);
    }
    template <int F2, int W2, bool S2> static raw select(const bits<W2, S2> &a, std::false_type) {
        return limb_path<F2>(a);
    }

    template <int F2, int W2, bool S2> static raw from(const bits<W2, S2> &a) {
        const int need = W2 + !S2 + (F2 < F ? F - F2 : 0);
        const bool wraps = O == AP_WRAP && N == 0 && F2 <= F;
        const bool one_word = W <= 64 && (need <= 64 || (wraps && W2 <= 64));
        return select<F2>(a, std::integral_constant<bool, one_word>());
    }

    // From a double: the bit pattern is read as (1 + fraction) * 2^exponent, whatever the exponent says, so
    // an infinity or a NaN is a very large number of its sign, and NaN never reaches the result.
    static raw from_double(double d) {
        limb_t pattern;
        std::memcpy(&pattern, &d, sizeof pattern);
        if ((pattern << 1) == 0)
            return raw();
        slimb_t m = static_cast<slimb_t>((pattern & 0xfffffffffffffull) | 0x10000000000000ull);
        if (pattern >> 63)
            m = -m;
        const int exponent = static_cast<int>((pattern >> 52) & 0x7ff) - 1023;
        return from_scaled(m, 52 - exponent - F);
    }

    // From m * 2^-drop steps of the target, |m| < 2^53.
    static raw from_scaled(slimb_t m, int drop) {
        const int pos = drop + W;
        const bool deleted = O == AP_WRAP_SM && pos >= 0 && pos < 54 && (sar64(m, pos) & 1);
        if (drop < 0)
            return shifted_up(m, -drop, deleted);
        slimb_t q = sar64(m, drop);
        if (Q != AP_TRN && drop > 0) {
            const bool half = sar64(m, drop - 1) & 1;
            const bool rest = low_bits_set(m, drop - 1);
            q += rounds_up<Q>(half, rest, m < 0, q & 1);
        }
        return over::fit(word(q), deleted);
    }

    static raw shifted_up(slimb_t m, int k, bool deleted) {
        if (k <= 9)
            return over::fit(word(shl64(static_cast<limb_t>(m), k)), deleted);
        return shifted_far(m, k, deleted, std::integral_constant<bool, (W <= 62)>());
    }
    // |m << k| >= 2^62: certainly out of range.
    static raw shifted_far(slimb_t m, int k, bool deleted, std::true_type) {
        const raw low(static_cast<slimb_t>(shl64(static_cast<limb_t>(m), k)));
        return over::apply(low, true, m < 0, deleted);
    }
    static raw shifted_far(slimb_t m, int k, bool deleted, std::false_type) {
        if (k > W)
            return over::apply(raw(), true, m < 0, deleted);
        return over::fit(shl(bits<W + 55, true>(m), k), deleted);
    }
};

// ---- to float and double -----------------------------------------------------------------------------

// The nearest floating point pattern (half to even) of a * 2^-F with M fraction bits, E exponent bits. The
// exponent is not checked: as in the vendor's headers it wraps when the value is outside the float's range.
template <int M, int E, int W, bool S> limb_t float_pattern(const bits<W, S> &a, int F) {
    if (a.zero())
        return 0;
    const bits<W + 1, false> mag = magnitude<W + 1>(a);
    const int len = bit_length(mag), drop = len - (M + 1);
    int exponent = len - 1 - F + ((1 << (E - 1)) - 1);
    limb_t m;
    if (drop <= 0) {
        m = mag.limb(0) << -drop;
    } else {
        m = shr(mag, drop).limb(0);
        if (get_bit(mag, drop - 1) && ((m & 1) || any_below(mag, drop - 1)))
            m++;
        if (m >> (M + 1))
            exponent++; // the fraction is zero then
    }
    const limb_t fraction = m & ((limb_t(1) << M) - 1);
    const limb_t sign = limb_t(a.negative()) << (M + E);
    return sign | ((static_cast<limb_t>(exponent) & ((limb_t(1) << E) - 1)) << M) | fraction;
}

constexpr double pow2(int e) { return e == 0 ? 1.0 : e > 0 ? 2.0 * pow2(e - 1) : 0.5 * pow2(e + 1); }

template <int F, int W, bool S>
double to_double(const bits<W, S> &a, std::true_type /* one exact scaling */) {
    return static_cast<double>(a.v) * pow2(-F);
}
template <int F, int W, bool S> double to_double(const bits<W, S> &a, std::false_type) {
    const limb_t pattern = float_pattern<52, 11>(a, F);
    double d;
    std::memcpy(&d, &pattern, sizeof d);
    return d;
}
template <int F, int W, bool S> double to_double(const bits<W, S> &a) {
    return to_double<F>(a, std::integral_constant<bool, (W <= 64 && F < 200 && F > -200)>());
}

template <int F, int W, bool S> float to_float(const bits<W, S> &a, std::true_type /* one exact scaling */) {
    return static_cast<float>(a.v) * static_cast<float>(pow2(-F));
}
template <int F, int W, bool S> float to_float(const bits<W, S> &a, std::false_type) {
    const unsigned pattern = static_cast<unsigned>(float_pattern<23, 8>(a, F));
    float f;
    std::memcpy(&f, &pattern, sizeof f);
    return f;
}
template <int F, int W, bool S> float to_float(const bits<W, S> &a) {
    return to_float<F>(a, std::integral_constant<bool, (W <= 64 && F < 60 && F > -60)>());
}

} // namespace ap_detail

#endif
