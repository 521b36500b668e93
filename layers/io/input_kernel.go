package io

import "github.com/hlsgo/hlsgo/sim"

var inputKernel sim.Kernel
