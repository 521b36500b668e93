package conv

var pointwise1DKernel = convolutionKernel
