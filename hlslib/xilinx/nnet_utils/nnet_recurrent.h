#ifndef NNET_RECURRENT_H_
#define NNET_RECURRENT_H_

// Recurrent layers. A cell holds the state of one direction and takes one step at a time:
//
//   from_input = w * x + b, from_state = wr * h + br, both in accum_t; their sums, in accum_t, pass the
//   activations, in accum_t; what comes of them is the new state, in the result's type.
//
// With use_static the cell outlives the call, so that all steps share one block of hardware. Every sequence
// starts from zero all the same.

#include "hls_stream.h"
#include "nnet_activation.h"
#include "nnet_common.h"
#include "nnet_dense.h"
#include "nnet_recr_activations.h"
#include "nnet_stream.h"

namespace nnet {

// Members of a configuration: n_in, n_state, n_sequence, n_sequence_out (1: only the last state leaves),
// use_static, weight_t, bias_t, recurrent_weight_t, recurrent_bias_t, accum_t; mult_config1 and mult_config2,
// the products with input and state; activation with ACT_CONFIG_T; activation_recr with ACT_CONFIG_LSTM or
// ACT_CONFIG_GRU. One direction of a bidirectional layer has the sequence and use_static from the layer.
struct simple_rnn_config {};
struct lstm_config {};
struct gru_config {};
struct single_layer_config {};

// How a bidirectional layer joins its two halves.
enum merge_mode { merge_concat = 0, merge_sum = 1, merge_mul = 2, merge_ave = 3 };

// Members: FORWARD_CONFIG and BACKWARD_CONFIG (of the kind single_layer_config), RNNfunc_forward and
// RNNfunc_backward (their cells), n_in, n_out, n_sequence, n_sequence_out, merge.
struct bidirectional_config {
    // hls4ml has no such member: its halves always stand side by side.
    static const merge_mode merge = merge_concat;
};

// ---- steps ---------------------------------------------------------------------------------------------

// N sums of two accumulators.
template <class accum_T, unsigned N> void add_products(const accum_T *a, const accum_T *b, accum_T *sum) {
    #pragma HLS INLINE
AddProducts:
    for (unsigned i = 0; i < N; i++) {
        #pragma HLS UNROLL
        sum[i] = a[i] + b[i];
    }
}

template <class T, unsigned N> void clear_state(T state[N]) {
    #pragma HLS INLINE
ClearState:
    for (unsigned i = 0; i < N; i++) {
        #pragma HLS UNROLL
        state[i] = 0;
    }
}

// ---- states at the ends of a sequence ----

// In the place of a tensor: a state that begins at zero, or a result that nobody reads.
struct no_tensor {};
static const no_tensor nothing = no_tensor();

// N values of state from an array, from a stream, or zeros.
template <class T, unsigned N> void load_state(no_tensor, T *state) { clear_state<T, N>(state); }
template <class T, unsigned N, class from_T> void load_state(from_T *from, T *state) {
    #pragma HLS INLINE
LoadState:
    for (unsigned i = 0; i < N; i++) {
        #pragma HLS UNROLL
        state[i] = from[i];
    }
}
template <class T, unsigned N, class word_T> void load_state(hls::stream<word_T> &from, T *state) {
    #pragma HLS INLINE
    typename word_T::value_type values[N];
    #pragma HLS ARRAY_PARTITION variable=values complete
    read_words<word_T, N>(from, values);
    load_state<T, N>(values, state);
}

// N values of state into an array, into a stream, or nowhere.
template <class T, unsigned N> void store_state(T *, no_tensor) {}
template <class T, unsigned N> void store_state(T *state, T *to) {
    #pragma HLS INLINE
    load_state<T, N>(state, to);
}
template <class T, unsigned N, class word_T> void store_state(T *state, hls::stream<word_T> &to) {
    #pragma HLS INLINE
    write_words<word_T, N>(state, to);
}

// ---- cells -----------------------------------------------------------------------------------------------

// A cell whose state is one vector. `start` and `finish` take two tensors, as cells with an inner state do.
template <class res_T, unsigned N> struct one_state {
    res_T h[N];

    void reset() { clear_state<res_T, N>(h); }
    template <class h_T, class c_T> void start(h_T &h0, c_T &) { load_state<res_T, N>(h0, h); }
    template <class h_T, class c_T> void finish(h_T &to, c_T &) { store_state<res_T, N>(h, to); }
};

template <class data_T, class res_T, typename CONFIG_T, bool backward = false>
struct simple_rnn_class : one_state<res_T, CONFIG_T::n_state> {
    static const bool is_static = false;
    static const unsigned n = CONFIG_T::n_state;
    typedef typename CONFIG_T::accum_t accum_T;
    using one_state<res_T, CONFIG_T::n_state>::h;

