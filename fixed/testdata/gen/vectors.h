// Support code of the vector programs: operands, raw access to the vendor types, output. The operands are
// described in README.md; the Go test makes the same ones.
#ifndef HLSGO_FIXED_VECTORS_H
#define HLSGO_FIXED_VECTORS_H

#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

typedef std::vector<uint64_t> Words; // little-endian two's complement, sign-extended to whole words

struct Random {
    uint64_t state;
    uint64_t next() {
        uint64_t z = (state += 0x9e3779b97f4a7c15ull);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
        return z ^ (z >> 31);
    }
};

inline int words_of(int w) { return (w + 63) / 64; }

// Makes the bits from w on copies of bit w-1, or zero.
inline void extend(Words &x, int w, bool is_signed) {
    bool ones = is_signed && (x[(w - 1) / 64] >> ((w - 1) % 64) & 1);
    for (size_t i = w; i < 64 * x.size(); i++) {
        uint64_t bit = uint64_t(1) << (i % 64);
        x[i / 64] = ones ? x[i / 64] | bit : x[i / 64] & ~bit;
    }
}

inline Words power(int w, int k) {
    Words x(words_of(w), 0);
    if (k >= 0 && k < w)
        x[k / 64] = uint64_t(1) << (k % 64);
    return x;
}

inline void add(Words &x, int64_t d) {
    uint64_t ext = d < 0 ? ~uint64_t(0) : 0, carry = 0;
    for (size_t i = 0; i < x.size(); i++) {
        unsigned __int128 s = (unsigned __int128)x[i] + (i == 0 ? uint64_t(d) : ext) + carry;
        x[i] = uint64_t(s);
        carry = uint64_t(s >> 64);
    }
}

inline void negate(Words &x) {
    for (size_t i = 0; i < x.size(); i++)
        x[i] = ~x[i];
    add(x, 1);
}

// One seeded operand of w bits.
inline Words operand(Random &r, int w, bool is_signed) {
    uint64_t k = r.next();
    Words x(words_of(w));
    for (size_t i = 0; i < x.size(); i++)
        x[i] = r.next();
    if ((k & 3) == 2) {
        int b = 1 + int((k >> 8) % uint64_t(w));
        extend(x, b, k >> 2 & 1);
    } else if ((k & 3) == 3) {
        int e = int((k >> 16) % uint64_t(w));
        switch ((k >> 8) % 6) {
        case 0: x = power(w, -1); break;
        case 1: x = power(w, w - 1); break;
        case 2: x = power(w, w - 1); add(x, -1); break;
        case 3: x = power(w, -1); add(x, -1); break;
        case 4: x = power(w, e); break;
        default: x = power(w, e); negate(x);
        }
        add(x, int64_t((k >> 40) % 5) - 2);
    }
    extend(x, w, is_signed);
    return x;
}

// The corner operands of w bits, with extra powers of two of interest.
inline std::vector<Words> corners(int w, bool is_signed, const std::vector<int> &powers) {
    std::vector<Words> all;
    auto push = [&](Words x, int64_t d) {
        add(x, d);
        extend(x, w, is_signed);
        for (auto &y : all)
            if (y == x)
                return;
        all.push_back(x);
    };
    for (int d = -3; d <= 3; d++)
        push(power(w, -1), d);
    for (int d = -2; d <= 1; d++)
        push(power(w, w - 1), d);
    for (int p : powers) {
        if (p < 0 || p >= w)
            continue;
        for (int d = -1; d <= 1; d++) {
            Words x = power(w, p), y = x;
            negate(y);
            push(x, d);
            push(y, d);
        }
        if (p > 0) { // one and a half times the power: a tie with the other parity
            Words x = power(w, p);
            x[(p - 1) / 64] |= uint64_t(1) << ((p - 1) % 64);
            push(x, 0);
            negate(x);
            push(x, 0);
        }
    }
    return all;
}

inline double from_bits(uint64_t b) {
    double d;
    memcpy(&d, &b, 8);
    return d;
}

inline uint64_t to_bits(double d) {
    uint64_t b;
    memcpy(&b, &d, 8);
    return b;
}

static const uint64_t special_doubles[] = {
    0x0000000000000000ull, 0x8000000000000000ull, 0x7ff0000000000000ull, 0xfff0000000000000ull,
    0x7ff8000000000000ull, 0xfff8000000000000ull, 0x0000000000000001ull, 0x8000000000000001ull,
    0x7fefffffffffffffull, 0xffefffffffffffffull,
};

// One seeded double around a format of w bits, f of them fractional.
inline double operand_double(Random &r, int w, int f) {
    uint64_t k = r.next(), m = r.next();
    if ((k & 7) == 7)
        return from_bits(special_doubles[(k >> 8) % 10]);
    int e = 1023 - f - 4 + int((k >> 8) % uint64_t(w + 8));
    e = e < 1 ? 1 : e > 2046 ? 2046 : e;
    int keep = int((k >> 32) % 53);
    uint64_t frac = (m >> 12) & ~((uint64_t(1) << (52 - keep)) - 1);
    return from_bits((k >> 3 & 1) << 63 | uint64_t(e) << 52 | frac);
}

// The corner doubles of that format: the specials, and numbers near the ends and below the step.
inline std::vector<double> corner_doubles(int w, int f) {
    std::vector<double> all;
    for (uint64_t b : special_doubles)
        all.push_back(from_bits(b));
    const int exps[] = {-f - 2, -f - 1, -f, -f + 1, w - f - 2, w - f - 1, w - f, w - f + 1, w - f + 60};
    for (int e : exps) {
        if (e < -1000 || e > 1000)
            continue;
        uint64_t b = uint64_t(1023 + e) << 52;
        const uint64_t fracs[] = {b, b + 1, b - 1, b | uint64_t(1) << 51, (b | uint64_t(1) << 51) + 1,
                                  (b | uint64_t(1) << 51) - 1, b | uint64_t(3) << 50};
        for (uint64_t v : fracs) {
            all.push_back(from_bits(v));
            all.push_back(-from_bits(v));
        }
    }
    const int halves[] = {w - 1, w}; // the largest raw and half a step around it
    for (int h : halves) {
        if (h > 51 || f > 900 || f < -900)
            continue;
        for (int q = -5; q <= 5; q++) {
            double v = (double(uint64_t(1) << h) + q / 4.0) * from_bits(uint64_t(1023 - f) << 52);
            all.push_back(v);
            all.push_back(-v);
        }
    }
    return all;
}

// ---------------------------------------------------------------------------------------------- output

// One group of vectors: a header line, corner lines, and the hash of a seeded bulk.
struct Group {
    uint64_t hash = 0xcbf29ce484222325ull;
    bool bulk = false;

    explicit Group(const std::string &header) { printf("%s\n", header.c_str()); }

    void word(uint64_t w) { hash = (hash ^ w) * 0x100000001b3ull; }

    void result(const Words &x) {
        if (bulk) {
            for (uint64_t w : x)
                word(w);
        } else {
            print(x);
            printf("\n");
        }
    }

    void print(const Words &x) {
        printf(" ");
        size_t i = x.size();
        while (i > 1 && x[i - 1] == 0)
            i--;
        printf("%" PRIx64, x[--i]);
        while (i > 0)
            printf("%016" PRIx64, x[--i]);
    }

    void start(uint64_t) { bulk = true; }
    void end(int n, uint64_t seed) { printf("bulk %d %" PRIu64 " %016" PRIx64 "\n", n, seed, hash); }
};

#endif
