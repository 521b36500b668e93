package act

import "github.com/hlsgo/hlsgo/codegen"

var ternaryEmit codegen.Emitter
