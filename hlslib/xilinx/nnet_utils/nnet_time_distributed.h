#ifndef NNET_TIME_DISTRIBUTED_H_
#define NNET_TIME_DISTRIBUTED_H_

// One step of a tensor whose first axis is time, and back. The loop over the steps is generated:
//     for (unsigned ts = 0; ts < config2::n_time_steps; ts++) {
//         nnet::read_time_step<input_t, layer2_t, config2>(ts, input, layer2_out);
//         ... the layers of a step ...
//         nnet::write_time_step<layer3_t, result_t, config4>(ts, layer3_out, layer4_out);
//     }

#include "hls_stream.h"
#include "nnet_common.h"
#include "nnet_stream.h"

namespace nnet {

// Members: n_time_steps; in_height, in_width, n_chan of a step, 1 where it has fewer axes.
struct time_distributed_config {};

template <class data_T, class res_T, typename CONFIG_T>
void read_time_step(unsigned step, const data_T *data, res_T *res) {
    const unsigned size = CONFIG_T::in_height * CONFIG_T::in_width * CONFIG_T::n_chan;
Values:
    for (unsigned i = 0; i < size; i++) {
        #pragma HLS UNROLL
        res[i] = data[step * size + i];
    }
}

template <class data_T, class res_T, typename CONFIG_T>
void write_time_step(unsigned step, const data_T *data, res_T *res) {
    const unsigned size = CONFIG_T::in_height * CONFIG_T::in_width * CONFIG_T::n_chan;
Values:
    for (unsigned i = 0; i < size; i++) {
        #pragma HLS UNROLL
        res[step * size + i] = data[i];
    }
}

// Streams hold the steps one behind the other, so a step is the next words, and the number of the step, which
// generated code gives to both forms, goes unused.
template <class data_T, class res_T, typename CONFIG_T>
void move_time_step(hls::stream<data_T> &data, hls::stream<res_T> &res) {
    const unsigned size = CONFIG_T::in_height * CONFIG_T::in_width * CONFIG_T::n_chan;
    copy_words(data, res, size / data_T::size);
}

template <class data_T, class res_T, typename CONFIG_T>
void read_time_step(unsigned, hls::stream<data_T> &data, hls::stream<res_T> &res) {
    move_time_step<data_T, res_T, CONFIG_T>(data, res);
}

template <class data_T, class res_T, typename CONFIG_T>
void write_time_step(unsigned, hls::stream<data_T> &data, hls::stream<res_T> &res) {
    move_time_step<data_T, res_T, CONFIG_T>(data, res);
}

} // namespace nnet

#endif
