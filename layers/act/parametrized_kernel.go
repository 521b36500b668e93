package act

import "github.com/hlsgo/hlsgo/sim"

var parametrizedKernel sim.Kernel
