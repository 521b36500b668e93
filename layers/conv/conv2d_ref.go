package conv

var conv2DRef = convolutionRef
