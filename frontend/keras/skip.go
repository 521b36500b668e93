package keras

import "github.com/hlsgo/hlsgo/frontend/build"

// skipHandlers drops the layers that Keras defines as the identity at inference. hls4ml drops Dropout and
// refuses the others of Keras 2; it drops them for Keras 3.
var skipHandlers = []build.Handler{{
	Skip: true,
	Classes: []string{
		"Dropout", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D", "AlphaDropout",
		"GaussianDropout", "GaussianNoise", "ActivityRegularization",
		"RandomFlip", "RandomRotation", "RandomZoom", "RandomTranslation", "RandomContrast",
		"RandomBrightness", "RandomHeight", "RandomWidth",
	},
}}
