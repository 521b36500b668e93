package hlsgo

import (
	"slices"

	"github.com/hlsgo/hlsgo/layers"
	"github.com/hlsgo/hlsgo/layers/act"
	"github.com/hlsgo/hlsgo/layers/conv"
	"github.com/hlsgo/hlsgo/layers/dense"
	"github.com/hlsgo/hlsgo/layers/embed"
	"github.com/hlsgo/hlsgo/layers/garnet"
	"github.com/hlsgo/hlsgo/layers/group"
	"github.com/hlsgo/hlsgo/layers/io"
	"github.com/hlsgo/hlsgo/layers/merge"
	"github.com/hlsgo/hlsgo/layers/norm"
	"github.com/hlsgo/hlsgo/layers/pool"
	"github.com/hlsgo/hlsgo/layers/quant"
	"github.com/hlsgo/hlsgo/layers/rnn"
	"github.com/hlsgo/hlsgo/layers/shape"
	"github.com/hlsgo/hlsgo/layers/softmax"
)

// Builtins lists the layer kinds that come with hlsgo. They enter a registry by the same door as a plugin's.
func Builtins() []layers.Def {
	return slices.Concat(
		io.Defs, dense.Defs, act.Defs, softmax.Defs, norm.Defs, shape.Defs, conv.Defs, group.Defs,
		pool.Defs, merge.Defs, embed.Defs, quant.Defs, rnn.Defs, garnet.Defs,
	)
}
