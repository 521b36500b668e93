package conv

import "github.com/hlsgo/hlsgo/sim"

var conv1DKernel sim.Kernel
