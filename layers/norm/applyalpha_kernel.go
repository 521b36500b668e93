package norm

import "github.com/hlsgo/hlsgo/sim"

var applyAlphaKernel sim.Kernel
