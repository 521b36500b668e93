package conv

import "github.com/hlsgo/hlsgo/layers"

var pointwise2DRef layers.RefFunc
