package dense

import "github.com/hlsgo/hlsgo/sim"

var denseKernel sim.Kernel
