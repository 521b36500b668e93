#ifndef HLSGO_AP_NUMBER_H_
#define HLSGO_AP_NUMBER_H_

// The number types. A value is V * 2^-(W-I), V being the W bits read as a (un)signed integer; integers have
// I = W. Widths from 1 to 1024 can be declared, results of operators grow as far as they must.

#include "ap_convert.h"
#include "ap_decl.h"
#include <cstdlib>
#include <string>

namespace ap_detail {

template <class T> struct is_arith : std::integral_constant<bool, std::is_arithmetic<T>::value> {};

// Truncation of a fixed-point raw to an integer of max(I,1) bits, towards zero. With I = 0 the vendor's
// headers make -1 of any negative value: the carry that would bring it to zero has nowhere to go. (With I < 0
// they read a number never set; here that is zero.)
template <int I, int W, bool S> bits<max_of(I, 1), S> integer_part(const bits<W, S> &a) {
    typedef bits<max_of(I, 1), S> part;
    const int F = W - I;
    if (I <= 0)
        return part(I == 0 && a.negative() ? -1 : 0);
    if (F <= 0)
        return shl(part(a), -F);
    part r(shr(a, F));
    if (a.negative() && any_below(a, F))
        r = add<part>(r, bits<2, false>(1));
    return r;
}

// An integer of a base-10 or prefixed (0x, 0o, 0b) text; surplus bits wrap. Reading stops at the first
// character that is no digit.
template <int W, bool S> bits<W, S> parse_integer(const char *s, int radix) {
    while (*s == ' ' || *s == '\t' || *s == '\n')
        s++;
    const bool neg = *s == '-';
    if (*s == '-' || *s == '+')
        s++;
    if (s[0] == '0' && s[1] != 0 && (radix == 0 || radix == 16 || radix == 8 || radix == 2)) {
        const int prefix = (s[1] | 32) == 'x' ? 16 : (s[1] | 32) == 'o' ? 8 : (s[1] | 32) == 'b' ? 2 : 0;
        if (prefix != 0 && (radix == 0 || radix == prefix)) {
            radix = prefix;
            s += 2;
        }
    }
    radix = radix == 0 ? 10 : radix;
    bits<W, S> r;
    for (;; s++) {
        const int c = *s | 32;
        const int digit = *s >= '0' && *s <= '9' ? *s - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : 16;
        if (digit >= radix)
            break;
        r = add<bits<W, S> >(mul<bits<W, S> >(r, bits<6, false>(radix)), bits<5, false>(digit));
    }
    return neg ? negate(r) : r;
}

// Writing access to a single bit.
template <class Owner> struct bit_ref {
    Owner &owner;
    int index;

    bit_ref(Owner &o, int i) : owner(o), index(i) {}
    bit_ref(const bit_ref &) = default;
    bool get() const { return get_bit(owner.V, index); }
    operator bool() const { return get(); }
    bool to_bool() const { return get(); }
    bit_ref &operator=(bool b) {
        set_bit(owner.V, index, b);
        return *this;
    }
    bit_ref &operator=(const bit_ref &o) { return *this = o.get(); }
    template <class T> bit_ref &operator=(const bit_ref<T> &o) { return *this = o.get(); }
};

template <class Raw> bits<Raw::limbs * 64, false> slice(const Raw &a, int hi, int lo) {
    bits<Raw::limbs * 64, false> r;
    const int step = hi >= lo ? 1 : -1, n = (hi - lo) * step + 1;
    for (int k = 0; k < n; k++)
        if (get_bit(a, lo + k * step))
            set_bit(r, k, true);
    return r;
}

// Writing access to the raw bits hi..lo; with hi < lo the bits come in reverse order.
template <class Owner> struct range_ref {
    static const int width = Owner::width;
    typedef ap_int_base<width, false> value_type;
    Owner &owner;
    int hi, lo;

    range_ref(Owner &o, int h, int l) : owner(o), hi(h), lo(l) {}
    range_ref(const range_ref &) = default;
    bits<width, false> get() const { return bits<width, false>(slice(owner.V, hi, lo)); }
    int length() const { return hi >= lo ? hi - lo + 1 : lo - hi + 1; }

    template <class Raw> void put(const Raw &b) {
        const int step = hi >= lo ? 1 : -1;
        for (int k = 0; k < length(); k++)
            set_bit(owner.V, lo + k * step, get_bit(b, k));
    }
    range_ref &operator=(const range_ref &o) {
        put(o.get());
        return *this;
    }
    template <class T> range_ref &operator=(const range_ref<T> &o) {
        put(o.get());
        return *this;
    }
    template <int W2, bool S2> range_ref &operator=(const ap_int_base<W2, S2> &o) {
        put(o.V);
        return *this;
    }
    template <int W2, int I2, bool S2, ap_q_mode Q2, ap_o_mode O2, int N2>
    range_ref &operator=(const ap_fixed_base<W2, I2, S2, Q2, O2, N2> &o) {
        put(o.V); // raw bits
        return *this;
    }
    template <class C> typename std::enable_if<c_format<C>::known, range_ref &>::type operator=(C c) {
        put(c_raw(c));
        return *this;
    }
    operator unsigned long long() const { return to_uint64(); }
    int to_int() const { return static_cast<int>(get().limb(0)); }
    unsigned to_uint() const { return static_cast<unsigned>(get().limb(0)); }
    long long to_int64() const { return static_cast<long long>(get().limb(0)); }
    unsigned long long to_uint64() const { return get().limb(0); }
};

// What ap_int and ap_fixed have in common: access to bits. Derived has a member V.
template <class Derived, int W> struct bit_access {
    bit_ref<Derived> operator[](int i) { return bit_ref<Derived>(self(), i); }
    bool operator[](int i) const { return get_bit(self().V, i); }
    bit_ref<Derived> bit(int i) { return (*this)[i]; }
    bool bit(int i) const { return (*this)[i]; }
    bool test(int i) const { return (*this)[i]; }
    range_ref<Derived> range(int hi, int lo) { return range_ref<Derived>(self(), hi, lo); }
    range_ref<Derived> range() { return range(W - 1, 0); }
    ap_int_base<W, false> range(int hi, int lo) const;
    ap_int_base<W, false> range() const { return range(W - 1, 0); }
    range_ref<Derived> operator()(int hi, int lo) { return range(hi, lo); }
    ap_int_base<W, false> operator()(int hi, int lo) const { return range(hi, lo); }
    int length() const { return W; }
    bool is_zero() const { return self().V.zero(); }

  private:
    Derived &self() { return static_cast<Derived &>(*this); }
    const Derived &self() const { return static_cast<const Derived &>(*this); }
};

} // namespace ap_detail

