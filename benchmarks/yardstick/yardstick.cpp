// What good C++ without intrinsics makes of one layer of 500 by 500 over 1024 samples, compiled with
// -O3 -march=native: the yardstick of the simulator's sums. For each kind of sum the faster of a plain loop and
// of a blocked one counts. Prints "kind GMAC/s" per kind, the median of the rounds.
//
//   exact16: int16 products summed in int32
//   cut16:   int16 products shifted right by 10 and summed modulo 2^16
//   exact64: int32 products summed in int64
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

const int inputs = 500, outputs = 500, samples = 1024, rounds = 15;

// Samples row by row, weights row by row: each sum runs over memory in order.
template <class X, class A> struct Exact {
    static A term(X x, X w) { return static_cast<A>(x) * w; }
};
struct Cut {
    static int16_t term(int16_t x, int16_t w) { return static_cast<int16_t>((static_cast<int32_t>(x) * w) >> 10); }
};

template <class X, class A, class T> void plain(const X *x, const X *w, A *y) {
    for (int s = 0; s < samples; s++)
        for (int j = 0; j < outputs; j++) {
            A acc = 0;
            for (int i = 0; i < inputs; i++)
                acc = static_cast<A>(acc + T::term(x[s * inputs + i], w[j * inputs + i]));
            y[s * outputs + j] = acc;
        }
}

// Two samples by four outputs at a time, so that each load serves several products.
template <class X, class A, class T> void blocked(const X *x, const X *w, A *y) {
    for (int s = 0; s < samples; s += 2)
        for (int j = 0; j < outputs; j += 4) {
            const X *x0 = x + s * inputs, *x1 = x0 + inputs;
            const X *w0 = w + j * inputs, *w1 = w0 + inputs, *w2 = w1 + inputs, *w3 = w2 + inputs;
            A a0 = 0, a1 = 0, a2 = 0, a3 = 0, b0 = 0, b1 = 0, b2 = 0, b3 = 0;
            for (int i = 0; i < inputs; i++) {
                a0 = static_cast<A>(a0 + T::term(x0[i], w0[i]));
                a1 = static_cast<A>(a1 + T::term(x0[i], w1[i]));
                a2 = static_cast<A>(a2 + T::term(x0[i], w2[i]));
                a3 = static_cast<A>(a3 + T::term(x0[i], w3[i]));
                b0 = static_cast<A>(b0 + T::term(x1[i], w0[i]));
                b1 = static_cast<A>(b1 + T::term(x1[i], w1[i]));
                b2 = static_cast<A>(b2 + T::term(x1[i], w2[i]));
                b3 = static_cast<A>(b3 + T::term(x1[i], w3[i]));
            }
            A *y0 = y + s * outputs + j, *y1 = y0 + outputs;
            y0[0] = a0, y0[1] = a1, y0[2] = a2, y0[3] = a3;
            y1[0] = b0, y1[1] = b1, y1[2] = b2, y1[3] = b3;
        }
}

// Samples innermost: one output at a time over runs of samples, x transposed.
template <class X, class A, class T> void across(const X *x, const X *w, A *y) {
    const int run = 128;
    for (int s = 0; s < samples; s += run)
        for (int j = 0; j < outputs; j++) {
            A acc[run] = {};
            for (int i = 0; i < inputs; i++) {
                const X *row = x + i * samples + s;
                const X weight = w[j * inputs + i];
                for (int k = 0; k < run; k++)
                    acc[k] = static_cast<A>(acc[k] + T::term(row[k], weight));
            }
            for (int k = 0; k < run; k++)
                y[j * samples + s + k] = acc[k];
        }
}

template <class X, class A> double rate(void (*f)(const X *, const X *, A *)) {
    std::vector<X> x(samples * inputs), w(outputs * inputs);
    std::vector<A> y(samples * outputs);
    for (auto &v : x)
        v = static_cast<X>(std::rand() % 2000 - 1000);
    for (auto &v : w)
        v = static_cast<X>(std::rand() % 2000 - 1000);
    std::vector<double> seconds;
    for (int r = 0; r < rounds; r++) {
        auto begin = std::chrono::steady_clock::now();
        f(x.data(), w.data(), y.data());
        std::chrono::duration<double> d = std::chrono::steady_clock::now() - begin;
        seconds.push_back(d.count());
        volatile A use = y[r];
        (void)use;
    }
    std::nth_element(seconds.begin(), seconds.begin() + rounds / 2, seconds.end());
    return 1e-9 * inputs * outputs * samples / seconds[rounds / 2];
}

template <class X, class A, class T> double best() {
    return std::max({rate<X, A>(plain<X, A, T>), rate<X, A>(blocked<X, A, T>), rate<X, A>(across<X, A, T>)});
}

int main() {
    std::printf("exact16 %.1f\n", best<int16_t, int32_t, Exact<int16_t, int32_t>>());
    std::printf("cut16 %.1f\n", best<int16_t, int16_t, Cut>());
    std::printf("exact64 %.1f\n", best<int32_t, int64_t, Exact<int32_t, int64_t>>());
}
