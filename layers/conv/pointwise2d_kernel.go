package conv

var pointwise2DKernel = pointwiseKernel(pixels2D)
