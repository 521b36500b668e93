#ifndef NNET_MERGE_STREAM_H_
#define NNET_MERGE_STREAM_H_

// Two streams made one. For arithmetic the words of all streams have one size; a concatenation has one word
// per pixel, but along a single axis, where the result is one word.

#include "hls_stream.h"
#include "nnet_common.h"
#include "nnet_merge.h"
#include "nnet_stream.h"

namespace nnet {

template <class op, class input1_T, class input2_T, class res_T, typename CONFIG_T>
void merge_streams(hls::stream<input1_T> &data1, hls::stream<input2_T> &data2, hls::stream<res_T> &res) {
    static_assert(input1_T::size == input2_T::size && input1_T::size == res_T::size,
                  "streams to be merged have words of one size");
    #pragma HLS INLINE
Merge:
    for (unsigned i = 0; i < CONFIG_T::n_elem / res_T::size; i++) {
        #pragma HLS PIPELINE II=CONFIG_T::reuse_factor
        const input1_T in1 = data1.read();
        const input2_T in2 = data2.read();
        res_T out;
        PRAGMA_DATA_PACK(out)
        for (unsigned j = 0; j < res_T::size; j++) {
            #pragma HLS UNROLL
            out[j] = op::template eval<typename res_T::value_type>(in1[j], in2[j]);
        }
        res.write(out);
    }
}

template <class input1_T, class input2_T, class res_T, typename CONFIG_T>
void add(hls::stream<input1_T> &data1, hls::stream<input2_T> &data2, hls::stream<res_T> &res) {
    merge_streams<merge_add, input1_T, input2_T, res_T, CONFIG_T>(data1, data2, res);
}

template <class input1_T, class input2_T, class res_T, typename CONFIG_T>
void subtract(hls::stream<input1_T> &data1, hls::stream<input2_T> &data2, hls::stream<res_T> &res) {
    merge_streams<merge_subtract, input1_T, input2_T, res_T, CONFIG_T>(data1, data2, res);
}

template <class input1_T, class input2_T, class res_T, typename CONFIG_T>
void multiply(hls::stream<input1_T> &data1, hls::stream<input2_T> &data2, hls::stream<res_T> &res) {
    merge_streams<merge_multiply, input1_T, input2_T, res_T, CONFIG_T>(data1, data2, res);
}

template <class input1_T, class input2_T, class res_T, typename CONFIG_T>
void average(hls::stream<input1_T> &data1, hls::stream<input2_T> &data2, hls::stream<res_T> &res) {
    merge_streams<merge_average, input1_T, input2_T, res_T, CONFIG_T>(data1, data2, res);
}

template <class input1_T, class input2_T, class res_T, typename CONFIG_T>
void average_of_sum(hls::stream<input1_T> &data1, hls::stream<input2_T> &data2, hls::stream<res_T> &res) {
    typedef merge_average_of<int(CONFIG_T::n_terms)> policy;
    merge_streams<policy, input1_T, input2_T, res_T, CONFIG_T>(data1, data2, res);
}

template <class input1_T, class input2_T, class res_T, typename CONFIG_T>
void maximum(hls::stream<input1_T> &data1, hls::stream<input2_T> &data2, hls::stream<res_T> &res) {
    merge_streams<merge_maximum, input1_T, input2_T, res_T, CONFIG_T>(data1, data2, res);
}

template <class input1_T, class input2_T, class res_T, typename CONFIG_T>
void minimum(hls::stream<input1_T> &data1, hls::stream<input2_T> &data2, hls::stream<res_T> &res) {
    merge_streams<merge_minimum, input1_T, input2_T, res_T, CONFIG_T>(data1, data2, res);
}

template <class input1_T, class input2_T, class res_T, typename CONFIG_T>
void dot1d(hls::stream<input1_T> &data1, hls::stream<input2_T> &data2, hls::stream<res_T> &res) {
    #pragma HLS ALLOCATION operation instances=mul limit=CONFIG_T::multiplier_limit
    typedef typename CONFIG_T::template product<typename input1_T::value_type, typename input2_T::value_type>
        product_T;
    const input1_T in1 = data1.read();
    const input2_T in2 = data2.read();
    typename CONFIG_T::accum_t acc = 0;
Products:
    for (unsigned i = 0; i < CONFIG_T::n_in; i++) {
        #pragma HLS UNROLL
        acc += static_cast<typename CONFIG_T::accum_t>(product_T::product(in1[i], in2[i]));
    }
    res_T out;
    PRAGMA_DATA_PACK(out)
    out[0] = acc;
    res.write(out);
}

template <bool last_axis> struct concatenate_pixels;

// Along the channels: a word of each makes one.
template <> struct concatenate_pixels<true> {
    template <class input1_T, class input2_T, class res_T, unsigned TURNS, unsigned N1, unsigned N2>
    static void run(hls::stream<input1_T> &data1, hls::stream<input2_T> &data2, hls::stream<res_T> &res) {
        #pragma HLS INLINE
    Pixels:
        for (unsigned i = 0; i < TURNS * N1; i++) {
            #pragma HLS PIPELINE
            const input1_T in1 = data1.read();
            const input2_T in2 = data2.read();
            res_T out;
            PRAGMA_DATA_PACK(out)
            for (unsigned j = 0; j < input1_T::size; j++) {
                #pragma HLS UNROLL
                out[j] = in1[j];
            }
            for (unsigned j = 0; j < input2_T::size; j++) {
                #pragma HLS UNROLL
                out[input1_T::size + j] = in2[j];
            }
            res.write(out);
        }
    }
};

// Along another axis: N1 words of the first and N2 of the second in turns.
template <> struct concatenate_pixels<false> {
    template <class input1_T, class input2_T, class res_T, unsigned TURNS, unsigned N1, unsigned N2>
    static void run(hls::stream<input1_T> &data1, hls::stream<input2_T> &data2, hls::stream<res_T> &res) {
        #pragma HLS INLINE
    Turns:
        for (unsigned t = 0; t < TURNS; t++) {
            copy_words(data1, res, N1);
            copy_words(data2, res, N2);
        }
    }
};

template <class input1_T, class input2_T, class res_T, typename CONFIG_T>
void concatenate1d(hls::stream<input1_T> &data1, hls::stream<input2_T> &data2, hls::stream<res_T> &res) {
    typedef typename input1_T::value_type x_T;
    typedef typename input2_T::value_type y_T;
    typedef typename res_T::value_type z_T;
    const unsigned size1 = CONFIG_T::n_elem1_0, size2 = CONFIG_T::n_elem2_0;
    x_T in1[size1];
    y_T in2[size2];
    z_T out[size1 + size2];
    #pragma HLS ARRAY_PARTITION variable=in1 complete
    #pragma HLS ARRAY_PARTITION variable=in2 complete
    #pragma HLS ARRAY_PARTITION variable=out complete
    read_words<input1_T, size1>(data1, in1);
    read_words<input2_T, size2>(data2, in2);
    concatenate_turns<x_T, y_T, z_T, 1, size1, size2>(in1, in2, out);
    write_words<res_T, size1 + size2>(out, res);
}

template <class input1_T, class input2_T, class res_T, typename CONFIG_T>
void concatenate2d(hls::stream<input1_T> &data1, hls::stream<input2_T> &data2, hls::stream<res_T> &res) {
    concatenate_pixels<concat_axis<CONFIG_T, 2>::value == 1>::template run<
        input1_T, input2_T, res_T, 1, CONFIG_T::n_elem1_0, CONFIG_T::n_elem2_0>(data1, data2, res);
}

template <class input1_T, class input2_T, class res_T, typename CONFIG_T>
void concatenate3d(hls::stream<input1_T> &data1, hls::stream<input2_T> &data2, hls::stream<res_T> &res) {
    const int axis = concat_axis<CONFIG_T, 3>::value;
    const unsigned turns = axis > 0 ? CONFIG_T::n_elem1_0 : 1;
    const unsigned n1 = CONFIG_T::n_elem1_0 * CONFIG_T::n_elem1_1 / turns;
    const unsigned n2 = CONFIG_T::n_elem2_0 * CONFIG_T::n_elem2_1 / turns;
    concatenate_pixels<axis == 2>::template run<input1_T, input2_T, res_T, turns, n1, n2>(data1, data2, res);
}

} // namespace nnet

#endif
