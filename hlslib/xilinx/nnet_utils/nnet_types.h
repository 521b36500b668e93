#ifndef NNET_TYPES_H_
#define NNET_TYPES_H_

#include <cstddef>

namespace nnet {

// One word of a stream: N values side by side.
template <class T, unsigned N> struct array {
    typedef T value_type;
    static const unsigned size = N;

    T data[N];

    T &operator[](std::size_t i) { return data[i]; }
    const T &operator[](std::size_t i) const { return data[i]; }

    bool operator==(const array &other) const {
        for (unsigned i = 0; i < N; i++) {
            #pragma HLS UNROLL
            if (data[i] != other.data[i])
                return false;
        }
        return true;
    }
    bool operator!=(const array &other) const { return !(*this == other); }
};

} // namespace nnet

#endif
