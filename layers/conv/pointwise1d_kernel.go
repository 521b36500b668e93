package conv

var pointwise1DKernel = pointwiseKernel(pixels1D)
