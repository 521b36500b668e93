package onnx

import (
	"slices"

	"github.com/hlsgo/hlsgo/frontend/build"
)

// builtin lists the handlers of this package.
func builtin() []build.Handler {
	return slices.Concat(
		constantHandlers, activationHandlers, denseHandlers, mergeHandlers, normHandlers, convolutionHandlers,
		poolingHandlers, reshapeHandlers, quantHandlers,
	)
}
