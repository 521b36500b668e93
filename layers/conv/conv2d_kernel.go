package conv

import "github.com/hlsgo/hlsgo/sim"

var conv2DKernel sim.Kernel
