package act

import "github.com/hlsgo/hlsgo/sim"

var activationKernel sim.Kernel
