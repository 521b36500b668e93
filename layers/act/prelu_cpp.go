package act

import "github.com/hlsgo/hlsgo/codegen"

var preluEmit codegen.Emitter
