#ifndef NNET_TRACE_H_
#define NNET_TRACE_H_

// Handing out the data of layers during simulation. Generated code calls
//     nnet::save_layer_output<T>(data, "layer name", size)
// after a layer; what happens depends on the program round the model:
//   - trace_sink() is set: it gets the exact bits (below);
//   - trace_enabled and trace_outputs is not null: the values are stored as float or double
//     (trace_type_size 4 or 8) in the buffer registered under the layer's name;
//   - trace_enabled alone: one line per call is appended to tb_data/<layer name>_output.log.
// The three variables are defined by the program (test bench or bridge).

#ifndef __SYNTHESIS__

#include "ap_fixed.h"
#include "ap_int.h"
#include "hls_stream.h"
#include <cstddef>
#include <cstring>
#include <fstream>
#include <iostream>
#include <map>
#include <string>
#include <type_traits>
#include <vector>

namespace nnet {

extern bool trace_enabled;
extern std::map<std::string, void *> *trace_outputs;
extern std::size_t trace_type_size;

// ---- exact bits --------------------------------------------------------------------------------------

// A tensor as it left a layer. Every element takes `bytes` bytes, little-endian: the two's complement raw
// integer, sign-extended (is_signed) or zero-extended to that size, or the IEEE bits of a float or double.
struct raw_tensor {
    const char *name;
    std::size_t count;
    unsigned width; // bits of an element
    unsigned bytes;
    bool is_signed;
    bool is_float;
    const unsigned char *data;
};

typedef void (*trace_sink_t)(const raw_tensor &);

inline trace_sink_t &trace_sink() {
    static trace_sink_t sink = 0;
    return sink;
}

// Elements that are ap types have a width; others are C++ numbers.
template <class T> struct is_signed_type : std::is_signed<T> {};
template <int W> struct is_signed_type<ap_int<W> > : std::true_type {};
template <int W> struct is_signed_type<ap_uint<W> > : std::false_type {};
template <int W, int I, ap_q_mode Q, ap_o_mode O, int N>
struct is_signed_type<ap_fixed<W, I, Q, O, N> > : std::true_type {};
template <int W, int I, ap_q_mode Q, ap_o_mode O, int N>
struct is_signed_type<ap_ufixed<W, I, Q, O, N> > : std::false_type {};

template <class T, bool Native = std::is_arithmetic<T>::value> struct raw_format {
    static const unsigned width = T::width;
    static const unsigned bytes = (width + 7) / 8;
    static const bool is_float = false;

    static void put(const T &x, unsigned char *p) {
        const bool negative = is_signed_type<T>::value && x[width - 1];
        std::memset(p, negative ? 0xff : 0, bytes);
        for (unsigned i = 0; i < width; i++)
            if (x[i] != negative)
                p[i / 8] ^= static_cast<unsigned char>(1u << (i % 8));
    }
};
template <class T> struct raw_format<T, true> {
    static const unsigned width = sizeof(T) * 8;
    static const unsigned bytes = sizeof(T);
    static const bool is_float = std::is_floating_point<T>::value;

    static void put(const T &x, unsigned char *p) { std::memcpy(p, &x, sizeof x); } // little-endian machines
};

template <class T> void send_raw(const T *data, const char *name, std::size_t count) {
    typedef raw_format<T> format;
    std::vector<unsigned char> buffer(count * format::bytes + 1);
    for (std::size_t i = 0; i < count; i++)
        format::put(data[i], &buffer[i * format::bytes]);
    const raw_tensor t = {name,           count, format::width, format::bytes, is_signed_type<T>::value,
                          format::is_float, &buffer[0]};
    trace_sink()(t);
}

// ---- values ------------------------------------------------------------------------------------------

template <class data_T, class save_T>
void save_output_array(const data_T *data, save_T *ptr, std::size_t size) {
    for (std::size_t i = 0; i < size; i++)
        ptr[i] = save_T(data[i]);
}

template <class data_T> void log_layer_output(const data_T *data, const char *name, std::size_t size) {
    const std::string path = std::string("tb_data/") + name + "_output.log";
    std::ofstream out(path.c_str(), std::ios::app);
    if (!out)
        std::cerr << "ERROR: trace \"" << path << "\": cannot be opened" << std::endl;
    for (std::size_t i = 0; i < size; i++)
        out << float(data[i]) << " ";
    out << std::endl;
}

template <class data_T> void save_layer_output(data_T *data, const char *name, std::size_t size) {
    if (trace_sink() != 0)
        return send_raw(data, name, size);
    if (!trace_enabled)
        return;
    if (trace_outputs == 0)
        return log_layer_output(data, name, size);
    const std::map<std::string, void *>::iterator to = trace_outputs->find(name);
    if (to == trace_outputs->end())
        std::cerr << "ERROR: trace \"" << name << "\": no storage" << std::endl;
    else if (trace_type_size == sizeof(float))
        save_output_array(data, static_cast<float *>(to->second), size);
    else if (trace_type_size == sizeof(double))
        save_output_array(data, static_cast<double *>(to->second), size);
    else
        std::cerr << "ERROR: trace \"" << name << "\": storage of " << trace_type_size << " bytes\n";
}

// A stream is read, kept and written back in order.
template <class data_T>
void save_layer_output(hls::stream<data_T> &data, const char *name, std::size_t size) {
    if (trace_sink() == 0 && !trace_enabled)
        return;
    std::vector<typename data_T::value_type> flat(size);
    for (std::size_t i = 0; i + data_T::size <= size; i += data_T::size) {
        const data_T word = data.read();
        for (std::size_t j = 0; j < data_T::size; j++)
            flat[i + j] = word[j];
        data.write(word);
    }
    save_layer_output(flat.data(), name, size);
}

} // namespace nnet

#endif // __SYNTHESIS__

#endif
