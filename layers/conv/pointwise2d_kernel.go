package conv

var pointwise2DKernel = convolutionKernel
