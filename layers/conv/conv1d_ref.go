package conv

var conv1DRef = convolutionRef
