package act

import "github.com/hlsgo/hlsgo/codegen"

var activationEmit codegen.Emitter
