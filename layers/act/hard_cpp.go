package act

import "github.com/hlsgo/hlsgo/codegen"

var hardEmit codegen.Emitter
