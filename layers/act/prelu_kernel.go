package act

import "github.com/hlsgo/hlsgo/sim"

var preluKernel sim.Kernel
