package norm

import "github.com/hlsgo/hlsgo/ir"

var applyAlphaKernel = scaleKernel(func(n *ir.Node) *Attrs { return &ir.Attrs[AlphaAttrs](n).Attrs })
