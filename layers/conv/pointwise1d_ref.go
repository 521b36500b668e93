package conv

var pointwise1DRef = pointwiseRef(pixels1D)
