#ifndef NNET_HELPERS_H
#define NNET_HELPERS_H

// Weights from files, conversion between C++ and layer data, printing and tracing. Nothing here is
// synthesized except what nnet_common.h brings.

#include "hls_stream.h"
#include "nnet_common.h"

#ifndef __SYNTHESIS__

#include "nnet_trace.h"
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#ifndef WEIGHTS_DIR
#define WEIGHTS_DIR "weights"
#endif

namespace nnet {

// ---- weights from text files -------------------------------------------------------------------------

// Each translation unit has its own folder of weights, so that several models fit in one program.
namespace {
struct weights_folder {
    static std::string path(const char *name) { return std::string(WEIGHTS_DIR) + "/" + name; }
};
} // namespace

inline void weights_error(const std::string &path, const std::string &what) {
    std::cerr << "ERROR: weights \"" << path << "\": " << what << std::endl;
    std::exit(1);
}

// The numbers of a file: separators are commas, white space and the braces round structured elements.
inline std::istringstream open_weights(const std::string &path) {
    std::ifstream in(path.c_str(), std::ios::binary);
    if (!in)
        weights_error(path, "cannot be opened");
    std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    for (std::size_t i = 0; i < text.size(); i++)
        if (text[i] == ',' || text[i] == '{' || text[i] == '}')
            text[i] = ' ';
    return std::istringstream(text);
}

// Reads SIZE elements with the reader's get(stream, element).
template <class T, std::size_t SIZE, class Reader> void read_weights(T *w, const std::string &path) {
    std::istringstream in = open_weights(path);
    for (std::size_t i = 0; i < SIZE; i++)
        if (!Reader::get(in, w[i])) {
            std::ostringstream what;
            what << "has " << i << " values, want " << SIZE;
            weights_error(path, what.str());
        }
    std::string more;
    if (in >> more)
        weights_error(path, "has more values than wanted, next is \"" + more + "\"");
}

struct read_plain {
    template <class T> static bool get(std::istream &in, T &w) { return static_cast<bool>(in >> w); }
};
struct read_compressed {
    template <class T> static bool get(std::istream &in, T &w) {
        return static_cast<bool>(in >> w.row_index >> w.col_index >> w.weight);
    }
};
struct read_exponent {
    // The sign is written as a number, 1.0 or 0.0.
    template <class T> static bool get(std::istream &in, T &w) {
        double sign = 0;
        in >> sign >> w.weight;
        w.sign = sign != 0;
        return static_cast<bool>(in);
    }
};

template <class T, std::size_t SIZE, class Folder = weights_folder>
void load_weights_from_txt(T *w, const char *name) {
    read_weights<T, SIZE, read_plain>(w, Folder::path(name));
}
// Elements {row, column, value} of a sparse matrix.
template <class T, std::size_t SIZE, class Folder = weights_folder>
void load_compressed_weights_from_txt(T *w, const char *name) {
    read_weights<T, SIZE, read_compressed>(w, Folder::path(name));
}
// Elements {sign, exponent} of powers of two.
template <class T, std::size_t SIZE, class Folder = weights_folder>
void load_exponent_weights_from_txt(T *w, const char *name) {
    read_weights<T, SIZE, read_exponent>(w, Folder::path(name));
}

// ---- layer data from and to C++ numbers --------------------------------------------------------------

template <class src_T, class dst_T, std::size_t SIZE> void convert_data(src_T *src, dst_T *dst) {
    for (std::size_t i = 0; i < SIZE; i++)
        dst[i] = dst_T(src[i]);
}
template <class src_T, class dst_T, std::size_t SIZE> void convert_data(src_T *src, hls::stream<dst_T> &dst) {
    for (std::size_t i = 0; i + dst_T::size <= SIZE; i += dst_T::size) {
        dst_T word;
        for (std::size_t j = 0; j < dst_T::size; j++)
            word[j] = typename dst_T::value_type(src[i + j]);
        dst.write(word);
    }
}
template <class src_T, class dst_T, std::size_t SIZE> void convert_data(hls::stream<src_T> &src, dst_T *dst) {
    for (std::size_t i = 0; i + src_T::size <= SIZE; i += src_T::size) {
        const src_T word = src.read();
        for (std::size_t j = 0; j < src_T::size; j++)
            dst[i + j] = dst_T(word[j]);
    }
}

// SIZE numbers of src from OFFSET on, into a layer input.
template <class src_T, class dst_T, std::size_t OFFSET, std::size_t SIZE>
void copy_data(std::vector<src_T> src, dst_T dst[SIZE]) {
    for (std::size_t i = 0; i < SIZE; i++)
        dst[i] = dst_T(src.at(OFFSET + i));
}
template <class src_T, class dst_T, std::size_t OFFSET, std::size_t SIZE>
void copy_data(std::vector<src_T> src, hls::stream<dst_T> &dst) {
    if (src.size() < OFFSET + SIZE)
        throw std::out_of_range("nnet::copy_data: fewer numbers than the input takes");
    convert_data<src_T, dst_T, SIZE>(src.data() + OFFSET, dst);
}
// Words of an AXI stream with side channels: the last one is marked.
template <class src_T, class dst_T, std::size_t OFFSET, std::size_t SIZE>
void copy_data_axi(std::vector<src_T> src, dst_T dst[SIZE]) {
    for (std::size_t i = 0; i < SIZE; i++) {
        dst[i].data = src.at(OFFSET + i);
        dst[i].last = i + 1 == SIZE;
    }
}

template <class data_T, std::size_t SIZE> void fill_zero(data_T data[SIZE]) {
    for (std::size_t i = 0; i < SIZE; i++)
        data[i] = data_T(0);
}
template <class data_T, std::size_t SIZE> void fill_zero(hls::stream<data_T> &data) {
    for (std::size_t i = 0; i + data_T::size <= SIZE; i += data_T::size) {
        data_T word;
        for (std::size_t j = 0; j < data_T::size; j++)
            word[j] = typename data_T::value_type(0);
        data.write(word);
    }
}

// One line of SIZE numbers. A stream is emptied unless keep is set.
template <class res_T, std::size_t SIZE>
void print_result(res_T result[SIZE], std::ostream &out, bool = false) {
    for (std::size_t i = 0; i < SIZE; i++)
        out << result[i] << " ";
    out << std::endl;
}
template <class res_T, std::size_t SIZE>
void print_result(hls::stream<res_T> &result, std::ostream &out, bool keep = false) {
    for (std::size_t i = 0; i + res_T::size <= SIZE; i += res_T::size) {
        const res_T word = result.read();
        for (std::size_t j = 0; j < res_T::size; j++)
            out << word[j] << " ";
        if (keep)
            result.write(word);
    }
    out << std::endl;
}

} // namespace nnet

#endif // __SYNTHESIS__

#endif
