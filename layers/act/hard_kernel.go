package act

import "github.com/hlsgo/hlsgo/sim"

var hardKernel sim.Kernel
