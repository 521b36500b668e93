package norm

import "github.com/hlsgo/hlsgo/codegen"

var quantizedTanhEmit codegen.Emitter
