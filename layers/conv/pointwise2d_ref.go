package conv

var pointwise2DRef = pointwiseRef(pixels2D)
