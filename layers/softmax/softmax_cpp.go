package softmax

import "github.com/hlsgo/hlsgo/codegen"

var softmaxEmit codegen.Emitter
