package torch

import (
	"slices"

	"github.com/hlsgo/hlsgo/frontend/build"
)

// builtin lists the handlers of this package, one group per file.
func builtin() []build.Handler {
	return slices.Concat(linearHandlers, activationHandlers, convolutionHandlers, poolingHandlers, normHandlers,
		mergeHandlers, reshapeHandlers, recurrentHandlers, axesHandlers, pictureHandlers, quantizedHandlers)
}
