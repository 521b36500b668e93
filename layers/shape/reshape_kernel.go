package shape

import "github.com/hlsgo/hlsgo/sim"

var reshapeKernel sim.Kernel
