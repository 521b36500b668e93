#ifndef NNET_GARNET_H_
#define NNET_GARNET_H_

// Graph networks: vertices send features to aggregators, with weights that fall with the square of a
// distance, and collect what the aggregators hold. A stack is several such layers; the vertices of one are
// made as the next one reads them.

#include "nnet_common.h"

#ifndef __SYNTHESIS__
#include <cmath>
#endif

namespace nnet {

// Members: n_vertices, n_vertices_width, n_in_features, n_aggregators, n_out_features, reuse_factor,
// log2_reuse_factor, distance_width, mean_by_nvert (means over the vertices that count), collapse (one answer
// for all vertices) and the types that the classes below name.
struct garnet_config {};

// The weights of one layer.
template <class CONFIG_T> struct garnet_weights {
    const typename CONFIG_T::input_transform_weights_t *transform; // (out, aggregators, in)
    const typename CONFIG_T::input_transform_biases_t *transform_bias;
    const typename CONFIG_T::aggregator_distance_weights_t *distance; // (aggregators, in)
    const typename CONFIG_T::aggregator_distance_biases_t *distance_bias;
    const typename CONFIG_T::output_transform_biases_t *output_bias;
};

// exp(-d*d) for every bit pattern of a distance, on the grid of the square. Distance zero has the largest
// fraction in place of one.
template <class CONFIG_T> void garnet_fill_edges(typename CONFIG_T::edge_weight_t *table) {
    typename CONFIG_T::distance_t d;
    typedef typename CONFIG_T::edge_weight_t edge_T;
    table[0] = ap_ufixed<edge_T::width, 0, AP_TRN, AP_SAT>(1.);
    for (unsigned i = 1; i < (1u << CONFIG_T::distance_width); i++) {
        ap_uint<CONFIG_T::distance_width> bits = i;
        d.range(CONFIG_T::distance_width - 1, 0) = bits.range(CONFIG_T::distance_width - 1, 0);
        decltype(-d * d) square = -d * d;
        table[i] = decltype(square)(std::exp(square.to_double()));
    }
}

template <class CONFIG_T>
typename CONFIG_T::edge_weight_t garnet_edge(const typename CONFIG_T::distance_t &distance) {
#ifdef __SYNTHESIS__
    bool initialized = false;
    typename CONFIG_T::edge_weight_t table[1 << CONFIG_T::distance_width];
#else
    static bool initialized = false;
    static typename CONFIG_T::edge_weight_t table[1 << CONFIG_T::distance_width];
#endif
    if (!initialized) {
        garnet_fill_edges<CONFIG_T>(table);
        initialized = true;
    }
    const ap_uint<CONFIG_T::distance_width> index(distance.range(CONFIG_T::distance_width - 1, 0));
    return table[index.to_uint()];
}

// What the aggregators hold: of the type edge_T, the mean weight of their edges.
template <class CONFIG_T, class edge_T> struct garnet_means {
    edge_T edge[CONFIG_T::n_aggregators];
    typename CONFIG_T::aggr_t features[CONFIG_T::n_aggregators * CONFIG_T::n_in_features];

    garnet_means() {
        #pragma HLS ARRAY_PARTITION variable=edge complete
        #pragma HLS ARRAY_PARTITION variable=features complete
        for (unsigned a = 0; a < CONFIG_T::n_aggregators; a++)
            edge[a] = 0;
        for (unsigned i = 0; i < CONFIG_T::n_aggregators * CONFIG_T::n_in_features; i++)
            features[i] = 0;
    }
};

// One layer behind its aggregation: means, and the weights of all edges.
template <class CONFIG_T> struct garnet_state {
    garnet_weights<CONFIG_T> weights;
    garnet_means<CONFIG_T, typename CONFIG_T::edge_weight_t> means;
    typename CONFIG_T::edge_weight_t edges[CONFIG_T::n_vertices * CONFIG_T::n_aggregators];
    typename CONFIG_T::aggr_t base[CONFIG_T::n_out_features * CONFIG_T::n_aggregators];

    explicit garnet_state(const garnet_weights<CONFIG_T> &w) : weights(w) {
        #pragma HLS ARRAY_PARTITION variable=base complete
    }

    // What aggregator a offers for output o.
    typename CONFIG_T::aggr_t offer(unsigned o, unsigned a) const {
        const unsigned at = o * CONFIG_T::n_aggregators + a;
        typename CONFIG_T::aggr_t sum = means.edge[a] * weights.transform_bias[at];
        for (unsigned i = 0; i < CONFIG_T::n_in_features; i++)
            sum += means.features[a * CONFIG_T::n_in_features + i] *
                   weights.transform[at * CONFIG_T::n_in_features + i];
        return sum;
    }

    void set_base() {
        for (unsigned o = 0; o < CONFIG_T::n_out_features; o++)
            for (unsigned a = 0; a < CONFIG_T::n_aggregators; a++)
                base[o * CONFIG_T::n_aggregators + a] = offer(o, a);
    }

    // The outputs at vertex v.
    template <class res_T> void answer(unsigned v, res_T *res) const {
        for (unsigned o = 0; o < CONFIG_T::n_out_features; o++) {
            res_T sum = weights.output_bias[o];
            for (unsigned a = 0; a < CONFIG_T::n_aggregators; a++) {
                const res_T part =
                    edges[v * CONFIG_T::n_aggregators + a] * base[o * CONFIG_T::n_aggregators + a];
                sum += part;
            }
            res[o] = sum;
        }
    }
};

// The features of a vertex: of the input, or of the layer before.
template <class CONFIG_T, class data_T> struct garnet_input {
    typedef data_T value_T;
    const data_T *data;

    void read(unsigned v, data_T *x) const {
        for (unsigned i = 0; i < CONFIG_T::n_in_features; i++)
            x[i] = data[v * CONFIG_T::n_in_features + i];
    }
};

template <class CONFIG_T, class res_T> struct garnet_output {
    typedef res_T value_T;
    const garnet_state<CONFIG_T> *state;

    void read(unsigned v, res_T *x) const { state->answer(v, x); }
};

template <class CONFIG_T, class data_T>
void garnet_vertex(const data_T *x, unsigned v, garnet_state<CONFIG_T> &state,
                   garnet_means<CONFIG_T, typename CONFIG_T::edge_weight_aggr_t> &sum) {
    for (unsigned a = 0; a < CONFIG_T::n_aggregators; a++) {
        typename CONFIG_T::distance_t distance = state.weights.distance_bias[a];
        for (unsigned i = 0; i < CONFIG_T::n_in_features; i++) {
            const typename CONFIG_T::distance_t part =
                x[i] * state.weights.distance[a * CONFIG_T::n_in_features + i];
            distance += part;
        }
        const typename CONFIG_T::edge_weight_t weight = garnet_edge<CONFIG_T>(distance);
        sum.edge[a] += weight;
        for (unsigned i = 0; i < CONFIG_T::n_in_features; i++) {
            const data_T part = x[i] * weight; // cut to the data's grid before it is added
            sum.features[a * CONFIG_T::n_in_features + i] += part;
        }
        state.edges[v * CONFIG_T::n_aggregators + a] = weight;
    }
}

// Sums become means: over the vertices that count, or over all by a shift. Shifts take references, which
// constants of a class are not made for: hence the conversions.
template <class CONFIG_T, bool by_number> struct garnet_scale {
    template <class nvtx_T> explicit garnet_scale(const nvtx_T &) {}
    template <class T> T of(const T &x) const { return x >> unsigned(CONFIG_T::log2_reuse_factor); }
    template <class nvtx_T>
    typename CONFIG_T::output_transform_biases_t bias(const typename CONFIG_T::output_transform_biases_t &b,
                                                      const nvtx_T &nvtx) const {
        typename CONFIG_T::aggr_t x = b;
        x *= nvtx;
        return x >> unsigned(CONFIG_T::n_vertices_width);
    }
};

template <class CONFIG_T> struct garnet_scale<CONFIG_T, true> {
    typename CONFIG_T::norm_t norm; // stays zero without vertices, and so do the means

    template <class nvtx_T> explicit garnet_scale(const nvtx_T &nvtx) : norm(0) {
        if (nvtx != 0)
            norm = (CONFIG_T::n_vertices / CONFIG_T::reuse_factor) / nvtx;
    }
    template <class T> auto of(const T &x) const -> decltype(x * norm) { return x * norm; }
    template <class nvtx_T>
    typename CONFIG_T::output_transform_biases_t bias(const typename CONFIG_T::output_transform_biases_t &b,
                                                      const nvtx_T &) const {
        return b;
    }
};

template <class CONFIG_T, class input_T, class nvtx_T>
void garnet_aggregate(const input_T &input, const nvtx_T &nvtx, garnet_state<CONFIG_T> &state) {
    typedef garnet_means<CONFIG_T, typename CONFIG_T::edge_weight_aggr_t> sums_T;
    const unsigned group = CONFIG_T::n_vertices >> CONFIG_T::log2_reuse_factor;
    const unsigned shift = CONFIG_T::n_vertices_width - CONFIG_T::log2_reuse_factor;
    sums_T total;
Groups:
    for (unsigned g = 0; g < CONFIG_T::reuse_factor; g++) {
        #pragma HLS PIPELINE
        if (g * group >= nvtx)
            break;
        sums_T local;
    Vertices:
        for (unsigned v = g * group; v < (g + 1) * group && v < CONFIG_T::n_vertices; v++) {
            if (v == nvtx)
                break;
            typename input_T::value_T x[CONFIG_T::n_in_features];
            input.read(v, x);
            garnet_vertex<CONFIG_T>(x, v, state, local);
        }
        // A group is shifted before it is added, and loses the low bits of its own sum: a shift of the total
        // would keep carries that hls4ml's answer does not have.
        for (unsigned a = 0; a < CONFIG_T::n_aggregators; a++)
            total.edge[a] += local.edge[a] >> shift;
        for (unsigned i = 0; i < CONFIG_T::n_aggregators * CONFIG_T::n_in_features; i++)
            total.features[i] += local.features[i] >> shift;
    }
    const garnet_scale<CONFIG_T, CONFIG_T::mean_by_nvert> scale(nvtx);
    for (unsigned a = 0; a < CONFIG_T::n_aggregators; a++)
        state.means.edge[a] = scale.of(total.edge[a]);
    for (unsigned i = 0; i < CONFIG_T::n_aggregators * CONFIG_T::n_in_features; i++)
        state.means.features[i] = scale.of(total.features[i]);
    state.set_base();
}

// The answer of the last layer: one for all vertices, or one at each. Vertices that do not count answer zero.
template <class CONFIG_T, class nvtx_T, class res_T>
void garnet_answer(const garnet_state<CONFIG_T> &state, const nvtx_T &nvtx, res_T *res) {
    if (CONFIG_T::collapse) {
        const garnet_scale<CONFIG_T, CONFIG_T::mean_by_nvert> scale(nvtx);
        for (unsigned o = 0; o < CONFIG_T::n_out_features; o++) {
            res_T sum = scale.bias(state.weights.output_bias[o], nvtx);
            for (unsigned a = 0; a < CONFIG_T::n_aggregators; a++)
                sum += state.means.edge[a] * state.base[o * CONFIG_T::n_aggregators + a];
            res[o] = sum;
        }
        return;
    }
    for (unsigned i = 0; i < CONFIG_T::n_vertices * CONFIG_T::n_out_features; i++)
        res[i] = 0;
    const unsigned group = CONFIG_T::n_vertices >> CONFIG_T::log2_reuse_factor;
    for (unsigned g = 0; g < CONFIG_T::reuse_factor; g++) {
        #pragma HLS PIPELINE
        if (g * group >= nvtx)
            break;
        for (unsigned v = g * group; v < (g + 1) * group && v < CONFIG_T::n_vertices; v++) {
            if (v == nvtx)
                break;
            state.answer(v, res + v * CONFIG_T::n_out_features);
        }
    }
}

// garnet_chain runs the layers one after the other.
template <class nvtx_T, class res_T, class input_T, class CONFIG_T>
void garnet_chain(const input_T &input, const nvtx_T &nvtx, res_T *res,
                  const garnet_weights<CONFIG_T> &last) {
    garnet_state<CONFIG_T> state(last);
    garnet_aggregate<CONFIG_T>(input, nvtx, state);
    garnet_answer<CONFIG_T>(state, nvtx, res);
}

template <class nvtx_T, class res_T, class input_T, class CONFIG_T, class NEXT_T, class... REST_T>
void garnet_chain(const input_T &input, const nvtx_T &nvtx, res_T *res,
                  const garnet_weights<CONFIG_T> &weights, const garnet_weights<NEXT_T> &next,
                  const garnet_weights<REST_T> &...rest) {
    garnet_state<CONFIG_T> state(weights);
    garnet_aggregate<CONFIG_T>(input, nvtx, state);
    const garnet_output<CONFIG_T, res_T> output = {&state};
    garnet_chain<nvtx_T, res_T>(output, nvtx, res, next, rest...);
}

template <class data_T, class nvtx_T, class res_T, class CONFIG_T, class... REST_T>
void garnet(const data_T *data, const nvtx_T *nvtx, res_T *res, const garnet_weights<CONFIG_T> &weights,
            const garnet_weights<REST_T> &...rest) {
    const garnet_input<CONFIG_T, data_T> input = {data};
    garnet_chain<nvtx_T, res_T>(input, nvtx[0], res, weights, rest...);
}

} // namespace nnet

#endif
