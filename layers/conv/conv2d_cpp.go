package conv

import "github.com/hlsgo/hlsgo/codegen"

var conv2DEmit codegen.Emitter