// An integer of W bits. Conversions into it keep the low bits; a fraction is cut towards zero.
template <int W, bool S> struct ap_int_base : ap_detail::bit_access<ap_int_base<W, S>, W> {
    static const int width = W;
    typedef typename std::conditional<S, long long, unsigned long long>::type native;

    ap_detail::bits<W, S> V;

    constexpr ap_int_base() : V() {}
    template <int W2, bool S2> ap_int_base(const ap_int_base<W2, S2> &o) : V(o.V) {}
    template <int W2, int I2, bool S2, ap_q_mode Q2, ap_o_mode O2, int N2>
    ap_int_base(const ap_fixed_base<W2, I2, S2, Q2, O2, N2> &o) : V(ap_detail::integer_part<I2>(o.V)) {}
    template <class C, class = typename std::enable_if<ap_detail::is_arith<C>::value>::type>
    ap_int_base(C c) : V(from_c(c, std::is_floating_point<C>())) {}
    template <class T> ap_int_base(const ap_detail::bit_ref<T> &r) : V(ap_detail::raw_of(r)) {}
    template <class T> ap_int_base(const ap_detail::range_ref<T> &r) : V(ap_detail::raw_of(r)) {}
    explicit ap_int_base(const char *s, int radix = 0) : V(ap_detail::parse_integer<W, S>(s, radix)) {}

    operator native() const { return static_cast<native>(V.limb(0)); }
    bool to_bool() const { return !V.zero(); }
    char to_char() const { return static_cast<char>(V.limb(0)); }
    short to_short() const { return static_cast<short>(V.limb(0)); }
    int to_int() const { return static_cast<int>(V.limb(0)); }
    unsigned to_uint() const { return static_cast<unsigned>(V.limb(0)); }
    long to_long() const { return static_cast<long>(V.limb(0)); }
    long long to_int64() const { return static_cast<long long>(V.limb(0)); }
    unsigned long long to_uint64() const { return V.limb(0); }
    // Beyond 64 bits only the low 64 count, as in every conversion of an integer to a C++ number.
    double to_double() const { return static_cast<double>(static_cast<native>(*this)); }
    float to_float() const { return static_cast<float>(static_cast<native>(*this)); }
    bool sign() const { return V.negative(); }

    bool get_bit(int i) const { return ap_detail::get_bit(V, i); }
    void set_bit(int i, bool b) { ap_detail::set_bit(V, i, b); }
    void set(int i, bool b = true) { ap_detail::set_bit(V, i, b); }
    void clear(int i) { ap_detail::set_bit(V, i, false); }
    template <int W2, bool S2> ap_int_base<W + W2, false> concat(const ap_int_base<W2, S2> &low) const {
        ap_int_base<W + W2, false> r;
        r.V = ap_detail::add<ap_detail::bits<W + W2, false> >(
            ap_detail::shl(ap_detail::bits<W + W2, false>(V), W2), ap_detail::bits<W2, false>(low.V));
        return r;
    }
    bool and_reduce() const { return ap_detail::invert(V).zero(); }
    bool or_reduce() const { return !V.zero(); }
    bool xor_reduce() const {
        bool r = false;
        for (int i = 0; i < W; i++)
            r ^= get_bit(i);
        return r;
    }
    std::string to_string(int radix = 2) const;

  private:
    template <class C> static ap_detail::bits<W, S> from_c(C c, std::false_type /* integer */) {
        return ap_detail::bits<W, S>(ap_detail::c_raw(c));
    }
    // Towards zero, with one exception that the vendor's headers make: -0.5 < c < 0 gives +1.
    template <class C> static ap_detail::bits<W, S> from_c(C c, std::true_type /* floating point */) {
        typedef ap_detail::converter<W, 0, S, AP_TRN_ZERO, AP_WRAP, 0> toward_zero;
        if (c < 0 && c > C(-0.5))
            return ap_detail::bits<W, S>(1);
        return toward_zero::from_double(static_cast<double>(c));
    }
};

