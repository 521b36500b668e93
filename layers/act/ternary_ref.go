package act

import "github.com/hlsgo/hlsgo/layers"

var ternaryRef layers.RefFunc
