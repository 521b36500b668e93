package act

import "github.com/hlsgo/hlsgo/codegen"

var parametrizedEmit codegen.Emitter
