package act

import "github.com/hlsgo/hlsgo/layers"

var activationRef layers.RefFunc
