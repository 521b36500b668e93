package passes

// SeparableToDepthwiseAndConv splits separable convolutions into a depthwise one and one with a kernel of one
// pixel, before anything is fused: a batch normalization behind folds into the second.
var SeparableToDepthwiseAndConv = own("separable_to_depthwise_and_conv", "split separable convolutions")
