package shape

import "github.com/hlsgo/hlsgo/sim"

var transposeKernel sim.Kernel
