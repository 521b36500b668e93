package keras

import (
	"slices"

	"github.com/hlsgo/hlsgo/frontend/build"
)

// builtin lists the handlers of this package, one group per file.
func builtin() []build.Handler {
	return slices.Concat(
		inputHandlers, denseHandlers, activationHandlers, normHandlers, reshapeHandlers, skipHandlers,
		convolutionHandlers, reshapingHandlers, poolingHandlers, mergeHandlers, embeddingHandlers,
		layerNormHandlers, timeDistributedHandlers, quantizedHandlers, quantizedRecurrentHandlers,
		recurrentHandlers, hgqHandlers, hgqHandlers2, garnetHandlers,
	)
}
