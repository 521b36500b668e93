package shape

import "github.com/hlsgo/hlsgo/codegen"

var reshapeEmit codegen.Emitter
