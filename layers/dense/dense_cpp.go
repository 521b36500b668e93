package dense

import "github.com/hlsgo/hlsgo/codegen"

var denseEmit codegen.Emitter
