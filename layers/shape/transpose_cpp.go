package shape

import "github.com/hlsgo/hlsgo/codegen"

var transposeEmit codegen.Emitter
