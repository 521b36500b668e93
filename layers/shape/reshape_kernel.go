package shape

// reshapeKernel mirrors a reshape in place, or nnet::repack_stream, neither of which touches a value.
var reshapeKernel = inPlace(moveKernel(sameOrder))
