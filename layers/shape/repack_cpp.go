package shape

import "github.com/hlsgo/hlsgo/codegen"

var repackEmit codegen.Emitter
