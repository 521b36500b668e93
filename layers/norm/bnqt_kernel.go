package norm

import "github.com/hlsgo/hlsgo/sim"

var quantizedTanhKernel sim.Kernel
