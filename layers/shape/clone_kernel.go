package shape

import "github.com/hlsgo/hlsgo/sim"

var cloneKernel sim.Kernel
