package softmax

import "github.com/hlsgo/hlsgo/sim"

var softmaxKernel sim.Kernel
