package conv

var pointwise2DRef = convolutionRef
