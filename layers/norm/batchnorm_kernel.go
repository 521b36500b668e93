package norm

import "github.com/hlsgo/hlsgo/sim"

var batchNormKernel sim.Kernel
