package act

import "github.com/hlsgo/hlsgo/sim"

var ternaryKernel sim.Kernel
