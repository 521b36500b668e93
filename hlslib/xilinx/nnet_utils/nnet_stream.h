#ifndef NNET_STREAM_H_
#define NNET_STREAM_H_

// Moving data between streams and arrays, and between streams of different shapes.

#include "hls_stream.h"
#include "nnet_common.h"
#include <assert.h>

namespace nnet {

// N values from a stream into an array.
template <class data_T, unsigned N>
void read_words(hls::stream<data_T> &in, typename data_T::value_type data[N]) {
    #pragma HLS INLINE
ReadWords:
    for (unsigned i = 0; i < N / data_T::size; i++) {
        #pragma HLS PIPELINE
        const data_T word = in.read();
    Unpack:
        for (unsigned j = 0; j < data_T::size; j++) {
            #pragma HLS UNROLL
            data[i * data_T::size + j] = word[j];
        }
    }
}

// N values from an array into a stream.
template <class res_T, unsigned N>
void write_words(typename res_T::value_type data[N], hls::stream<res_T> &out) {
    #pragma HLS INLINE
WriteWords:
    for (unsigned i = 0; i < N / res_T::size; i++) {
        #pragma HLS PIPELINE
        res_T word;
        PRAGMA_DATA_PACK(word)
    Pack:
        for (unsigned j = 0; j < res_T::size; j++) {
            #pragma HLS UNROLL
            word[j] = data[i * res_T::size + j];
        }
        out.write(word);
    }
}

// One word, every element converted to the type of the other word.
template <class res_T, class data_T> res_T convert_word(const data_T &in) {
    #pragma HLS INLINE
    res_T out;
    PRAGMA_DATA_PACK(out)
    for (unsigned j = 0; j < res_T::size; j++) {
        #pragma HLS UNROLL
        out[j] = in[j];
    }
    return out;
}

// The next n words from stream to stream.
template <class data_T, class res_T>
void copy_words(hls::stream<data_T> &data, hls::stream<res_T> &res, unsigned n) {
    #pragma HLS INLINE
CopyWords:
    for (unsigned i = 0; i < n; i++) {
        #pragma HLS PIPELINE
        res.write(convert_word<res_T>(data.read()));
    }
}

// Copies of a stream for several readers.
template <class res_T> void write_all(const res_T &word, hls::stream<res_T> &last) {
    #pragma HLS INLINE
    last.write(word);
}
template <class res_T, class... Rest>
void write_all(const res_T &word, hls::stream<res_T> &first, Rest &...rest) {
    #pragma HLS INLINE
    first.write(word);
    write_all(word, rest...);
}

template <class data_T, class res_T, int N, class... Streams>
void clone_stream(hls::stream<data_T> &data, Streams &...res) {
CloneLoop:
    for (unsigned i = 0; i < N / data_T::size; i++) {
        #pragma HLS PIPELINE
        write_all(convert_word<res_T>(data.read()), res...);
    }
}

constexpr unsigned common_divisor(unsigned a, unsigned b) { return b == 0 ? a : common_divisor(b, a % b); }

// The same N values in words of another size. They move in parts of the greatest common divisor, so that no
// part is cut by the end of a word, and the position in the words needs no division.
template <class data_T, class res_T, int N>
void repack_stream(hls::stream<data_T> &data, hls::stream<res_T> &res) {
    const unsigned in_size = data_T::size, out_size = res_T::size;
    const unsigned step = common_divisor(in_size, out_size); // that many values move at once
    res_T out;
    PRAGMA_DATA_PACK(out)
    unsigned filled = 0;
RepackWords:
    for (unsigned i = 0; i < N / in_size; i++) {
        const data_T in = data.read();
    Parts:
        for (unsigned p = 0; p < in_size / step; p++) {
            #pragma HLS PIPELINE
            for (unsigned j = 0; j < step; j++) {
                #pragma HLS UNROLL
                out[filled + j] = in[p * step + j];
            }
            filled += step;
            if (filled == out_size) {
                res.write(out);
                filled = 0;
            }
        }
    }
}

// Members: in_height, in_width, in_chan, out_height, out_width, out_chan.
struct broadcast_config {};

// One pixel repeated over the picture, or one channel repeated over the channels.
template <class data_T, class res_T, typename CONFIG_T>
void broadcast_stream(hls::stream<data_T> &data, hls::stream<res_T> &res) {
    const bool one_pixel =
        CONFIG_T::in_height == 1 && CONFIG_T::in_width == 1 && CONFIG_T::in_chan == CONFIG_T::out_chan;
    const unsigned words = CONFIG_T::in_height * CONFIG_T::in_width * CONFIG_T::in_chan / data_T::size;
    const unsigned copies = one_pixel ? CONFIG_T::out_height * CONFIG_T::out_width : 1;
    assert((one_pixel || (CONFIG_T::in_chan == 1 && CONFIG_T::in_height == CONFIG_T::out_height &&
                          CONFIG_T::in_width == CONFIG_T::out_width)) &&
           "broadcast_stream: only (1, 1, C) and (H, W, 1) can be broadcast");
BroadcastWords:
    for (unsigned i = 0; i < words; i++) {
        const data_T in = data.read();
        res_T out;
        PRAGMA_DATA_PACK(out)
        for (unsigned j = 0; j < res_T::size; j++) {
            #pragma HLS UNROLL
            out[j] = in[one_pixel ? j : 0];
        }
    Copies:
        for (unsigned k = 0; k < copies; k++) {
            #pragma HLS PIPELINE
            res.write(out);
        }
    }
}

} // namespace nnet

#endif
