package shape

import "github.com/hlsgo/hlsgo/sim"

var repackKernel sim.Kernel
