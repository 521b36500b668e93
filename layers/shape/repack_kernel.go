package shape

// repackKernel mirrors nnet::repack_stream in nnet_stream.h.
var repackKernel = moveKernel(sameOrder)
