package shape

// cloneKernel mirrors nnet::clone_stream in nnet_stream.h.
var cloneKernel = inPlace(moveKernel(sameOrder))
