package conv

import "github.com/hlsgo/hlsgo/codegen"

var pointwise1DEmit codegen.Emitter
