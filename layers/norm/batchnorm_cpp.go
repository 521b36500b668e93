package norm

import "github.com/hlsgo/hlsgo/codegen"

var batchNormEmit codegen.Emitter
