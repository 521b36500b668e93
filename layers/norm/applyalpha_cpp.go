package norm

import "github.com/hlsgo/hlsgo/codegen"

var applyAlphaEmit codegen.Emitter
