package conv

var conv1DKernel = convolutionKernel
