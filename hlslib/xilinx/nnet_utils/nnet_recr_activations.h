#ifndef NNET_RECR_ACTIVATION_H_
#define NNET_RECR_ACTIVATION_H_

// Activations as types, for configurations of recurrent layers to name.

#include "nnet_activation.h"
#include "nnet_common.h"

namespace nnet {

namespace activation {

template <class data_T, class res_T, typename CONFIG_T> struct linear {
    static void activation(data_T data[CONFIG_T::n_in], res_T res[CONFIG_T::n_in]) {
        #pragma HLS INLINE
        nnet::linear<data_T, res_T, CONFIG_T>(data, res);
    }
};

template <class data_T, class res_T, typename CONFIG_T> struct relu {
    static void activation(data_T data[CONFIG_T::n_in], res_T res[CONFIG_T::n_in]) {
        #pragma HLS INLINE
        nnet::relu<data_T, res_T, CONFIG_T>(data, res);
    }
};

template <class data_T, class res_T, typename CONFIG_T> struct sigmoid {
    static void activation(data_T data[CONFIG_T::n_in], res_T res[CONFIG_T::n_in]) {
        #pragma HLS INLINE
        nnet::sigmoid<data_T, res_T, CONFIG_T>(data, res);
    }
};

template <class data_T, class res_T, typename CONFIG_T> struct tanh {
    static void activation(data_T data[CONFIG_T::n_in], res_T res[CONFIG_T::n_in]) {
        #pragma HLS INLINE
        nnet::tanh<data_T, res_T, CONFIG_T>(data, res);
    }
};

} // namespace activation

} // namespace nnet

#endif
