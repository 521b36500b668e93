package torch

import "github.com/hlsgo/hlsgo/ir"

// folds are the operators that are computed when all that they read is known: what exporters and users do
// with weights before a layer uses them.
var folds = map[string]func(v *values, a *arguments) (*ir.Tensor, error){}
