package io

import "github.com/hlsgo/hlsgo/codegen"

var inputEmit codegen.Emitter