// A fixed-point number of W bits, I of them (the sign included) before the binary point.
template <int W, int I, bool S, ap_q_mode Q, ap_o_mode O, int N>
struct ap_fixed_base : ap_detail::bit_access<ap_fixed_base<W, I, S, Q, O, N>, W> {
    static const int width = W;
    static const int iwidth = I;
    static const ap_q_mode qmode = Q;
    static const ap_o_mode omode = O;
    typedef ap_detail::converter<W, W - I, S, Q, O, N> converter;

    ap_detail::bits<W, S> V;

    constexpr ap_fixed_base() : V() {}
    template <int W2, int I2, bool S2, ap_q_mode Q2, ap_o_mode O2, int N2>
    ap_fixed_base(const ap_fixed_base<W2, I2, S2, Q2, O2, N2> &o)
        : V(converter::template from<W2 - I2>(o.V)) {}
    template <int W2, bool S2>
    ap_fixed_base(const ap_int_base<W2, S2> &o) : V(converter::template from<0>(o.V)) {}
    template <class C, class = typename std::enable_if<ap_detail::is_arith<C>::value>::type>
    ap_fixed_base(C c) : V(from_c(c, std::is_floating_point<C>())) {}
    template <class T>
    ap_fixed_base(const ap_detail::bit_ref<T> &r) : V(converter::template from<0>(ap_detail::raw_of(r))) {}
    template <class T>
    ap_fixed_base(const ap_detail::range_ref<T> &r) : V(converter::template from<0>(ap_detail::raw_of(r))) {}
    // The text is read as a double (decimal or hexadecimal), then converted.
    explicit ap_fixed_base(const char *s) : V(converter::from_double(std::strtod(s, 0))) {}

    // Integers are cut towards zero and keep their low bits; bool is "not zero".
    template <class C, class = typename std::enable_if<ap_detail::is_arith<C>::value>::type>
    operator C() const {
        return to_c<C>(std::integral_constant<int, std::is_same<C, bool>::value         ? 0
                                                   : std::is_floating_point<C>::value ? 1
                                                                                      : 2>());
    }
    ap_int_base<(I > 1 ? I : 1), S> to_ap_int() const { return ap_int_base<(I > 1 ? I : 1), S>(*this); }
    double to_double() const { return ap_detail::to_double<W - I>(V); }
    float to_float() const { return ap_detail::to_float<W - I>(V); }
    int to_int() const { return static_cast<int>(*this); }
    unsigned to_uint() const { return static_cast<unsigned>(*this); }
    long long to_int64() const { return static_cast<long long>(*this); }
    unsigned long long to_uint64() const { return static_cast<unsigned long long>(*this); }
    bool is_neg() const { return V.negative(); }
    int wl() const { return W; }
    int iwl() const { return I; }
    ap_q_mode q_mode() const { return Q; }
    ap_o_mode o_mode() const { return O; }
    std::string to_string(int radix = 10) const;

    // The same bits under another binary point.
    template <int K> ap_fixed_base<W, I + K, S, AP_TRN, AP_WRAP, 0> lshift() const {
        ap_fixed_base<W, I + K, S, AP_TRN, AP_WRAP, 0> r;
        r.V = V;
        return r;
    }
    template <int K> ap_fixed_base<W, I - K, S, AP_TRN, AP_WRAP, 0> rshift() const { return lshift<-K>(); }

  private:
    template <class C> static ap_detail::bits<W, S> from_c(C c, std::false_type /* integer */) {
        return converter::template from<0>(ap_detail::c_raw(c));
    }
    template <class C> static ap_detail::bits<W, S> from_c(C c, std::true_type /* floating point */) {
        return converter::from_double(static_cast<double>(c));
    }
    template <class C> C to_c(std::integral_constant<int, 0>) const { return !V.zero(); }
    template <class C> C to_c(std::integral_constant<int, 1>) const {
        return std::is_same<C, float>::value ? static_cast<C>(to_float()) : static_cast<C>(to_double());
    }
    template <class C> C to_c(std::integral_constant<int, 2>) const {
        return static_cast<C>(ap_detail::integer_part<I>(V).limb(0));
    }
};

namespace ap_detail {
template <class Derived, int W> ap_int_base<W, false> bit_access<Derived, W>::range(int hi, int lo) const {
    ap_int_base<W, false> r;
    r.V = bits<W, false>(slice(self().V, hi, lo));
    return r;
}
} // namespace ap_detail

#endif
