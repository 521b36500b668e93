package conv

import "github.com/hlsgo/hlsgo/layers"

var pointwise1DRef layers.RefFunc
