package shape

import "github.com/hlsgo/hlsgo/codegen"

var cloneEmit codegen.Emitter
