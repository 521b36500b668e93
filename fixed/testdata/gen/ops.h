// One function per kind of group. To be included after ap.h or ac.h.
#ifndef HLSGO_FIXED_OPS_H
#define HLSGO_FIXED_OPS_H

template <class T> T make(const Words &x) {
    T v;
    put(v, x);
    return v;
}

// Conversion of one type to another. The corners lie around the ends of the kept bits: shift is the number
// of dropped bits.
template <class From, class To> void run_cast(const char *header, int shift, int n, uint64_t seed) {
    Group g(header);
    From from;
    To to;
    int w = width_of(from), top = shift + width_of(to);
    for (auto &x : corners(w, sign_of(from), {shift - 2, shift - 1, shift, shift + 1,
                                              top - 2, top - 1, top, top + 1})) {
        g.print(x);
        g.result(get(converted<To>(make<From>(x))));
    }
    Random r = {seed};
    g.start(seed);
    for (int i = 0; i < n; i++)
        g.result(get(converted<To>(make<From>(operand(r, w, sign_of(from))))));
    g.end(n, seed);
}

template <class Float, class To> void run_from_float(const char *header, int n, uint64_t seed) {
    Group g(header);
    To to;
    int w = width_of(to), f = w - iwidth_of(to);
    for (double d : corner_doubles(w, f)) {
        g.print(Words(1, to_bits(d)));
        g.result(get(To(Float(d))));
    }
    Random r = {seed};
    g.start(seed);
    for (int i = 0; i < n; i++)
        g.result(get(To(Float(operand_double(r, w, f)))));
    g.end(n, seed);
}

template <class From> double as_double(const From &v) { return DOUBLE(v); }
template <class From> double as_float(const From &v) { return double(FLOAT(v)); }

template <class From, double (*Convert)(const From &)>
void run_to_float(const char *header, int n, uint64_t seed) {
    Group g(header);
    From from;
    int w = width_of(from);
    for (auto &x : corners(w, sign_of(from), {w - 23, w - 24, w - 25, w - 26, w - 52, w - 53, w - 54, w - 55,
                                              w - 64, w - 65})) {
        g.print(x);
        g.result(Words(1, to_bits(Convert(make<From>(x)))));
    }
    Random r = {seed};
    g.start(seed);
    for (int i = 0; i < n; i++)
        g.result(Words(1, to_bits(Convert(make<From>(operand(r, w, sign_of(from)))))));
    g.end(n, seed);
}

#define OPERATOR(NAME, SYMBOL)                                                                              \
    struct NAME {                                                                                            \
        template <class A, class B> static auto run(const A &a, const B &b) -> decltype(a SYMBOL b) {        \
            return a SYMBOL b;                                                                               \
        }                                                                                                    \
    };
OPERATOR(OpMul, *)
OPERATOR(OpAdd, +)
OPERATOR(OpSub, -)
OPERATOR(OpDiv, /)
OPERATOR(OpAnd, &)
OPERATOR(OpOr, |)
OPERATOR(OpXor, ^)

inline bool is_zero(const Words &x) {
    for (uint64_t w : x)
        if (w)
            return false;
    return true;
}

// The type of a result, as the header line of its group has it.
template <class T> std::string type_of(const T &y) {
    return " -> " + std::to_string(width_of(y)) + " " + std::to_string(iwidth_of(y)) + " " +
           std::to_string(sign_of(y));
}

// A binary operator. The type of its result follows the header.
template <class Op, class A, class B>
void run_binary(const char *header, bool divides, int n, uint64_t seed) {
    A a;
    B b;
    Group g(header + type_of(Op::run(make<A>(power(width_of(a), 0)), make<B>(power(width_of(b), 0)))));
    auto cb = corners(width_of(b), sign_of(b), {});
    for (auto &x : corners(width_of(a), sign_of(a), {}))
        for (auto &z : cb) {
            if (divides && is_zero(z))
                continue;
            g.print(x);
            g.print(z);
            g.result(get(Op::run(make<A>(x), make<B>(z))));
        }
    Random r = {seed};
    g.start(seed);
    for (int i = 0; i < n; i++) {
        Words x = operand(r, width_of(a), sign_of(a)), z = operand(r, width_of(b), sign_of(b));
        if (divides && is_zero(z))
            z = power(width_of(b), 0);
        g.result(get(Op::run(make<A>(x), make<B>(z))));
    }
    g.end(n, seed);
}

template <class A, class B> uint64_t relations(const A &a, const B &b) {
    return uint64_t(a < b) | uint64_t(a > b) << 1 | uint64_t(a <= b) << 2 | uint64_t(a >= b) << 3 |
           uint64_t(a == b) << 4 | uint64_t(a != b) << 5;
}

// The six comparisons, as six bits.
template <class A, class B> void run_compare(const char *header, int n, uint64_t seed) {
    A a;
    B b;
    Group g(header);
    auto cb = corners(width_of(b), sign_of(b), {});
    for (auto &x : corners(width_of(a), sign_of(a), {}))
        for (auto &z : cb) {
            g.print(x);
            g.print(z);
            g.result(Words(1, relations(make<A>(x), make<B>(z))));
        }
    Random r = {seed};
    g.start(seed);
    for (int i = 0; i < n; i++) {
        Words x = operand(r, width_of(a), sign_of(a)), z = operand(r, width_of(b), sign_of(b));
        g.result(Words(1, relations(make<A>(x), make<B>(z))));
    }
    g.end(n, seed);
}

// Negation: the result type and its values.
template <class A> void run_negate(const char *header, int n, uint64_t seed) {
    A a;
    Group g(header + type_of(-make<A>(power(width_of(a), 0))));
    for (auto &x : corners(width_of(a), sign_of(a), {})) {
        g.print(x);
        g.result(get(-make<A>(x)));
    }
    Random r = {seed};
    g.start(seed);
    for (int i = 0; i < n; i++)
        g.result(get(-make<A>(operand(r, width_of(a), sign_of(a)))));
    g.end(n, seed);
}

// Shifts by every amount from -3 to W+2, left and right; then conversion to int.
template <class A> void run_shift(const char *header, int n, uint64_t seed) {
    A a;
    int w = width_of(a);
    Group g(header);
    for (auto &x : corners(w, sign_of(a), {}))
        for (int s = -3; s <= w + 2; s += 1 + w / 8) {
            g.print(x);
            g.print(Words(1, uint64_t(int64_t(s))));
            g.print(get(A(make<A>(x) << s)));
            g.result(get(A(make<A>(x) >> s)));
        }
    Random r = {seed};
    g.start(seed);
    for (int i = 0; i < n; i++) {
        A v = make<A>(operand(r, w, sign_of(a)));
        int s = int(r.next() % uint64_t(w + 6)) - 3;
        g.result(get(A(v << s)));
        g.result(get(A(v >> s)));
    }
    g.end(n, seed);
}

// Conversion to a C int.
template <class A> void run_to_int(const char *header, int n, uint64_t seed) {
    A a;
    int w = width_of(a), f = w - iwidth_of(a);
    Group g(header);
    for (auto &x : corners(w, sign_of(a), {f - 1, f, f + 1, f + 31, f + 32})) {
        g.print(x);
        g.result(Words(1, uint64_t(int64_t(make<A>(x).to_int()))));
    }
    Random r = {seed};
    g.start(seed);
    for (int i = 0; i < n; i++)
        g.result(Words(1, uint64_t(int64_t(make<A>(operand(r, w, sign_of(a))).to_int()))));
    g.end(n, seed);
}

#endif
