package io

import (
	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/ir"
)

// inputEmit writes nothing: an input is a port of the top function.
var inputEmit = codegen.Emitter{
	Emit: func(*codegen.Env, *ir.Node) (*codegen.Fragment, error) { return &codegen.Fragment{}, nil },
}
