package conv

import "github.com/hlsgo/hlsgo/sim"

var pointwise2DKernel sim.Kernel