    void step(data_T x[CONFIG_T::n_in], typename CONFIG_T::weight_t *w,
              typename CONFIG_T::recurrent_weight_t *wr, typename CONFIG_T::bias_t *b,
              typename CONFIG_T::mult_config2::bias_t *br) {
        accum_T from_input[n], from_state[n], z[n];
        #pragma HLS ARRAY_PARTITION variable=from_input complete
        #pragma HLS ARRAY_PARTITION variable=from_state complete
        #pragma HLS ARRAY_PARTITION variable=z complete
        nnet::dense<data_T, accum_T, typename CONFIG_T::mult_config1>(x, from_input, w, b);
        nnet::dense<res_T, accum_T, typename CONFIG_T::mult_config2>(h, from_state, wr, br);
        add_products<accum_T, n>(from_input, from_state, z);
        CONFIG_T::template activation<accum_T, res_T, typename CONFIG_T::ACT_CONFIG_T>::activation(z, h);
    }
};

// The rows of weights and biases are the gates input, forget, candidate, output.
template <class data_T, class res_T, typename CONFIG_T, bool backward = false> struct lstm_class {
    static const bool is_static = false;
    static const unsigned n = CONFIG_T::n_state;
    typedef typename CONFIG_T::accum_t accum_T;

    res_T h[CONFIG_T::n_state];
    res_T inner[CONFIG_T::n_state];

    void reset() {
        clear_state<res_T, CONFIG_T::n_state>(h);
        clear_state<res_T, CONFIG_T::n_state>(inner);
    }
    template <class h_T, class c_T> void start(h_T &h0, c_T &c0) {
        load_state<res_T, CONFIG_T::n_state>(h0, h);
        load_state<res_T, CONFIG_T::n_state>(c0, inner);
    }
    template <class h_T, class c_T> void finish(h_T &to, c_T &to_inner) {
        store_state<res_T, CONFIG_T::n_state>(h, to);
        store_state<res_T, CONFIG_T::n_state>(inner, to_inner);
    }

    void step(data_T x[CONFIG_T::n_in], typename CONFIG_T::weight_t *w,
              typename CONFIG_T::recurrent_weight_t *wr, typename CONFIG_T::bias_t *b,
              typename CONFIG_T::recurrent_bias_t *br) {
        typedef typename CONFIG_T::ACT_CONFIG_T act_config;
        accum_T from_input[4 * n], from_state[4 * n];
        // The gates input, forget, output before and after activation: three of the four rows in one array,
        // for ACT_CONFIG_LSTM counts them as one layer.
        accum_T closed[3 * n], open[3 * n];
        accum_T z[n], candidate[n], out[n];
        #pragma HLS ARRAY_PARTITION variable=from_input complete
        #pragma HLS ARRAY_PARTITION variable=from_state complete
        #pragma HLS ARRAY_PARTITION variable=closed complete
        #pragma HLS ARRAY_PARTITION variable=open complete
        #pragma HLS ARRAY_PARTITION variable=z complete
        #pragma HLS ARRAY_PARTITION variable=candidate complete
        #pragma HLS ARRAY_PARTITION variable=out complete
        nnet::dense<data_T, accum_T, typename CONFIG_T::mult_config1>(x, from_input, w, b);
        nnet::dense<res_T, accum_T, typename CONFIG_T::mult_config2>(h, from_state, wr, br);
        add_products<accum_T, 2 * n>(from_input, from_state, closed);
        add_products<accum_T, n>(&from_input[2 * n], &from_state[2 * n], z);
        add_products<accum_T, n>(&from_input[3 * n], &from_state[3 * n], &closed[2 * n]);
        CONFIG_T::template activation_recr<accum_T, accum_T, typename CONFIG_T::ACT_CONFIG_LSTM>::activation(
            closed, open);
        CONFIG_T::template activation<accum_T, accum_T, act_config>::activation(z, candidate);
    Inner:
        // Exact products and an exact sum: the new state is rounded once, to the type of the result.
        for (unsigned i = 0; i < n; i++) {
            #pragma HLS UNROLL
            inner[i] = candidate[i] * open[i] + inner[i] * open[n + i];
        }
        CONFIG_T::template activation<res_T, accum_T, act_config>::activation(inner, out);
    Output:
        for (unsigned i = 0; i < n; i++) {
            #pragma HLS UNROLL
            h[i] = open[2 * n + i] * out[i];
        }
    }
};

// The rows of weights and biases are the gates update, reset, candidate, or with pytorch_order reset, update,
// candidate. The reset gate is applied to the product of the state.
template <class data_T, class res_T, typename CONFIG_T, bool backward = false>
struct gru_class : one_state<res_T, CONFIG_T::n_state> {
    static const bool is_static = false;
    static const unsigned n = CONFIG_T::n_state;
    static const unsigned update_at = CONFIG_T::pytorch_order ? n : 0;
    static const unsigned reset_at = n - update_at;
    typedef typename CONFIG_T::accum_t accum_T;
    using one_state<res_T, CONFIG_T::n_state>::h;

