package conv

import "github.com/hlsgo/hlsgo/sim"

var pointwise1DKernel sim.Kernel
