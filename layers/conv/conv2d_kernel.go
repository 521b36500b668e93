package conv

var conv2DKernel = convolutionKernel
