package hlsgo

// foreignSources are the keys of model files that hls4ml reads and no front end here does: known, so that the
// error about such a file says that nothing reads it, rather than that its key is misspelt.
func foreignSources() []string { return []string{"OnnxModel"} }

// kerasClasses gives the kinds of classes of Keras and QKeras by whose names hls4ml's generated
// configurations make their LayerType entries, where hls4ml looks them up by the kind: such an entry has no
// effect.
func kerasClasses() map[string]string {
	return map[string]string{
		"InputLayer": "Input", "QActivation": "Activation", "LeakyReLU": "ParametrizedActivation",
		"ThresholdedReLU": "ParametrizedActivation", "ELU": "ParametrizedActivation", "BinaryDense": "Dense",
		"TernaryDense": "Dense", "QDense": "Dense", "QConv1D": "Conv1D", "QConv2D": "Conv2D",
		"BinaryConv2D": "Conv2D", "QConv2DBatchnorm": "Conv2DBatchnorm", "QSeparableConv1D": "SeparableConv1D",
		"QSeparableConv2D": "SeparableConv2D", "QDepthwiseConv2D": "DepthwiseConv2D",
		"QBatchNormalization": "BatchNormalization", "MaxPooling1D": "Pooling1D", "AveragePooling1D": "Pooling1D",
		"MaxPooling2D": "Pooling2D", "AveragePooling2D": "Pooling2D", "GlobalMaxPooling1D": "GlobalPooling1D",
		"GlobalAveragePooling1D": "GlobalPooling1D", "GlobalMaxPooling2D": "GlobalPooling2D",
		"GlobalAveragePooling2D": "GlobalPooling2D", "UpSampling1D": "Resize", "UpSampling2D": "Resize",
		"QSimpleRNN": "SimpleRNN", "QLSTM": "LSTM", "QGRU": "GRU", "IntQuant": "Quant",
	}
}
