package conv

import "github.com/hlsgo/hlsgo/codegen"

var pointwise2DEmit codegen.Emitter
