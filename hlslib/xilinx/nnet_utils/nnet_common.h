#ifndef NNET_COMMON_H_
#define NNET_COMMON_H_

// Definitions that every layer shares.

#include "ap_fixed.h"
#include "ap_int.h"
#include "nnet_types.h"

// Compilers other than an HLS tool know neither the HLS pragmas nor what the labels of loops are for (they
// name the loops in the tool's reports).
#if defined(__GNUC__) && !defined(__SYNTHESIS__)
#pragma GCC diagnostic ignored "-Wunused-label"
#pragma GCC diagnostic ignored "-Wunknown-pragmas"
#endif

// Names that the configurations of a generated project use.
#define DIV_ROUNDUP(n, d) (((n) + (d)-1) / (d))
#define MIN(n, d) ((n) > (d) ? (d) : (n))
#define MAX(n, d) ((n) > (d) ? (n) : (d))

// One stream word as one wide signal: Vivado HLS wants to be told, Vitis HLS does it by itself.
#if defined(__SYNTHESIS__) && !defined(__VITIS_HLS__)
#define NNET_TEXT(x) #x
#define NNET_PRAGMA(x) _Pragma(NNET_TEXT(x))
#define PRAGMA_DATA_PACK(variable) NNET_PRAGMA(HLS DATA_PACK variable = variable)
#else
#define PRAGMA_DATA_PACK(variable)
#endif

// A look-up table is computed once: in simulation it is kept between calls, in synthesis the tool turns the
// filled local array into a ROM. The array, its flag and the filling stand in every function that has a
// table, for a function that returned the array would hand the tool a pointer into nowhere.
#ifdef __SYNTHESIS__
#define NNET_TABLE
#else
#define NNET_TABLE static
#endif

namespace nnet {

// The structs *_config of this library are names that the configurations of a project derive from. Nearly all
// are empty: a configuration sets every member, and one that is forgotten stops the compiler, where a number
// made up here would make other firmware. What a base does hold, somebody relies on; it says who.

enum io_type { io_parallel = 0, io_stream };
enum strategy { latency, resource, resource_unrolled, distributed_arithmetic };

// Whether products of strategy S share their multipliers, step by step, in a loop or a class of their own.
// That is where such a product is pipelined: a pipeline round it would unroll the steps and undo the sharing.
// With any other strategy nothing is left to repeat in the product, and the loop or function round it is
// pipelined, one answer every reuse_factor cycles.
template <unsigned S> struct shares_multipliers {
    static const bool value = S == resource || S == resource_unrolled;
};

// Address bits of a table with x entries: at least one.
constexpr int ceillog2(int x) { return x <= 2 ? 1 : 1 + ceillog2((x + 1) / 2); }
constexpr int floorlog2(int x) { return x < 2 ? 0 : 1 + floorlog2(x / 2); }
constexpr int pow2(int x) { return x == 0 ? 1 : 2 * pow2(x - 1); }

template <class T> struct Op_add {
    T operator()(T a, T b) const { return a + b; }
};
template <class T> struct Op_max {
    T operator()(T a, T b) const { return a >= b ? a : b; }
};
template <class T> struct Op_min {
    T operator()(T a, T b) const { return a <= b ? a : b; }
};

// Balanced tree over x[0..N-1]: the left part takes the largest power of two below N. Every node is a T, so
// with a rounding or saturating T the shape of the tree matters.
template <class T, int N, class Op> struct reduce_tree {
    static const int left = pow2(floorlog2(N - 1));
    static T eval(const T *x, Op op) {
        #pragma HLS INLINE
        return op(reduce_tree<T, left, Op>::eval(x, op), reduce_tree<T, N - left, Op>::eval(x + left, op));
    }
};
template <class T, class Op> struct reduce_tree<T, 1, Op> {
    static T eval(const T *x, Op) { return x[0]; }
};

template <class T, int N, class Op> T reduce(const T *x, Op op) {
    #pragma HLS INLINE
    return reduce_tree<T, N, Op>::eval(x, op);
}

} // namespace nnet

#endif
