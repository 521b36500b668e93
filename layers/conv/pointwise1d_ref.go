package conv

var pointwise1DRef = convolutionRef
