package shape

// repackKernel mirrors nnet::repack_stream in nnet_stream.h.
var repackKernel = inPlace(moveKernel(sameOrder))