    void step(data_T x[CONFIG_T::n_in], typename CONFIG_T::weight_t *w,
              typename CONFIG_T::recurrent_weight_t *wr, typename CONFIG_T::bias_t *b,
              typename CONFIG_T::recurrent_bias_t *br) {
        accum_T from_input[3 * n], from_state[3 * n];
        accum_T closed[2 * n], open[2 * n]; // the gates update, reset before and after activation
        accum_T kept[n], z[n], candidate[n];
        #pragma HLS ARRAY_PARTITION variable=from_input complete
        #pragma HLS ARRAY_PARTITION variable=from_state complete
        #pragma HLS ARRAY_PARTITION variable=closed complete
        #pragma HLS ARRAY_PARTITION variable=open complete
        #pragma HLS ARRAY_PARTITION variable=kept complete
        #pragma HLS ARRAY_PARTITION variable=z complete
        #pragma HLS ARRAY_PARTITION variable=candidate complete
        nnet::dense<data_T, accum_T, typename CONFIG_T::mult_config1>(x, from_input, w, b);
        nnet::dense<res_T, accum_T, typename CONFIG_T::mult_config2>(h, from_state, wr, br);
        add_products<accum_T, 2 * n>(from_input, from_state, closed);
        CONFIG_T::template activation_recr<accum_T, accum_T, typename CONFIG_T::ACT_CONFIG_GRU>::activation(
            closed, open);
    Reset:
        for (unsigned i = 0; i < n; i++) {
            #pragma HLS UNROLL
            kept[i] = open[reset_at + i] * from_state[2 * n + i];
        }
        add_products<accum_T, n>(&from_input[2 * n], kept, z);
        CONFIG_T::template activation<accum_T, accum_T, typename CONFIG_T::ACT_CONFIG_T>::activation(
            z, candidate);
    Mix:
        // Rounded once, as it becomes the state.
        for (unsigned i = 0; i < n; i++) {
            #pragma HLS UNROLL
            h[i] = candidate[i] * (1 - open[update_at + i]) + h[i] * open[update_at + i];
        }
    }
};

// How many bits numbers take in memory, and where compilers for x86-64 let arrays begin.
template <class T, unsigned N> struct stored {
    static const unsigned bits =
        T::width <= 8 ? 8 : T::width <= 16 ? 16 : T::width <= 32 ? 32 : (T::width + 63) / 64 * 64;
    static const unsigned size = bits * N;
    static const unsigned element = bits < 64 ? bits : 64;
    static const unsigned align = size >= 256 ? 256 : size >= 128 ? 128 : size >= 64 ? 64 : element;

    // Where the array stands when what comes before it ends at bit `end`.
    static constexpr unsigned place(unsigned end) { return (end + align - 1) / align * align; }

    // Bit k of an array.
    static bool bit(const T *x, unsigned k) {
        #pragma HLS INLINE
        const unsigned j = k % bits;
        return j < T::width ? bool(x[k / bits][j]) : bool(x[k / bits] < 0);
    }
};

// A type with all the bits that numbers of T take in memory.
template <class T> struct whole;
template <int W, int I, ap_q_mode Q, ap_o_mode O, int N> struct whole<ap_fixed<W, I, Q, O, N>> {
    static const int bits = stored<ap_fixed<W, I, Q, O, N>, 1>::bits;
    typedef ap_fixed<bits, I + bits - W, Q, O, N> type;
};
template <int W, int I, ap_q_mode Q, ap_o_mode O, int N> struct whole<ap_ufixed<W, I, Q, O, N>> {
    static const int bits = stored<ap_ufixed<W, I, Q, O, N>, 1>::bits;
    typedef ap_ufixed<bits, I + bits - W, Q, O, N> type;
};
template <int W> struct whole<ap_int<W>> {
    typedef ap_int<stored<ap_int<W>, 1>::bits> type;
};
template <int W> struct whole<ap_uint<W>> {
    typedef ap_uint<stored<ap_uint<W>, 1>::bits> type;
};

// What stands in memory from the one value of each bias of a GRU on: that of the state at bit bias_offset,
// that of the input, then the weights of the state and those of the input; zeros between.
template <typename CONFIG_T> struct one_bias {
    typedef typename CONFIG_T::bias_t input_t;
    typedef typename CONFIG_T::recurrent_bias_t state_t;
    typedef typename CONFIG_T::recurrent_weight_t again_t;
    typedef typename CONFIG_T::weight_t weight_t;
    static const unsigned n = 3 * CONFIG_T::n_state;
    typedef stored<state_t, 1> state;
    typedef stored<input_t, 1> input;
    typedef stored<again_t, n * CONFIG_T::n_state> again;
    typedef stored<weight_t, n * CONFIG_T::n_in> weight;
    static const unsigned at_state = state::place(CONFIG_T::bias_offset);
    static const unsigned at_input = input::place(at_state + state::size);
    static const unsigned at_again = again::place(at_input + input::size);
    static const unsigned at_weight = weight::place(at_again + again::size);

    static bool bit(unsigned k, const weight_t *w, const again_t *wr, const input_t *b, const state_t *br) {
        #pragma HLS INLINE
        if (k < at_state + state::size)
            return state::bit(br, k - at_state);
        if (k >= at_input && k < at_input + input::size)
            return input::bit(b, k - at_input);
        if (k >= at_again && k < at_again + again::size)
            return again::bit(wr, k - at_again);
        return k >= at_weight && weight::bit(w, k - at_weight);
    }

    // n values from bit `at` on.
    template <class T>
    static void read(unsigned at, const weight_t *w, const again_t *wr, const input_t *b, const state_t *br,
                     T values[n]) {
        #pragma HLS INLINE
        for (unsigned i = 0; i < n; i++) {
            #pragma HLS UNROLL
            T value = 0;
            for (unsigned k = 0; k < T::width; k++) {
                #pragma HLS UNROLL
                value[k] = bit(at + i * T::width + k, w, wr, b, br);
            }
            values[i] = value;
        }
    }
};

// The configuration with types of biases as they are read.
template <typename CONFIG_T> struct one_bias_config : CONFIG_T {
    typedef typename whole<typename CONFIG_T::bias_t>::type bias_t;
    typedef typename whole<typename CONFIG_T::recurrent_bias_t>::type recurrent_bias_t;
    struct mult_config1 : CONFIG_T::mult_config1 {
        typedef typename one_bias_config::bias_t bias_t;
    };
    struct mult_config2 : CONFIG_T::mult_config2 {
        typedef typename one_bias_config::recurrent_bias_t bias_t;
    };
};

// A GRU with one value of each bias, which reads on in memory for the others.
template <class data_T, class res_T, typename CONFIG_T, bool backward = false>
struct gru_class_one_bias : gru_class<data_T, res_T, one_bias_config<CONFIG_T>, backward> {
    void step(data_T x[CONFIG_T::n_in], typename CONFIG_T::weight_t *w,
              typename CONFIG_T::recurrent_weight_t *wr, typename CONFIG_T::bias_t *b,
              typename CONFIG_T::recurrent_bias_t *br) {
        typedef one_bias<CONFIG_T> memory;
        typedef one_bias_config<CONFIG_T> config;
        typename config::bias_t all_b[3 * CONFIG_T::n_state];
        typename config::recurrent_bias_t all_br[3 * CONFIG_T::n_state];
        memory::read(memory::at_input, w, wr, b, br, all_b);
        memory::read(memory::at_state, w, wr, b, br, all_br);
        gru_class<data_T, res_T, config, backward>::step(x, w, wr, all_b, all_br);
    }
};

// The same cells, for layers that keep them between calls.
template <class data_T, class res_T, typename CONFIG_T, bool backward = false>
struct simple_rnn_class_static : simple_rnn_class<data_T, res_T, CONFIG_T, backward> {
    static const bool is_static = true;
};
template <class data_T, class res_T, typename CONFIG_T, bool backward = false>
struct lstm_class_static : lstm_class<data_T, res_T, CONFIG_T, backward> {
    static const bool is_static = true;
};
template <class data_T, class res_T, typename CONFIG_T, bool backward = false>
struct gru_class_static : gru_class<data_T, res_T, CONFIG_T, backward> {
    static const bool is_static = true;
};
template <class data_T, class res_T, typename CONFIG_T, bool backward = false>
struct gru_class_one_bias_static : gru_class_one_bias<data_T, res_T, CONFIG_T, backward> {
    static const bool is_static = true;
};

// ---- sequences -------------------------------------------------------------------------------------------

// A layer keeps its cell between calls where use_static asks for it. `static` is what makes one block of
// hardware with registers of its own in a tool; in simulation it changes no answer, since every sequence
// begins with a reset or with states that are given.

// All steps of a sequence in arrays. seq receives every state, or the last one alone where n_out is 1; a
// backward layer starts at the last step and puts each state where its input stands.
template <class cell_T, class data_T, class res_T, typename CONFIG_T, unsigned n_steps, unsigned n_out,
          bool backward>
void run_steps(cell_T &cell, data_T *data, res_T *seq, typename CONFIG_T::weight_t *w,
               typename CONFIG_T::recurrent_weight_t *wr, typename CONFIG_T::bias_t *b,
               typename CONFIG_T::mult_config2::bias_t *br) {
    cell.reset();
Steps:
    for (unsigned k = 0; k < n_steps; k++) {
        const unsigned t = backward ? n_steps - 1 - k : k;
        cell.step(&data[t * CONFIG_T::n_in], w, wr, b, br);
        if (n_out > 1 || k == n_steps - 1) {
        State:
            for (unsigned i = 0; i < CONFIG_T::n_state; i++) {
                #pragma HLS UNROLL
                seq[(n_out > 1 ? t : 0) * CONFIG_T::n_state + i] = cell.h[i];
            }
        }
    }
}

template <class cell_T, class data_T, class res_T, typename CONFIG_T, unsigned n_steps, unsigned n_out,
          bool backward, bool keep>
void run_layer(data_T *data, res_T *seq, typename CONFIG_T::weight_t *w,
               typename CONFIG_T::recurrent_weight_t *wr, typename CONFIG_T::bias_t *b,
               typename CONFIG_T::mult_config2::bias_t *br) {
    if (keep) {
        static cell_T cell;
        run_steps<cell_T, data_T, res_T, CONFIG_T, n_steps, n_out, backward>(cell, data, seq, w, wr, b, br);
    } else {
        cell_T cell;
        run_steps<cell_T, data_T, res_T, CONFIG_T, n_steps, n_out, backward>(cell, data, seq, w, wr, b, br);
    }
}

// Step t of an array or of a stream, where one word is one step.
template <class data_T, unsigned n_in> void take_step(data_T *data, unsigned t, data_T *x) {
    #pragma HLS INLINE
    load_state<data_T, n_in>(&data[t * n_in], x);
}
template <class data_T, unsigned n_in, class word_T>
void take_step(hls::stream<word_T> &data, unsigned, data_T *x) {
    #pragma HLS INLINE
    read_words<word_T, n_in>(data, x);
}

// The state behind step t: into a row of an array, into a stream, or nowhere.
template <unsigned N, class T> void give_step(T *, no_tensor, unsigned) {}
template <unsigned N, class T> void give_step(T *state, T *seq, unsigned row) {
    #pragma HLS INLINE
    load_state<T, N>(state, &seq[row * N]);
}
template <unsigned N, class T, class word_T> void give_step(T *state, hls::stream<word_T> &seq, unsigned) {
    #pragma HLS INLINE
    write_words<word_T, N>(state, seq);
}

// The same for arrays and streams, from the states h0 and c0 on; the last states are left in h and c.
template <class CONFIG_T, class data_T, class cell_T, class x_T, class h0_T, class c0_T, class seq_T,
          class h_T, class c_T>
void run_states(cell_T &cell, x_T &data, h0_T &h0, c0_T &c0, seq_T &seq, h_T &h, c_T &c,
                typename CONFIG_T::weight_t *w, typename CONFIG_T::recurrent_weight_t *wr,
                typename CONFIG_T::bias_t *b, typename CONFIG_T::mult_config2::bias_t *br) {
    cell.start(h0, c0);
Steps:
    for (unsigned t = 0; t < CONFIG_T::n_sequence; t++) {
        data_T x[CONFIG_T::n_in];
        #pragma HLS ARRAY_PARTITION variable=x complete
        take_step<data_T, CONFIG_T::n_in>(data, t, x);
        cell.step(x, w, wr, b, br);
        if (CONFIG_T::n_sequence_out > 1 || t == CONFIG_T::n_sequence - 1)
            give_step<CONFIG_T::n_state>(cell.h, seq, CONFIG_T::n_sequence_out > 1 ? t : 0);
    }
    cell.finish(h, c);
}

// x_T are the values of the data.
template <class CONFIG_T, class cell_T, class x_T, class data_T, class h0_T, class c0_T, class seq_T,
          class h_T, class c_T>
void states_layer(data_T &data, h0_T &h0, c0_T &c0, seq_T &seq, h_T &h, c_T &c,
                  typename CONFIG_T::weight_t *w, typename CONFIG_T::recurrent_weight_t *wr,
                  typename CONFIG_T::bias_t *b, typename CONFIG_T::mult_config2::bias_t *br) {
    if (CONFIG_T::use_static) {
        static cell_T cell;
        run_states<CONFIG_T, x_T>(cell, data, h0, c0, seq, h, c, w, wr, b, br);
    } else {
        cell_T cell;
        run_states<CONFIG_T, x_T>(cell, data, h0, c0, seq, h, c, w, wr, b, br);
    }
}

// ---- layers of one direction -----------------------------------------------------------------------------

// A layer with a given cell, on arrays and on streams.
template <template <class, class, class, bool> class cell_T, typename CONFIG_T, class data_T, class res_T,
          class... Weights>
void run_stack(data_T *data, res_T *res, Weights *...weights) {
    #pragma HLS INLINE
    run_layer<cell_T<data_T, res_T, CONFIG_T, false>, data_T, res_T, CONFIG_T, CONFIG_T::n_sequence,
              CONFIG_T::n_sequence_out, false, CONFIG_T::use_static>(data, res, weights...);
}
template <template <class, class, class, bool> class cell_T, typename CONFIG_T, class data_T, class res_T,
          class... Weights>
void run_stack(hls::stream<data_T> &data, hls::stream<res_T> &res, Weights *...weights) {
    #pragma HLS INLINE
    typedef typename data_T::value_type x_T;
    typedef cell_T<x_T, typename res_T::value_type, CONFIG_T, false> layer_T;
    states_layer<CONFIG_T, layer_T, x_T>(data, nothing, nothing, res, nothing, nothing, weights...);
}

// The weights of every layer are w, one row of n_in values for each unit of each gate, wr, rows of n_state
// values, and the biases b and br of both products.

// This cell has one bias; its other product starts from zeros.
template <class data_T, class res_T, typename CONFIG_T>
void simple_rnn_stack(data_T data[CONFIG_T::n_sequence * CONFIG_T::n_in],
                      res_T res[CONFIG_T::n_sequence_out * CONFIG_T::n_state],
                      typename CONFIG_T::weight_t *w, typename CONFIG_T::recurrent_weight_t *wr,
                      typename CONFIG_T::bias_t *b) {
    typename CONFIG_T::bias_t none[CONFIG_T::n_state];
    clear_state<typename CONFIG_T::bias_t, CONFIG_T::n_state>(none);
    run_stack<simple_rnn_class, CONFIG_T>(data, res, w, wr, b, none);
}
template <class data_T, class res_T, typename CONFIG_T>
void simple_rnn_stack(hls::stream<data_T> &data, hls::stream<res_T> &res, typename CONFIG_T::weight_t *w,
                      typename CONFIG_T::recurrent_weight_t *wr, typename CONFIG_T::bias_t *b) {
    typename CONFIG_T::bias_t none[CONFIG_T::n_state];
    clear_state<typename CONFIG_T::bias_t, CONFIG_T::n_state>(none);
    run_stack<simple_rnn_class, CONFIG_T>(data, res, w, wr, b, none);
}

template <class data_T, class res_T, typename CONFIG_T, class... Weights>
void lstm_stack(data_T data[CONFIG_T::n_sequence * CONFIG_T::n_in],
                res_T res[CONFIG_T::n_sequence_out * CONFIG_T::n_state], Weights *...weights) {
    run_stack<lstm_class, CONFIG_T>(data, res, weights...);
}
template <class data_T, class res_T, typename CONFIG_T, class... Weights>
void lstm_stack(hls::stream<data_T> &data, hls::stream<res_T> &res, Weights *...weights) {
    run_stack<lstm_class, CONFIG_T>(data, res, weights...);
}

template <class data_T, class res_T, typename CONFIG_T, class... Weights>
void gru_stack(data_T data[CONFIG_T::n_sequence * CONFIG_T::n_in],
               res_T res[CONFIG_T::n_sequence_out * CONFIG_T::n_state], Weights *...weights) {
    run_stack<gru_class, CONFIG_T>(data, res, weights...);
}
template <class data_T, class res_T, typename CONFIG_T, class... Weights>
void gru_stack(hls::stream<data_T> &data, hls::stream<res_T> &res, Weights *...weights) {
    run_stack<gru_class, CONFIG_T>(data, res, weights...);
}

// The bias arrays hold one value each.
template <class data_T, class res_T, typename CONFIG_T, class... Weights>
void gru_stack_one_bias(data_T data[CONFIG_T::n_sequence * CONFIG_T::n_in],
                        res_T res[CONFIG_T::n_sequence_out * CONFIG_T::n_state], Weights *...weights) {
    run_stack<gru_class_one_bias, CONFIG_T>(data, res, weights...);
}
template <class data_T, class res_T, typename CONFIG_T, class... Weights>
void gru_stack_one_bias(hls::stream<data_T> &data, hls::stream<res_T> &res, Weights *...weights) {
    run_stack<gru_class_one_bias, CONFIG_T>(data, res, weights...);
}

// ---- layers of one direction that take states or give them ---------------------------------------------

// h0 and c0 are the states before the first step, seq the sequence of states, or the last, h and c the states
// behind the last step. Each is a tensor or nnet::nothing; c0 and c are of an LSTM alone.
template <class CONFIG_T, class data_T, class h0_T, class c0_T, class seq_T, class h_T, class c_T>
void recurrent_states(data_T *data, h0_T h0, c0_T c0, seq_T seq, h_T h, c_T c, typename CONFIG_T::weight_t *w,
                      typename CONFIG_T::recurrent_weight_t *wr, typename CONFIG_T::bias_t *b,
                      typename CONFIG_T::mult_config2::bias_t *br) {
    typedef typename CONFIG_T::template cell<data_T, typename CONFIG_T::state_t, CONFIG_T, false> cell_T;
    states_layer<CONFIG_T, cell_T, data_T>(data, h0, c0, seq, h, c, w, wr, b, br);
}

template <class CONFIG_T, class data_T, class h0_T, class c0_T, class seq_T, class h_T, class c_T>
void recurrent_states(hls::stream<data_T> &data, h0_T &h0, c0_T &c0, seq_T &seq, h_T &h, c_T &c,
                      typename CONFIG_T::weight_t *w, typename CONFIG_T::recurrent_weight_t *wr,
                      typename CONFIG_T::bias_t *b, typename CONFIG_T::mult_config2::bias_t *br) {
    typedef typename data_T::value_type x_T;
    typedef typename CONFIG_T::template cell<x_T, typename CONFIG_T::state_t, CONFIG_T, false> cell_T;
    states_layer<CONFIG_T, cell_T, x_T>(data, h0, c0, seq, h, c, w, wr, b, br);
}

// The same without a bias of the product with the state.
template <class CONFIG_T, class data_T, class h0_T, class c0_T, class seq_T, class h_T, class c_T>
void recurrent_states(data_T *data, h0_T h0, c0_T c0, seq_T seq, h_T h, c_T c, typename CONFIG_T::weight_t *w,
                      typename CONFIG_T::recurrent_weight_t *wr, typename CONFIG_T::bias_t *b) {
    typename CONFIG_T::bias_t none[CONFIG_T::n_state];
    clear_state<typename CONFIG_T::bias_t, CONFIG_T::n_state>(none);
    recurrent_states<CONFIG_T>(data, h0, c0, seq, h, c, w, wr, b, none);
}

template <class CONFIG_T, class data_T, class h0_T, class c0_T, class seq_T, class h_T, class c_T>
void recurrent_states(hls::stream<data_T> &data, h0_T &h0, c0_T &c0, seq_T &seq, h_T &h, c_T &c,
                      typename CONFIG_T::weight_t *w, typename CONFIG_T::recurrent_weight_t *wr,
                      typename CONFIG_T::bias_t *b) {
    typename CONFIG_T::bias_t none[CONFIG_T::n_state];
    clear_state<typename CONFIG_T::bias_t, CONFIG_T::n_state>(none);
    recurrent_states<CONFIG_T>(data, h0, c0, seq, h, c, w, wr, b, none);
}

// ---- both directions -------------------------------------------------------------------------------------

template <merge_mode mode> struct merge_values;

template <> struct merge_values<merge_sum> {
    template <class T> static T eval(const T &a, const T &b) { return T(a + b); }
};
template <> struct merge_values<merge_mul> {
    template <class T> static T eval(const T &a, const T &b) { return T(a * b); }
};
template <> struct merge_values<merge_ave> {
    template <class T> static T eval(const T &a, const T &b) { return T((a + b) * ap_ufixed<1, 0>(0.5)); }
};
template <> struct merge_values<merge_concat> { // never called
    template <class T> static T eval(const T &a, const T &) { return a; }
};

template <class data_T, class res_T, typename CONFIG_T>
void bidirectional_stack(
    data_T data[CONFIG_T::n_sequence * CONFIG_T::n_in], res_T res[CONFIG_T::n_sequence_out * CONFIG_T::n_out],
    typename CONFIG_T::FORWARD_CONFIG::weight_t *w, typename CONFIG_T::FORWARD_CONFIG::recurrent_weight_t *wr,
    typename CONFIG_T::FORWARD_CONFIG::bias_t *b, typename CONFIG_T::FORWARD_CONFIG::recurrent_bias_t *br,
    typename CONFIG_T::BACKWARD_CONFIG::weight_t *w_back,
    typename CONFIG_T::BACKWARD_CONFIG::recurrent_weight_t *wr_back,
    typename CONFIG_T::BACKWARD_CONFIG::bias_t *b_back,
    typename CONFIG_T::BACKWARD_CONFIG::recurrent_bias_t *br_back) {
    typedef typename CONFIG_T::FORWARD_CONFIG forward;
    typedef typename CONFIG_T::BACKWARD_CONFIG backward;
    typedef typename CONFIG_T::template RNNfunc_forward<data_T, res_T, forward, false> forward_cell;
    typedef typename CONFIG_T::template RNNfunc_backward<data_T, res_T, backward, true> backward_cell;
    const unsigned n_steps = CONFIG_T::n_sequence, n_rows = CONFIG_T::n_sequence_out;
    const unsigned n_first = forward::n_state, n_second = backward::n_state;
    res_T first[n_rows * n_first], second[n_rows * n_second];
    #pragma HLS ARRAY_PARTITION variable=first complete
    #pragma HLS ARRAY_PARTITION variable=second complete
    run_layer<forward_cell, data_T, res_T, forward, n_steps, n_rows, false, forward_cell::is_static>(
        data, first, w, wr, b, br);
    run_layer<backward_cell, data_T, res_T, backward, n_steps, n_rows, true, backward_cell::is_static>(
        data, second, w_back, wr_back, b_back, br_back);
    // Each half has put its states where their inputs stand, so both halves of a row belong to one step.
    const bool side_by_side = CONFIG_T::merge == merge_concat;
Join:
    for (unsigned t = 0; t < n_rows; t++) {
        #pragma HLS UNROLL
        for (unsigned i = 0; i < CONFIG_T::n_out; i++) {
            #pragma HLS UNROLL
            if (!side_by_side)
                res[t * CONFIG_T::n_out + i] = merge_values<CONFIG_T::merge>::eval(first[t * n_first + i],
                                                                                   second[t * n_second + i]);
            else if (i < n_first)
                res[t * CONFIG_T::n_out + i] = first[t * n_first + i];
            else
                res[t * CONFIG_T::n_out + i] = second[t * n_second + i - n_first];
        }
    }
}

// Streams are gathered first: the second layer starts with the last word.
template <class data_T, class res_T, typename CONFIG_T>
void bidirectional_stack(hls::stream<data_T> &data, hls::stream<res_T> &res,
                         typename CONFIG_T::FORWARD_CONFIG::weight_t *w,
                         typename CONFIG_T::FORWARD_CONFIG::recurrent_weight_t *wr,
                         typename CONFIG_T::FORWARD_CONFIG::bias_t *b,
                         typename CONFIG_T::FORWARD_CONFIG::recurrent_bias_t *br,
                         typename CONFIG_T::BACKWARD_CONFIG::weight_t *w_back,
                         typename CONFIG_T::BACKWARD_CONFIG::recurrent_weight_t *wr_back,
                         typename CONFIG_T::BACKWARD_CONFIG::bias_t *b_back,
                         typename CONFIG_T::BACKWARD_CONFIG::recurrent_bias_t *br_back) {
    typedef typename data_T::value_type x_T;
    typedef typename res_T::value_type y_T;
    const unsigned n_in = CONFIG_T::n_sequence * CONFIG_T::n_in,
                   n_out = CONFIG_T::n_sequence_out * CONFIG_T::n_out;
    x_T x[n_in];
    y_T y[n_out];
    read_words<data_T, n_in>(data, x);
    bidirectional_stack<x_T, y_T, CONFIG_T>(x, y, w, wr, b, br, w_back, wr_back, b_back, br_back);
    write_words<res_T, n_out>(y, res);
}

} // namespace nnet

#endif
