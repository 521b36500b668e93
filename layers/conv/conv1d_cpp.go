package conv

import "github.com/hlsgo/hlsgo/codegen"

var conv1DEmit codegen.Emitter
